"""Daily figures of days that are over, from tallies and roll-ups: a day without data has no row."""

from __future__ import annotations

from cockpit.domain.catalog import Indicator
from cockpit.domain.freshness import DAY_MS
from cockpit.domain.indicators import middle, share
from cockpit.engine.measures import HOUR_MS, MEDIAN_DAYS, NOTHING, Context, Measured, complete, parts_of
from cockpit.store.queries import indicators as queries
from cockpit.store.queries.observations import group_rollups, rollups_1h

AT_MIDNIGHT = ("machine_share", "fresh_sources", "coverage_weak_share", "coverage_gaps", "coverage_speed")
"""Not kept by day anywhere: what is known when the day ends is written then, and never later."""


def of_day(ctx: Context, indicator: Indicator, day: int, same_day: dict[str, Measured]) -> Measured:
    """The figure as of the end of `day`; `same_day` are those of this day computed before."""
    wanted = indicator.measure
    kind = str(wanted["kind"])
    end = (day + 1) * DAY_MS - ctx.core.profile.utc_offset_s * 1000
    if kind == "presence":
        return _presence(ctx, str(wanted["asset_kind"]), day)
    if kind == "availability":
        return _availability(ctx, str(wanted["asset_kind"]), str(wanted["metric"]), day)
    if kind == "latest":
        return _latest(ctx, str(wanted["asset"]), str(wanted["metric"]), day)
    if kind in ("tally_share", "tally_sum"):
        found = queries.tally_counts(ctx.conn, str(wanted["record"]), day - int(str(wanted["days"])) + 1, day)
        whole = found.get(("", str(wanted["all" if kind == "tally_share" else "name"])))
        if whole is None:
            return NOTHING
        if kind == "tally_sum":
            return Measured(float(whole), end, whole)
        return Measured(share(found.get(("", str(wanted["good"])), 0), whole), end, whole)
    if kind == "overdue":
        record = str(wanted["record"])
        if not queries.tally_counts(ctx.conn, record, day, day):
            return NOTHING
        n = queries.overdue_at(ctx.conn, record, end)
        return Measured(float(n), end, n)
    if kind == "median_hours":
        took = queries.handled(ctx.conn, str(wanted["record"]), end - MEDIAN_DAYS * DAY_MS, end)
        value = middle(took)
        return Measured(None if value is None else value / HOUR_MS, end, len(took))
    if kind == "completeness":
        return complete(ctx, end // HOUR_MS - 24, end // HOUR_MS)
    if kind == "composite":
        values = [same_day.get(code, NOTHING).value for code in parts_of(indicator)]
        known = [v for v in values if v is not None]
        if len(known) < len(values):
            return NOTHING
        total = float(sum(known))
        return Measured(total / len(known) if wanted.get("op") == "mean" else total, end, len(known))
    return NOTHING


def _presence(ctx: Context, kind: str, day: int) -> Measured:
    """Observations of the day over those expected, between its first and its last hour with any."""
    profile = ctx.core.profile
    metric = next((m for m in profile.metrics if kind in m.kinds), None)
    assets = [a for a in profile.assets if a.kind == kind and a.rhythm_s]
    if metric is None or not assets:
        return NOTHING
    hours = group_rollups(ctx.conn, kind, "", metric.id, day, day).get(day)
    if hours is None or not hours[0].any():
        return NOTHING
    there = hours[0].nonzero()[0]
    span = int(there[-1] - there[0]) + 1
    expected = sum(3600.0 / a.rhythm_s for a in assets) * span
    n = int(hours[0].sum())
    return Measured(share(min(float(n), expected), expected), None, n)


def _availability(ctx: Context, kind: str, code: str, day: int) -> Measured:
    metric = ctx.core.profile.metric[code]
    hours = group_rollups(ctx.conn, kind, "", metric.id, day, day).get(day)
    if hours is None or not hours[0].any():
        return NOTHING
    n = int(hours[0].sum())
    factor = (100.0 if metric.hi == 1 else 1.0) / metric.scale
    return Measured(float(hours[1].sum()) / n * factor, None, n)


def _latest(ctx: Context, asset: str, code: str, day: int) -> Measured:
    """Mean of the last hour of the day with a value: the value itself where there was one an hour."""
    metric = ctx.core.profile.metric[code]
    days = rollups_1h(
        ctx.conn, ctx.core.profile.asset[asset].id, day, day, offset_s=ctx.core.profile.utc_offset_s
    )
    hours = days.get(day, {}).get(metric.id)
    if hours is None or not hours[0].any():
        return NOTHING
    last = int(hours[0].nonzero()[0][-1])
    return Measured(float(hours[1][last]) / int(hours[0][last]) / metric.scale, None, int(hours[0][last]))
