"""What people report beside what is measured of the same period: of the province, its units and departments,
with the history of each difference, who reported, and how many of these reports nobody would need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.domain.catalog import Indicator, Text
from cockpit.domain.numbers import SourceId
from cockpit.domain.reporting import REPORT
from cockpit.domain.requests import Piece
from cockpit.domain.spans import Finality, Stretch
from cockpit.domain.spared import Spared
from cockpit.store.handles import Read
from cockpit.store.queries import evidence, reports
from cockpit.store.queries.reports import Report
from cockpit.views import period_figures
from cockpit.views.context import ViewContext
from cockpit.views.differences import stretch_of
from cockpit.views.figures import day_of, figures
from cockpit.views.spared import spared

KEEP_S = 10.0
"""Reports come by the day."""
HISTORY = 24
"""Periods of a history."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure of a period as it was reported, and as it is by the data here: None where that is not known,
    or not as a whole."""

    period: str
    told: Report
    measured: float | None
    finality: Finality
    decimals: int

    @property
    def difference(self) -> float | None:
        """Reported less measured, in the figure's unit."""
        return None if self.measured is None else self.told.value - self.measured

    @property
    def differs(self) -> bool:
        """Whether the two are not the same as they are shown."""
        return self.difference is not None and round(abs(self.difference), self.decimals) > 0


@dataclass(frozen=True, slots=True)
class Row:
    """The newest report of a figure by the province ("") or by one of its units and departments."""

    indicator: Indicator
    whose: str
    name: Text | None
    now: Beside

    @property
    def code(self) -> str:
        return f"{self.indicator.code}-{self.whose}" if self.whose else self.indicator.code


@dataclass(frozen=True, slots=True)
class ReportedView:
    """The widest apart first, then what cannot be compared. `spared`: reports that nobody need write now;
    None where nobody has said what one costs."""

    now_ms: int
    today: int
    rows: tuple[Row, ...]
    spared: Spared | None

    @property
    def compared(self) -> int:
        return sum(row.now.difference is not None for row in self.rows)

    @property
    def differing(self) -> int:
        return sum(row.now.differs for row in self.rows)


@dataclass(frozen=True, slots=True)
class RowDetail:
    """One figure of one place, with the history of the difference, the newest period first; `files` of
    evidence by the number of the report."""

    row: Row
    history: tuple[Beside, ...]
    files: Mapping[int, tuple[Piece, ...]]


def build(ctx: ViewContext) -> ReportedView:
    """All figures that are both measured and reported."""
    today = day_of(ctx.now_ms, ctx.profile.utc_offset_s)
    rows: list[Row] = []
    with ctx.store.read() as conn:
        for indicator in ctx.profile.indicators:
            if indicator.compared:
                rows += _rows(ctx, conn, indicator, today)
        needless = spared(ctx, conn, figures(conn, ctx))
    rows.sort(key=_order)
    return ReportedView(ctx.now_ms, today, tuple(rows), needless)


def one(ctx: ViewContext, code: str) -> RowDetail | None:
    """One figure of one place, by the code of its row; None where nobody has reported it."""
    name, _, whose = code.partition("-")
    indicator = ctx.profile.indicator.get(name)
    if indicator is None or not indicator.compared:
        return None
    today = day_of(ctx.now_ms, ctx.profile.utc_offset_s)
    with ctx.store.read() as conn:
        found = [row for row in _rows(ctx, conn, indicator, today, whose) if row.whose == whose]
        if not found:
            return None
        unit, department = _parted(ctx, whose)
        told = reports.by_period(conn, name, unit, department, own_of(ctx, indicator), HISTORY)
        history = tuple(_beside(ctx, conn, indicator, report, whose, today) for report in told)
        files = {report.number: tuple(evidence.named(conn, REPORT, report.number)) for report in told}
    return RowDetail(found[0], history, {number: some for number, some in files.items() if some})


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a figure's period before somebody reports it."""

    told: Report | None
    measured: float | None
    finality: Finality


def known(ctx: ViewContext, code: str, whose: str, period: str) -> Known | None:
    """What stands for a period of a figure in a place, and what is measured of it here; None where there is
    no such figure or period."""
    indicator, about = ctx.profile.indicator.get(code), stretch_of(period)
    if indicator is None or about is None:
        return None
    own = own_of(ctx, indicator)
    feeds = [
        s.id for s in ctx.profile.sources if code in s.reports and (not indicator.compared or s.id not in own)
    ]
    unit, department = _parted(ctx, whose)
    with ctx.store.read() as conn:
        told = reports.of_period(conn, code, unit, period, feeds, department)
        if not indicator.compared:
            return Known(told, None, "partial")
        here = period_figures.of(ctx, conn, indicator, about, whose)
    return Known(told, here.value, here.finality)


def own_of(ctx: ViewContext, indicator: Indicator) -> list[SourceId]:
    """The feeds that a figure is measured by."""
    return [ctx.profile.source[code].id for code in indicator.sources if code in ctx.profile.source]


def _rows(
    ctx: ViewContext, conn: Read, indicator: Indicator, today: int, whose: str | None = None
) -> list[Row]:
    own = own_of(ctx, indicator)
    told: dict[str, Report] = {}
    for unit, department in [("", ""), *reports.told_apart(conn, indicator.code)]:
        if whose is None or whose == unit + department:
            found = reports.standing(conn, indicator.code, today, unit, department, but=own)
            if found is not None:
                told[unit + department] = found
    if not told:
        return []
    rows = []
    for period in {report.period for report in told.values()}:
        about = stretch_of(period)
        places = [place for place, report in told.items() if report.period == period]
        here = {} if about is None else period_figures.of_places(ctx, conn, indicator, about, places)
        for place in places:
            beside = _made(indicator, told[place], here.get(place), about, today)
            rows.append(Row(indicator, place, ctx.profile.owner_name(place), beside))
    return rows


def _beside(
    ctx: ViewContext, conn: Read, indicator: Indicator, told: Report, whose: str, today: int
) -> Beside:
    about = stretch_of(told.period)
    here = None if about is None else period_figures.of(ctx, conn, indicator, about, whose)
    return _made(indicator, told, here, about, today)


def _made(
    indicator: Indicator,
    told: Report,
    here: period_figures.PeriodFigure | None,
    about: Stretch | None,
    today: int,
) -> Beside:
    """A period that is over and not known here as a whole is not compared."""
    if here is None or about is None or (here.finality == "partial" and about.last < today):
        return Beside(told.period, told, None, "partial", indicator.decimals)
    return Beside(told.period, told, here.value, here.finality, indicator.decimals)


def _order(row: Row) -> tuple[bool, float, str]:
    difference = row.now.difference
    return difference is None, -abs(difference or 0.0), row.code


def _parted(ctx: ViewContext, whose: str) -> tuple[str, str]:
    """A place as unit and department, of which one at least is ""."""
    return ("", whose) if whose in ctx.profile.bodies else (whose, "")
