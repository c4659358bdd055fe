"""Figures that arrive finished, as reports or as values of a system, with their parts where these came."""

from __future__ import annotations

from typing import Any

import numpy as np

from cockpit.domain.catalog import Indicator, series_of
from cockpit.domain.indicators import of_parts
from cockpit.domain.periods import HOUR_MS
from cockpit.engine.figure import NOTHING, Context, Found, Measured
from cockpit.store.queries import reports
from cockpit.store.queries.reports import Report

PARTS_STAND_MS = HOUR_MS
"""A system may send its figure more often than what it is made of: a bare number displaces parts only when
they are older than this by more than the number is."""


def reported(ctx: Context, indicator: Indicator) -> Found:
    """The reports that stand: of the province under "", of units and departments under their codes."""
    found = {"": _province(ctx, indicator)}
    for unit, department in reports.told_apart(ctx.conn, indicator.code):
        if unit in ctx.core.profile.unit or department in ctx.core.profile.bodies:
            row = own_report(ctx, indicator, ctx.today, unit, department)
            if row is not None:
                found[unit or department] = of_report(ctx, indicator, row)
    return found


def latest(ctx: Context, indicator: Indicator) -> Found:
    """What a system sent last: a report with parts, or a bare value where that is newer."""
    found = reported(ctx, indicator)
    bare = _value(ctx, indicator)
    made = found[""]
    if bare.value is not None and (
        made.asof is None or bare.asof is None or made.asof + PARTS_STAND_MS < bare.asof
    ):
        found[""] = bare
    return found


def own_report(
    ctx: Context,
    indicator: Indicator,
    day: int,
    unit: str = "",
    department: str = "",
    until: int | None = None,
) -> Report | None:
    """The report that stands of those that the indicator's own sources sent: what others report is there to
    be compared with it."""
    own = [ctx.core.profile.source[code].id for code in indicator.sources if code in ctx.core.profile.source]
    return reports.standing(ctx.conn, indicator.code, day, unit, department, of=own, until=until)


def of_report(ctx: Context, indicator: Indicator, row: Report) -> Measured:
    """A report as a figure: computed from its parts where it has them, else as it was told."""
    source = ctx.core.profile.source_by_id.get(row.source)
    detail: dict[str, Any] = {"period": row.period}
    if source is not None:
        detail["source"] = source.code
    if row.numerator is None or row.denominator is None:
        return Measured(row.value, row.received, 1, detail)
    detail |= {"part": row.numerator, "whole": row.denominator}
    value = of_parts(row.numerator, row.denominator, indicator.factor)
    return Measured(value, row.received, round(row.denominator), detail)


def _province(ctx: Context, indicator: Indicator) -> Measured:
    row = own_report(ctx, indicator, ctx.today)
    return NOTHING if row is None else of_report(ctx, indicator, row)


def _value(ctx: Context, indicator: Indicator) -> Measured:
    core, wanted = ctx.core, indicator.measure
    asset, metric = core.profile.asset[str(wanted["asset"])], core.profile.metric[str(wanted["metric"])]
    number = np.array([series_of(asset.id, metric.id)], dtype=np.int64)
    at = int(core.columns.series_at(number)[0])
    if at < 0 or not core.thresholds.heard[at]:
        return NOTHING
    value = float(core.thresholds.values[at]) / metric.scale
    return Measured(value, int(core.thresholds.times[at]), 1, {"source": asset.source})
