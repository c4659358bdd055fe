"""What a demo has played is judged as the score judges a run: figure for figure."""

from __future__ import annotations

import pytest

from cockpit.profiles import load
from cockpit.score import harness
from cockpit.score.played import of_play
from cockpit.score.runs import Job, play_of, run
from simulator.scenario import load_scenario

PROFILE = load("quang_ninh", size="district")
JOB = Job("resend_loop", (load_scenario("resend_loop", PROFILE),), seed=3, length_ms=100 * 60_000)


@pytest.fixture(scope="module")
def played() -> harness.Outcome:
    play, start, end = play_of(JOB, PROFILE)
    return harness.run(PROFILE, play, start, end)


def test_the_figures_are_those_of_the_score(played: harness.Outcome) -> None:
    play, start, end = play_of(JOB, PROFILE)
    told = of_play(play, PROFILE, [(start, end)], played.alerts, whole=True)
    scored = run(JOB)
    total = scored.tallies.total.figures()
    assert total["expected"] > 0
    for name in (
        "recall",
        "precision",
        "cause",
        "detect_p50_s",
        "detect_p95_s",
        "expected",
        "found",
        "named",
    ):
        assert getattr(told.total, name) == total[name], name
    assert told.counts["missed"] == len(scored.findings.get("missed", []))
    assert told.counts["wrong"] == len(scored.findings.get("wrong", []))
    assert sum(one.expected for one in told.scenarios.values()) == told.total.expected
    assert sum(one.found for one in told.scenarios.values()) == told.total.found


def test_what_was_not_raised_is_missed_and_what_nothing_explains_is_false(played: harness.Outcome) -> None:
    play, start, end = play_of(JOB, PROFILE)
    whole = of_play(play, PROFILE, [(start, end)], played.alerts, whole=True)
    none = of_play(play, PROFILE, [(start, end)], [], whole=True)
    assert none.total.found == 0
    assert none.counts["missed"] == none.total.expected == whole.total.expected
    missed = [f for f in none.findings if f.sort == "missed"]
    assert all(f.alert is None and f.by is not None and start <= f.at < f.by <= end for f in missed)


def test_pieces_between_leaps_are_judged_each_by_itself(played: harness.Outcome) -> None:
    play, start, end = play_of(JOB, PROFILE)
    middle = (start + end) // 2
    told = of_play(play, PROFILE, [(start, middle), (middle, end)], played.alerts, whole=True)
    whole = of_play(play, PROFILE, [(start, end)], played.alerts, whole=True)
    assert (told.start, told.end, told.spans) == (start, end, 2)
    assert told.total.expected <= whole.total.expected
    assert told.total.wrong == 0
