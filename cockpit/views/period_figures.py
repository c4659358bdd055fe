"""One indicator read for a span: today, this week, the month of a report, month, quarter, half or year."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from cockpit.domain.catalog import Indicator, Text
from cockpit.domain.indicators import middle, of_parts
from cockpit.domain.numbers import SourceId
from cockpit.domain.periods import HOUR_MS, day_start_ms
from cockpit.domain.spans import SPANS_OF, Finality, Span, Stretch, finality, stretch
from cockpit.profiles.formulas import factor, of_records, reckoned
from cockpit.store.handles import Read
from cockpit.store.queries import figures as q
from cockpit.store.queries import indicators as counted
from cockpit.store.queries import reports
from cockpit.views.context import ViewContext
from cockpit.views.figures import ARRIVES, counts_of, day_of, records_of

REPORTED: tuple[Span, ...] = ("day", "month", "quarter", "year")
"""Spans that a report can be about."""


@dataclass(frozen=True, slots=True)
class PeriodFigure:
    """The value of a stretch, with its parts where it is counted from records: `counts` where its formula is
    no mere quotient."""

    stretch: Stretch
    value: float | None
    part: float | None
    whole: float | None
    finality: Finality
    counts: tuple[tuple[Text, float], ...] = ()


def of_spans(ctx: ViewContext, conn: Read, indicator: Indicator) -> tuple[PeriodFigure, ...]:
    """Every span that today lies in and that suits the indicator's pace, the shortest first."""
    today = day_of(ctx.now_ms, ctx.profile.utc_offset_s)
    return tuple(of(ctx, conn, indicator, stretch(span, today)) for span in SPANS_OF[indicator.period])


def of(ctx: ViewContext, conn: Read, indicator: Indicator, found: Stretch, unit: str = "") -> PeriodFigure:
    """The indicator within a stretch, for the province, a unit or a department.

    Shares and sums are counted from the records of its days. What is a level (a backlog, a stock, a share of
    devices) is that of its last day that is known. Units have only what is counted.
    """
    today = day_of(ctx.now_ms, ctx.profile.utc_offset_s)
    kind, wanted = str(indicator.measure["kind"]), indicator.measure
    if of_records(indicator):
        return _tallied(conn, indicator, found, today, unit, factor(ctx.profile, indicator))
    if kind in ARRIVES and found.span in REPORTED:
        own, whose = _own(ctx, indicator), (unit, "")
        if unit in ctx.profile.bodies:
            whose = "", unit
        told = reports.of_period(conn, indicator.code, whose[0], found.label, own, whose[1])
        if told is not None:
            return _of_report(indicator, told, found, today)
    if unit:
        return PeriodFigure(found, None, None, None, "partial")
    if kind == "median_hours":
        t0 = day_start_ms(found.first, ctx.profile.utc_offset_s)
        t1 = day_start_ms(found.until(today) + 1, ctx.profile.utc_offset_s)
        value = middle(counted.handled(conn, str(wanted["record"]), t0, t1))
        since = q.first_records(conn, str(wanted["record"]))
        hours = None if value is None else value / HOUR_MS
        return PeriodFigure(found, hours, None, None, finality(found, today, since))
    now = q.province(conn, [indicator.code]).get(indicator.code) if found.last >= today else None
    if now is not None and now.value is not None:
        detail = json.loads(now.detail)
        return PeriodFigure(found, now.value, detail.get("part"), detail.get("whole"), "partial")
    known = q.days_of(conn, indicator.code, found.first, found.until(today))
    if not known:
        return PeriodFigure(found, None, None, None, "partial")
    day, value = known[-1]
    return PeriodFigure(found, value, None, None, "final" if day == found.last < today else "partial")


def of_places(
    ctx: ViewContext, conn: Read, indicator: Indicator, found: Stretch, places: Collection[str]
) -> dict[str, PeriodFigure]:
    """The indicator within a stretch for the province ("") and many units and departments, by code: as `of`
    has each, but what is counted from records is read once."""
    if not of_records(indicator):
        return {place: of(ctx, conn, indicator, found, place) for place in places}
    today = day_of(ctx.now_ms, ctx.profile.utc_offset_s)
    times = factor(ctx.profile, indicator)
    read = _read(conn, indicator, found, today, None)
    return {place: _made(indicator, found, today, place, times, *read) for place in places}


def _own(ctx: ViewContext, indicator: Indicator) -> list[SourceId]:
    return [ctx.profile.source[code].id for code in indicator.sources if code in ctx.profile.source]


def _of_report(indicator: Indicator, told: reports.Report, found: Stretch, today: int) -> PeriodFigure:
    value: float | None = told.value
    if told.numerator is not None and told.denominator is not None:
        value = of_parts(told.numerator, told.denominator, indicator.factor)
    state: Finality = "final" if found.last < today else "partial"
    return PeriodFigure(found, value, told.numerator, told.denominator, state)


Sums = dict[str, counted.Counts]
First = dict[str, int | None]


def _tallied(
    conn: Read, indicator: Indicator, found: Stretch, today: int, unit: str, times: float
) -> PeriodFigure:
    """The formula over what was counted within the stretch."""
    return _made(indicator, found, today, unit, times, *_read(conn, indicator, found, today, unit))


def _read(
    conn: Read, indicator: Indicator, found: Stretch, today: int, unit: str | None
) -> tuple[First, Sums]:
    """By kind of record, the first day of it and what was counted within the stretch, of a unit or of all."""
    first = {kind: q.first_records(conn, kind) for kind in records_of(indicator)}
    return first, {
        kind: counted.tally_counts(conn, kind, max(found.first, since or 0), found.until(today), unit)
        for kind, since in first.items()
    }


def _made(
    indicator: Indicator, found: Stretch, today: int, unit: str, times: float, first: First, sums: Sums
) -> PeriodFigure:
    state = finality(found, today, max((day for day in first.values() if day is not None), default=None))
    counts: dict[str, float | None] = {
        name: float(sums[one.records].get((unit, one.tally), 0))
        for name, one in indicator.counts.items()
        if any(place == unit for place, _ in sums[one.records])
    }
    value, part, whole = reckoned(indicator, counts, times)
    if indicator.parts is not None:
        return PeriodFigure(found, value, part if whole else None, whole or None, state)
    return PeriodFigure(found, value, None, None, state, counts_of(indicator, counts))
