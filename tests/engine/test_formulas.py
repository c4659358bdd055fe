"""Figures that a profile declares as formulas, over records, roll-ups, registers and other figures."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.catalog import FormulaCount, Indicator, Text
from cockpit.domain.plans.days import Days
from cockpit.domain.plans.model import Draft, Row, State
from cockpit.domain.plans.putting import Putting
from cockpit.profiles.formulas import with_parts
from cockpit.store import registers
from cockpit.store.batch import Record
from cockpit.store.handles import Write
from tests.engine.test_indicators import DAY, HOUR, days
from tests.engine.world import INDICATORS, T0, World, healthy, indicator, province, text
from tests.store import inside

Worlds = Callable[..., World]
WORD = Text("x", "x")


def counts(**of: dict[str, Any]) -> dict[str, FormulaCount]:
    return {name: FormulaCount(text(name), **what) for name, what in of.items()}


def records(name: str, kind: str = "dossier") -> dict[str, Any]:
    return {"records": kind, "counted": name, "days": 30}


def formula(
    code: str, expression: str, unit: str = "%", sources: tuple[str, ...] = ("desk",), **of: Any
) -> Indicator:
    measure = {"kind": "formula", "expression": expression, "unit": unit}
    return indicator(code, measure, sources, counts=counts(**of))


def made(worlds: Worlds, *more: Indicator) -> World:
    return worlds(province(indicators=tuple(with_parts(one) for one in (*INDICATORS, *more))))


def now(world: World, code: str, unit: str = "") -> float | None:
    found = world.figures().get((code, unit))
    return None if found is None else found.value


def dossier(n: int, state: str, unit: str) -> Record:
    return Record("dossier", f"D{n}", unit, state, T0 + 10 * HOUR if state == "received" else None, {})


OPEN = formula("I60", "received - solved", "dossier", received=records("received"), solved=records("solved"))


def test_records_are_counted_for_the_province_and_its_units(worlds: Worlds) -> None:
    world = made(worlds, OPEN)
    world.records((T0 + n, dossier(n, "received", "u1" if n < 3 else "u2")) for n in range(5))
    world.records([(T0 + HOUR, dossier(0, "solved", "u1")), (T0 + HOUR, dossier(4, "solved", "u2"))])
    world.clock.jump(2 * HOUR)
    world.run(120, 60)
    assert (now(world, "I60"), now(world, "I60", "u1"), now(world, "I60", "u2")) == (3.0, 2.0, 1.0)


FEE = formula(
    "I63", "paid / fee", "%", paid={**records("solved"), "where": {"fee": True, "way": "qr"}},
    fee={**records("solved"), "where": {"fee": True}},
)  # fmt: skip


def settled(n: int, unit: str = "u1", **fields: Any) -> list[tuple[int, Record]]:
    """A dossier that was received and solved."""
    return [
        (T0 + n, Record("dossier", f"F{n}", unit, "received", None, fields)),
        (T0 + 1000 + n, Record("dossier", f"F{n}", unit, "solved", None, {})),
    ]


def test_records_are_counted_by_their_fields(worlds: Worlds) -> None:
    world = made(worlds, FEE)
    told: list[dict[str, Any]] = [{"fee": True, "way": "qr"}, {"fee": True, "way": "cash"}, {"fee": 1}, {}]
    for n, fields in enumerate(told):
        world.records(settled(n, **fields))
    world.run(360, 60)
    assert (now(world, "I63"), world.figures()["I63", ""].n) == (50.0, 2)


def test_what_a_profile_counts_anew_is_counted_of_what_is_there(tmp_path: Path) -> None:
    before, after = province(), province(indicators=(*INDICATORS, FEE))
    figures = []
    world = World(before, tmp_path / "cockpit.db")
    world.records([*settled(0, fee=True, way="qr"), *settled(1, fee=True), *settled(2)])
    for profile in (after, before, after):
        world.engine.stop()
        world.store.close()
        world.profile = profile
        world.open()
        world.run(360, 60)
        figures.append(now(world, "I63"))
        world.records(settled(10 + len(figures), fee=True, way="qr"))  # counted, or not, as it comes
    world.close()
    assert figures[0] == 50.0
    assert figures[2] == pytest.approx(75.0), "two of three, and one that came while nobody counted"


def test_nothing_is_no_zero_and_a_division_by_zero_no_value(worlds: Worlds) -> None:
    world = made(worlds, OPEN)
    world.run(120, 60)
    assert (now(world, "I60"), now(world, "I08")) == (None, None)
    world.records([(T0, dossier(1, "received", "u1"))])
    world.run(360, 60)
    assert now(world, "I60") == 1.0
    assert world.figures()["I08", ""].status == "nodata"  # none of none is solved
    assert world.figures()["I08", "u1"].value is None


def test_roll_ups_make_means_sums_and_numbers_of_observations(worlds: Worlds) -> None:
    of: dict[str, Any] = {"metric": "fps", "asset_kind": "camera", "days": 1}
    total, seen = {**of, "take": "sum"}, {**of, "take": "observations"}
    world = made(
        worlds,
        formula("I60", "total / seen", "1/s/observation", ("cams",), total=total, seen=seen),
        formula("I61", "mean / 30", "1/s", ("cams",), mean={**of, "take": "mean"}),
    )  # fmt: skip
    feed = healthy(world.profile, without=[f"cam-{n}" for n in range(12, 24)], fps=24.0)
    world.run(900, 20, feed)
    world.store.flush()
    world.run(120, 60)
    assert now(world, "I60") == pytest.approx(24.0)
    assert now(world, "I61", "u1") == pytest.approx(0.8)
    assert now(world, "I61", "u2") is None


TARGETS = formula(
    "I60", "done / known", "%", ("cockpit",),
    done={"register": "target", "states": ("done",)},
    known={"register": "target", "states": ("not_started", "doing", "done", "missed")},
)  # fmt: skip


def put(world: World, states: dict[str, State], **more: Any) -> None:
    """A plan of this year with targets in these states, by code."""
    rows = tuple(
        Row(code=code, name=WORD, owner="u1", state=state, done="2026-11-02" if state == "done" else "",
            evidence=("x",) if state == "done" else ())
        for code, state in states.items()
    )  # fmt: skip
    base: dict[str, Any] = {
        "code": "P", "name": WORD, "document": WORD, "source": WORD, "first": "2026-01-01",
        "last": "2026-12-31", "targets": rows,
    }  # fmt: skip
    draft = Draft(**(base | more))

    def write(conn: Write) -> None:
        for moved in (
            Putting(world.clock.domain, "x", Days(), world.profile.nameable, {}).put(draft, None).steps
        ):
            registers.move(conn, moved)

    inside.done(world.store, write)


def test_a_register_is_counted_by_state_of_the_plan_that_runs(worlds: Worlds) -> None:
    world = made(worlds, TARGETS)
    world.run(120, 60)
    assert now(world, "I60") is None  # no plan, no figure
    put(world, {"M1": "done", "M2": "doing", "M3": "not_started", "M4": "untold"})
    world.run(120, 60)
    assert now(world, "I60") == pytest.approx(100 / 3)
    assert '"counts":{"done":1' in world.figures()["I60", ""].detail.replace(" ", "").replace("1.0", "1")
    # What people say in a register did not come from a machine.
    assert now(world, "I29") == pytest.approx(100 / 12)  # only its own


def test_a_figure_is_made_of_another_and_of_its_parts(worlds: Worlds) -> None:
    of = {"indicator": "I08", "unit": "dossier"}
    world = made(
        worlds,
        formula("I61", "late * 2", "dossier", late={"indicator": "I60", "take": "value"}),
        OPEN,
        formula("I62", "all - good", "dossier", all={**of, "take": "whole"}, good={**of, "take": "part"}),
    )
    world.records((T0 + n, dossier(n, "received", "u1")) for n in range(5))
    world.records((T0 + (n + 9) * HOUR, dossier(n, "solved", "u1")) for n in range(4))
    world.clock.jump(14 * HOUR)
    world.run(180, 60)
    assert (now(world, "I60"), now(world, "I61"), now(world, "I61", "u1")) == (1.0, 2.0, 2.0)
    assert now(world, "I62") == 2.0  # of four solved two were late


def test_a_day_that_is_over_keeps_the_figure_of_its_end(worlds: Worlds) -> None:
    world = made(
        worlds, formula("I61", "late * 2", "dossier", late={"indicator": "I60", "take": "value"}), OPEN
    )
    world.engine.tick()
    day = (T0 + 7 * HOUR) // DAY
    world.records((T0 + n, dossier(n, "received", "u1")) for n in range(4))
    world.clock.jump((day + 1) * DAY - 7 * HOUR - T0 - 60_000)
    world.run(240, 60)
    world.records([(world.clock.domain, dossier(1, "solved", "u1"))])
    world.run(240, 60)
    assert (days(world)[day]["I60"], days(world)[day]["I61"]) == (4.0, 8.0)
    assert now(world, "I60") == 3.0


STATES = st.sampled_from(("received", "solved"))
EVENTS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 7), STATES, st.sampled_from(("u1", "u2"))),
    min_size=1,
    max_size=30,
)


@settings(max_examples=12, deadline=None)
@given(events=EVENTS, cuts=st.lists(st.integers(0, 30), max_size=5), order=st.randoms(use_true_random=False))
def test_however_records_are_split_the_figure_is_the_same_and_units_add_up(
    events: list[tuple[int, int, str, str]], cuts: list[int], order: Any
) -> None:
    """The same events at once, and in batches that came in any order, with the engine at work in between."""
    # Of one instant the identity decides which counts, so each event has an instant of its own.
    told = [
        (T0 + t * 100_000 + i, Record("dossier", f"D{n}", u, s, None, {}))
        for i, (t, n, s, u) in enumerate(events)
    ]
    shuffled = list(told)
    order.shuffle(shuffled)
    ends = sorted({min(cut, len(told)) for cut in cuts} | {0, len(told)})
    found = []
    for batches in ([told], [shuffled[a:b] for a, b in itertools.pairwise(ends)]):
        world = World(province(indicators=(*INDICATORS, OPEN)))
        try:
            for batch in batches:
                world.records(batch)
                world.run(60, 60)
            world.clock.jump(T0 + 13 * HOUR - world.clock.domain)
            world.run(480, 60)  # a few figures a tick: until all are of these records
            found.append({key: row[2] for key, row in world.figures().items() if key[0] in ("I60", "I08")})
        finally:
            world.close()
    once, split = found
    assert once == split
    assert once["I60", ""] is not None
    assert once["I60", ""] == sum(
        value or 0 for (code, unit), value in once.items() if code == "I60" and unit
    )
