"""`cockpit score` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cockpit.cli import main
from cockpit.score import record
from simulator.kinds import KINDS
from simulator.scenario.load import GENERAL


def score(*args: str) -> Result:
    return CliRunner().invoke(main, ["score", *args])


@pytest.fixture(scope="module")
def short() -> Result:
    return score("--scenario", "two_faults", "--for", "50m", "--seed", "2", "--json", "--jobs", "1")


def figures(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_with_json_only_json_goes_to_standard_output_and_progress_to_the_other(short: Result) -> None:
    found = figures(short)
    assert {"recall", "precision", "cause", "false_resolves", "detect_p95_s"} <= found["total"].keys()
    assert list(found["scenarios"]) == ["two_faults"]
    assert found["total"]["expected"] > 0
    assert "1/1 two_faults seed 2" in short.stderr


def test_every_kind_there_is_is_in_the_table_and_what_no_rule_claims_is_named(short: Result) -> None:
    found = figures(short)
    assert set(KINDS) <= set(found["kinds"])
    assert set(found["unclaimed"]) == {k for k, row in found["kinds"].items() if not row["claimed"]}
    assert "camera_silent" in found["claimed"]


def test_the_same_seed_scores_the_same(short: Result) -> None:
    again = score("--scenario", "two_faults", "--for", "50m", "--seed", "2", "--json", "--step", "20s")
    one, two = figures(short), figures(again)
    assert one["total"] == two["total"]
    assert one["rules"] == two["rules"]


def test_check_fails_below_the_record(short: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = figures(short)
    better = {**found, "total": {**found["total"], "detect_p95_s": 1.0}}
    monkeypatch.setattr(record, "RECORDED", tmp_path / "recorded.json")
    record.record(better)
    checked = score("--scenario", "two_faults", "--for", "50m", "--seed", "2", "--check")
    assert checked.exit_code == 1
    assert "detect_p95_s" in checked.stderr
    assert "camera_blurred *" in checked.stdout


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("--scenario", "nonesuch"), "nonesuch"),
        (("--all", "--scenario", "quiet_day"), "exclude"),
        (("--seeds", "1,x"), "expected seeds"),
        (("--for", "tomorrow"), "expected a length"),
    ],
)
def test_what_cannot_be_scored_is_refused_with_a_reason(args: tuple[str, ...], reason: str) -> None:
    result = score(*args)
    assert result.exit_code != 0
    assert reason in result.stderr
    assert "Traceback" not in result.output


def test_the_small_set_scores_as_recorded() -> None:
    """What `make score` does with all scenarios and the judging seeds, small enough for every day."""
    sets = ("two_faults", "false_alarm_storm", "firmware_clock")
    chosen = [word for name in sets for word in ("--scenario", name)]
    result = score(*chosen, "--seed", "7", "--for", "2h", "--jobs", "1", "--check", "--json")
    assert result.exit_code == 0, result.stderr
    settings = json.loads(result.stdout)["settings"]
    assert settings in [r["settings"] for r in record.recorded()], "nothing is on record for this set"


def test_a_scenario_of_ones_own_is_scored_from_its_file(tmp_path: Path) -> None:
    own = tmp_path / "own_story.toml"
    own.write_text((GENERAL / "quang_ninh" / "two_faults.toml").read_text("utf-8"), "utf-8")
    done = score("--scenario", str(own), "--for", "20m", "--json", "--jobs", "1")
    assert done.exit_code == 0, done.output
    assert [run["scenario"] for run in json.loads(done.stdout)["runs"]] == ["own_story"]
    assert "no such scenario" in score("--scenario", "own_story").output
