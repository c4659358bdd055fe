"""A symptom waits for its cause, and only for a cause."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from cockpit.store import alerting
from cockpit.store.rows import Off
from tests.engine.wide import Feed, opened, play, stages, stood_alone, usual, wide
from tests.engine.world import T0, World

Worlds = Callable[..., World]
BEHIND = ["rec-0", *(f"cam-{n}" for n in range(12))]


@pytest.fixture
def world(worlds: Worlds) -> World:
    return worlds(wide())


@pytest.mark.parametrize("onset", [120, 133, 147, 155, 171])
def test_when_a_link_fails_no_camera_behind_it_stands_in_the_list(world: World, onset: int) -> None:
    play(
        world, 520, 20, stages((0, usual(world.profile)), (onset, usual(world.profile, ["link-1", *BEHIND])))
    )
    assert set(stood_alone(world)) == {"link-silent|link-1"}
    alerts = world.alerts()
    assert {k for k, a in alerts.items() if a["cause"] is not None} == {
        f"camera-silent|cam-{n}" for n in range(12)
    } | {"recorder-silent|rec-0"}


@pytest.mark.parametrize("onset", [120, 133, 150])
def test_when_a_recorder_fails_no_camera_behind_it_stands_in_the_list(world: World, onset: int) -> None:
    play(world, 400, 20, stages((0, usual(world.profile)), (onset, usual(world.profile, BEHIND))))
    assert set(stood_alone(world)) == {"recorder-silent|rec-0"}
    assert onset < opened(world, "recorder-silent")["rec-0"] <= onset + 60 + 2 * 30 + 5


def test_when_a_feed_ends_none_of_its_devices_stands_in_the_list(world: World) -> None:
    cams = [a.code for a in world.profile.assets if a.source == "cams"]
    play(world, 400, 20, stages((0, usual(world.profile)), (125, usual(world.profile, cams))))
    assert set(stood_alone(world)) == {"source-silent|cams", "source-late|cams"}


@pytest.mark.parametrize("code", ["cam-3", "rec-1", "link-2", "site-1-4"])
def test_what_fails_alone_is_an_alert_at_its_time(world: World, code: str) -> None:
    asset = world.profile.asset[code]
    play(world, 1400, 20, stages((0, usual(world.profile)), (400, usual(world.profile, [code]))))
    alert = world.alerts()[f"{asset.kind}-silent|{code}"]
    assert alert["opened"] == json.loads(alert["facts"])["last"] + (2 * asset.rhythm_s + 60) * 1000
    assert (alert["opened"] - T0) / 1000 <= 400 + 2 * asset.rhythm_s + 60 + 5


def test_what_waits_opens_when_what_is_above_it_is_heard_again(world: World) -> None:
    """The recorder restarts within its own limits; one of its cameras does not come back."""
    away = usual(world.profile, BEHIND)
    back = usual(world.profile, ["cam-3"])
    play(world, 500, 10, stages((0, usual(world.profile)), (120, away), (215, back)))
    assert list(world.alerts(open_only=False)) == ["camera-silent|cam-3"]
    (line,) = [json.loads(row[4]) for row in world.log() if row[2] == "opened"]
    assert 0 < line["waited_ms"] <= 45_000
    assert opened(world, "camera-silent")["cam-3"] <= 215 + 30 + 15


def test_a_rule_that_is_off_is_waited_for_by_nobody(world: World) -> None:
    play(world, 60, 20, usual(world.profile))
    off = Off("recorder-silent", T0, T0 + 86_400_000, "a", "b")
    world.store.write(lambda conn: alerting.switch_off(conn, off, T0 + 60_000)).result()
    play(world, 400, 20, stages((0, usual(world.profile)), (120, usual(world.profile, BEHIND))))
    times = opened(world, "camera-silent")
    assert len(times) == 12
    assert all(120 < t <= 120 + 30 + 60 + 5 for t in times.values())


def feeder_fails(world: World) -> Feed:
    sites = {f"site-1-{n}" for n in range(10)}
    away = usual(world.profile, ["link-1", *BEHIND])
    dark: Feed = lambda t: [  # noqa: E731
        e._replace(values={"power": 0.0}) if e.code in sites else e for e in away(t)
    ]
    return stages((0, usual(world.profile)), (420, dark))


def test_when_the_power_of_an_area_fails_nothing_below_it_stands_in_the_list(world: World) -> None:
    play(world, 1300, 20, feeder_fails(world))
    assert set(stood_alone(world)) == {"feeder-out|feeder-1"}
