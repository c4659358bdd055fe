"""One unit or department in full: its figures with their places, what is open there, what it has to do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NamedTuple

from cockpit.domain.catalog import Indicator, Source, SourceKind, Text, Unit
from cockpit.domain.indicators import asked_of_unit, says_little
from cockpit.domain.registers import GAP, REQUEST, TASK, Entry
from cockpit.domain.targets import Aim, of_figure
from cockpit.store.handles import Read
from cockpit.store.queries import alerts as alert_rows
from cockpit.store.queries import feedback, registers
from cockpit.store.queries import figures as q
from cockpit.views import cameras, targets, units
from cockpit.views.alerts import named
from cockpit.views.context import ViewContext
from cockpit.views.figure import Figure
from cockpit.views.figures import day_of, figures
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
    asked: int


@dataclass(frozen=True, slots=True)
class OfUnit:
    """A figure of the unit. `aim` is what it answers for, None where a single unit is asked for nothing.
    `little`: it rests on so few devices that nothing follows from it."""

    indicator: Indicator
    row: Ranked
    aim: Aim | None
    asof_ms: int | None
    source_kind: SourceKind
    little: bool


@dataclass(frozen=True, slots=True)
class UnitPage:
    """`unit` is None for a department. `owned`: the province's figures that it answers for; `tasks`,
    `gaps` and `asked` (explanations it owes) are open, what is due first at the top; `feedback` counts what
    citizens wrote."""

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
    asked: tuple[Entry, ...]
    sources: tuple[Source, ...]
    feedback: feedback.OpenPetitions

    @property
    def unsure(self) -> bool:
        """Whether nothing is known for certain: no figure is judged, or one of them is in doubt."""
        states = [f.row.status for f in self.figures] + [f.status for f in self.owned]
        judged = any(state in ("red", "orange", "green") for state in states)
        return not judged or any(state in ("suspect", "stale") for state in states)

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
        count = alert_rows.counts_in(conn, code, name.vi)
        needs = named(ctx, conn, alert_rows.causes_in(conn, code, ALERTS, name.vi))
        tasks = _open(registers.entries(conn, TASK, unit=code))
        gaps = _open([e for e in registers.entries(conn, GAP, unit=code) if e.unit == code])
        asked = _open(registers.entries(conn, REQUEST, unit=code))
        own = _figures(ctx, conn, code, group)
        mine = [i.code for i in profile.indicators if code in profile.bodies and i.owner == name]
        owned = figures(conn, ctx, mine, with_past=())
        written = feedback.open_in(conn, code, ctx.now_ms)
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
            sum(entry.due is not None and entry.due <= ctx.now_ms for entry in tasks), len(asked),
        ),
        needs=tuple(Need(alert, ctx.now_of(alert.source)) for alert in needs),
        tasks=tasks,
        gaps=gaps,
        asked=asked,
        sources=tuple(s for s in profile.sources if code in profile.bodies and s.owner == name),
        feedback=written,
    )  # fmt: skip


def _open(entries: list[Entry]) -> tuple[Entry, ...]:
    found = [entry for entry in entries if entry.closed is None]
    return tuple(sorted(found, key=lambda e: (e.due is None, e.due or 0, e.id)))


def _figures(ctx: ViewContext, conn: Read, code: str, group: Group) -> tuple[OfUnit, ...]:
    """In the order of the profile; places are among the unit's own group."""
    every, today = q.every_unit(conn), day_of(ctx.now_ms, ctx.profile.utc_offset_s)
    found = []
    for indicator in ctx.profile.indicators:
        now = every.get(indicator.code, {})
        if code not in now:
            continue
        moves = units.moved(ctx, conn, indicator)
        ranked = units.of_group(ctx, indicator, group, now, moves)
        row, kept = next(r for r in ranked if r.code == code), now[code]
        detail = json.loads(kept.detail)
        days = of_figure(detail.get("period"), today)
        aim = targets.of_days(ctx, conn, indicator, days, code).aim
        came = ctx.profile.source.get(detail.get("source") or next(iter(indicator.sources), ""))
        found.append(
            OfUnit(
                indicator, row, aim if asked_of_unit(indicator, aim) else None, kept.asof,
                came.kind if came else "computed", says_little(indicator, kept.n or 0),
            )
        )  # fmt: skip
    return tuple(found)
