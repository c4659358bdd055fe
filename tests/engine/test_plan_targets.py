"""Plans in the engine: targets that are tied to an indicator tick themselves, by figures that can be trusted,
once a day; a task that is late raises an alert of its owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cockpit.domain.catalog import FormulaCount, Text
from cockpit.domain.plans import life
from cockpit.domain.plans.days import Days
from cockpit.domain.plans.model import Draft, Item, Row
from cockpit.domain.plans.putting import Putting
from cockpit.domain.registers import Step
from cockpit.store import registers
from cockpit.store.handles import Write
from cockpit.store.queries import plans
from cockpit.store.queries import registers as queries
from tests.engine.test_days import SLOW, TODAY, days, end, of_day, tick
from tests.engine.world import RULES, T0, World, healthy, indicator, province, rule
from tests.store import inside

Worlds = Callable[..., World]
WORD = Text("x", "x")


TIED = Row(code="M1", name=WORD, owner="u1", goal=95.0, indicator="I42", due="2026-12-31")


def counted(name: str, *states: str) -> FormulaCount:
    return FormulaCount(name=Text(name, name), register="target", states=states)


COUNTED = province(
    indicators=(
        *province().indicators,
        indicator(
            "I24", {"kind": "formula", "expression": "done / all", "unit": "%"}, ("cams",),
            counts={
                "done": counted("done", "done"),
                "all": counted("all", "not_started", "doing", "done", "missed"),
            },
        ),
    )
)  # fmt: skip
"""The same province with the share of targets that are reached."""


def put(world: World, **more: Any) -> None:
    """A plan with a target tied to the share of cameras online, brought in now or `at` an instant."""
    base: dict[str, Any] = {
        "code": "P", "name": WORD, "document": WORD, "source": WORD, "first": "2026-01-01",
        "last": "2026-12-31", "targets": (TIED,),
    }  # fmt: skip
    at = more.pop("at", world.clock.domain)
    draft = Draft(**(base | more))

    def write(conn: Write) -> None:
        putting = Putting(at, "x", Days(), world.profile.nameable, {})
        for moved in putting.put(draft, None).steps:
            registers.move(conn, moved)

    inside.done(world.store, write)


def target(world: World) -> Item:
    with world.store.read() as conn:
        found = plans.plan(conn, "P")
    assert found is not None
    return found.targets[0]


def steps(world: World) -> list[Step]:
    with world.store.read() as conn:
        return queries.history(conn, "target", target(world).entry.id)[1:]


def test_a_target_is_reached_by_its_figure_and_goes_back_the_next_day(worlds: Worlds) -> None:
    world = worlds(province())
    put(world)
    world.run(180, 20, healthy(world.profile))
    reached = target(world)
    assert (reached.state, reached.facts.value) == ("done", 100.0)
    (step,) = steps(world)
    assert (step.actor, step.what, step.evidence["indicator"]) == ("engine", "to_done", "I42")
    quiet = [f"cam-{n}" for n in range(12)]
    world.run(600, 20, healthy(world.profile, without=quiet))
    assert world.figures()["I42", ""].value == 50.0
    assert target(world).state == "done", "one look a day"
    world.clock.jump(86_400_000)
    world.run(900, 20, healthy(world.profile, without=quiet))
    assert [s.what for s in steps(world)] == ["to_done", "to_doing"]
    assert target(world).entry.closed is None


def test_the_share_of_targets_is_not_known_before_their_figures_were_looked_at(worlds: Worlds) -> None:
    world = worlds(COUNTED)
    world.run(60, 20, healthy(world.profile))
    untied = Row(code="M2", name=WORD, owner="u1", due="2026-12-31")
    put(world, targets=(TIED, untied))
    world.restart(crash=True)  # the figure was never computed, as in a new demo
    seen = []
    for _ in range(4):
        world.run(1, 1, healthy(world.profile))
        seen.append(world.figures().get(("I24", "")))
    shown = [row.value for row in seen if row is not None and row.value is not None]
    assert shown[0] == 50.0, "the target that its figure has reached counts from the first"
    assert set(shown) == {50.0}


def test_days_before_a_target_was_first_judged_are_counted_by_their_own_figures(
    worlds: Worlds,
) -> None:
    share = COUNTED.indicator["I24"]
    world = worlds(replace(SLOW, indicators=(share, *SLOW.indicators)))
    near, far = (
        Row(code=f"M{goal}", name=WORD, owner="u1", goal=goal, indicator="I30", due="2026-12-31")
        for goal in (60.0, 70.0)
    )
    put(world, targets=(near, far), at=end(TODAY - 3))
    of_day(world, TODAY - 1, ["cam-1", "link-1"])
    world.store.flush()
    world.store.maintain(T0).result()
    tick(world)
    assert days(world, "I30") == pytest.approx({-1: 200 / 3})
    assert days(world, "I24")[-1] == 50.0, "of the two goals the figure of that day reached the lower one"


def test_a_target_that_ticks_is_counted_at_once(worlds: Worlds) -> None:
    world = worlds(COUNTED)
    put(world, targets=(TIED,))
    world.run(3, 1)
    assert world.figures()["I24", ""].value == 0.0
    world.run(240, 20, healthy(world.profile))
    (step,) = steps(world)
    world.run(1, 1)
    assert world.figures()["I24", ""].value == 100.0
    assert step.what == "to_done"


def test_a_figure_in_doubt_says_nothing(worlds: Worlds) -> None:
    world = worlds(province())
    put(world)
    world.run(180, 20)  # nobody sends
    assert world.figures()["I42", ""].status in ("nodata", "suspect", "stale")
    assert (target(world).state, steps(world)) == ("not_started", [])
    world.run(300, 20, healthy(world.profile))
    assert target(world).state == "done"


def test_a_plan_that_has_ended_stays_as_it_is(worlds: Worlds) -> None:
    world = worlds(province())
    put(world, first="2025-01-01", last="2025-12-31")
    world.run(180, 20, healthy(world.profile))
    assert (target(world).state, steps(world)) == ("not_started", [])


def test_what_has_ticked_outlives_a_restart_and_is_not_told_twice(worlds: Worlds) -> None:
    world = worlds(province())
    put(world)
    world.run(180, 20, healthy(world.profile))
    world.restart(crash=True)
    world.run(180, 20, healthy(world.profile))
    assert [s.what for s in steps(world)] == ["to_done"]
    assert target(world).entry.version == 2


def test_plans_change_no_line_of_the_alert_log(worlds: Worlds) -> None:
    logs = []
    for planned in (True, False):
        world = worlds(province())
        if planned:
            put(world)
        world.run(60, 20, healthy(world.profile))
        world.run(140, 20, healthy(world.profile, without=["cam-3"]))
        logs.append(world.log())
    assert logs[0] == logs[1]
    assert logs[0]


BY_ENTRY = Text("{entry_owner}", "{entry_owner}")
LATE = province(
    rules=(*RULES, rule("task-late", "entry_late", metric="task", for_s=0, keep_s=0, owner=BY_ENTRY)),
    bodies={"b": Text("Sở B", "Department B")},
)


def test_a_task_that_is_late_is_an_alert_of_its_owner_until_it_is_done(worlds: Worlds) -> None:
    world = worlds(LATE)
    today = Days().of(world.clock.domain)
    rows = (
        Row(code="N1", name=Text("Việc một", "First"), owner="b", due=today),
        Row(code="N2", name=WORD, owner="u1", due="2026-12-31"),
    )
    put(world, targets=(), tasks=rows)
    world.run(60, 20)
    assert [a for a in world.alerts() if a.startswith("task-late")] == []
    midnight = Days().end(today)
    world.clock.jump(midnight - world.clock.domain - 60_000)
    world.run(120, 20)
    alert = world.alerts()["task-late|1"]
    assert (alert["opened"], alert["owner"], alert["owner_en"]) == (midnight, "Sở B", "Department B")
    assert (alert["subject_kind"], alert["subject"]) == ("task", "1")
    assert '"entry":"task-1"' in alert["facts"]
    assert "task-late|2" not in world.alerts()

    def done(conn: Write) -> None:
        found = plans.plan(conn, "P")
        assert found is not None
        moved = life.moved(found.tasks[0], "done", world.clock.domain, "Lan", day=today, evidence=("QĐ",))
        assert registers.move(conn, moved)

    inside.done(world.store, done)
    world.run(60, 20)
    assert "task-late|1" not in world.alerts()


def test_the_alerts_of_late_tasks_are_the_same_at_every_speed(worlds: Worlds) -> None:
    logs = []
    for tick_s in (1, 60):
        world = worlds(LATE)
        today = Days().of(world.clock.domain)
        put(
            world,
            targets=(),
            tasks=tuple(Row(code=f"N{n}", name=WORD, owner="b", due=today) for n in range(3)),
        )
        world.run(60, 60)
        world.clock.jump(Days().end(today) - world.clock.domain - 90_000)
        world.run(180, tick_s)
        logs.append([line for line in world.log() if "task-late" in line[4]])
    assert len(logs[0]) == 3
    assert logs[0] == logs[1]
