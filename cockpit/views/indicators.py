"""All indicators, and one of them with its card, its trend and its units."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cockpit.domain.catalog import Indicator, Source, Text, Unit
from cockpit.domain.meetings import Decided
from cockpit.domain.numbers import SourceId
from cockpit.domain.periods import DAY_MS
from cockpit.domain.targets import of_figure, of_stretch
from cockpit.store.handles import Read
from cockpit.store.queries import figures as q
from cockpit.store.queries import meetings
from cockpit.store.queries import reports as report_rows
from cockpit.store.queries import sources as source_rows
from cockpit.store.queries.reports import Report
from cockpit.store.rows import IndicatorNow
from cockpit.views import forecasts, happened, pillars, year_before
from cockpit.views.context import ViewContext
from cockpit.views.differences import Difference, differences
from cockpit.views.figure import Figure, Status
from cockpit.views.figures import comparable, day_of, figures
from cockpit.views.forecasts import Expected
from cockpit.views.happened import Happening
from cockpit.views.period_figures import PeriodFigure, of_spans
from cockpit.views.pillars import PillarScore
from cockpit.views.targets import Targets, of_card
from cockpit.views.year_before import YearBefore

CARD_DAYS = 90


@dataclass(frozen=True, slots=True)
class IndicatorsView:
    """`figures` in the order of the profile; `counts` by status."""

    now_ms: int
    figures: tuple[Figure, ...]
    counts: dict[Status, int]
    pillars: tuple[PillarScore, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source that the indicator depends on: `state` fresh, late, silent or never; `last` in ms."""

    source: Source
    state: str
    last: int | None


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """The indicator in one unit; `target` is what it answers for, None where a single unit is asked for
    none."""

    unit: Unit
    value: float | None
    target: float | None
    status: Status
    asof_ms: int | None
    n: int


@dataclass(frozen=True, slots=True)
class DepartmentFigure:
    """The indicator of one of the province's bodies, as its own reports have it."""

    code: str
    name: Text
    value: float | None
    asof_ms: int | None
    part: float | None
    whole: float | None


ReportState = Literal["stands", "replaced", "earlier", "withdrawn", "ahead"]
"""`replaced`: by a newer one of its period. `earlier`: the newest of a period before the one that stands.
`ahead`: of a period that has not begun; it does not count before."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A report that people sent; `unit` None for the province."""

    report: Report
    unit: Unit | None
    state: ReportState


@dataclass(frozen=True, slots=True)
class IndicatorDetail:
    """`trend`: start of the day (ms) and value, oldest first, today's so far at the end.

    `now_ms` is on the clock of its source. `cut`: days at the beginning of the history that the trend
    leaves out, because they would not compare with later ones. `reported` is what others report beside the
    figure that is computed or received here, `difference` how the two differ in that period; `reports` are
    the newest of all that people may look into. `targets` has what was asked for on each day of the trend,
    `happened` what went on meanwhile, newest first, `decided` what
    meetings decided about it, the newest first.
    """

    figure: Figure
    indicator: Indicator
    now_ms: int
    trend: tuple[tuple[int, float], ...]
    cut: int
    units: tuple[UnitFigure, ...]
    departments: tuple[DepartmentFigure, ...]
    periods: tuple[PeriodFigure, ...]
    sources: tuple[SourceState, ...]
    reported: Report | None
    difference: Difference | None
    reports: tuple[Reported, ...]
    targets: Targets
    expected: Expected | None = None
    happened: tuple[Happening, ...] = ()
    year_before: YearBefore | None = None
    decided: tuple[Decided, ...] = ()


def build(ctx: ViewContext) -> IndicatorsView:
    """Every indicator of the profile."""
    with ctx.store.read() as conn:
        known = figures(conn, ctx)
    return IndicatorsView(
        now_ms=ctx.now_ms,
        figures=tuple(known.values()),
        counts=dict(Counter(figure.status for figure in known.values())),
        pillars=pillars.scores(ctx, known),
    )


def detail(ctx: ViewContext, code: str) -> IndicatorDetail | None:
    """One indicator, or None if there is none by this code."""
    indicator = ctx.profile.indicator.get(code)
    if indicator is None:
        return None
    with ctx.store.read() as conn:
        figure = figures(conn, ctx, [code])[code]
        states = source_rows.now(conn)
        rows = q.by_unit(conn, code)
        today = day_of(ctx.now_ms, ctx.profile.utc_offset_s)
        own = [ctx.profile.source[name].id for name in indicator.sources if name in ctx.profile.source]
        reported = report_rows.standing(conn, code, today, but=own) if indicator.compared else None
        reports = _reports(ctx, conn, indicator, today, own)
        known = q.days_of(conn, code, today - CARD_DAYS, today - 1)
        begin = comparable(conn, indicator)
        periods = of_spans(ctx, conn, indicator)
        expected = forecasts.of(ctx, conn, indicator, figure.value, figure.target)
        days = [(day, value) for day, value in known if day >= begin]
        if figure.value is not None:
            days.append((today, figure.value))
        asked_now = of_figure(figure.reported_for, today)
        of_units = {r.unit: of_figure(json.loads(r.detail).get("period"), today) for r in rows}
        spans = [of_stretch(period.stretch) for period in periods]
        targets = of_card(ctx, conn, indicator, asked_now, of_units, spans, today, [day for day, _ in days])
        compared = differences(ctx, conn, [code])
        begun = days[0][0] * DAY_MS - ctx.profile.utc_offset_s * 1000 if days else ctx.now_ms
        decided = meetings.of_indicator(conn, code)
        went_on = happened.of(ctx, conn, indicator, begun, targets.settings, decided)
        before = year_before.of(conn, indicator, [day for day, _ in days], today)
    sources = [ctx.profile.source[name] for name in indicator.sources if name in ctx.profile.source]
    trend = [(day * DAY_MS - ctx.profile.utc_offset_s * 1000, value) for day, value in days]
    return IndicatorDetail(
        figure=figure,
        indicator=indicator,
        now_ms=ctx.now_of(indicator.sources[0]) if indicator.sources else ctx.now_ms,
        trend=tuple(trend),
        cut=sum(day < begin for day, _ in known),
        units=_units(ctx, indicator, rows, targets),
        departments=_departments(ctx, indicator, rows),
        periods=periods,
        sources=tuple(
            SourceState(
                source,
                states[source.id].state if source.id in states else "never",
                states[source.id].last if source.id in states else None,
            )
            for source in sources
        ),
        reported=reported,
        difference=compared[0] if compared else None,
        reports=reports,
        expected=expected,
        targets=targets,
        happened=went_on,
        decided=tuple(decided),
        year_before=before,
    )


def _reports(
    ctx: ViewContext, conn: Read, indicator: Indicator, today: int, own: list[SourceId]
) -> tuple[Reported, ...]:
    """The newest reports as they stand; what has not begun is at the end. What a system sends every hour is
    left out: its newest is the figure itself."""
    code = indicator.code
    but = own if indicator.measure["kind"] == "latest" else []
    found: list[Reported] = []
    taken: set[tuple[str, str, str]] = set()
    units: set[tuple[str, str]] = set()

    def add(report: Report, state: ReportState) -> None:
        found.append(Reported(report, ctx.profile.unit.get(report.unit), state))

    for report in report_rows.newest(conn, code, today, but):
        if report.withdrawn is not None:
            add(report, "withdrawn")
            continue
        whose = report.unit, report.department
        period = *whose, report.period
        add(report, "replaced" if period in taken else "earlier" if whose in units else "stands")
        taken.add(period)
        units.add(whose)
    for report in report_rows.ahead(conn, code, today):
        add(report, "ahead" if report.withdrawn is None else "withdrawn")
    return tuple(found)


def _departments(
    ctx: ViewContext, indicator: Indicator, rows: Sequence[IndicatorNow]
) -> tuple[DepartmentFigure, ...]:
    """The bodies of the province that have a figure of their own, the worst at the top."""
    found = []
    for row in rows:
        if row.unit in ctx.profile.bodies:
            detail = json.loads(row.detail)
            made = DepartmentFigure(
                row.unit,
                ctx.profile.bodies[row.unit],
                row.value,
                row.asof,
                detail.get("part"),
                detail.get("whole"),
            )
            found.append(made)
    sign = -1 if indicator.direction == "down" else 1
    return tuple(sorted(found, key=lambda d: (d.value is None, sign * (d.value or 0), d.code)))


def _units(
    ctx: ViewContext, indicator: Indicator, rows: Sequence[IndicatorNow], targets: Targets
) -> tuple[UnitFigure, ...]:
    """The units that have a figure, the worst at the top."""
    found = [
        UnitFigure(
            unit=ctx.profile.unit[row.unit],
            value=row.value,
            target=targets.units[row.unit].target if row.unit in targets.units else None,
            status=row.status,  # type: ignore[arg-type]
            asof_ms=row.asof,
            n=row.n or 0,
        )
        for row in rows
        if row.unit in ctx.profile.unit
    ]
    sign = -1 if indicator.direction == "down" else 1
    return tuple(sorted(found, key=lambda u: (u.value is None, sign * (u.value or 0), u.unit.code)))
