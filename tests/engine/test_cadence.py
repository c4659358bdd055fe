"""The log depends on what happened, not on how often the engine looked nor on its restarts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cockpit.domain.alerting import read_back
from tests.engine.world import T0, World, healthy
from tests.store import inside

Worlds = Callable[..., World]


PLAN = """
good gone good gone gone gone slow slow slow good good down
down down good good good dead dead dead dead good good good
"""
"""What happens in each 40 seconds."""


def troubled(world: World) -> Callable[[int], list[tuple[int, str, dict[str, float]]]]:
    """Ten minutes with silences shorter than a tick, a link that fails, low frame rates, a silent feed."""
    feeds = {
        "good": healthy(world.profile),
        "gone": healthy(world.profile, without=["cam-3", "cam-17", "rec-1"]),
        "slow": healthy(world.profile, fps=9.0),
        "down": healthy(world.profile, without=[f"cam-{n}" for n in range(12, 24)] + ["rec-1"], up=0.0),
        "dead": healthy(world.profile, without=[a.code for a in world.profile.assets if a.source == "cams"]),
    }
    plan = PLAN.split()

    def feed(t: int) -> list[tuple[int, str, dict[str, float]]]:
        return list(feeds[plan[min((t - T0 - 1) // 40_000, len(plan) - 1)]](t))

    return feed


LENGTH = 40 * 24


def story(world: World) -> list[tuple[Any, ...]]:
    """The log without what only says that somebody was away."""
    return [line for line in world.log() if line[2] != "clock_jump"]


@pytest.fixture(scope="module")
def by_minute() -> list[tuple[Any, ...]]:
    world = World()
    try:
        world.engine.tick()
        world.run(LENGTH, 60, troubled(world))
        return story(world)
    finally:
        world.close()


@pytest.mark.parametrize("tick_s", [1, 8, 120])
def test_the_log_is_the_same_at_any_length_of_tick(
    worlds: Worlds, by_minute: list[tuple[Any, ...]], tick_s: int
) -> None:
    world = worlds()
    world.engine.tick()
    length = 280 if tick_s == 1 else LENGTH
    world.run(length, tick_s, troubled(world))
    assert len(by_minute) > 100
    assert story(world) == [line for line in by_minute if line[0] <= T0 + length * 1000]


@pytest.mark.parametrize("at", [97, 233, 360, 505, 770])
@pytest.mark.parametrize("crash", [False, True])
def test_a_restart_in_the_middle_changes_nothing(
    worlds: Worlds, by_minute: list[tuple[Any, ...]], at: int, crash: bool
) -> None:
    world = worlds()
    world.engine.tick()
    feed = troubled(world)
    world.run(at - at % 20, 20, feed)
    world.run(at % 20, 1, feed)
    world.restart(crash=crash)
    world.engine.tick()
    world.run(-at % 20, 1, feed)
    world.run(LENGTH - (at + 19) // 20 * 20, 20, feed)
    assert story(world) == by_minute


def test_the_log_read_back_gives_the_state(worlds: Worlds) -> None:
    world = worlds()
    world.engine.tick()
    world.run(520, 20, troubled(world))
    lines = [(*row[:4], json.loads(row[4])) for row in world.log()]
    state = read_back(lines)
    assert {k: a["id"] for k, a in world.alerts().items()} == state.open
    assert {a["id"]: a["cause"] for a in world.alerts().values() if a["cause"]} == state.cause
    assert {k: (c.state, c.since) for k, c in state.conditions.items()} == inside.conditions(world.store)


def test_there_is_never_more_than_one_open_alert_for_a_key(by_minute: list[tuple[Any, ...]]) -> None:
    opened: set[str] = set()
    for _, _, what, _, data in by_minute:
        key = json.loads(data).get("key")
        if what == "opened":
            assert key not in opened
            opened.add(key)
        elif what == "closed":
            opened.remove(key)


def test_the_time_the_cockpit_was_down_is_no_silence(worlds: Worlds) -> None:
    world = worlds()
    world.run(60, 20, healthy(world.profile))
    world.restart(away_ms=3_600_000)
    world.engine.tick()
    world.run(60, 20, healthy(world.profile))
    assert world.log() == []
    assert world.alerts(open_only=False) == {}


def test_a_camera_that_stays_silent_after_the_restart_is_found(worlds: Worlds) -> None:
    world = worlds()
    world.run(60, 20, healthy(world.profile))
    world.restart(away_ms=3_600_000)
    world.engine.tick()
    since = world.clock.domain
    world.run(120, 20, healthy(world.profile, without=["cam-3"]))
    assert world.alerts()["camera-silent|cam-3"]["opened"] == since + 90_000


@pytest.mark.parametrize("hours", [5, -5])
def test_a_jump_of_the_clock_neither_raises_nor_clears(world: World, hours: int) -> None:
    world.run(60, 20, healthy(world.profile))
    world.run(120, 20, healthy(world.profile, without=["cam-3"]))
    before = world.alerts()
    world.clock.jump(hours * 3_600_000)
    world.engine.tick()
    assert world.alerts().keys() == before.keys() == {"camera-silent|cam-3"}
    assert [line[2] for line in world.log()] == ["pending", "opened", "clock_jump"]


@pytest.mark.parametrize("hours", [1, -1, -5])
def test_silence_after_a_jump_of_the_clock_is_found_in_time(worlds: Worlds, hours: int) -> None:
    world = worlds()
    world.run(60, 20, healthy(world.profile))
    world.clock.jump(hours * 3_600_000)
    world.engine.tick()
    world.run(60, 20, healthy(world.profile))
    since = world.clock.domain
    world.run(140, 20, healthy(world.profile, without=["cam-3"]))
    assert list(world.alerts()) == ["camera-silent|cam-3"]
    assert since + 75_000 < world.alerts()["camera-silent|cam-3"]["opened"] <= since + 2 * 15_000 + 60_000
