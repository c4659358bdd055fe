"""Devices with a wrong clock: found, alive, told from what is merely late."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.engine.wide import Event, late, opened, play, rules_open, shifted, stages, stood_alone, usual, wide
from tests.engine.world import T0, World
from tests.store import inside

Worlds = Callable[..., World]
HOUR = 3_600_000


@pytest.fixture
def world(worlds: Worlds) -> World:
    return worlds(wide())


def test_a_camera_an_hour_ahead_is_an_alert_on_its_clock_and_never_silent(world: World) -> None:
    good = usual(world.profile)
    play(world, 600, 20, stages((0, good), (120, shifted(good, HOUR, "cam-3"))))
    assert set(world.alerts(open_only=False)) == {"clock-skew|cam-3"}
    alert = world.alerts()["clock-skew|cam-3"]
    assert 120 < opened(world, "clock-skew")["cam-3"] <= 120 + 60 + 2 * 15 + 5
    assert json.loads(alert["facts"]) | {"for_s": 0} == {
        "for_s": 0, "offset_s": 3600, "refused": 1, "value": 3600.0,
    }  # fmt: skip
    assert world.states()["cam-3"] == "fresh"
    assert world.source("cams").state == "fresh"


def test_a_feed_all_of_whose_devices_are_ahead_is_not_silent(world: World) -> None:
    good = usual(world.profile)
    cams = [a.code for a in world.profile.assets if a.source == "cams"]
    play(world, 600, 20, stages((0, good), (120, shifted(good, HOUR, *cams))))
    assert {a["rule"] for a in world.alerts(open_only=False).values()} <= {"clock-skew", "online-low"}
    assert rules_open(world) == {"clock-skew"}
    feed = world.alerts()["clock-skew|cams"]
    assert (feed["cause"], feed["folded"]) == (None, 26)
    facts = json.loads(feed["facts"])
    assert (facts["wrong"], facts["known"]) == (26, 26)
    assert set(stood_alone(world)) == {"clock-skew|cams"}


def test_half_of_a_feed_with_wrong_clocks_are_so_many_devices(world: World) -> None:
    good = usual(world.profile)
    cams = [f"cam-{n}" for n in range(13)]
    play(world, 400, 20, stages((0, good), (120, shifted(good, HOUR, *cams))))
    assert set(opened(world, "clock-skew")) == set(cams)


def test_a_clock_in_the_wrong_zone_is_found(world: World) -> None:
    good = usual(world.profile)
    play(world, 600, 20, stages((0, good), (120, shifted(good, -7 * HOUR, "cam-3", "site-1-2"))))
    assert set(world.alerts(open_only=False)) == {"clock-skew|cam-3"}
    alert = world.alerts()["clock-skew|cam-3"]
    assert alert["opened"] <= T0 + (120 + 60 + 2 * 15 + 5) * 1000
    assert alert["value"] == -7 * 3600
    play(world, 300, 20, shifted(good, -7 * HOUR, "cam-3", "site-1-2"))
    assert opened(world, "clock-skew")["site-1-2"] <= 120 + 60 + 2 * 300 + 5


def test_a_slip_of_one_event_is_no_wrong_clock(world: World) -> None:
    good = usual(world.profile)
    slip = shifted(good, HOUR, "cam-3")
    play(world, 400, 20, stages((0, good), (120, slip), (135, good), (180, slip), (195, good)))
    assert world.alerts(open_only=False) == {}
    assert world.log() == []


def test_a_clock_that_is_right_again_closes_its_alert(world: World) -> None:
    good = usual(world.profile)
    play(world, 500, 20, stages((0, good), (120, shifted(good, HOUR, "cam-3")), (300, good)))
    alert = world.alerts(open_only=False)["clock-skew|cam-3"]
    assert alert["close_reason"] == "cleared"
    assert 300 + 30 < (alert["closed"] - T0) / 1000 <= 300 + 15 + 30
    assert inside.count(world.store, inside.Rows.CLOCKS) == 0


def test_a_feed_that_delivers_half_an_hour_late_is_no_wrong_clock(world: World) -> None:
    """Such a delay looks like a zone on every single event."""
    by = 1800
    good = usual(world.profile)
    feed = late(good, by * 1000, T0 + 300_000, T0 + 300_000 + 1500 * by, "cams", world.profile)
    play(world, 300 + 3 * by, 60, feed)
    assert opened(world, "clock-skew") == {}
    assert "cams" in opened(world, "source-lag")
    assert opened(world, "source-flood") == {}


def test_a_late_and_a_good_event_of_one_instant_leave_the_clock_good(world: World) -> None:
    """The end of a lag of half an hour: old and new events come side by side, the good one last."""
    good = usual(world.profile)

    def both(t: int) -> list[Event]:
        behind = [e._replace(off=-HOUR // 2, values={"fps": 24.0}) for e in good(t) if e.code == "cam-3"]
        return [*behind, *good(t)] if t // 15_000 % 2 else [*behind, *(e for e in good(t) if not behind)]

    play(world, 600, 20, stages((0, good), (120, both)))
    assert opened(world, "clock-skew") == {}
    assert [row for row in world.log() if row[2] == "opened"] == []


def test_a_device_heard_for_the_first_time_in_a_wrong_zone_is_found(world: World) -> None:
    good = usual(world.profile)
    play(
        world, 400, 20, stages((0, usual(world.profile, ["cam-3"])), (120, shifted(good, -7 * HOUR, "cam-3")))
    )
    assert set(opened(world, "clock-skew")) == {"cam-3"}


def test_a_wrong_clock_explains_what_is_odd_about_its_own_device_alone(world: World) -> None:
    good, slow = usual(world.profile), usual(world.profile, fps=5.0)
    world.run(0)
    play(world, 500, 20, stages((0, good), (285, slow), (300, shifted(slow, HOUR, "rec-0", "cam-3"))))
    alerts = world.alerts()
    recorder, own = alerts["clock-skew|rec-0"], alerts["clock-skew|cam-3"]
    assert own["cause"] == recorder["id"]
    assert recorder["cause"] is None
    assert alerts["fps-low|cam-3"]["cause"] in (own["id"], recorder["id"])
    assert alerts["fps-low|cam-4"]["cause"] is None


def test_a_camera_with_a_wrong_clock_that_falls_silent_is_silent(world: World) -> None:
    good = usual(world.profile)
    skewed = shifted(good, HOUR, "cam-3")
    play(world, 600, 20, stages((0, good), (120, skewed), (300, usual(world.profile, ["cam-3"]))))
    assert rules_open(world) == {"camera-silent", "clock-skew"}
    alerts = world.alerts()
    assert alerts["clock-skew|cam-3"]["cause"] is None  # it was wrong long before it fell silent
