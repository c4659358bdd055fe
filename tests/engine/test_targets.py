"""The engine judges by the target that holds for the period and the unit, and knows it after a restart."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cockpit.domain.targets import TargetVersion
from cockpit.store import targets
from cockpit.store.batch import Draft, Report
from tests.engine.world import RULES, World, healthy, province, rule
from tests.store import inside

Worlds = Callable[..., World]
GONE = [f"cam-{n}" for n in range(6)]  # a quarter of all, half of those of u1
DAY = 86_400_000


def put(world: World, period: str, value: float, unit: str = "", code: str = "I42", version: int = 1) -> None:
    now = world.clock.domain
    made = TargetVersion(0, code, unit, period, version, value, None, now, now, "Lan", "leader", "vì sao")
    inside.done(world.store, lambda conn: targets.add(conn, made))


def status(world: World, unit: str = "", code: str = "I42") -> tuple[float | None, str]:
    found = world.figures()[code, unit]
    return found.value, found.status


def facts(alert: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(alert["facts"])
    return found


def test_a_target_that_is_set_is_judged_by_at_once_for_the_province_and_its_units(worlds: Worlds) -> None:
    world = worlds()
    feed = healthy(world.profile, without=GONE)
    world.run(60, 20, healthy(world.profile))
    world.run(120, 20, feed)
    assert (status(world), status(world, "u1"), status(world, "u2")) == (
        (75.0, "red"), (50.0, "red"), (100.0, "green"),
    )  # fmt: skip
    put(world, "2026", 70.0)
    world.engine.tick()
    assert (status(world), status(world, "u1")) == ((75.0, "green"), (50.0, "red"))
    put(world, "2026-11", 52.0, "u1")
    world.run(20, 20, feed)
    assert (status(world), status(world, "u1")) == ((75.0, "green"), (50.0, "orange"))
    put(world, "2026-11", 50.0, "u1", version=2)
    world.restart()
    world.run(40, 20, feed)
    assert (status(world), status(world, "u1"), status(world, "u2")) == (
        (75.0, "green"), (50.0, "green"), (100.0, "green"),
    )  # fmt: skip


def test_the_next_period_is_judged_by_its_own_target(worlds: Worlds) -> None:
    world = worlds()
    feed = healthy(world.profile, without=GONE)
    world.run(60, 20, healthy(world.profile))
    put(world, "2026-11", 70.0)
    put(world, "2026-12", 80.0)
    world.run(120, 20, feed)
    assert status(world) == (75.0, "green")
    world.clock.jump(9 * DAY)
    world.run(60, 20, healthy(world.profile))
    world.run(120, 20, feed)
    assert status(world) == (75.0, "orange"), "80 are asked for, red is under 72"
    world.clock.jump(31 * DAY)
    world.run(60, 20, healthy(world.profile))
    world.run(120, 20, feed)
    assert status(world) == (75.0, "red"), "the profile's 95 hold again"


def test_a_reported_figure_answers_for_its_period_whatever_is_set_for_later(worlds: Worlds) -> None:
    world = worlds()
    draft = Draft()
    key = draft.event(1, 5, world.clock.domain, world.clock.domain)
    batch = draft.batch()
    batch.reports = [(key, Report("I39", "", "2026-Q3", 92.0, "Hà", ""))]
    world.store.append(batch).result()
    world.run(120, 60)
    assert status(world, code="I39") == (92.0, "orange")
    put(world, "2026-Q4", 50.0, code="I39")
    put(world, "2026", 50.0, code="I39")
    world.run(120, 60)
    assert status(world, code="I39") == (92.0, "orange"), "the third quarter was over"


def test_an_alert_of_an_indicator_opens_and_clears_by_the_target_of_now_and_names_it(worlds: Worlds) -> None:
    red = rule("red", "indicator", metric="I42", op="<", for_s=60)
    world = worlds(province(rules=(*RULES, red)))
    feed = healthy(world.profile, without=GONE)
    put(world, "2026-11", 70.0)
    world.run(60, 20, healthy(world.profile))
    world.run(600, 20, feed)
    key = "red|I42"
    assert key not in world.alerts()
    put(world, "2026-11", 90.0, version=2)
    world.run(600, 20, feed)
    assert facts(world.alerts()[key])["target"] == 90.0
    put(world, "2026-11", 60.0, version=3)
    world.run(600, 20, feed)
    assert key not in world.alerts()
    assert facts(world.alerts(open_only=False)[key])["target"] == 90.0, "what it was raised by"
