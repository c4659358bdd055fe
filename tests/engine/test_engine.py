"""The loop: failures, the lease, the heartbeat, rules switched off."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest

from cockpit.engine import Engine
from cockpit.store import alerting, meta
from cockpit.store.queries import strip
from tests.engine.world import World, healthy, province
from tests.store import inside
from tests.waiting import until

Worlds = Callable[..., World]


def test_a_tick_that_fails_is_counted_and_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.run(60, 20, healthy(world.profile))
    quiet = healthy(world.profile, without=["cam-3"])
    real = alerting.save

    def broken(conn: sqlite3.Connection, changes: alerting.Changes) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(alerting, "save", broken)
    world.send([row for s in range(1, 101) for row in quiet(world.clock.domain + s * 1000)])
    for _ in range(5):
        world.clock.advance(20_000)
        assert not world.engine.guarded_tick()
    assert world.engine.failures == 5
    assert "disk I/O error" in world.engine.last_error
    assert world.engine.tick_age_s() >= 100
    assert world.log() == []
    monkeypatch.setattr(alerting, "save", real)
    assert world.engine.guarded_tick()
    assert [line[2] for line in world.log()] == ["pending", "opened"]
    assert world.engine.tick_age_s() == 0


def test_two_engines_never_work_on_one_store(world: World) -> None:
    world.engine.tick()
    second = Engine(world.store, world.profile, world.clock, played=True)
    second.tick()
    assert second.ticks == 0
    world.engine.stop()
    world.clock.advance(1000)
    second.tick()
    assert second.ticks == 1
    second.stop()


def test_an_engine_that_was_held_up_until_another_took_over_writes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.run(60, 20, healthy(world.profile))
    second = Engine(world.store, world.profile, world.clock, played=True)
    real = world.engine._write

    def held_up(*args: object) -> None:
        world.clock.mono += 60
        second.tick()
        real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(world.engine, "_write", held_up)
    world.clock.advance(200_000)
    before = world.log()
    assert not world.engine.guarded_tick()
    assert second.ticks == 1
    monkeypatch.setattr(world.engine, "_write", real)
    world.clock.advance(1000)
    assert world.engine.guarded_tick()  # it waits …
    assert world.log() == before
    second.tick()
    assert second.ticks == 2  # … and the other works
    second.stop()


def test_the_heartbeat_is_on_record(world: World) -> None:
    world.run(3, 1)
    with world.store.read() as conn:
        assert strip.strip(conn, world.clock.domain).beat == world.clock.real // 1000 * 1000
        assert meta.get(conn, "engine_domain_ms") == str(world.clock.domain)


def test_alerts_of_rules_and_assets_that_are_gone_are_closed_with_their_reason(worlds: Worlds) -> None:
    world = worlds()
    world.run(60, 20, healthy(world.profile))
    world.run(140, 20, healthy(world.profile, without=["cam-3"]))
    assert list(world.alerts()) == ["camera-silent|cam-3"]
    rules = tuple(r for r in world.profile.rules if r.code != "camera-silent")
    world.profile = province(rules=rules)
    world.restart()
    world.engine.tick()
    alert = world.alerts(open_only=False)["camera-silent|cam-3"]
    assert alert["close_reason"] == "rule_deleted"
    assert inside.conditions(world.store) == {}


def test_the_thread_ticks_and_stops(world: World) -> None:
    world.engine.start()
    until(lambda: world.engine.ticks, "a first tick")
    world.engine.stop()
    assert world.engine.failures == 0
