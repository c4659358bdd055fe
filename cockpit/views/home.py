"""The leader's page: what is red, since when, whose, and whether the figures can be trusted."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from cockpit.domain.catalog import Indicator, Text, Unit
from cockpit.domain.indicators import UNIT_DEVICES
from cockpit.domain.periods import period_of
from cockpit.store.alerts import Alert as Row
from cockpit.store.handles import Read
from cockpit.store.queries import alerts as alert_rows
from cockpit.store.queries import figures as q
from cockpit.store.queries import reports, strip
from cockpit.views.alerts import Alert, named
from cockpit.views.context import ViewContext
from cockpit.views.doubt import too_few
from cockpit.views.figure import URGENCY, Figure, Status
from cockpit.views.figures import DAY_MS, day_of, figures

Verdict = Literal["unknown", "red", "orange", "green"]
PlaceState = Literal["red", "orange", "green"]

ROWS = 4
"""Alerts on the home page; the others are one click away."""

LOOKED_AT = 20
"""Alerts among which those are chosen, the most urgent and oldest."""

CLOSED_ROWS = 3

OF_DEVICES = ("presence", "availability")
"""Measures that are shares of a unit's devices."""

PRIORITY_ORDER = {"critical": 0, "high": 1, "medium": 2, "low": 3}


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
    doubtful: int  # indicators that are suspect or late
    compared: int  # indicators that people reported for a time that is also measured
    differing: int


@dataclass(frozen=True, slots=True)
class Need:
    """An alert that needs someone. `now_ms` is the present on the clock of its source."""

    alert: Alert
    now_ms: int


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
    counts: dict[Status, int]  # indicators by status
    open: int
    waiting: int
    overdue: int
    opened_day: int  # causes opened in the last 24 hours, or since `counted_since`
    closed_day: int  # whose condition was over
    unwatched_day: int  # closed for another reason: their rule was switched off, say
    counted_since: int | None  # where that is less than 24 hours ago (ms): nobody watched before
    last_closed: int | None
    muted: int
    worst: Need | None
    red: tuple[Figure, ...]  # the one farthest from its target first
    nearest: Figure | None  # orange and nearest to red
    silent_since: int | None
    needs: tuple[Need, ...]
    closed: tuple[Need, ...]  # the last ones closed in the last 24 hours
    trust: Trust
    tiles: tuple[Figure, ...]
    units: tuple[UnitState, ...]
    asked: tuple[Text, ...]  # short names of the headline indicators whose target is asked of each unit


def build(ctx: ViewContext) -> HomeView:
    with ctx.store.read() as conn:
        headline = [i.code for i in ctx.profile.indicators if i.headline]
        known = figures(conn, ctx, with_past=headline)
        states = q.sources(conn)
        waiting = alert_rows.counts(conn)
        needs = _most_folded(alert_rows.causes(conn, acknowledged=False, limit=LOOKED_AT))
        if len(needs) < ROWS:
            needs += _most_folded(alert_rows.causes(conn, acknowledged=True, limit=LOOKED_AT))
        needs = needs[:ROWS]
        watched = strip.watched_since(conn)
        span = DAY_MS if watched is None or watched > ctx.now_ms else min(DAY_MS, ctx.now_ms - watched)
        ended = alert_rows.closed_since(conn, _instants(ctx, span), CLOSED_ROWS)
        overdue = alert_rows.overdue(conn, _instants(ctx, 0))
        opened = q.opened_since(conn, ctx.now_ms - span)
        closed = alert_rows.closed_count(conn, _instants(ctx, span))
        last_closed = alert_rows.last_closed(conn)
        muted = len(alert_rows.rules_off(conn, ctx.now_ms))
        shown = named(ctx, conn, needs)
        over = named(ctx, conn, ended)
        units = _units(ctx, conn)
        trust = _trust(ctx, conn, known, states)
    counts = Counter(figure.status for figure in known.values())
    rows = tuple(Need(alert, ctx.now_of(alert.source)) for alert in shown)
    silent = [row.since for row in states.values() if row.state == "silent"]
    return HomeView(
        now_ms=ctx.now_ms,
        verdict=_verdict(trust, counts, waiting.open, overdue, rows),
        counts=dict(counts),
        open=waiting.open,
        waiting=waiting.waiting,
        overdue=overdue,
        opened_day=opened,
        closed_day=closed.over,
        unwatched_day=closed.unwatched,
        counted_since=None if span == DAY_MS else ctx.now_ms - span,
        last_closed=last_closed,
        muted=muted,
        worst=rows[0] if rows else None,
        red=_red(known),
        nearest=_nearest(ctx, known),
        silent_since=min(silent, default=None),
        needs=rows,
        closed=tuple(Need(alert, ctx.now_of(alert.source)) for alert in over),
        trust=trust,
        tiles=_tiles(ctx, known),
        units=units,
        asked=tuple(i.short for i in _asked(ctx)),
    )


def _most_folded(rows: list[Row]) -> list[Row]:
    """Within a priority the alert that pulled most others with it comes first, then the oldest."""
    return sorted(rows, key=lambda row: (PRIORITY_ORDER[row.priority], -row.folded))


def _verdict(
    trust: Trust, counts: Counter[Status], open_: int, overdue: int, rows: tuple[Need, ...]
) -> Verdict:
    if too_few(trust.silent + trust.never, trust.sources):
        return "unknown"
    if counts["red"] or overdue or any(row.alert.priority in ("critical", "high") for row in rows):
        return "red"
    if counts["orange"] or open_:
        return "orange"
    return "green" if counts["green"] else "unknown"


def _instants(ctx: ViewContext, ago_ms: int) -> alert_rows.Instants:
    """The instant `ago_ms` ago on both clocks."""
    real = json.dumps([s.code for s in ctx.profile.sources if s.time == "real"])
    return alert_rows.Instants(real, ctx.real_ms - ago_ms, ctx.now_ms - ago_ms)


def _tiles(ctx: ViewContext, known: dict[str, Figure]) -> tuple[Figure, ...]:
    """The headline indicators: what is wrong first, else in the order of the profile."""
    headline = [i for i in ctx.profile.indicators if i.headline]
    headline.sort(key=lambda i: (URGENCY[known[i.code].status], i.headline))
    return tuple(known[i.code] for i in headline)


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
        watch = ctx.profile.indicator[figure.code].watch
        if figure.status != "orange" or figure.value is None or watch is None or figure.target is None:
            continue
        width = abs(figure.target - watch)
        if width:
            found.append((abs(figure.value - watch) / width, figure))
    return min(found, key=lambda pair: (pair[0], pair[1].number))[1] if found else None


def _trust(ctx: ViewContext, conn: Read, known: dict[str, Figure], states: dict[int, q.SourceRow]) -> Trust:
    inputs = ctx.profile.inputs
    by_state = Counter(states[s.id].state if s.id in states else "never" for s in inputs)
    compared, differing = _differences(ctx, conn, known)
    return Trust(
        machine=_measured(ctx, known, "machine_share"),
        complete=_measured(ctx, known, "completeness"),
        sources=len(inputs),
        fresh=by_state["fresh"],
        late=by_state["late"],
        silent=by_state["silent"],
        never=by_state["never"],
        doubtful=sum(f.status in ("suspect", "stale") for f in known.values()),
        compared=compared,
        differing=differing,
    )


def _measured(ctx: ViewContext, known: dict[str, Figure], kind: str) -> Figure | None:
    """The figure of the indicator that measures the cockpit's own trust in this way."""
    for indicator in ctx.profile.indicators:
        if indicator.measure.get("kind") == kind:
            return known.get(indicator.code)
    return None


def _differences(ctx: ViewContext, conn: Read, known: dict[str, Figure]) -> tuple[int, int]:
    """How many figures are both measured and reported for the present month, and how many differ."""
    measured = [
        f for f in known.values() if f.value is not None and f.source_kind in ("machine", "api", "computed")
    ]
    today = day_of(ctx.now_ms, ctx.profile.utc_offset_s)
    month = period_of(today, "M", "calendar").label
    compared = differing = 0
    for figure in measured:
        report = reports.standing(conn, figure.code, today)
        if report is None or report.period != month or figure.value is None:
            continue
        compared += 1
        differing += round(abs(report.value - figure.value), figure.decimals) > 0
    return compared, differing


def _units(ctx: ViewContext, conn: Read) -> tuple[UnitState, ...]:
    alerts: Counter[str] = Counter()
    red: set[str] = set()
    orange: set[str] = set()
    for code, priority, n in q.open_by_unit(conn):
        alerts[code] += n
        if priority in ("critical", "high"):
            red.add(code)
        elif priority == "medium":
            orange.add(code)
    asked = {i.code: i for i in _asked(ctx)}
    missed: dict[str, list[Indicator]] = {}
    for code, name, n in q.red_by_unit(conn):
        if name in asked and (asked[name].measure.get("kind") not in OF_DEVICES or n >= UNIT_DEVICES):
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
