"""Every kind of fault does to the events what it says, and to nobody else's."""

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import msgspec
import numpy as np
import pytest

from cockpit.profiles import load
from simulator.episodes import Episode
from simulator.kinds import KINDS, SOURCE, resolve
from simulator.play import Play
from tests.simulator.conftest import at

START = at("2026-11-19T09:00:00")
MINUTE = 60_000
FROM, UNTIL = START + 5 * MINUTE, START + 35 * MINUTE
Event = dict[str, Any]


@cache
def the_play() -> Play:
    return Play(load("quang_ninh", size="district"), 7)


def played(*episodes: Episode, start: int = START, end: int = START + 45 * MINUTE) -> list[Event]:
    play = the_play()
    play.obey(episodes)
    try:
        lines = (line for lines in play.stream(start, end, 5 * MINUTE) for line in lines)
        return [msgspec.json.decode(line) for line in lines]
    finally:
        play.obey(())


@cache
def calm() -> tuple[Event, ...]:
    return tuple(played())


def fault(
    kind: str, subject: str, size: float = 0.0, touches: tuple[str, ...] = (), ramp: int = 0
) -> Episode:
    return Episode(f"test:{kind}", kind, subject, FROM, ramp, UNTIL - FROM - ramp, 0, size, touches=touches)


def ms(event: Event, key: str = "time") -> int:
    return at(event[key][:-6])


def within(events: Iterable[Event], t0: int = FROM, t1: int = UNTIL, key: str = "time") -> list[Event]:
    return [e for e in events if t0 <= ms(e, key) < t1]


def of(events: Iterable[Event], *codes: str) -> list[Event]:
    return [e for e in events if e["subject"] in codes]


def column(events: Iterable[Event], code: str, metric: str) -> list[float]:
    return [e["data"]["values"][metric] for e in within(of(events, code))]


def key(event: Event) -> tuple[str, str]:
    return event["source"], event["id"]


@dataclass(frozen=True)
class Bent:
    """A kind that moves one metric of its subject: `holds(before, after)` of the means."""

    kind: str
    code: str
    metric: str
    holds: Callable[[float, float], bool]
    subject: str = ""


BENT = (
    Bent("camera_loss", "cam-00001", "loss_pct", lambda a, b: b > a + 11),
    Bent("camera_slow", "cam-00001", "fps", lambda a, b: abs(b - 6) < 0.2),
    Bent("camera_frozen", "cam-00002", "change_pct", lambda a, b: b == 0),
    Bent("camera_black", "cam-00002", "bitrate_kbps", lambda a, b: b < 0.1 * a),
    Bent("camera_covered", "cam-00002", "bitrate_kbps", lambda a, b: b < 0.3 * a),
    Bent("camera_blurred", "cam-00002", "bitrate_kbps", lambda a, b: b < 0.7 * a),
    Bent("camera_noise", "cam-00002", "change_pct", lambda a, b: b > a + 9),
    Bent("recorder_write", "rec-001", "write_ok", lambda a, b: b == 0),
    Bent("recorder_disk", "rec-001", "disk_free_pct", lambda a, b: b == 2),
    Bent("link_flap", "link-06652", "up", lambda a, b: 0.2 < b < 0.8),
    Bent("link_busy", "link-06652", "util_pct", lambda a, b: b == 97),
    Bent("power_loss", "site-0001", "power_ok", lambda a, b: b == 0),
    Bent("feeder_out", "site-0001", "power_ok", lambda a, b: b == 0, "feeder-06652"),
    Bent("site_degraded", "site-0001", "avail_pct", lambda a, b: b == 66.67),
    Bent("site_hot", "site-0001", "temp_c", lambda a, b: b == 52),
    Bent("antenna_tilt", "site-0001-1", "users", lambda a, b: b < 0.55 * a, "site-0001"),
    Bent("cell_busy", "site-0001-1", "prb_pct", lambda a, b: b == 97),
    Bent("cell_drops", "site-0001-1", "drop_pct", lambda a, b: b == 9),
    Bent("loudspeaker_quiet", "loa-001", "volume_db", lambda a, b: b == 50),
    Bent("crowd", "site-0001-1", "users", lambda a, b: b > 2 * a, "hidden:crowd:06652"),
    Bent("storm", "site-0001-1", "drop_pct", lambda a, b: b > a + 0.6, "hidden:storm:06652"),
    Bent("unit_mixup", "link-06652", "util_pct", lambda a, b: abs(b - a / 100) < 0.1),
    Bent("drift", "link-06652", "latency_ms", lambda a, b: b > 1.3 * a),
    Bent("spike", "link-06652", "latency_ms", lambda a, b: b > 1.05 * a),
)


@pytest.mark.parametrize("bent", BENT, ids=lambda b: b.kind)
def test_a_value_follows_its_fault_and_comes_back(bent: Bent) -> None:
    before, after = calm(), played(fault(bent.kind, bent.subject or bent.code))
    was, became = (float(np.mean(column(e, bent.code, bent.metric))) for e in (before, after))
    assert bent.holds(was, became), (was, became)
    outside = [[e for e in events if not FROM <= ms(e) < UNTIL + 5 * MINUTE] for events in (before, after)]
    assert outside[0] == outside[1]


SILENT = {
    "camera_silent": ("cam-00001", ("cam-00001",)),
    "recorder_silent": ("rec-001", ("rec-001", "cam-00001", "cam-00012")),
    "link_silent": ("link-06652", ("link-06652", "rec-001", "cam-00001", "loa-001")),
    "site_silent": ("site-0001", ("site-0001", "site-0001-1", "site-0001-3")),
    "loudspeaker_silent": ("loa-001", ("loa-001",)),
    "hidden_hop": ("hidden:hop:test", ("site-0001", "site-0001-2")),
    "source_silent": ("ran-oss", ("site-0001", "site-0001-2")),
}


@pytest.mark.parametrize("kind", SILENT)
def test_silence_takes_the_cause_and_all_below_it_and_nothing_else(kind: str) -> None:
    subject, gone = SILENT[kind]
    touches = ("site-0001",) if kind == "hidden_hop" else ()
    after = played(fault(kind, subject, touches=touches))
    assert not within(of(after, *gone), FROM + 5_000, UNTIL - 1_000, "sent")
    play = the_play()
    roots = touches or (subject,)
    below = {
        play.profile.assets[i].code
        for root in roots
        if root in play.world.at
        for i in play.world.faults.below(play.world.at[root])
    }
    lost = {key(e) for e in calm()} - {key(e) for e in after}
    assert {e["subject"] for e in calm() if key(e) in lost} <= below | {
        a.code for a in play.profile.assets if a.source == subject
    }


def test_a_feed_that_is_silent_sends_no_records_and_no_samples() -> None:
    for source in ("mot-cua", "dien-thoai"):
        after = played(fault("source_silent", source))
        assert [e for e in within(calm(), key="sent") if e["source"] == source]
        assert not [e for e in within(after, key="sent") if e["source"] == source]


def test_a_feeder_takes_cameras_within_seconds_and_sites_after_hours() -> None:
    long = Episode("test", "feeder_out", "feeder-06652", FROM, 0, 6 * 60 * MINUTE, 0)
    events = played(long, end=START + 7 * 60 * MINUTE)
    last = max(ms(e) for e in of(events, "cam-00001") if ms(e) < FROM + 60 * MINUTE)
    assert last <= FROM + 5_000
    for site in (
        a.code for a in the_play().profile.assets if a.depends_on == "feeder-06652" and a.kind == "site"
    ):
        own = [e for e in of(events, site) if FROM <= ms(e) < FROM + 6 * 60 * MINUTE]
        assert 2 * 60 * MINUTE - 5 * MINUTE <= ms(own[-1]) - FROM <= 4 * 60 * MINUTE
        assert {e["data"]["values"]["power_ok"] for e in own} == {0}
    back = next(ms(e) for e in of(events, "cam-00001") if ms(e) > FROM + 60 * MINUTE)
    assert long.end_ms + 20_000 <= back <= long.end_ms + 4 * MINUTE  # devices need their time to start


def test_a_late_feed_delivers_the_same_events_later() -> None:
    after = played(fault("source_late", "cam-vms", 120))
    was, now = ({key(e): e for e in events if e["source"] == "cam-vms"} for events in (calm(), after))
    assert was.keys() == now.keys()
    struck = [k for k, e in was.items() if FROM <= ms(e, "sent") < UNTIL]
    assert all(ms(now[k], "sent") - ms(was[k], "sent") == 120_000 for k in struck)
    assert all(now[k]["time"] == was[k]["time"] and now[k]["data"] == was[k]["data"] for k in struck)


def test_a_lag_that_grows_and_shrinks_loses_nothing() -> None:
    slow = Episode("test", "source_late", "cam-vms", FROM, 20 * MINUTE, 5 * MINUTE, 15 * MINUTE, 600)
    assert {key(e) for e in played(slow)} == {key(e) for e in calm()}


def test_repeats_carry_the_same_id_and_come_seconds_later() -> None:
    after = played(fault("duplicates", "net-monitor"))
    twice = [k for k, n in Counter(key(e) for e in after).items() if n == 2]
    assert len(twice) == len([e for e in within(calm(), key="sent") if e["source"] == "net-monitor"])
    rows = {k: sorted(ms(e, "sent") for e in after if key(e) == k) for k in twice[:20]}
    assert all(2_000 <= b - a < 8_000 for a, b in rows.values())


def test_a_flood_sends_many_more_events_under_ids_of_their_own() -> None:
    after = played(fault("flood", "loa-truyen-thanh", 5))
    rate = [
        len([e for e in within(events, FROM + 10 * MINUTE) if e["subject"] == "loa-001"])
        for events in (calm(), after)
    ]
    assert rate[1] == 5 * rate[0]
    assert len({key(e) for e in after}) == len(after)


@pytest.mark.parametrize(("kind", "least", "most"), [("trickle", 0.25, 0.45), ("half_batch", 0.4, 0.6)])
def test_a_part_of_a_feed_is_lost(kind: str, least: float, most: float) -> None:
    sent = [
        len([e for e in within(events, key="sent") if e["source"] == "cam-vms"])
        for events in (calm(), played(fault(kind, "cam-vms")))
    ]
    assert least < sent[1] / sent[0] < most


def test_out_of_order_keeps_every_event_and_the_order_of_none() -> None:
    after = [e for e in played(fault("out_of_order", "cam-vms")) if e["source"] == "cam-vms"]
    assert {key(e) for e in after} == {key(e) for e in calm() if e["source"] == "cam-vms"}
    times = [ms(e) for e in within(after, FROM + 4 * MINUTE, UNTIL, "sent")]
    assert sum(b < a - 15_000 for a, b in itertools.pairwise(times)) > len(times) / 5


def test_a_changed_schema_renames_one_metric_and_keeps_the_rest() -> None:
    event = within(of(played(fault("schema_change", "cam-vms")), "cam-00001"))[0]
    values = event["data"]["values"]
    assert "fps_v2" in values
    assert "fps" not in values
    assert "loss_pct" in values


@pytest.mark.parametrize(("kind", "off"), [("clock_skew", 3_600_000), ("time_zone", -25_200_000)])
def test_a_wrong_clock_shifts_the_time_and_nothing_else(kind: str, off: int) -> None:
    was, now = (
        {e["id"]: e for e in of(events, "cam-00001")} for events in (calm(), played(fault(kind, "cam-00001")))
    )
    assert was.keys() == now.keys()
    struck = [i for i, e in was.items() if FROM <= ms(e) < UNTIL]
    assert all(ms(now[i]) - ms(was[i]) == off and now[i]["sent"] == was[i]["sent"] for i in struck)
    assert all(now[i]["data"] == was[i]["data"] for i in struck)


def test_a_stuck_device_repeats_one_reading() -> None:
    after = within(of(played(fault("stuck", "link-06652")), "link-06652"))
    assert len({json.dumps(e["data"]) for e in after}) == 1
    assert len({e["id"] for e in after}) == len(after)


def test_a_restart_loop_goes_and_comes() -> None:
    sent = [ms(e) for e in within(of(played(fault("reboot_loop", "cam-00001")), "cam-00001"))]
    gaps = np.diff([FROM, *sent, UNTIL])
    assert (gaps > 120_000).sum() >= 5
    assert len(sent) > 15


def test_a_new_device_is_heard_from_its_first_instant_on() -> None:
    start = Episode("test", "commission", "rec-001", UNTIL, 0, 0, 0)
    after = played(start)
    assert not [e for e in of(after, "rec-001", "cam-00001") if ms(e) < UNTIL]
    assert [e for e in of(after, "rec-001") if ms(e) >= UNTIL]


def test_a_moved_camera_and_wrong_colours_change_no_byte_of_the_stream() -> None:
    for kind in ("camera_moved", "camera_colour", "camera_clock"):
        changed = {
            e["subject"] for a, e in zip(calm(), played(fault(kind, "cam-00002")), strict=True) if a != e
        }
        assert changed <= {"cam-00002"}


def test_an_effect_grows_with_its_ramp() -> None:
    values = column(played(fault("site_hot", "site-0001", ramp=30 * MINUTE)), "site-0001", "temp_c")
    assert values[0] < values[2] < values[4] <= 52


def test_an_episode_taken_back_ends_there_and_played_as_it_was_before() -> None:
    whole = fault("site_hot", "site-0001", ramp=30 * MINUTE)
    at_ms = FROM + 15 * MINUTE
    full, part = (column(played(e), "site-0001", "temp_c") for e in (whole, replace(whole, cut_ms=at_ms)))
    assert full[:3] == part[:3]
    assert part[3:] == column(calm(), "site-0001", "temp_c")[3:]


def test_every_kind_is_tried_here() -> None:
    tried = {b.kind for b in BENT} | set(SILENT) | {
        "source_late", "duplicates", "flood", "trickle", "half_batch", "out_of_order", "schema_change",
        "clock_skew", "time_zone", "stuck", "reboot_loop", "commission", "camera_moved", "camera_colour",
        "camera_clock",
        "new_site",  # in test_air.py, with the ground it is for
    }  # fmt: skip
    assert tried == set(KINDS)


def test_silence_means_the_kind_of_what_it_names() -> None:
    assert resolve("silent", "camera") == "camera_silent"
    assert resolve("silent", SOURCE) == "source_silent"
    assert resolve("flood", SOURCE) == "flood"
    with pytest.raises(KeyError):
        resolve("lightning", "camera")
