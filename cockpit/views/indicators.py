"""All indicators, and one of them with its card, its trend and its units."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from cockpit.domain.catalog import Indicator, Source, Unit
from cockpit.store.handles import Read
from cockpit.store.queries import figures as q
from cockpit.store.queries import reports as report_rows
from cockpit.store.queries.reports import Report
from cockpit.views.context import ViewContext
from cockpit.views.figure import Figure, Status
from cockpit.views.figures import DAY_MS, comparable, day_of, figures

CARD_DAYS = 90


@dataclass(frozen=True, slots=True)
class IndicatorsView:
    """`figures` in the order of the profile; `counts` by status."""

    now_ms: int
    figures: tuple[Figure, ...]
    counts: dict[Status, int]


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source that the indicator depends on: `state` fresh, late, silent or never; `last` in ms."""

    source: Source
    state: str
    last: int | None


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """The indicator in one unit."""

    unit: Unit
    value: float | None
    status: Status
    asof_ms: int | None
    n: int


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
    leaves out, because they would not compare with later ones. `reported` is the report of the province that
    stands, `reports` are the newest of all.
    """

    figure: Figure
    indicator: Indicator
    now_ms: int
    trend: tuple[tuple[int, float], ...]
    cut: int
    units: tuple[UnitFigure, ...]
    sources: tuple[SourceState, ...]
    reported: Report | None
    reports: tuple[Reported, ...]


def build(ctx: ViewContext) -> IndicatorsView:
    """Every indicator of the profile."""
    with ctx.store.read() as conn:
        known = figures(conn, ctx)
    return IndicatorsView(
        now_ms=ctx.now_ms,
        figures=tuple(known.values()),
        counts=dict(Counter(figure.status for figure in known.values())),
    )


def detail(ctx: ViewContext, code: str) -> IndicatorDetail | None:
    """One indicator, or None if there is none by this code."""
    indicator = ctx.profile.indicator.get(code)
    if indicator is None:
        return None
    with ctx.store.read() as conn:
        figure = figures(conn, ctx, [code])[code]
        states = q.sources(conn)
        units = _units(ctx, conn, indicator)
        today = day_of(ctx.now_ms, ctx.profile.utc_offset_s)
        reported = report_rows.standing(conn, code, today)
        reports = _reports(ctx, conn, code, today)
        known = q.days_of(conn, code, today - CARD_DAYS, today - 1)
        begin = comparable(conn, indicator)
    days = [(day, value) for day, value in known if day >= begin]
    sources = [ctx.profile.source[name] for name in indicator.sources if name in ctx.profile.source]
    trend = [(day * DAY_MS - ctx.profile.utc_offset_s * 1000, value) for day, value in days]
    if figure.value is not None:
        trend.append((today * DAY_MS - ctx.profile.utc_offset_s * 1000, figure.value))
    return IndicatorDetail(
        figure=figure,
        indicator=indicator,
        now_ms=ctx.now_of(indicator.sources[0]) if indicator.sources else ctx.now_ms,
        trend=tuple(trend),
        cut=len(known) - len(days),
        units=units,
        sources=tuple(
            SourceState(
                source,
                states[source.id].state if source.id in states else "never",
                states[source.id].last if source.id in states else None,
            )
            for source in sources
        ),
        reported=reported,
        reports=reports,
    )


def _reports(ctx: ViewContext, conn: Read, code: str, today: int) -> tuple[Reported, ...]:
    """The newest reports as they stand; what has not begun is at the end."""
    found: list[Reported] = []
    taken: set[tuple[str, str]] = set()
    units: set[str] = set()

    def add(report: Report, state: ReportState) -> None:
        found.append(Reported(report, ctx.profile.unit.get(report.unit), state))

    for report in report_rows.newest(conn, code, today):
        if report.withdrawn is not None:
            add(report, "withdrawn")
            continue
        period = report.unit, report.period
        add(report, "replaced" if period in taken else "earlier" if report.unit in units else "stands")
        taken.add(period)
        units.add(report.unit)
    for report in report_rows.ahead(conn, code, today):
        add(report, "ahead" if report.withdrawn is None else "withdrawn")
    return tuple(found)


def _units(ctx: ViewContext, conn: Read, indicator: Indicator) -> tuple[UnitFigure, ...]:
    """The units that have a figure, the worst at the top."""
    found = [
        UnitFigure(
            unit=ctx.profile.unit[row.unit],
            value=row.value,
            status=row.status,  # type: ignore[arg-type]
            asof_ms=row.asof,
            n=row.n or 0,
        )
        for row in q.by_unit(conn, indicator.code)
        if row.unit in ctx.profile.unit
    ]
    sign = -1 if indicator.direction == "down" else 1
    return tuple(sorted(found, key=lambda u: (u.value is None, sign * (u.value or 0), u.unit.code)))
