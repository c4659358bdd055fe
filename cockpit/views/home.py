"""The leader's page: what is red, since when, whose, and whether the figures can be trusted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import msgspec

from cockpit.domain.catalog import Indicator, Text, Unit
from cockpit.domain.freshness import timeliness
from cockpit.domain.indicators import says_little
from cockpit.domain.numbers import SourceId
from cockpit.domain.spared import Spared
from cockpit.store.handles import Read
from cockpit.store.queries import alerts as alert_rows
from cockpit.store.queries import figures as q
from cockpit.store.queries import sources as source_rows
from cockpit.store.queries.registers import mutes_at
from cockpit.store.rows import SourceNow
from cockpit.views import news
from cockpit.views.alerts import Alert, named
from cockpit.views.context import ViewContext
from cockpit.views.desk import Group, desk, instants
from cockpit.views.differences import Difference, differences
from cockpit.views.doubt import too_few
from cockpit.views.figure import URGENCY, Figure, Status
from cockpit.views.figures import figures
from cockpit.views.news import News
from cockpit.views.spared import spared

Verdict = Literal["unknown", "red", "orange", "green"]
PlaceState = Literal["red", "orange", "green"]

ROWS = 4
"""Lines of alerts on the home page; the others are one click away."""

NAMED = 40
"""Alerts of a line that home itself can open; all of them are one click away."""

CLOSED_ROWS = 3

RED_PRIORITIES = ("critical", "high")


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether the figures can be believed. `machine`, `complete` are indicators; the rest are counts."""

    machine: Figure | None
    complete: Figure | None
    sources: int
    fresh: int
    late: int
    silent: int
    never: int
    devices: int  # that send by themselves
    devices_silent: int
    doubtful: int  # indicators that are suspect or late
    compared: int  # indicators that people reported for a time that is also measured
    differing: int
    differences: tuple[Difference, ...]  # both figures of each, the widest apart first
    spared: Spared | None = None  # reports of figures that are reckoned here; None where nothing is assumed


@dataclass(frozen=True, slots=True)
class Need:
    """A line that needs someone: an alert, or the most urgent of a group, whose members are the first
    `NAMED`. `now_ms` is the present on the clock of its source."""

    alert: Alert
    now_ms: int
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class UnitState:
    """A unit on the map. Red: an open alert of high or critical priority. Orange: one of medium priority,
    or a figure that the unit itself answers for is red there (`HomeView.asked`)."""

    unit: Unit
    state: PlaceState
    alerts: int
    missed: tuple[Text, ...]  # short names of what it answers for and is red


@dataclass(frozen=True, slots=True)
class HomeView:
    """Instants in ms of domain time."""

    now_ms: int
    verdict: Verdict
    counts: Annotated[dict[Status, int], msgspec.Meta(description="Indicators by status.")]
    open: int
    waiting: int
    overdue: int
    news: News  # to the person it was built for
    last_closed: int | None
    muted: int
    worst: Need | None  # an alert that is red itself, or any where nothing is red
    red: tuple[Figure, ...]  # the one farthest from its target first
    nearest: Figure | None  # orange and nearest to red
    silent_since: int | None
    needs: tuple[Need, ...]
    closed: tuple[Need, ...]  # the last ones closed in the last 24 hours, whoever looks
    trust: Trust
    tiles: tuple[Figure, ...]
    units: tuple[UnitState, ...]
    asked: tuple[Text, ...]  # short names of the headline indicators whose target is asked of each unit


def build(ctx: ViewContext, person: str = "") -> HomeView:
    """As it is for everybody, but for its news: those are a person's where one is named. Who shows it to many
    builds it once, and `views.news` for each."""
    with ctx.store.read() as conn:
        headline = [i.code for i in ctx.profile.indicators if i.headline]
        known = figures(conn, ctx, with_past=headline)
        more = [f.code for f in known.values() if f.status == "red" and f.code not in headline]
        if more:
            known |= figures(conn, ctx, more)  # they have tiles, too
        states = source_rows.now(conn)
        found = desk(ctx, conn)
        lines = found.home[:ROWS]
        stored = alert_rows.by_number(conn, [line.row.id for line in lines])
        span = ctx.now_ms - news.since_of(ctx, conn, "").at
        ended = alert_rows.closed_since(conn, instants(ctx, span), CLOSED_ROWS, reckoned=False)
        told = news.of(ctx, conn, person)
        last_closed = alert_rows.last_closed(conn)
        muted = mutes_at(conn, ctx.now_ms)
        shown = named(ctx, conn, [stored[line.row.id] for line in lines])
        over = named(ctx, conn, ended)
        units = _units(ctx, conn)
        trust = _trust(ctx, conn, known, states)
    counts = Counter(figure.status for figure in known.values())
    overdue, open_ = found.overdue(ctx), len(found.waiting) + len(found.working)
    rows = tuple(
        Need(alert, ctx.now_of(alert.source), _first(line.group))
        for alert, line in zip(shown, lines, strict=True)
    )
    silent = [row.last or row.since for row in states.values() if row.state == "silent"]
    red = _red(known)
    return HomeView(
        now_ms=ctx.now_ms,
        verdict=_verdict(trust, counts, open_, overdue, rows),
        counts=dict(counts),
        open=open_,
        waiting=len(found.waiting),
        overdue=overdue,
        news=told,
        last_closed=last_closed,
        muted=muted,
        worst=_worst(rows, red),
        red=red,
        nearest=_nearest(ctx, known),
        silent_since=min(silent, default=None),
        needs=rows,
        closed=tuple(Need(alert, ctx.now_of(alert.source)) for alert in over),
        trust=trust,
        tiles=_tiles(ctx, known, red),
        units=units,
        asked=tuple(i.short for i in _asked(ctx)),
    )


def _first(group: Group | None) -> Group | None:
    """The same with the first of its members only."""
    return None if group is None else replace(group, members=group.members[:NAMED])


def _verdict(
    trust: Trust, counts: Counter[Status], open_: int, overdue: int, rows: tuple[Need, ...]
) -> Verdict:
    if too_few(trust.silent + trust.never, trust.sources):
        return "unknown"
    if counts["red"] or overdue or any(row.alert.priority in RED_PRIORITIES for row in rows):
        return "red"
    if counts["orange"] or open_:
        return "orange"
    return "green" if counts["green"] else "unknown"


def _worst(rows: tuple[Need, ...], red: tuple[Figure, ...]) -> Need | None:
    """The alert that a verdict names: never an amber one while a figure is red."""
    if not rows or (red and rows[0].alert.priority not in RED_PRIORITIES):
        return None
    return rows[0]


def _tiles(ctx: ViewContext, known: dict[str, Figure], red: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Every red indicator, then the other headline ones: what is wrong first, else in the order of the
    profile."""
    shown = {figure.code for figure in red}
    headline = [i for i in ctx.profile.indicators if i.headline and i.code not in shown]
    headline.sort(key=lambda i: (URGENCY[known[i.code].status], i.headline))
    return (*red, *(known[i.code] for i in headline))


def _red(known: dict[str, Figure]) -> tuple[Figure, ...]:
    """The red figures by the share of the target that they miss; with a target of 0 by what is too much."""
    found = [
        (abs(f.value - f.target) / (abs(f.target) or 1.0), f)
        for f in known.values()
        if f.status == "red" and f.value is not None and f.target is not None
    ]
    return tuple(f for _, f in sorted(found, key=lambda pair: (-pair[0], pair[1].number)))


def _nearest(ctx: ViewContext, known: dict[str, Figure]) -> Figure | None:
    """The orange figure that has least left until it turns red, as a share of its orange span."""
    found: list[tuple[float, Figure]] = []
    for figure in known.values():
        watch = figure.watch
        if figure.status != "orange" or figure.value is None or watch is None or figure.target is None:
            continue
        width = abs(figure.target - watch)
        if width:
            found.append((abs(figure.value - watch) / width, figure))
    return min(found, key=lambda pair: (pair[0], pair[1].number))[1] if found else None


def _trust(
    ctx: ViewContext, conn: Read, known: dict[str, Figure], states: dict[SourceId, SourceNow]
) -> Trust:
    counted = timeliness(states[s.id].state if s.id in states else None for s in ctx.profile.inputs)
    compared = differences(ctx, conn)
    return Trust(
        machine=_measured(ctx, known, "machine_share"),
        complete=_measured(ctx, known, "completeness"),
        sources=counted.sources,
        fresh=counted.fresh,
        late=counted.late,
        silent=counted.silent,
        never=counted.never,
        devices=sum(r.fresh + r.late + r.silent + r.never for r in states.values()),
        devices_silent=sum(r.silent for r in states.values()),
        doubtful=sum(f.status in ("suspect", "stale") for f in known.values()),
        compared=len(compared),
        differing=sum(one.differs for one in compared),
        differences=compared,
        spared=spared(ctx, conn, known),
    )


def _measured(ctx: ViewContext, known: dict[str, Figure], kind: str) -> Figure | None:
    """The figure of the indicator that measures the cockpit's own trust in this way."""
    for indicator in ctx.profile.indicators:
        if indicator.measure.get("kind") == kind:
            return known.get(indicator.code)
    return None


def _units(ctx: ViewContext, conn: Read) -> tuple[UnitState, ...]:
    alerts: Counter[str] = Counter()
    red: set[str] = set()
    orange: set[str] = set()
    for code, priority, n in q.open_by_unit(conn):
        alerts[code] += n
        if priority in RED_PRIORITIES:
            red.add(code)
        elif priority == "medium":
            orange.add(code)
    asked = {i.code: i for i in _asked(ctx)}
    missed: dict[str, list[Indicator]] = {}
    for code, name, n in q.red_by_unit(conn):
        if name in asked and not says_little(asked[name], n):
            missed.setdefault(code, []).append(asked[name])
            orange.add(code)
    return tuple(
        UnitState(
            unit=unit,
            state="red" if unit.code in red else "orange" if unit.code in orange else "green",
            alerts=alerts[unit.code],
            missed=tuple(i.short for i in sorted(missed.get(unit.code, []), key=lambda i: i.headline)),
        )
        for unit in ctx.profile.units
    )


def _asked(ctx: ViewContext) -> list[Indicator]:
    """The headline indicators that each unit answers for, in the order of the page."""
    found = [i for i in ctx.profile.indicators if i.headline and i.each_unit]
    return sorted(found, key=lambda i: i.headline)
