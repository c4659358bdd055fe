"""One unit or department in full: its figures with their places, what is open there, what it has to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from cockpit.domain.catalog import Indicator, Source, Text, Unit
from cockpit.domain.indicators import says_little
from cockpit.domain.registers import GAP, TASK, Entry
from cockpit.store.handles import Read
from cockpit.store.queries import alerts as alert_rows
from cockpit.store.queries import figures as q
from cockpit.store.queries import registers
from cockpit.views import cameras, units
from cockpit.views.alerts import named
from cockpit.views.context import ViewContext
from cockpit.views.figure import Figure
from cockpit.views.figures import figures
from cockpit.views.home import Need
from cockpit.views.units import Group, Ranked

KEEP_S = 3.0
ALERTS = 5
"""Alerts that are shown; the others are one click away."""


class Counts(NamedTuple):
    """What is open: `waiting` alerts nobody has acknowledged, cameras `offline` of all, `late` tasks."""

    alerts: int
    waiting: int
    cameras: int
    offline: int
    gaps: int
    tasks: int
    late: int


@dataclass(frozen=True, slots=True)
class OfUnit:
    """A figure of the unit. `little`: it rests on so few devices that nothing follows from it."""

    indicator: Indicator
    row: Ranked
    little: bool


@dataclass(frozen=True, slots=True)
class UnitPage:
    """`unit` is None for a department. `owned`: the province's figures that it answers for; `tasks` and
    `gaps` are open, what is due first at the top."""

    now_ms: int
    code: str
    name: Text
    group: Group
    unit: Unit | None
    of_group: int
    figures: tuple[OfUnit, ...]
    owned: tuple[Figure, ...]
    counts: Counts
    needs: tuple[Need, ...]
    tasks: tuple[Entry, ...]
    gaps: tuple[Entry, ...]
    sources: tuple[Source, ...]

    @property
    def red(self) -> tuple[OfUnit, ...]:
        """Its figures that are red and mean something."""
        return tuple(f for f in self.figures if f.row.status == "red" and not f.little)


def build(ctx: ViewContext, code: str) -> UnitPage | None:
    """The unit or department of that code, None where there is none."""
    profile = ctx.profile
    name = profile.owner_name(code)
    if name is None:
        return None
    group = units.group_of(ctx, code)
    with ctx.store.read() as conn:
        count = alert_rows.counts_in(conn, code)
        needs = named(ctx, conn, alert_rows.causes_in(conn, code, ALERTS))
        tasks = _open(registers.entries(conn, TASK, unit=code))
        gaps = _open(registers.entries(conn, GAP, unit=code))
        own = _figures(ctx, conn, code, group)
        mine = [i.code for i in profile.indicators if code in profile.bodies and i.owner == name]
        owned = figures(conn, ctx, mine, with_past=())
    states = cameras.build(ctx).by_unit.get(code, {})
    return UnitPage(
        now_ms=ctx.now_ms,
        code=code,
        name=name,
        group=group,
        unit=profile.unit.get(code),
        of_group=len(units.members(ctx, group)),
        figures=own,
        owned=tuple(owned.values()),
        counts=Counts(
            count.open, count.waiting, sum(states.values()), states.get("offline", 0), len(gaps), len(tasks),
            sum(entry.due is not None and entry.due <= ctx.now_ms for entry in tasks),
        ),
        needs=tuple(Need(alert, ctx.now_of(alert.source)) for alert in needs),
        tasks=tasks,
        gaps=gaps,
        sources=tuple(s for s in profile.sources if code in profile.bodies and s.owner == name),
    )  # fmt: skip


def _open(entries: list[Entry]) -> tuple[Entry, ...]:
    found = [entry for entry in entries if entry.closed is None]
    return tuple(sorted(found, key=lambda e: (e.due is None, e.due or 0, e.id)))


def _figures(ctx: ViewContext, conn: Read, code: str, group: Group) -> tuple[OfUnit, ...]:
    """In the order of the profile; places are among the unit's own group."""
    every = q.every_unit(conn)
    found = []
    for indicator in ctx.profile.indicators:
        now = every.get(indicator.code, {})
        if code not in now:
            continue
        moves = units.moved(ctx, conn, indicator)
        ranked = units.of_group(ctx, indicator, group, now, moves)
        row = next(r for r in ranked if r.code == code)
        found.append(OfUnit(indicator, row, says_little(indicator, now[code].n or 0)))
    return tuple(found)
