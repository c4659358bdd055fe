"""Results joined and told."""

from __future__ import annotations

from cockpit.score.figures import Load, tallies
from cockpit.score.promise import claims, lag_of
from cockpit.score.report import Report, report, tables
from cockpit.score.result import Result
from tests.engine.world import RULES, province, rule
from tests.score.test_figures import verdict

PROFILE = province(
    rules=(rule("camera-silent", "asset_silent", "camera", detects=("camera_silent",)), *RULES[1:])
)
KINDS = ("camera_silent", "camera_black", "stuck")


def result(name: str, seed: int, **findings: list[dict[str, object]]) -> Result:
    found = tallies(["camera_silent"], verdict(), *claims(PROFILE))
    return Result(name, seed, found, Load([1, 3]), findings, 100, {}, 1.0)


def joined() -> Report:
    missed: list[dict[str, object]] = [{"key": "camera-silent|cam-2", "fault": "f2", "opened": None}]
    return report(
        [result("a", 1), result("a", 2, missed=missed), result("b", 1)], PROFILE, KINDS, {"seeds": [1, 2]}
    )


def test_the_figures_that_outsiders_rely_on_are_there() -> None:
    found = joined()
    assert {"total", "scenarios", "rules", "unclaimed"} <= found.keys()
    assert {"recall", "precision", "cause", "false_resolves", "detect_p95_s"} <= found["total"].keys()
    assert found["total"]["expected"] == 6
    assert found["scenarios"]["a"]["runs"] == 2
    assert found["scenarios"]["a"]["expected"] == 4
    assert found["total"]["per_10_min"] == 2.0


def test_every_kind_is_listed_claimed_or_not() -> None:
    found = joined()
    assert list(found["kinds"]) == list(KINDS)
    assert found["unclaimed"] == ["camera_black", "stuck"]
    assert found["claimed"] == ["camera_silent"]


def test_tables_name_scenarios_rules_kinds_and_findings() -> None:
    lines = tables(joined())
    text = "\n".join(lines)
    for word in (
        "scenario",
        "camera-silent",
        "camera_black *",
        "a seed 2: missed: key camera-silent|cam-2, fault f2",
    ):
        assert word in text


def test_an_alert_may_open_one_rhythm_after_the_end_and_a_feeder_is_known_by_what_it_feeds() -> None:
    lag = lag_of(PROFILE)
    assert lag("cam-0") == 20_000
    assert lag("feeder-1") == 65_000
    assert lag("cams") == 20_000
    assert lag("I42") == 5_000
