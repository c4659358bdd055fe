"""Coverage gaps with all that is known of each: where, whom it concerns, who does what by when."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.coverage import affected, gap_life
from cockpit.domain.coverage.affected import Kind, OperatorClass, People, Weighed
from cockpit.domain.coverage.cells import CellStats
from cockpit.domain.coverage.gap_life import GapLife
from cockpit.domain.coverage.hamlets import Ground, Hamlet, Near, near, standing
from cockpit.domain.registers import CLOSED, GAP, Entry, Step
from cockpit.profiles import Profile
from cockpit.store import hamlets as places
from cockpit.store.handles import Read
from cockpit.store.queries import coverage, registers
from cockpit.views.context import ViewContext
from cockpit.views.coverage import limits_of
from cockpit.views.inhabitants import Inhabitants, inhabitants

KEEP_S = 30.0
MOST = 2000
"""The newest so many gaps are shown."""


def stamp(ctx: ViewContext) -> tuple[int, ...]:
    """A view is also computed anew when this changes: a step was taken, or places were brought in."""
    with ctx.store.read() as conn:
        return registers.last_step(conn), *places.version(conn)


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap of the register. `hamlets` are on its ground or near, `ground` what stands in those on it."""

    entry: Entry
    life: GapLife
    kind: Kind
    operators: tuple[OperatorClass, ...]
    people: People
    hamlets: tuple[Near, ...]
    ground: Ground

    @property
    def open(self) -> bool:
        return self.entry.state != CLOSED

    @property
    def bad_operators(self) -> tuple[str, ...]:
        """Codes of the operators that are surely bad there."""
        return tuple(o.operator for o in self.operators if o.kind == "bad")

    def late(self, now_ms: int) -> bool:
        """Whether its next step is overdue."""
        return self.entry.due is not None and self.entry.due <= now_ms

    def weighed(self, now_ms: int) -> Weighed:
        """What its rank comes from."""
        known = [n for n in (self.ground.schools, self.ground.offices) if n is not None]
        end = self.entry.closed or now_ms
        return Weighed(
            self.people.mid, sum(known) if known else None, max(0, end - self.entry.opened), self.life.money
        )


@dataclass(frozen=True, slots=True)
class GapsView:
    """Every gap in order of their numbers. `counted`: how many seem to be there while a demo's past comes in,
    None where the register counts."""

    now_ms: int
    gaps: tuple[Gap, ...]
    counted: int | None

    @property
    def open(self) -> tuple[Gap, ...]:
        return tuple(gap for gap in self.gaps if gap.open)


@dataclass(frozen=True, slots=True)
class GapView:
    """One gap with the steps of its life, oldest first."""

    gap: Gap
    history: tuple[Step, ...]
    now_ms: int


def build(ctx: ViewContext, unit: str = "") -> GapsView:
    """All gaps, open and closed, or those that lie in a unit."""
    with ctx.store.read() as conn:
        counted = registers.counted(conn, GAP)
        entries = registers.entries(conn, GAP, unit=unit, limit=MOST)
        found = known(conn, ctx.profile, [e for e in entries if unit in ("", e.unit)])
    if unit and counted is not None:
        counted = [one for one in counted if one["unit"] == unit]
    return GapsView(ctx.now_ms, found, None if counted is None else len(counted))


def one(ctx: ViewContext, number: int) -> GapView | None:
    """A gap by its number, None where there is none."""
    with ctx.store.read() as conn:
        entry = registers.entry(conn, GAP, number)
        if entry is None:
            return None
        (gap,) = known(conn, ctx.profile, [entry])
        steps = registers.history(conn, GAP, number)
    return GapView(gap, tuple(steps), ctx.now_ms)


def known(conn: Read, profile: Profile, entries: list[Entry]) -> tuple[Gap, ...]:
    """These entries with what is known of each."""
    if not entries:
        return ()
    by_operator = {
        operator: {cell.h3: cell for cell in cells}
        for operator, cells in coverage.cells(conn, profile.operators).items()
    }
    hamlets = places.every(conn) or [_of_profile(profile, n) for n in range(len(profile.places))]
    living = inhabitants(conn, profile)
    return tuple(_gap(profile, entry, by_operator, hamlets, living) for entry in entries)


def _of_profile(profile: Profile, n: int) -> Hamlet:
    p = profile.places[n]
    return Hamlet(
        p.code, p.unit, p.name, p.lat, p.lon, p.population, p.households, p.schools, p.offices, p.grid,
        p.road, made_up=profile.demo,
    )  # fmt: skip


def _gap(
    profile: Profile,
    entry: Entry,
    by_operator: dict[str, dict[str, CellStats]],
    hamlets: list[Hamlet],
    living: Inhabitants,
) -> Gap:
    facts = entry.facts
    cells: list[str] = list(facts["cells"])
    operators = affected.operators_on(cells, by_operator, profile.operators, limits_of(profile))
    around = near(hamlets, cells, facts.get("lat", 0.0), facts.get("lon", 0.0))
    people = sum(living.people.get(cell, 0) for cell in cells)
    bounds = (facts.get("share", 0.0), facts.get("low", 0.0), facts.get("high", 1.0))
    return Gap(
        entry,
        gap_life.life_of(entry),
        affected.kind_of(operators),
        operators,
        affected.people_on(people, living.basis, *bounds),
        around,
        standing(around),
    )
