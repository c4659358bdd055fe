"""Silent cameras and sources: when they become alerts, and when not."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from cockpit.profiles import Profile
from cockpit.store.queries import observations
from tests.engine.world import T0, World, healthy, province, rule, source
from tests.store import inside

Worlds = Callable[..., World]


def last_heard(world: World, code: str) -> int:
    with world.store.read() as conn:
        return int(observations.latest(conn, [world.profile.asset[code].id]).received.max())


def test_a_silent_camera_is_an_alert_after_two_rhythms_and_its_for(world: World) -> None:
    world.run(60, 10, healthy(world.profile))
    world.run(100, 1, healthy(world.profile, without=["cam-3"]))
    alert = world.alerts()["camera-silent|cam-3"]
    assert alert["opened"] == last_heard(world, "cam-3") + 30_000 + 60_000
    assert alert["first_seen"] == last_heard(world, "cam-3")
    assert alert["due"] == alert["opened"] + 3_600_000
    assert (alert["owner"], alert["unit"], alert["simulated"]) == ("owner of cams", "u1", 1)
    assert json.loads(alert["facts"]) == {"for_s": 60, "last": last_heard(world, "cam-3"), "rhythm_s": 15}
    assert list(world.alerts()) == ["camera-silent|cam-3"]


def test_it_closes_once_the_camera_has_been_back_for_long_enough(world: World) -> None:
    world.run(60, 10, healthy(world.profile))
    world.run(120, 10, healthy(world.profile, without=["cam-3"]))
    back = world.clock.domain
    world.run(60, 10, healthy(world.profile))
    alert = world.alerts(open_only=False)["camera-silent|cam-3"]
    assert alert["close_reason"] == "cleared"
    assert back < alert["closed"] - 30_000 <= back + 15_000
    assert alert["version"] == 2


def test_a_short_silence_is_noted_and_raises_nothing(world: World) -> None:
    world.run(60, 10, healthy(world.profile))
    world.run(60, 10, healthy(world.profile, without=["cam-3"]))
    world.run(60, 10, healthy(world.profile))
    assert [line[2] for line in world.log()] == ["pending", "near_miss"]
    assert world.alerts(open_only=False) == {}


def test_what_was_never_seen_is_listed_and_not_alarmed(world: World) -> None:
    world.run(300, 20, healthy(world.profile, without=["cam-3"]))
    assert world.alerts() == {}
    found = world.source("cams")
    assert (found.state, found.never) == ("fresh", 1)


def test_states_of_assets_and_sources_are_written(world: World) -> None:
    world.run(60, 10, healthy(world.profile))
    world.run(50, 10, healthy(world.profile, without=["cam-3"]))
    states = world.states()
    assert states["cam-3"] == "silent"
    assert states["cam-4"] == "fresh"
    found = world.source("cams")
    assert (found.state, found.late, found.silent, found.never, found.fresh) == ("fresh", 0, 1, 0, 25)


def test_a_silent_source_is_one_alert_with_its_assets_folded_below(world: World) -> None:
    world.run(60, 10, healthy(world.profile))
    cams = [a.code for a in world.profile.assets if a.source == "cams"]
    world.run(200, 10, healthy(world.profile, without=cams))
    alerts = world.alerts()
    top = alerts["source-silent|cams"]
    assert top["cause"] is None
    symptoms = [a for a in alerts.values() if a["cause"] == top["id"]]
    assert len(symptoms) == top["folded"] == 26 + 1  # cameras and recorders, and that the source is late
    assert {a["key"] for a in alerts.values() if a["cause"] is None} == {"source-silent|cams"}


@pytest.mark.parametrize("states", [("late", "stale", 40), ("silent", "suspect", 110)])
def test_a_fault_of_a_source_marks_what_depends_on_it(world: World, states: tuple[str, str, int]) -> None:
    state, status, wait = states
    world.run(60, 10, healthy(world.profile))
    cams = [a.code for a in world.profile.assets if a.source == "cams"]
    world.run(wait, 10, healthy(world.profile, without=cams))
    assert world.source("cams").state == state
    assert world.figures()["I42", ""].status == status
    assert world.figures()["I38", ""].status == "green"


def test_a_source_of_working_days_is_not_late_on_a_sunday(worlds: Worlds) -> None:
    desk = source(5, "desk", 3600, per_hour=4.0, calendar="workdays")
    base = province()
    sources = tuple(desk if s.code == "desk" else s for s in base.sources)
    world = worlds(province(sources=sources))
    world.run(60, 60, healthy(world.profile))
    world.run(8 * 3600, 3600)
    assert "source-late|desk" not in world.alerts()
    assert world.source("desk").state == "fresh"


def test_a_real_source_is_judged_by_real_time(worlds: Worlds) -> None:
    host = rule("host-silent", "asset_silent", "host", for_s=30)
    world = worlds(province(rules=(host,)))
    world.engine.tick()
    world.send([(world.clock.real, "host-local", {"cpu": 5.0})])
    heard = world.clock.real
    world.clock.speed = 60.0
    for _ in range(30):
        world.clock.advance(60_000)
        world.engine.tick()
    assert world.alerts() == {}  # half an hour of domain time, half a minute of real time
    world.clock.speed = 1.0
    for _ in range(30):
        world.clock.advance(1_000)
        world.engine.tick()
    alert = world.alerts()["host-silent|host-local"]
    assert alert["opened"] == heard + 50_000
    assert alert["simulated"] == 0


def ten_thousand() -> Profile:
    return province(cameras=10_000)


def test_ten_thousand_silences_at_once_lose_no_alert(worlds: Worlds) -> None:
    world = worlds(ten_thousand())
    cameras = [a.code for a in world.profile.assets if a.kind == "camera"]
    others: list[tuple[int, str, dict[str, float]]] = [
        (T0, a.code, {}) for a in world.profile.assets if a.kind == "recorder"
    ]
    world.engine.tick()
    world.send([(T0, code, {"fps": 25.0}) for code in cameras])
    world.clock.advance(1000)
    world.engine.tick()
    world.send(
        [
            (t, code, {"disk": 50.0})
            for s in range(1, 11)
            for t, code in ((T0 + s * 10_000, c) for _, c, _ in others)
        ]
    )
    world.clock.advance(99_000)
    world.engine.tick()
    silent = [a for a in inside.alerts(world.store) if a.rule == "camera-silent"]
    assert (len(silent), len({a.key for a in silent})) == (10_000, 10_000)
    assert {a.opened for a in silent} == {T0 + 90_000}
