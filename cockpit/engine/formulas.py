"""Figures whose formula the profile declares: named counts by unit, and what the expression makes of them.

No count reads all records: they are tallied as they come in, roll-ups are kept by day and group, registers
are counted anew only after a step, and other figures are there already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cockpit.domain.catalog import FormulaCount, Indicator
from cockpit.domain.indicators import UNIT_RECORDS
from cockpit.domain.periods import to_date
from cockpit.domain.plans import counting, life
from cockpit.domain.plans.model import OPEN
from cockpit.domain.registers import GAP, TARGET, TASK
from cockpit.engine.figure import NOTHING, Context, Found, Measured
from cockpit.engine.past import Past
from cockpit.profiles.formulas import factor, of_records, reckoned
from cockpit.store.handles import Read
from cockpit.store.queries import indicators as queries
from cockpit.store.queries import plans, registers
from cockpit.store.queries.observations import group_sums

TALLY_AGE_MS = 1_800_000
"""How long the sums of days gone by are kept: late records change them little and seldom."""

OF_PLANS = (TARGET, TASK)
"""Registers of which the entries of one plan count: of the province's own, the one that runs."""

BY_PEOPLE = OF_PLANS
"""Registers that people move."""


Tallies = dict[tuple[str, int], queries.Counts]
"""What one figure has read of records, by kind and days."""


class Counted(NamedTuple):
    """A count by unit, "" the province, and when its newest data came."""

    by_unit: dict[str, float]
    asof: int | None


def formula(ctx: Context, indicator: Indicator) -> Found:
    """The figure of the province, and of every unit that all counts are known of."""
    read: Tallies = {}
    known = {name: _counted(ctx, indicator, count, read) for name, count in indicator.counts.items()}
    units = set.intersection(*(set(one.by_unit) for one in known.values())) | {""}
    ends = [one.asof for one in known.values() if one.asof is not None]
    asof = min(ends) if len(ends) == len(known) else None
    times = factor(ctx.core.profile, indicator)
    before = ctx.found.get(indicator.code, {})
    out: Found = {"": NOTHING}
    for place in sorted(units | set(before)):
        figures = {name: one.by_unit.get(place) for name, one in known.items()}
        out[place] = _made(indicator, figures, asof, times, of_unit=bool(place))
    return out


def _made(
    indicator: Indicator, counts: dict[str, float | None], asof: int | None, times: float, *, of_unit: bool
) -> Measured:
    """What the formula comes to, with what it is made of."""
    if any(counts.get(name) is None for name in indicator.counts):
        return NOTHING
    value, part, whole = reckoned(indicator, counts, times)
    detail: dict[str, object] = {"counts": counts}
    if indicator.parts is not None:
        detail |= {"part": part, "whole": whole}
    n = max(0, round((value or 0.0) if whole is None else whole))
    few = of_unit and whole is not None and n < UNIT_RECORDS and of_records(indicator)
    return Measured(value, asof, n, detail, not few)


def by_people(indicator: Indicator) -> bool:
    """Whether what people say in a register is counted."""
    return any(count.register in BY_PEOPLE for count in indicator.counts.values())


def of_gaps(indicator: Indicator) -> bool:
    """Whether coverage gaps are counted."""
    return any(count.register == GAP for count in indicator.counts.values())


def _counted(ctx: Context, indicator: Indicator, count: FormulaCount, read: Tallies) -> Counted:
    if count.records:
        key = count.records, count.days
        if key not in read:
            read[key] = tallied(ctx, *key)
        found = read[key]
        known = {place for place, _ in found}
        values = {place: float(found.get((place, count.tally), 0)) for place in known}
        return Counted(values, ctx.source_asof(indicator) if known else None)
    if count.metric:
        return Counted(_rolled_up(ctx, count), ctx.source_asof(indicator))
    if count.register:
        return Counted(_entries(ctx, count), ctx.now)
    return _of_other(ctx, count)


def _of_other(ctx: Context, count: FormulaCount) -> Counted:
    found = ctx.found.get(count.indicator, {"": ctx.values.get(count.indicator, NOTHING)})
    values: dict[str, float] = {}
    for place, measured in found.items():
        told = measured.value if count.take == "value" else measured.detail.get(count.take)
        if told is not None and measured.enough:
            values[place] = float(told)
    return Counted(values, found.get("", NOTHING).asof)


def tallied(ctx: Context, kind: str, days: int) -> queries.Counts:
    """Tallies of the last `days` days, today's always read anew."""
    key = ("tally", kind, days, ctx.today)
    kept = ctx.cache.get(key)
    if kept is None or not 0 <= ctx.now - kept[0] < TALLY_AGE_MS:
        past = queries.tally_counts(ctx.conn, kind, ctx.today - days + 1, ctx.today - 1)
        _forget(ctx, key[:3])
        kept = ctx.cache[key] = ctx.now, past
    out = dict(kept[1])
    for name, n in queries.tally_counts(ctx.conn, kind, ctx.today, ctx.today).items():
        out[name] = out.get(name, 0) + n
    return out


def _rolled_up(ctx: Context, count: FormulaCount) -> dict[str, float]:
    metric = ctx.core.profile.metric[count.metric]
    key = ("rolled", count.asset_kind, metric.id, count.days, ctx.today)
    kept = ctx.cache.get(key)
    if kept is None or not 0 <= ctx.now - kept[0] < TALLY_AGE_MS:
        first, last = ctx.today - count.days + 1, ctx.today - 1
        past = group_sums(ctx.conn, count.asset_kind, metric.id, first, last)
        _forget(ctx, key[:4])
        kept = ctx.cache[key] = ctx.now, past
    sums = dict(kept[1])
    today = group_sums(ctx.conn, count.asset_kind, metric.id, ctx.today, ctx.today)
    for place, (n, total) in today.items():
        before = sums.get(place, (0, 0))
        sums[place] = before[0] + n, before[1] + total
    return {place: _taken(count, n, total, metric.scale) for place, (n, total) in sums.items() if n}


def _taken(count: FormulaCount, n: int, total: int, scale: int) -> float:
    if count.take == "observations":
        return float(n)
    return total / scale / (n if count.take == "mean" else 1)


def _forget(ctx: Context, head: tuple[object, ...]) -> None:
    for old in [key for key in ctx.cache if key[: len(head)] == head]:
        del ctx.cache[old]


def _entries(ctx: Context, count: FormulaCount) -> dict[str, float]:
    """Entries of a register by unit; nothing where nothing is known of any."""
    if count.register == GAP and ctx.gaps.look is None:
        return {}
    step = registers.last_step(ctx.conn)
    key = ("register", count.register, ctx.today, step)
    if key not in ctx.cache:
        plan = _running(ctx.conn, ctx.today) if count.register in OF_PLANS else ""
        rows = [] if plan is None else registers.by_state(ctx.conn, count.register, plan)
        _forget(ctx, key[:2])
        ctx.cache[key] = rows if plan or rows or count.register == GAP else None
    rows = ctx.cache[key]
    if rows is None:
        return {}
    return {"": _summed(rows, count.states)} | {
        place: _summed((row for row in rows if row[0] == place), count.states)
        for place in ctx.core.profile.unit
    }


def _summed(rows: Iterable[tuple[str, str, int]], states: tuple[str, ...]) -> float:
    return float(sum(n for _, state, n in rows if state in states))


def _running(conn: Read, day: int) -> str | None:
    """Code of the plan that counts on a day."""
    plan = counting.running(plans.heads(conn), to_date(day).isoformat())
    return None if plan is None else plan.facts.code


def _followed(past: Past, rows: Mapping[str, int], plan: str, day: int) -> dict[str, int]:
    """States of targets at the end of a day, where those that follow an indicator stand as its figure of that
    day says: a plan that was brought in later was not ticked then. Without a figure they stay as noted."""
    found = dict(rows)
    for one in registers.unjudged_at(past.conn, plan, past.end(day)):
        value = past.value(one.indicator, day)
        if value is None or one.state not in (*OPEN, "done"):
            continue
        found[one.state] -= 1
        to = "done" if life.reached(value, one.goal, one.direction) else "doing"
        found[to] = found.get(to, 0) + 1
    return found


def of_day(past: Past, indicator: Indicator, day: int) -> Measured:
    """The province's figure as of the end of a day gone by."""
    counts = {name: _at(past, count, day) for name, count in indicator.counts.items()}
    return _made(indicator, counts, past.end(day), factor(past.profile, indicator), of_unit=False)


def _at(past: Past, count: FormulaCount, day: int) -> float | None:
    if count.records:
        found = past.tallies(count.records, count.days, day)
        return float(found.get(("", count.tally), 0)) if any(not u for u, _ in found) else None
    if count.metric:
        metric = past.profile.metric[count.metric]
        sums = group_sums(past.conn, count.asset_kind, metric.id, day - count.days + 1, day, unit="")
        n, total = sums.get("", (0, 0))
        return _taken(count, n, total, metric.scale) if n else None
    if count.register:
        plan = _running(past.conn, day) if count.register in OF_PLANS else ""
        rows = None if plan is None else registers.states_at(past.conn, count.register, plan, past.end(day))
        if rows and plan and count.register == TARGET:
            rows = _followed(past, rows, plan, day)
        return None if not rows else float(sum(rows.get(state, 0) for state in count.states))
    return past.value(count.indicator, day) if count.take == "value" else None
