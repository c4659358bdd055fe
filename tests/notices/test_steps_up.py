"""Whoever an alert goes up to because nobody came is told so, once a step."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cockpit.domain.catalog import EscalationStep
from cockpit.domain.notices import Quiet
from cockpit.store import alerting
from tests.engine.world import World, healthy, province, rule
from tests.notices.test_notices import Told, through

STEPS = (EscalationStep("unit_leader", 300), EscalationStep("leader", 900))


@pytest.fixture
def climbing() -> Iterator[World]:
    rules = (rule("camera-silent", "asset_silent", "camera", priority="high"),)
    made = World(province(rules=rules, escalation={"high": STEPS}))
    yield made
    made.close()


def nobody_comes(world: World, seconds: int, gone: tuple[str, ...] = ("cam-3",)) -> None:
    world.run(60, 20, healthy(world.profile))
    world.run(seconds, 20, healthy(world.profile, without=gone))


def test_each_step_of_an_escalation_is_told_to_those_of_its_role(climbing: World) -> None:
    channels_ = [through("json://h/x", name, roles=frozenset({name})) for name in ("operator", "leader")]
    unit = through("json://h/x", "unit_leader", roles=frozenset({"unit_leader"}), units=frozenset({"u1"}))
    other = through("json://h/x", "other", roles=frozenset({"unit_leader"}), units=frozenset({"u2"}))
    told = Told(climbing, *channels_, unit, other)
    nobody_comes(climbing, 1200)
    for _ in range(2):
        told.collect()
    (first,) = told.kept("operator")
    (second,), (third,) = told.kept("unit_leader"), told.kept("leader")
    assert (first.what, second.what, third.what) == ("firing", "escalated", "escalated")
    assert third.t - second.t == 600_000
    assert "Chưa ai tiếp nhận sau 5 phút." in second.body["text"]
    assert told.kept("other") == []


def test_quiet_hours_hold_a_step_back_that_is_not_critical(climbing: World) -> None:
    night = Quiet(0, 24 * 60 - 1)
    told = Told(climbing, through("json://h/x", roles=frozenset({"leader"}), quiet=night))
    nobody_comes(climbing, 1200)
    assert told.send() == 0
    (kept,) = told.kept()
    assert (kept.what, kept.state, kept.tries) == ("escalated", "waiting", 0)


def test_a_step_that_somebody_was_quicker_than_is_told_to_nobody(climbing: World) -> None:
    told = Told(climbing, through("json://h/x", roles=frozenset({"leader"})))
    nobody_comes(climbing, 1200)
    (alert,) = climbing.alerts().values()
    now = climbing.clock.domain
    call = climbing.store.write(lambda conn: alerting.acknowledge(conn, alert["id"], 1, "lan", now, "", now))
    assert call.result()
    told.collect()
    assert told.kept() == []


def test_many_that_go_up_at_once_are_one_notice(climbing: World) -> None:
    told = Told(climbing, through("json://h/x", roles=frozenset({"unit_leader"})))
    nobody_comes(climbing, 600, tuple(f"cam-{n}" for n in range(24)))
    told.collect()
    (one,) = told.kept()
    assert (one.what, one.alert) == ("escalated", None)
    assert one.body["title"].endswith("Chuyển lãnh đạo đơn vị xem: 24 cảnh báo chưa ai tiếp nhận")
