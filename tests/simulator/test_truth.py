"""The truth: which alerts must come by when follows from rules and faults alone."""

import datetime as dt
import itertools
import json
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

from cockpit.engine.kinds import CLAIMS
from cockpit.engine.layout import checked
from cockpit.profiles import Profile
from simulator.crossings import runs
from simulator.episodes import Episode
from simulator.expect import working_due
from simulator.play import Play
from simulator.scenario import cast, load_scenario
from simulator.truth import truth_lines
from tests.simulator.conftest import ZONE, at
from tests.simulator.golden import STORIES

START = at("2026-11-19T09:00:00")
MINUTE, HOUR = 60_000, 3_600_000
END = START + 4 * HOUR


def ms(iso: str) -> int:
    return round(dt.datetime.fromisoformat(iso).timestamp() * 1000)


@pytest.fixture(scope="module")
def the_play(district: Profile) -> Play:
    return Play(district, 7)


def truth(play: Play, *episodes: Episode, start: int = START, end: int = END) -> list[dict[str, Any]]:
    play.obey(episodes)
    try:
        return [json.loads(line) for line in truth_lines(play, start, end, CLAIMS)]
    finally:
        play.obey(())


def staged(play: Play, *episodes: Episode) -> list[dict[str, Any]]:
    ids = tuple(e.id for e in episodes)
    return [line for line in truth(play, *episodes) if line["id"].startswith(ids)]


def fault(kind: str, subject: str, minutes: float, size: float = 0.0, **more: Any) -> Episode:
    return Episode(f"test:{kind}", kind, subject, START + HOUR, 0, round(minutes * MINUTE), 0, size, **more)


EXPECTED = [
    # kind, subject, minutes it lasts, the alert it must bring, seconds from onset to the deadline
    ("camera_silent", "cam-00003", 10, "camera-silent|cam-00003", 2 * 15 + 60 + 5),
    ("recorder_silent", "rec-001", 10, "recorder-silent|rec-001", 2 * 30 + 60 + 5),
    ("link_silent", "link-06652", 10, "link-silent|link-06652", 2 * 60 + 60 + 5),
    ("site_silent", "site-0001", 30, "site-silent|site-0001", 2 * 300 + 60 + 5),
    ("loudspeaker_silent", "loa-001", 30, "loudspeaker-silent|loa-001", 2 * 300 + 300 + 5),
    ("feeder_out", "feeder-06652", 30, "feeder-out|feeder-06652", 2 * 300 + 60 + 5),
    ("source_silent", "ran-oss", 60, "source-silent|ran-oss", 1800 + 5),
    ("source_late", "cam-vms", 60, "source-lag|cam-vms", 1500 + 180 + 2 * 60 + 5),
    ("duplicates", "cam-vms", 30, "source-duplicates|cam-vms", 8 + 120 + 2 * 60 + 5),
    ("flood", "cam-vms", 30, "source-flood|cam-vms", 120 + 2 * 60 + 5),
    ("schema_change", "cam-vms", 30, "source-refused|cam-vms", 60 + 2 * 60 + 5),
    ("clock_skew", "cam-00003", 30, "clock-skew|cam-00003", 60 + 2 * 15 + 5),
    ("time_zone", "cam-00003", 30, "clock-skew|cam-00003", 60 + 2 * 15 + 5),
]


@pytest.mark.parametrize(("kind", "subject", "minutes", "key", "seconds"), EXPECTED)
def test_a_fault_that_lasts_must_be_told_by_its_rule_in_time(
    kind: str, subject: str, minutes: int, key: str, seconds: int, the_play: Play
) -> None:
    line = next(x for x in staged(the_play, fault(kind, subject, minutes)) if x["expected"])
    alert = line["expected"][0]
    assert alert["key"] == key
    assert alert["rule"] == key.split("|")[0]
    assert ms(alert["by"]) - ms(line["onset"]) == seconds * 1000
    assert line["cause"] == subject
    assert subject in line["affected"]
    assert ms(line["onset"]) == START + HOUR


VALUES = [
    ("camera_loss", "cam-00003", "camera-loss"), ("camera_slow", "cam-00003", "camera-fps-low"),
    ("recorder_write", "rec-001", "recorder-write"), ("recorder_disk", "rec-001", "recorder-disk"),
    ("link_busy", "link-06652", "link-busy"), ("power_loss", "site-0001", "site-power"),
    ("site_degraded", "site-0001", "site-availability"), ("site_hot", "site-0001", "site-hot"),
    ("cell_busy", "site-0001-1", "cell-busy"), ("cell_drops", "site-0001-1", "cell-drops"),
    ("loudspeaker_quiet", "loa-001", "loudspeaker-quiet"), ("link_flap", "link-06652", "link-down"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "subject", "rule"), VALUES)
def test_a_value_beyond_its_threshold_must_be_told(
    kind: str, subject: str, rule: str, the_play: Play, district: Profile
) -> None:
    lines = staged(the_play, fault(kind, subject, 120))
    alerts = [a for line in lines for a in line["expected"] if a["rule"] != "site-heating"]  # told before
    assert {a["key"] for a in alerts} == {f"{rule}|{subject}"}
    found, asset = district.rule[rule], district.asset[subject]
    # The deadline counts from the first event that shows it, at most one rhythm after the onset.
    late = ms(alerts[0]["by"]) - START - HOUR - (found.for_s + 2 * asset.rhythm_s + 5) * 1000
    assert -1 <= late / 1000 <= asset.rhythm_s or kind == "link_flap"


@pytest.mark.parametrize(("kind", "subject", "seconds"), [
    ("camera_silent", "cam-00003", 40), ("recorder_silent", "rec-001", 55),
    ("link_silent", "link-06652", 100), ("camera_loss", "cam-00003", 200), ("source_silent", "ran-oss", 600),
    ("clock_skew", "cam-00003", 30), ("camera_frozen", "cam-00003", 3600), ("stuck", "cam-00003", 3600),
])  # fmt: skip
def test_a_fault_too_short_or_unclaimed_is_there_but_must_not_be_told(
    kind: str, subject: str, seconds: int, the_play: Play
) -> None:
    (line,) = staged(the_play, fault(kind, subject, seconds / 60))
    assert line["expected"] == []
    assert not [m for m in line["may"] if kind not in ("clock_skew",)]


def test_at_the_edge_nobody_can_say(the_play: Play) -> None:
    # Six rhythms of silence are exactly what the rule asks: the way of two events decides.
    kinds = {k.code: k for k in the_play.world.kinds}
    camera = kinds["camera"]
    phase = int(camera.phase[2])
    first = (START + HOUR - phase) // 15_000 * 15_000 + phase
    gone = Episode("test", "camera_silent", camera.codes[2], first + 1, 0, 75_000, 0)
    (line,) = staged(the_play, gone)
    told = [a["key"] for a in line["expected"]] + line["may"]
    gap = the_play.telemetry.wait(
        camera, np.array([2, 2]), np.array([(first - phase) // 15_000, (first - phase) // 15_000 + 6])
    )
    assert bool(told) == (gap[1] - gap[0] > -300)


def test_symptoms_are_affected_and_not_expected(the_play: Play, district: Profile) -> None:
    (line,) = staged(the_play, fault("link_silent", "link-06652", 30))
    assert [a["key"] for a in line["expected"]] == ["link-silent|link-06652"]
    assert {"rec-001", "cam-00001", "loa-001"} <= set(line["affected"])


def test_a_hidden_cause_is_told_at_every_site_it_takes(the_play: Play) -> None:
    (line,) = staged(the_play, fault("hidden_hop", "hidden:hop:test", 60, touches=("site-0001", "site-0011")))
    assert line["cause"] == "hidden:hop:test"
    assert {a["key"] for a in line["expected"]} == {"site-silent|site-0001", "site-silent|site-0011"}


def test_what_comes_and_goes_has_a_line_for_each_time(the_play: Play) -> None:
    lines = staged(the_play, fault("reboot_loop", "cam-00003", 60))
    assert not lines[0]["expected"]
    each = lines[1:]
    assert 8 <= len(each) <= 12
    assert all(len(x["expected"]) == 1 and x["id"].startswith("test:reboot_loop:") for x in each)
    assert all(ms(a["end"]) <= ms(b["onset"]) for a, b in itertools.pairwise(each))


def test_a_fault_nobody_can_see_through_another_may_be_told(the_play: Play) -> None:
    lines = staged(
        the_play,
        fault("camera_silent", "cam-00003", 20),
        Episode("test:late", "source_late", "cam-vms", START + HOUR, 0, 2 * HOUR, 0, 1800),
    )
    silent = next(x for x in lines if x["kind"] == "camera_silent")
    assert silent["expected"] == []
    assert silent["may"] == ["camera-silent|cam-00003"]


def test_values_that_cross_by_themselves_are_in_the_truth(the_play: Play, district: Profile) -> None:
    lines = [x for x in truth(the_play, end=START + 24 * HOUR) if x["id"].startswith("natural:")]
    assert lines
    for line in lines:
        alerts = [a["key"] for a in line["expected"]] + line["may"]
        assert len(alerts) == 1
        rule, code = alerts[0].split("|")
        assert line["kind"] == district.rule[rule].detects[0]
        assert line["cause"] == code
        assert line["affected"] == [code]


def test_a_run_is_as_long_as_its_values_are_wrong(the_play: Play, district: Profile) -> None:
    rule = district.rule["link-busy"]
    the_play.obey((fault("link_busy", "link-06652", 60),))
    try:
        found = [r for r in runs(the_play.world, rule, START, END) if r.sure]
    finally:
        the_play.obey(())
    (run,) = [r for r in found if district.assets[r.asset].code == "link-06652"]
    assert 0 <= run.start - START - HOUR < 60_000
    assert 0 <= run.end - START - 2 * HOUR < 60_000


def test_two_faults_at_once_on_one_camera_claim_the_rule_that_combines_them(
    the_play: Play, district: Profile
) -> None:
    camera, rule = "cam-00003", district.rule["camera-unusable"]
    loss, slow = fault("camera_loss", camera, 60, 12.0), fault("camera_slow", camera, 30, 6.0)
    lines = staged(the_play, loss, slow)
    keys = [a["key"] for line in lines for a in line["expected"]]
    assert sorted(keys) == [
        f"{code}|{camera}" for code in ("camera-fps-low", "camera-loss", "camera-unusable")
    ]
    (by,) = [ms(a["by"]) for line in lines for a in line["expected"] if a["rule"] == rule.code]
    assert 0 <= by - START - HOUR - rule.for_s * 1000 < 60_000
    alone = [a["rule"] for line in staged(the_play, loss) for a in line["expected"]]
    assert alone == ["camera-loss"]


def test_a_rule_that_is_broken_by_any_of_its_parts_claims_each_of_them(district: Profile) -> None:
    """Parts that open no alerts of their own: only the rule above them is claimed."""
    parts = ("camera-loss", "camera-fps-low")
    quiet = [
        msgspec.structs.replace(r, announce=False, detects=()) if r.code in parts else r
        for r in district.rules
        if r.code != "camera-unusable"
    ]
    either = msgspec.structs.replace(
        district.rule["camera-unusable"], code="camera-poor", kind="any_of", for_s=120
    )
    play = Play(checked(replace(district, rules=(*quiet, either))), 7)
    for kind, size in (("camera_loss", 12.0), ("camera_slow", 6.0)):
        lines = [line for line in staged(play, fault(kind, "cam-00003", 60, size)) if line["expected"]]
        (alert,) = [a for line in lines for a in line["expected"]]
        assert alert["key"] == "camera-poor|cam-00003"
        assert 0 <= ms(alert["by"]) - START - HOUR - 120_000 < 60_000


def test_a_site_that_heats_up_claims_the_rule_about_change_before_the_one_about_heat(
    the_play: Play, district: Profile
) -> None:
    hot = Episode(
        "test:site_hot", "site_hot", "site-0001", START + HOUR, 30 * MINUTE, HOUR, 30 * MINUTE, 52.0
    )
    lines = [line for line in staged(the_play, hot) if line["expected"]]
    by = {a["rule"]: ms(a["by"]) for line in lines for a in line["expected"]}
    assert set(by) == {"site-heating", "site-hot"}
    ends = {line["expected"][0]["rule"]: ms(line["end"]) for line in lines}
    assert ends["site-heating"] < ends["site-hot"], "it heats up no more, and is hot still"
    assert START + HOUR + 10 * MINUTE < by["site-heating"] < by["site-hot"]


def test_a_tilted_antenna_must_be_told_by_each_cell_against_its_own_past(
    the_play: Play, district: Profile
) -> None:
    tilt = Episode("test:tilt", "antenna_tilt", "site-0001", START + 2 * HOUR, 4 * HOUR, 6 * HOUR, 0)
    found = truth(the_play, tilt, end=START + 9 * HOUR)
    lines = [line for line in found if line["id"].startswith("test:tilt") and line["expected"]]
    by = {a["key"]: ms(a["by"]) for line in lines for a in line["expected"]}
    cells = {a.code for a in district.assets if a.kind == "cell" and a.depends_on == "site-0001"}
    assert set(by) == {f"cell-fading|{cell}" for cell in cells}
    assert all(line["cause"] == "site-0001" and line["kind"] == "antenna_tilt" for line in lines)
    # There is a past to compare with from four hours on, and it must be so for an hour.
    assert min(by.values()) > START + 5 * HOUR
    calm = [line for line in truth(the_play, end=START + 9 * HOUR) for a in line["expected"]]
    assert not [line for line in calm if "cell-fading" in str(line["expected"])]


def test_a_feed_on_office_hours_is_due_after_working_time(district: Profile) -> None:
    source = district.source["mot-cua"]
    friday = at("2026-10-30T16:00:00")
    assert working_due(source, ZONE, friday, 7_200_000) == at("2026-11-02T09:00:00")
    assert working_due(district.source["cam-vms"], ZONE, friday, 90_000) == friday + 90_000


@pytest.mark.parametrize("code", STORIES)
def test_every_line_of_a_story_is_whole(code: str, the_play: Play, district: Profile) -> None:
    story = load_scenario(code, district)
    start, end = story.start_ms, story.start_ms + 6 * HOUR
    lines = truth(the_play, *cast([(story, start)], district, 7), start=start, end=end)
    known = {*district.asset, *district.source, *district.indicator}
    assert len({x["id"] for x in lines}) == len(lines)
    for x in lines:
        assert set(x) == {"id", "kind", "cause", "affected", "onset", "end", "scenario", "expected", "may"}
        assert ms(x["onset"]) <= ms(x["end"])
        assert ms(x["end"]) > start
        assert ms(x["onset"]) < end
        assert set(x["affected"]) <= known
        assert x["affected"] == sorted(set(x["affected"]))
        assert x["cause"].startswith("hidden:") or x["cause"] in known
        for alert in x["expected"]:
            rule, subject = alert["key"].split("|")
            assert rule == alert["rule"]
            assert x["kind"] in district.rule[rule].detects
            assert subject in x["affected"]
            assert ms(alert["by"]) > ms(x["onset"])
        assert all(key.split("|")[0] in district.rule for key in x["may"])
    onsets = [x["onset"] for x in lines]
    assert onsets == sorted(onsets)
    assert any(x["scenario"] == code for x in lines) == bool(story.steps)
