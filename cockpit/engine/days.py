"""Daily figures of days that are over, from what is stored by day and hour: a day without data has none.

Each says what the figure was when the day ended, as far as the store can tell. Nothing is made up: where
something is not kept by day, the figure is a bound that says so, or missing.
"""

from __future__ import annotations

from cockpit.domain.catalog import Asset, Indicator
from cockpit.domain.coverage.cells import Limits
from cockpit.domain.coverage.patches import best_cells, patches
from cockpit.domain.freshness import due, judge, limits_of_asset, limits_of_source, timeliness
from cockpit.domain.indicators import middle, share
from cockpit.domain.periods import DAY_MS, HOUR_MS, aged
from cockpit.domain.registers import GAP
from cockpit.engine import formulas
from cockpit.engine.figure import NOTHING, Measured
from cockpit.engine.measures import (
    MEDIAN_DAYS,
    RECEIVED,
    by_machine,
    complete,
    median_speed,
    share_of,
)
from cockpit.engine.past import Past
from cockpit.engine.received import PARTS_STAND_MS, of_report, own_report
from cockpit.profiles.formulas import named
from cockpit.store.queries import indicators as queries
from cockpit.store.queries import registers
from cockpit.store.queries.observations import group_rollups, rollups_1h

AT_MIDNIGHT = ("machine_share", "fresh_sources", "coverage_weak_share", "coverage_gaps", "coverage_speed")
"""What the engine knows best itself: kept as it is when the day ends. From the store it is reckoned only for
days whose end the engine did not see."""

OF_ALL = ("machine_share", "fresh_sources", "completeness", "coverage_gaps")
"""These would tell of a failure where a part of the past is still on its way: they wait for all of it."""

DAYS_OFF = 10
"""Days that a calendar of working days can stand still, those of Tết with the weekends around them."""


def of_day(past: Past, indicator: Indicator, day: int) -> Measured:
    """The figure as of the end of `day`."""
    wanted = indicator.measure
    kind = str(wanted["kind"])
    if kind in OF_ALL and past.filling:
        return NOTHING
    end = past.end(day)
    if kind == "presence":
        return _presence(past, str(wanted["asset_kind"]), day)
    if kind == "availability":
        return _availability(past, str(wanted["asset_kind"]), str(wanted["metric"]), day)
    if kind == "latest":
        return _latest(past, indicator, day)
    if kind == "formula":
        return formulas.of_day(past, indicator, day)
    if kind == "overdue":
        record = str(wanted["record"])
        if not past.tallies(record, 1, day):
            return NOTHING
        n = queries.overdue_at(past.conn, record, end)
        return Measured(float(n), end, n)
    if kind == "median_hours":
        took = queries.handled(past.conn, str(wanted["record"]), end - MEDIAN_DAYS * DAY_MS, end)
        value = middle(took)
        return Measured(None if value is None else value / HOUR_MS, end, len(took))
    if kind == "completeness":
        return complete(past.ctx, end // HOUR_MS - 24, end // HOUR_MS)
    if kind == "composite":
        values = [past.value(code, day) for code in named(indicator)]
        known = [v for v in values if v is not None]
        if len(known) < len(values):
            return NOTHING
        total = float(sum(known))
        return Measured(total / len(known) if wanted.get("op") == "mean" else total, end, len(known))
    if kind == "report":
        return _typed(past, indicator, day)
    if kind == "fresh_sources":
        return _fresh_sources(past, day)
    if kind == "machine_share":
        return _machine_share(past, indicator, day)
    if kind == "coverage_gaps":
        return _coverage_gaps(past, day)
    if kind in ("coverage_weak_share", "coverage_speed"):
        return _coverage(past, kind, day)
    return NOTHING


def _presence(past: Past, kind: str, day: int) -> Measured:
    """Observations of the day over those expected, between its first and its last hour with any."""
    profile = past.profile
    metric = next((m for m in profile.metrics if kind in m.kinds), None)
    assets = [a for a in profile.assets if a.kind == kind and a.rhythm_s]
    if metric is None or not assets:
        return NOTHING
    hours = group_rollups(past.conn, kind, "", metric.id, day, day).get(day)
    if hours is None or not hours[0].any():
        return NOTHING
    there = hours[0].nonzero()[0]
    span = int(there[-1] - there[0]) + 1
    expected = sum(3600.0 / a.rhythm_s for a in assets) * span
    n = int(hours[0].sum())
    return Measured(share(min(float(n), expected), expected), None, n)


def _availability(past: Past, kind: str, code: str, day: int) -> Measured:
    metric = past.profile.metric[code]
    hours = group_rollups(past.conn, kind, "", metric.id, day, day).get(day)
    if hours is None or not hours[0].any():
        return NOTHING
    n = int(hours[0].sum())
    factor = (100.0 if metric.hi == 1 else 1.0) / metric.scale
    return Measured(float(hours[1].sum()) / n * factor, None, n)


def _latest(past: Past, indicator: Indicator, day: int) -> Measured:
    """What a system sent last, as a value or with its parts. What came before the day stands as long as the
    next is not overdue: a figure sent once a month is not missing on the days between."""
    sender = past.profile.asset[str(indicator.measure["asset"])]
    source = past.profile.source[sender.source]
    late_ms = limits_of_asset(sender).late_ms or limits_of_source(source).late_ms
    reach = late_ms // DAY_MS + (1 if source.calendar == "always" else DAYS_OFF)
    end = past.end(day)
    found = _value(past, sender, str(indicator.measure["metric"]), day, reach)
    told = own_report(past.ctx, indicator, day, until=end)
    # The day's own parts make it exact; older ones give way to what is newer.
    if told is not None and told.received > min(end - DAY_MS, (found.asof or end) - PARTS_STAND_MS):
        found = of_report(past.ctx, indicator, told)
    if found.asof is None or found.asof > end - DAY_MS:
        return found
    return found if due(found.asof, late_ms, source.calendar, past.work) > end else NOTHING


def _value(past: Past, sender: Asset, code: str, day: int, reach: int) -> Measured:
    """Mean of the last hour with a value, on the day or at most `reach` days earlier: the value itself where
    there was one an hour."""
    metric = past.profile.metric[code]
    for first, last in ((day, day), (day - reach, day - 1)):
        days = rollups_1h(past.conn, sender.id, first, last, offset_s=past.profile.utc_offset_s)
        for found in sorted(days, reverse=True):
            hours = days[found].get(metric.id)
            if hours is not None and hours[0].any():
                hour = int(hours[0].nonzero()[0][-1])
                n = int(hours[0][hour])
                asof = past.end(found - 1) + (hour + 1) * HOUR_MS
                return Measured(float(hours[1][hour]) / n / metric.scale, asof, n, {"source": sender.source})
    return NOTHING


def _typed(past: Past, indicator: Indicator, day: int) -> Measured:
    """What people had reported by then, unless it was too old by then."""
    end = past.end(day)
    told = own_report(past.ctx, indicator, day, until=end)
    found = NOTHING if told is None else of_report(past.ctx, indicator, told)
    if found.asof is None or found.asof > end or aged(indicator.period, found.asof, end):
        return NOTHING
    return found


def _fresh_sources(past: Past, day: int) -> Measured:
    """By when each source was last heard before the day ended. One that was first heard later was connected
    later and does not count yet; on a day at whose end nobody was heard, the cockpit did not listen."""
    end, last = past.end(day), past.last_heard(day)
    if max(last.values(), default=0) < end - HOUR_MS:
        return NOTHING
    counted = timeliness(
        judge(last.get(s.id, 0), end, limits_of_source(s), s.calendar, past.work)
        for s in past.feeds
        if s.id in last or s.id not in past.first_heard
    )
    return share_of(counted.fresh, counted.sources, end)


def _machine_share(past: Past, indicator: Indicator, day: int) -> Measured:
    """Of the figures that there are by now, those whose sources had been heard by then: by what each came on
    that day, or comes now. Where the history has just begun and a source was not due yet, nobody can know
    what it would have brought: no figure."""
    profile, end = past.profile, past.end(day)
    unheard = past.unheard(day)
    mechanical = 0
    for one in profile.indicators:
        found = past.ctx.values.get(one.code, NOTHING)
        if one.measure["kind"] in RECEIVED:
            then = of_day(past, one, day)
            found = found if then.value is None else then
        if one.code != indicator.code and not by_machine(profile, one, found, past.ctx.values):
            continue
        missing = [s for s in unheard if s.code in (found.detail.get("source"), *one.sources)]
        if any(past.not_due(s, end) for s in missing):
            return NOTHING
        mechanical += not missing
    return share_of(mechanical, len(profile.indicators), end)


def _coverage_gaps(past: Past, day: int) -> Measured:
    """Entries of the register that were open; before it began, patches in the samples of the window. Of a
    cell's devices only those of each day are known: the most on any one is the least there were, so a gap too
    few may be told and none too many."""
    end = past.end(day)
    entries = registers.open_at(past.conn, GAP, end)
    if entries is not None:
        return Measured(float(entries), end, entries)
    c = past.profile.coverage
    limits = Limits(c.weak_dbm, c.bad_dbm, c.min_groups, c.min_devices)
    cells = best_cells(past.cells(day).values(), limits)
    judged = sum(kind != "samples" for kind, _ in cells)
    return Measured(float(len(patches(cells, "bad"))), end, judged) if judged else NOTHING


def _coverage(past: Past, kind: str, day: int) -> Measured:
    """Of the samples of the window that ends with the day."""
    sums = past.coverage(day)
    if kind == "coverage_speed":
        return median_speed(sums.down_n, sums.down_sum, past.end(day))
    n = int(sums.n.sum())
    return Measured(share(int(sums.weak.sum()), n), past.end(day), n)
