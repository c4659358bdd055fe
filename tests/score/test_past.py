"""Rules that compare with past weeks are held to what a play with a past makes true, else to nothing."""

from __future__ import annotations

import json

import pytest

from cockpit.engine.kinds import CLAIMS
from cockpit.profiles import load
from cockpit.score import runs
from cockpit.score.runs import Job, play_of
from simulator.scenario import load_scenario
from simulator.truth import truth_lines

HOUR = 3_600_000
RULE = "camera-still"
STILL = {"camera_covered", "camera_black", "camera_frozen"}


def job(past_days: int) -> Job:
    scenario = load_scenario("camera_vandals", load("quang_ninh", size="district"))
    return Job("camera_vandals", (scenario,), 1, length_ms=3 * HOUR, past_days=past_days)


@pytest.mark.parametrize(("past_days", "expects"), [(2, False), (8, False), (15, True), (29, True)])
def test_the_truth_expects_what_two_weeks_of_past_or_more_make_plain(past_days: int, expects: bool) -> None:
    play, start, end = play_of(job(past_days), load("quang_ninh", size="district"))
    lines = [json.loads(line) for line in truth_lines(play, start, end, CLAIMS, past_days)]
    found = {line["kind"] for line in lines for alert in line["expected"] if alert["rule"] == RULE}
    assert found == (STILL if expects else set())


def test_pictures_that_stand_still_are_found_in_time_and_nothing_else_is() -> None:
    result = runs.run(job(29))
    mine = result.tallies.rules[RULE].figures()
    assert mine["expected"] >= 9
    assert mine["found"] == mine["expected"]
    assert (mine["precision"], mine["late"], mine["false_resolves"]) == (1.0, 0, 0)
    assert not any(result.findings.values())
