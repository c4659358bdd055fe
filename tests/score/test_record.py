"""Targets and the record."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from cockpit.score.record import broken, record, recorded

GOOD: dict[str, Any] = {
    "settings": {"scenarios": "all", "seeds": [1], "size": "district", "hours": 6.0},
    "claimed": ["camera_silent", "flood"],
    "total": {
        "recall": 0.995, "precision": 0.97, "cause": 1.0, "false_resolves": 0, "detect_p95_s": 200.0,
        "over_p95_s": -3.0, "expected": 200, "found": 199, "with_symptoms": 9, "named": 9,
        "per_10_min": 0.5, "peak_10_min": 4,
    },
}  # fmt: skip


def changed(**total: Any) -> dict[str, Any]:
    found = copy.deepcopy(GOOD)
    found["total"].update(total)
    return found


def test_a_good_score_breaks_nothing() -> None:
    assert broken(GOOD, []) == []


def test_every_target_is_held() -> None:
    bad = changed(recall=0.98, precision=0.9, cause=0.9, false_resolves=1, over_p95_s=0.1)
    assert len(broken(bad, [])) == 5


def test_a_figure_that_nothing_was_there_for_breaks_no_target() -> None:
    assert broken(changed(recall=None, precision=None, cause=None, over_p95_s=None), []) == []


def test_worse_than_the_record_of_the_same_runs_is_told(tmp_path: Path) -> None:
    path = tmp_path / "recorded.json"
    record(GOOD, path)
    assert broken(GOOD, recorded(path)) == []
    (told,) = broken(changed(precision=0.96), recorded(path))
    assert told == "precision 0.96, recorded 0.97"
    (told,) = broken(changed(cause=None), recorded(path))
    assert told == "cause None, recorded 1.0"
    assert broken(changed(recall=1.0, over_p95_s=-1.0, detect_p95_s=204.0), recorded(path)) == []
    (told,) = broken(changed(detect_p95_s=206.0), recorded(path))
    assert told == "detect_p95_s 206.0, recorded 200.0"


def test_other_runs_are_not_compared_but_their_claims_are(tmp_path: Path) -> None:
    path = tmp_path / "recorded.json"
    record(GOOD, path)
    other = changed(precision=0.96)
    other["settings"] = {**GOOD["settings"], "seeds": [2]}
    assert broken(other, recorded(path)) == []
    other["claimed"] = ["camera_silent"]
    assert broken(other, recorded(path)) == ["no longer claimed: flood"]


def test_recording_again_replaces_what_the_same_runs_had(tmp_path: Path) -> None:
    path = tmp_path / "recorded.json"
    record(GOOD, path)
    record(changed(precision=0.99), path)
    (entry,) = recorded(path)
    assert entry["total"]["precision"] == 0.99
