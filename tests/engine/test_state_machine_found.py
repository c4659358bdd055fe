"""What the state machine of `test_life_of_alerts` has found, each once, plain."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cockpit.domain.alerting import read_back
from cockpit.domain.catalog import EscalationStep
from tests.commands.test_commands import Running
from tests.engine.life import Stage
from tests.engine.world import World, healthy, province, rule
from tests.store import inside

Worlds = Callable[..., World]
KEY = "camera-silent|cam-3"
STEPS = {"critical": (EscalationStep("unit_leader", 300), EscalationStep("leader", 900))}


def told(world: World) -> list[str]:
    return [line[2] for line in world.log()]


@pytest.mark.parametrize("crash", [False, True])
def test_a_restart_after_a_jump_of_the_clock_raises_nothing_by_itself(world: World, crash: bool) -> None:
    """What was heard before the jump tells of no silence, whoever has to remember that."""
    world.run(60, 20, healthy(world.profile))
    world.clock.jump(3_600_000)
    world.engine.tick()
    world.restart(crash=crash)
    world.engine.tick()
    world.run(120, 20, healthy(world.profile))
    assert told(world) == ["clock_jump"]


def test_a_restart_after_a_jump_of_the_clock_brings_nothing_up_by_itself(worlds: Worlds) -> None:
    rules = (rule("camera-silent", "asset_silent", "camera", priority="critical"),)
    world = worlds(province(rules=rules, escalation=STEPS))
    quiet = healthy(world.profile, without=["cam-3"])
    world.run(60, 20, healthy(world.profile))
    world.run(120, 20, quiet)
    world.clock.jump(3_600_000)
    world.engine.tick()
    world.restart()
    world.run(100, 20, quiet)
    assert "escalated" not in told(world)
    world.run(300, 20, quiet)
    assert told(world).count("escalated") == 1


def test_timers_that_begin_anew_stand_in_the_log(world: World) -> None:
    world.run(60, 20, healthy(world.profile))
    world.run(60, 20, healthy(world.profile, without=["cam-3"]))
    world.restart(away_ms=600_000)
    world.engine.tick()
    state = read_back((*row[:4], json.loads(row[4])) for row in world.log())
    assert {k: (c.state, c.since) for k, c in state.conditions.items()} == inside.conditions(world.store)
    assert state.conditions[KEY].since == world.clock.domain


def comes_and_goes(world: World, tick_s: int) -> dict[str, Any]:
    """A camera is away for two minutes and well again; the alert about it."""

    def feed(t: int) -> list[Any]:
        away = begun + 60_000 < t <= begun + 180_000
        return list((without if away else good)(t))

    good, without = healthy(world.profile), healthy(world.profile, without=["cam-3"])
    world.run(60, 20, good)
    begun = world.clock.domain
    world.run(360, tick_s, feed)
    return dict(world.alerts(open_only=False)[KEY])


def test_an_alert_is_the_same_whether_anybody_could_see_it_open_or_not(worlds: Worlds) -> None:
    slow, fast = comes_and_goes(worlds(), 360), comes_and_goes(worlds(), 10)
    assert slow["closed"] is not None
    assert slow["version"] == fast["version"] == 2
    assert {**slow, "updated": 0} == {**fast, "updated": 0}


@pytest.mark.parametrize("tick_s", [5, 200])
def test_what_was_called_repaired_and_is_bad_again_is_not_repaired(world: World, tick_s: int) -> None:
    good, without = healthy(world.profile), healthy(world.profile, without=["cam-3"])
    world.run(60, 20, good)
    world.run(140, 20, without)
    world.run(20, 20, good)
    result = Running(world).do("close", reason="thay camera", alert=1, outcome="repaired")
    assert result.code == "done"
    begun = world.clock.domain

    def feed(t: int) -> list[Any]:
        return list((without if t <= begun + 60_000 else good)(t))

    world.run(200, tick_s, feed)
    (alert,) = inside.alerts(world.store)
    assert "again" in told(world)
    assert alert.closed is not None
    assert alert.outcome == ""


def test_an_acknowledgement_that_is_given_anew_as_it_ends_has_not_ended() -> None:
    stage = Stage()
    try:
        stage.mode["cam-0"] = "away"
        stage.pass_time(200, 50)
        (alert,) = stage.world.alerts().values()
        stage.do("acknowledge", alert=alert["id"], until_ms=stage.now + 30_000)

        def anew() -> None:
            stage.doing.do("unacknowledge", reason="nhầm người", alert=alert["id"])
            stage.doing.do("acknowledge", actor="Minh", alert=alert["id"], until_ms=stage.now + 600_000)

        stage.fail_next_write(anew, fails=False)
        stage.pass_time(60, 60)
        (after,) = stage.world.alerts().values()
        assert after["ack_by"] == "Minh"
        assert "ack_expired" not in told(stage.world)
        stage.pass_time(600, 60)
        assert told(stage.world).count("ack_expired") == 1
    finally:
        stage.close()
