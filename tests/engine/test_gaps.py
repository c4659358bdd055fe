"""Coverage gaps as the engine keeps them: found, counted, late, closed, across restarts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import h3
import pytest

from cockpit.domain.coverage import gap_life
from cockpit.domain.freshness import WorkTime
from cockpit.domain.registers import GAP, Entry, Moved, Step
from cockpit.profiles import Coverage
from cockpit.store import meta, registers
from cockpit.store.queries import loading
from cockpit.store.queries import registers as queries
from tests.engine.test_indicators import now
from tests.engine.world import RULES, T0, World, indicator, province, rule, text
from tests.store import inside

Worlds = Callable[..., World]
HERE = h3.latlng_to_cell(21.35, 107.45, 8)
NEAR = sorted(h3.grid_ring(HERE, 1))
AWAY = sorted(h3.grid_ring(HERE, 4))[0]
DAY = 86_400_000
LOOK = 660
"""Seconds within which the province is looked over again, and the count told."""

COVERED = province(
    rules=(*RULES, rule("gap-late", "entry_late", metric="gap", for_s=0, keep_s=0, owner=text("o"))),
    indicators=(indicator("I35", {"kind": "coverage_gaps"}, ("net",), direction="down", period="D"),),
    operators={"one": "One", "two": "Two"},
    coverage=Coverage(-100, -110, 5, 2, text("x"), owner="b", verify_days=2),
)


def measure(world: World, cell: str, bad: int, operator: str = "one", n: int = 40) -> None:
    """Samples of an operator in a cell by now, in place of those before."""
    inside.put_cell(world.store, operator, cell, n, bad=bad, last=world.clock.domain)


def gaps(world: World) -> list[Entry]:
    with world.store.read() as conn:
        return queries.entries(conn, GAP)


def counted(world: World) -> list[dict[str, Any]] | None:
    """What page and API list in place of the register."""
    with world.store.read() as conn:
        return queries.counted(conn, GAP)


def history(world: World, number: int) -> list[str]:
    with world.store.read() as conn:
        return [step.what for step in queries.history(conn, GAP, number)]


def test_a_gap_is_found_once_and_counted_as_it_is_listed(worlds: Worlds) -> None:
    world = worlds(COVERED)
    for cell in (HERE, NEAR[0], AWAY):
        measure(world, cell, 38)
    measure(world, NEAR[3], 38)
    measure(world, NEAR[3], 0, operator="two")  # somebody serves it
    world.run(60, 20)
    found = gaps(world)
    assert [(g.id, g.state, sorted(g.facts["cells"])) for g in found] == [
        (1, "reported", sorted([HERE, NEAR[0]])), (2, "reported", [AWAY]),
    ]  # fmt: skip
    assert now(world, "I35")[0] == 2.0
    assert {(g.owner, g.due) for g in found} == {("b", WorkTime().end_of_workday(found[0].opened, 2))}
    measure(world, AWAY, 0)
    measure(world, NEAR[1], 38)
    world.run(LOOK, 60)
    assert [(g.id, g.state, len(g.facts["cells"])) for g in gaps(world)] == [
        (1, "reported", 3), (2, "closed", 1),
    ]  # fmt: skip
    assert now(world, "I35")[0] == 1.0
    assert history(world, 2) == ["found", "measured_good"]


def test_nothing_measured_is_no_gap_and_no_figure(worlds: Worlds) -> None:
    world = worlds(COVERED)
    world.run(120, 60)
    assert gaps(world) == []
    assert now(world, "I35") == (None, "nodata")


def test_a_gap_that_wanders_keeps_its_number_and_closes_as_what_it_was_last(worlds: Worlds) -> None:
    world = worlds(COVERED)
    measure(world, HERE, 38)
    world.run(60, 20)
    measure(world, NEAR[0], 38)
    world.run(LOOK, 60)
    measure(world, HERE, 0)
    world.run(LOOK, 60)
    assert [(g.id, g.state, g.facts["cells"]) for g in gaps(world)] == [(1, "reported", [NEAR[0]])]
    measure(world, NEAR[0], 0)
    world.run(LOOK, 60)
    assert [(g.id, g.state, g.facts["cells"]) for g in gaps(world)] == [(1, "closed", [NEAR[0]])]
    assert history(world, 1) == ["found", "measured_good"]


def test_while_the_past_comes_in_gaps_are_counted_and_none_is_kept(worlds: Worlds) -> None:
    world = worlds(COVERED)
    world.store.write(lambda conn: meta.put(conn, loading.KEY, str(T0))).result()
    measure(world, HERE, 38)
    world.run(60, 20)
    assert gaps(world) == []
    assert now(world, "I35")[0] == 1.0
    assert [c["cells"] for c in counted(world) or ()] == [[HERE]]
    world.restart()
    measure(world, AWAY, 38)
    world.run(120, 20)
    assert len(counted(world) or ()) == now(world, "I35")[0] == 2.0
    world.store.write(lambda conn: meta.put(conn, loading.KEY, "")).result()
    world.run(120, 60)
    assert [g.id for g in gaps(world)] == [1, 2]
    assert counted(world) is None


def test_a_gap_that_nobody_measures_any_more_is_counted_as_it_is_listed(worlds: Worlds) -> None:
    world = worlds(COVERED)
    measure(world, HERE, 38)
    world.run(60, 20)
    inside.clear(world.store, inside.Rows.CELLS)
    world.run(LOOK, 60)
    assert [g.state for g in gaps(world)] == ["reported"]
    assert now(world, "I35")[0] == 1.0


def test_a_restart_finds_the_same_gaps(worlds: Worlds) -> None:
    world = worlds(COVERED)
    measure(world, HERE, 38)
    world.run(60, 20)
    before = gaps(world)
    world.restart(crash=True, away_ms=60_000)
    measure(world, AWAY, 38)
    world.run(LOOK, 60)
    assert [g.id for g in gaps(world)] == [1, 2]
    assert gaps(world)[0] == before[0]


def test_who_is_late_with_a_gap_is_told_and_a_gap_that_closes_ends_it(worlds: Worlds) -> None:
    world = worlds(COVERED)
    measure(world, HERE, 38)
    world.run(60, 20)
    gap = gaps(world)[0]
    assert gap.due is not None
    world.clock.advance(gap.due - world.clock.domain - 60_000)
    world.engine.tick()
    world.run(50, 10)
    assert "gap-late|1" not in world.alerts()
    world.run(30, 10)
    alert = world.alerts()["gap-late|1"]
    assert (alert["opened"], alert["unit"]) == (gap.due, gap.unit)
    assert (alert["subject_kind"], alert["subject"], alert["owner"]) == (GAP, "1", "o")
    assert json.loads(alert["facts"])["begun"] == gap.opened

    world.restart(away_ms=1000)
    world.run(20, 10)
    assert world.alerts()["gap-late|1"]["id"] == alert["id"]

    measure(world, HERE, 0)
    world.run(LOOK, 60)
    world.run(20, 10)
    assert gaps(world)[0].state == "closed"
    closed = world.alerts(open_only=False)["gap-late|1"]
    assert closed["close_reason"] == "cleared"
    slots = world.engine._core.slots  # type: ignore[union-attr]
    assert "gap-late|1" not in slots.by_key
    assert slots.entries == {}


def test_a_due_time_that_somebody_moves_ends_the_lateness(worlds: Worlds) -> None:
    world = worlds(COVERED)
    measure(world, HERE, 38)
    world.run(60, 20)
    gap = gaps(world)[0]
    assert gap.due is not None
    world.clock.advance(gap.due - world.clock.domain + 1000)
    world.engine.tick()
    world.run(20, 10)
    assert "gap-late|1" in world.alerts()
    later = replace(gap, due=gap.due + DAY, version=2)
    step = Step(world.clock.domain, "p", "verified", "reported", "verified", {})
    assert world.store.write(lambda conn: registers.move(conn, Moved(later, 1, step))).result()
    world.run(20, 10)
    assert "gap-late|1" not in world.alerts()
    assert not world.store.write(lambda conn: registers.move(conn, Moved(later, 1, step))).result()
    assert history(world, 1) == ["found", "verified"], "who comes second has written nothing"


def test_the_log_is_the_same_in_ticks_of_a_second_and_of_a_minute(worlds: Worlds) -> None:
    logs = []
    for tick_s in (1, 60):
        world = worlds(COVERED)
        entry = Entry(GAP, 1, "reported", "u1", "b", T0, T0 + 90_000, facts={"cells": [HERE]})
        begun = Moved(entry, 0, Step(T0, "p", "found", "", "reported", {}))
        world.store.write(partial(registers.move, moved=begun)).result()
        world.run(180, tick_s)
        logs.append([line for line in world.log() if "gap-late" in line[4]])
    assert logs[0] == logs[1]
    assert [line[0] for line in logs[0]] == [T0 + 90_000]


def begin(world: World, number: int, due: int, state: str = "reported") -> Entry:
    entry = Entry(GAP, number, state, "u1", "b", T0, due, facts={"cells": [HERE]})
    step = Step(T0, "p", "found", "", state, {})
    world.store.write(partial(registers.move, moved=Moved(entry, 0, step))).result()
    return entry


def moved(world: World, entry: Entry, **changes: Any) -> Entry:
    """The entry after somebody has changed it."""
    after = replace(entry, version=entry.version + 1, **changes)
    step = Step(world.clock.domain, "p", "moved", entry.state, after.state, {})
    assert world.store.write(partial(registers.move, moved=Moved(after, entry.version, step))).result()
    return after


def test_what_falls_due_within_a_jump_is_told_where_it_lands(worlds: Worlds) -> None:
    world = worlds(COVERED)
    world.run(2, 1)
    begin(world, 1, T0 + 3_600_000)
    world.run(2, 1)
    world.clock.jump(5 * DAY)
    world.run(5, 1)
    opened = [line for line in world.log() if line[2] == "opened" and "gap-late" in line[4]]
    (jump,) = [line for line in world.log() if line[2] == "clock_jump"]
    assert [line[0] for line in opened] == [jump[0]]


SLOW_TO_CLOSE = replace(
    COVERED,
    rules=(*RULES, rule("gap-late", "entry_late", metric="gap", for_s=0, keep_s=600, owner=text("o"))),
)


def test_an_entry_that_opens_again_before_its_alert_is_over_goes_on_with_it(worlds: Worlds) -> None:
    world = worlds(SLOW_TO_CLOSE)
    world.run(2, 1)
    entry = begin(world, 1, T0 + 30_000)
    world.run(60, 10)
    number = world.alerts()["gap-late|1"]["id"]
    entry = moved(world, entry, state="closed", closed=T0 + 60_000, due=None)
    world.run(60, 10)
    entry = moved(world, entry, state="reported", closed=None, due=T0 + 150_000)
    world.run(120, 10)
    assert world.alerts()["gap-late|1"]["id"] == number
    moved(world, entry, state="closed", closed=world.clock.domain, due=None)
    world.run(900, 30)
    assert "gap-late|1" not in world.alerts()
    assert world.engine._core.slots.entries == {}  # type: ignore[union-attr]


def test_what_closed_right_before_a_crash_ends_its_alert_as_it_would_have(worlds: Worlds) -> None:
    world = worlds(COVERED)
    world.run(2, 1)
    entry = begin(world, 1, T0 + 30_000)
    world.run(60, 10)
    assert "gap-late|1" in world.alerts()
    moved(world, entry, state="closed", closed=world.clock.domain, due=None)
    world.restart(crash=True, away_ms=1000)
    world.run(20, 10)
    assert world.alerts(open_only=False)["gap-late|1"]["close_reason"] == "cleared"


@pytest.mark.parametrize("again", [False, True])
def test_alerts_of_one_instant_come_in_the_order_of_entries_whenever_these_came(
    worlds: Worlds, again: bool
) -> None:
    world = worlds(COVERED)
    world.run(2, 1)
    first, due = begin(world, 1, T0 + 120_000), T0 + 120_000
    begin(world, 2, due)
    world.run(10, 5)
    first = moved(world, first, state="closed", closed=world.clock.domain, due=None)
    world.run(10, 5)
    moved(world, first, state="reported", closed=None, due=due)
    if again:
        world.restart(away_ms=500)
    world.run(120, 10)
    told = [line[4] for line in world.log() if line[2] == "opened" and "gap-late" in line[4]]
    assert [json.loads(data)["key"] for data in told] == ["gap-late|1", "gap-late|2"]


def act(world: World, step: Callable[[Entry], Moved]) -> Entry:
    """Somebody takes a step of the first gap."""
    found = step(gaps(world)[0])
    assert world.store.write(partial(registers.move, moved=found)).result()
    return found.entry


def test_what_people_have_decided_outlives_the_looks_and_a_proved_end_is_not_undone(worlds: Worlds) -> None:
    world = worlds(COVERED)
    measure(world, HERE, 38)
    world.run(60, 20)
    by = gap_life.Taken(world.clock.domain, "An", {})
    due = world.clock.domain + 3 * DAY
    act(world, lambda e: gap_life.verified(e, due, by))
    act(world, lambda e: gap_life.planned(e, "c", due, 900, by))
    measure(world, NEAR[0], 38)
    world.run(LOOK, 60)
    (gap,) = gaps(world)
    assert (gap.state, gap.owner, gap.due, len(gap.facts["cells"])) == ("planned", "c", due, 2)
    assert gap_life.life_of(gap).money == 900
    inside.clear(world.store, inside.Rows.CELLS)
    world.run(LOOK, 60)
    assert gaps(world)[0].state == "planned", "silence closes nothing"
    for cell in (HERE, NEAR[0]):
        measure(world, cell, 38)
    act(world, lambda e: gap_life.built(e, (), by))
    proof = gap_life.Measure(20, 20, 0.0, 0.0, 0.16, -90.0, 2)
    act(world, lambda e: gap_life.closed(e, proof, by))
    world.run(LOOK, 60)
    assert [g.state for g in gaps(world)] == ["closed"]
    assert now(world, "I35")[0] == 0.0
    world.restart(away_ms=1000)
    world.run(LOOK, 60)
    assert [g.state for g in gaps(world)] == ["closed"]
    assert history(world, 1) == ["found", "verified", "planned", "building", "proved"]


def test_a_plan_that_runs_late_raises_the_alert_and_its_end_clears_it(worlds: Worlds) -> None:
    world = worlds(COVERED)
    measure(world, HERE, 38)
    world.run(60, 20)
    by = gap_life.Taken(world.clock.domain, "An", {})
    act(world, lambda e: gap_life.verified(e, world.clock.domain + DAY, by))
    act(world, lambda e: gap_life.planned(e, "c", world.clock.domain + 60_000, None, by))
    world.run(120, 20)
    alert = world.alerts()["gap-late|1"]
    assert json.loads(alert["facts"])["state"] == "planned"
    assert json.loads(alert["facts"])["entry"] == "gap-1"
    act(world, lambda e: gap_life.built(e, (), by))
    world.run(60, 20)
    assert "gap-late|1" in world.alerts(), "what was planned is still due"
    act(world, lambda e: gap_life.closed(e, gap_life.Measure(20, 20, 0.0, 0.0, 0.16, None, 1), by))
    world.run(60, 20)
    assert "gap-late|1" not in world.alerts()
