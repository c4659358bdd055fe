"""An alert that nobody acknowledges goes up by time: each step once, whatever ticks, restarts and mutes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cockpit.domain.alerting import read_back
from cockpit.domain.catalog import EscalationStep
from cockpit.store import alerting, handling
from cockpit.store.alerting import Line
from cockpit.store.rows import Off
from tests.engine.world import World, healthy, province, rule

KEY = "camera-silent|cam-3"
STEPS = (EscalationStep("unit_leader", 300), EscalationStep("leader", 900))

Worlds = Callable[..., World]


def profile(**more: Any) -> Any:
    rules = (rule("camera-silent", "asset_silent", "camera", priority="critical", **more),)
    return province(rules=rules, escalation={"critical": STEPS})


@pytest.fixture
def stage() -> Iterator[World]:
    world = World(profile())
    yield world
    world.close()


def begin(world: World, tick_s: int = 20) -> dict[str, Any]:
    world.run(60, tick_s, healthy(world.profile))
    away(world, 120, tick_s)
    return dict(world.alerts()[KEY])


def away(world: World, seconds: int, tick_s: int = 20) -> None:
    world.run(seconds, tick_s, healthy(world.profile, without=["cam-3"]))


def steps(world: World) -> list[tuple[int, str]]:
    """When it was brought to whom, in seconds after it opened."""
    opened = next(row[0] for row in world.log() if row[2] == "opened")
    found = [(row[0], json.loads(row[4])["to"]) for row in world.log() if row[2] == "escalated"]
    return [((t - opened) // 1000, to) for t, to in found]


def acknowledge(world: World, until: int | None = None) -> None:
    alert, now, note = world.alerts()[KEY], world.clock.domain, "đang đi"
    call = world.store.write(
        lambda conn: alerting.acknowledge(conn, alert["id"], 1, "lan", now, note, now, until)
    )
    assert call.result()


def let_go(world: World) -> None:
    alert, now = world.alerts()[KEY], world.clock.domain
    line = Line(now, alert["id"], "unacknowledged", "lan", {"key": KEY, "of": "lan", "note": "bận"})
    free = {"ack_by": None, "ack_at": None, "ack_note": None, "ack_real": None, "escalated": ""}
    call = world.store.write(lambda conn: handling.change(conn, alert["id"], alert["version"], line, free))
    assert call.result()


@pytest.mark.parametrize("tick_s", [7, 60, 1800])
def test_it_goes_up_at_the_very_instants_at_any_tick(stage: World, tick_s: int) -> None:
    stage.run(60, 20, healthy(stage.profile))
    away(stage, 1800, tick_s)
    assert steps(stage) == [(300, "unit_leader"), (900, "leader")]
    assert stage.alerts()[KEY]["escalated"] == "leader"
    assert stage.alerts()[KEY]["version"] == 1, "whoever acknowledges it meanwhile is not refused"
    lines = [row[0] for row in stage.log()]
    assert lines == sorted(lines)


@pytest.mark.parametrize("tick_s", [20, 1000])
def test_an_acknowledgement_stops_it_and_its_end_begins_anew(stage: World, tick_s: int) -> None:
    begin(stage)
    away(stage, 320)
    assert [to for _, to in steps(stage)] == ["unit_leader"]
    until = stage.clock.domain + 1_200_000
    acknowledge(stage, until)
    away(stage, 1180)
    assert len(steps(stage)) == 1
    if tick_s == 20:
        away(stage, 40)
        assert stage.alerts()[KEY]["escalated"] == "", "it is with the operators again"
    away(stage, 1000, tick_s)
    opened = stage.alerts()[KEY]["opened"]
    ended = (until - opened) // 1000
    assert steps(stage)[1:] == [(ended + 300, "unit_leader"), (ended + 900, "leader")]
    again = read_back((*row[:4], json.loads(row[4])) for row in stage.log())
    assert again.escalated == {stage.alerts()[KEY]["id"]: "leader"}, "the log alone tells it"


def test_who_lets_it_go_lets_it_wait_anew(stage: World) -> None:
    begin(stage)
    acknowledge(stage)
    away(stage, 600)
    let_go(stage)
    gone = (stage.clock.domain - stage.alerts()[KEY]["opened"]) // 1000
    away(stage, 400)
    assert steps(stage) == [(gone + 300, "unit_leader")]


def test_a_slip_of_acknowledging_changes_nothing(stage: World) -> None:
    begin(stage)
    acknowledge(stage)
    away(stage, 40)
    alert, now = stage.alerts()[KEY], stage.clock.domain
    call = stage.store.write(lambda conn: alerting.take_back(conn, alert["id"], alert["version"], "lan", now))
    assert call.result()
    away(stage, 600)
    assert steps(stage)[0] == (300, "unit_leader")


@pytest.mark.parametrize("crash", [False, True])
def test_a_restart_goes_on_where_it_was(stage: World, crash: bool) -> None:
    begin(stage)
    away(stage, 100)
    stage.restart(crash=crash)
    away(stage, 320)
    assert steps(stage) == [(300, "unit_leader")]
    stage.restart(crash=crash)
    away(stage, 900)
    assert steps(stage) == [(300, "unit_leader"), (900, "leader")]


def test_after_a_restart_what_was_acknowledged_stays_where_it_is(stage: World) -> None:
    begin(stage)
    acknowledge(stage)
    stage.restart()
    away(stage, 1200)
    assert steps(stage) == []


def test_by_hand_it_goes_before_its_time_and_then_on_in_time(stage: World) -> None:
    begin(stage)
    alert, now = stage.alerts()[KEY], stage.clock.domain
    line = Line(now, alert["id"], "escalated", "lan", {"key": KEY, "to": "unit_leader", "note": ""})
    call = stage.store.write(
        lambda conn: handling.change(conn, alert["id"], alert["version"], line, {"escalated": "unit_leader"})
    )
    assert call.result()
    at = (now - alert["opened"]) // 1000
    away(stage, 1200)
    assert steps(stage) == [(at, "unit_leader"), (900, "leader")]


def test_a_jump_of_the_clock_brings_nothing_up(stage: World) -> None:
    begin(stage)
    stage.clock.advance(7_200_000)
    stage.engine.jumped()
    away(stage, 100)
    assert steps(stage) == []


def test_who_was_quicker_than_the_tick_that_would_write_it_wins(stage: World) -> None:
    begin(stage)
    away(stage, 160)
    engine = stage.engine
    settle = engine._orders.settle
    ran: list[int] = []

    def late(conn: Any, core: Any) -> None:
        if not ran and engine._orders.waiting:
            ran.append(1)
            alert, now = stage.alerts()[KEY], stage.clock.domain
            assert alerting.acknowledge(conn, alert["id"], alert["version"], "lan", now, "đang đi", now)
        settle(conn, core)

    engine._orders.settle = late  # type: ignore[method-assign]
    away(stage, 1200)
    assert ran
    assert steps(stage) == []
    assert stage.alerts()[KEY]["escalated"] == ""


def test_what_has_no_steps_stays_with_the_operators() -> None:
    world = World(profile(escalation=()))
    begin(world)
    away(world, 1800, 60)
    assert steps(world) == []
    world.close()


def test_a_hidden_alert_waits_anew_once_it_is_shown(stage: World) -> None:
    begin(stage)
    now = stage.clock.domain
    off = Off("camera-silent", now, now + 1_200_000, "lan", "thay dây")
    stage.store.write(lambda conn: alerting.switch_off(conn, off, now)).result()
    away(stage, 1200)
    assert steps(stage) == []
    back = (off.until - stage.alerts()[KEY]["opened"]) // 1000
    away(stage, 400)
    assert steps(stage) == [(back + 300, "unit_leader")]
