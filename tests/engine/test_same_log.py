"""A story with every kind of trouble has one log, however often the engine looks and wherever it restarts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cockpit.domain.alerting import read_back
from tests.engine.wide import Event, Feed, late, play, shifted, stages, usual, wide
from tests.engine.world import T0, World

Worlds = Callable[..., World]
LENGTH = 2400
HOUR = 3_600_000
BEHIND_1 = ["link-1", "rec-0", *(f"cam-{n}" for n in range(12))]


def story(world: World) -> Feed:
    """Wrong clocks of both sorts, repeats, a flood, an outage of power, a late feed: some of them at once."""
    profile = world.profile
    good = usual(profile)
    sites = {a.code for a in profile.assets if a.code.startswith("site-1-")}
    away = usual(profile, BEHIND_1)

    def dark(t: int) -> list[Event]:
        return [e._replace(values={"power": 0.0}) if e.code in sites else e for e in away(t)]

    def twice(t: int) -> list[Event]:
        return [e._replace(times=2) for e in good(t)]

    def flood(t: int) -> list[Event]:
        return [e._replace(off=-n) for e in good(t) for n in range(6 if e.code.startswith("cam-") else 1)]

    skewed = shifted(shifted(good, HOUR, "cam-3", "cam-20", "site-2-3"), -7 * HOUR, "rec-1", "cam-15")
    mixed = shifted(dark, HOUR, "cam-20", "site-1-4")
    slow = late(good, 120_000, T0 + 1_500_000, T0 + 1_950_000, "cams", profile)
    return stages(
        (0, good), (130, skewed), (340, twice), (415, skewed), (520, flood), (700, mixed), (1450, slow)
    )  # fmt: skip


def log_of(world: World) -> list[tuple[Any, ...]]:
    return [line for line in world.log() if line[2] != "clock_jump"]


@pytest.fixture(scope="module")
def by_minute() -> list[tuple[Any, ...]]:
    world = World(wide())
    try:
        world.engine.tick()
        play(world, LENGTH, 60, story(world))
        return log_of(world)
    finally:
        world.close()


def test_the_story_holds_every_kind_of_trouble(by_minute: list[tuple[Any, ...]]) -> None:
    rules = {json.loads(line[4])["key"].partition("|")[0] for line in by_minute if line[2] == "opened"}
    assert rules >= {
        "clock-skew", "source-duplicates", "source-flood", "source-lag", "feeder-out", "link-silent",
        "recorder-silent", "camera-silent", "site-power",
    }  # fmt: skip
    assert any("waited_ms" in line[4] for line in by_minute)


@pytest.mark.parametrize("tick_s", [1, 7, 300])
def test_the_log_is_the_same_at_any_length_of_tick(
    worlds: Worlds, by_minute: list[tuple[Any, ...]], tick_s: int
) -> None:
    world = worlds(wide())
    world.engine.tick()
    length = 980 if tick_s == 1 else LENGTH
    play(world, length, tick_s, story(world))
    assert log_of(world) == [line for line in by_minute if line[0] <= T0 + length * 1000]


@pytest.mark.parametrize("crash", [False, True])
def test_restarts_in_the_middle_change_nothing(
    worlds: Worlds, by_minute: list[tuple[Any, ...]], crash: bool
) -> None:
    """Within wrong clocks, repeats, floods, waits, an outage and lateness, and within a minute."""
    world = worlds(wide())
    world.engine.tick()
    feed = story(world)
    at = 0
    for stop in (167, 395, 571, 590, 803, 865, 1011, 1713, LENGTH):
        play(world, stop - at - 1, 60, feed)
        play(world, 1, 1, feed)
        at = stop
        if stop != LENGTH:
            world.restart(crash=crash)
            world.engine.tick()
    assert log_of(world) == by_minute


def test_the_log_read_back_gives_the_state(by_minute: list[tuple[Any, ...]]) -> None:
    lines = [line for line in by_minute if line[0] <= T0 + 1_300_000]
    state = read_back((*line[:4], json.loads(line[4])) for line in lines)
    assert len(state.open) > 10
    assert {key for key, c in state.conditions.items() if c.state in ("firing", "recovering")} == set(
        state.open
    )


def test_what_explains_an_alert_does_not_depend_on_the_tick(worlds: Worlds) -> None:
    found = []
    for tick_s in (5, 60):
        world = worlds(wide())
        world.engine.tick()
        play(world, 660, tick_s, story(world))
        found.append(
            {key: (a["opened"], a["first_seen"]) for key, a in world.alerts(open_only=False).items()}
        )
    assert found[0] == found[1]


def test_a_gap_begins_minutes_anew_and_raises_nothing(worlds: Worlds) -> None:
    world = worlds(wide())
    play(world, 120, 20, usual(world.profile))
    world.restart(away_ms=HOUR)
    world.engine.tick()
    play(world, 400, 20, usual(world.profile))
    assert world.log() == []
