"""What the word `measure` of an indicator means: one function a kind, for the province and its units."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping

import numpy as np

from cockpit.domain.catalog import Indicator
from cockpit.domain.freshness import expected_events, timeliness
from cockpit.domain.indicators import middle, share
from cockpit.domain.numbers import SourceId
from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.engine.columns import Ints
from cockpit.engine.figure import NOTHING, Context, Found, Measured
from cockpit.engine.formulas import by_people, formula
from cockpit.engine.received import latest, reported
from cockpit.engine.silence import FRESH, LATE, NAMES, NEVER
from cockpit.profiles import Profile
from cockpit.profiles.formulas import named
from cockpit.store.queries import indicators as queries
from cockpit.store.queries import loading

MIN_SAMPLES = 300
"""Radio samples under which the province's coverage is not judged."""

MECHANICAL = {"machine", "api", "computed"}
"""Kinds of sources at which nobody types."""

MEDIAN_DAYS = 30


def measure(ctx: Context, indicator: Indicator) -> Found:
    """Compute an indicator. Raises KeyError where its measure is unknown or names something unknown."""
    return KINDS[str(indicator.measure["kind"])](ctx, indicator)


def _presence(ctx: Context, indicator: Indicator) -> Found:
    """Share of registered assets that are heard of in time: one that is late is not."""
    core = ctx.core
    assets = core.columns.assets_of_kind.get(str(indicator.measure["asset_kind"]), np.empty(0, np.int64))
    state, last = core.assets.state[assets], core.assets.last[assets]
    if not len(assets) or not (state != NEVER).any():
        return {"": NOTHING}
    there = state == FRESH
    units = core.columns.asset_unit[assets]
    size = len(core.profile.units) + 1
    alls, goods = np.bincount(units, minlength=size), np.bincount(units[there], minlength=size)
    newest = np.zeros(size, dtype=np.int64)
    np.maximum.at(newest, units, last)
    heard = np.bincount(units[state != NEVER], minlength=size)
    out = {"": share_of(int(there.sum()), len(assets), int(last.max()))}
    for position, unit in enumerate(core.profile.units):
        if heard[position]:
            out[unit.code] = share_of(int(goods[position]), int(alls[position]), int(newest[position]))
    return out


def share_of(part: int, whole: int, asof: int | None, *, enough: bool = True) -> Measured:
    return Measured(share(part, whole), asof, whole, {"part": part, "whole": whole}, enough)


def _availability(ctx: Context, indicator: Indicator) -> Found:
    """Mean of the newest values of the assets that are heard of; a 0/1 metric counts in percent."""
    core, wanted = ctx.core, indicator.measure
    metric = core.profile.metric[str(wanted["metric"])]
    kind = core.columns.assets_of_kind.get(str(wanted["asset_kind"]), np.empty(0, np.int64))
    series = np.flatnonzero(
        (core.columns.series_metric == metric.id) & np.isin(core.columns.series_asset, kind)
    )
    asset = core.columns.series_asset[series]
    state = core.assets.state[asset]
    known = (core.thresholds.heard[series] > 0) & ((state == FRESH) | (state == LATE))
    if not known.any():
        return {"": NOTHING}
    factor = (100.0 if metric.hi == 1 else 1.0) / metric.scale
    units = core.columns.asset_unit[asset]
    size = len(core.profile.units) + 1
    values, heard = core.thresholds.values[series], core.thresholds.heard[series]
    n, registered = np.bincount(units[known], minlength=size), np.bincount(units, minlength=size)
    sums = np.bincount(units[known], weights=values[known], minlength=size)
    newest = np.zeros(size, dtype=np.int64)
    np.maximum.at(newest, units, heard)
    total = int(known.sum())
    out = {
        "": Measured(
            float(values[known].sum()) / total * factor, int(heard.max()), total,
            {"completeness": total / len(series)},
        )
    }  # fmt: skip
    for position, unit in enumerate(core.profile.units):
        if n[position]:
            out[unit.code] = Measured(
                float(sums[position] / n[position] * factor), int(newest[position]), int(n[position]),
                {"completeness": float(n[position] / registered[position])},
            )  # fmt: skip
    return out


def _overdue(ctx: Context, indicator: Indicator) -> Found:
    asof = ctx.source_asof(indicator)
    if asof is None:
        return {"": NOTHING}
    found = queries.overdue(ctx.conn, str(indicator.measure["record"]), ctx.now)
    out = {unit: Measured(float(n), asof, n) for unit, n in found.items() if unit}
    for unit in ctx.core.profile.unit:
        out.setdefault(unit, Measured(0.0, asof, 0))
    total = sum(found.values())
    return out | {"": Measured(float(total), asof, total)}


def _median_hours(ctx: Context, indicator: Indicator) -> Found:
    t0 = ctx.now - MEDIAN_DAYS * DAY_MS
    took = queries.handled(ctx.conn, str(indicator.measure["record"]), t0, ctx.now)
    value = middle(took)
    hours = None if value is None else value / HOUR_MS
    return {"": Measured(hours, ctx.source_asof(indicator), len(took))}


def _machine_share(ctx: Context, indicator: Indicator) -> Found:
    """Share of all indicators whose figure is there and came from machines or interfaces alone."""
    every, filed = ctx.core.profile.indicators, ctx.filed()
    mechanical = sum(
        one.code == indicator.code
        or by_machine(ctx.core.profile, one, ctx.values.get(one.code, NOTHING), ctx.values, filed)
        for one in every
    )
    return {"": share_of(mechanical, len(every), ctx.now)}


def by_machine(
    profile: Profile,
    indicator: Indicator,
    found: Measured,
    values: Mapping[str, Measured],
    filed: Collection[str] = (),
) -> bool:
    """By what its value really came; what is computed here depends on all of its sources, on all figures that
    it is made of (in `values`), and on what people say in registers. `filed`: sources of which somebody has
    brought in a file, and nothing came since."""
    came = found.detail.get("source")
    if found.value is None or by_people(indicator):
        return False
    ways = [came] if came else indicator.sources
    if any(profile.source[s].kind not in MECHANICAL or s in filed for s in ways):
        return False
    parts = [profile.indicator[code] for code in named(indicator)]
    return all(by_machine(profile, one, values.get(one.code, NOTHING), values, filed) for one in parts)


def _fresh_sources(ctx: Context, indicator: Indicator) -> Found:
    states = ctx.core.sources.state
    feeds = [i for i, s in enumerate(ctx.core.profile.sources) if s.inward]
    counted = timeliness(NAMES[int(states[i])] for i in feeds)
    if counted.never == counted.sources:
        return {"": NOTHING}
    return {"": share_of(counted.fresh, counted.sources, ctx.now)}


def _completeness(ctx: Context, indicator: Indicator) -> Found:
    """Received of expected events over the last 24 full hours; hours whose past is still being brought
    in do not count."""
    filling = loading.start(ctx.conn)
    hour1 = (ctx.now if filling is None else min(ctx.now, filling)) // HOUR_MS
    return {"": complete(ctx, hour1 - 24, hour1)}


def complete(ctx: Context, hour0: int, hour1: int) -> Measured:
    """Completeness within UTC hours; what one source sends too much does not make up for another, nor one
    hour of a feed of devices, which send in a rhythm, for another hour. A source counts from the first
    hour in which it sent anything, so one just connected is not missing."""
    sources = ctx.core.profile.source_by_id
    of_devices = {a.source for a in ctx.core.profile.assets if 0 < a.rhythm_s <= HOUR_MS // 1000}
    received: dict[SourceId, float] = {}
    first: dict[SourceId, int] = {}
    for hour, source, events, _ in queries.source_hours(ctx.conn, hour0, hour1):
        if events and source in sources:
            most = sources[source].per_hour if sources[source].code in of_devices else math.inf
            received[source] = received.get(source, 0.0) + min(events, most)
            first[source] = min(first.get(source, hour), hour)
    got = due = 0.0
    for source, arrived in received.items():
        if sources[source].time == "domain":
            expected = expected_events(sources[source], first[source] * HOUR_MS, hour1 * HOUR_MS, ctx.work)
            got += min(arrived, expected)
            due += expected
    return Measured(share(got, due), hour1 * HOUR_MS if due else None, round(due))


def _coverage_weak_share(ctx: Context, indicator: Indicator) -> Found:
    n, weak, last = queries.coverage_sums(ctx.conn)
    return {"": Measured(share(weak, n), last or None, n, {}, n >= MIN_SAMPLES)}


def _coverage_gaps(ctx: Context, indicator: Indicator) -> Found:
    """Open gaps of the register, which the coverage page lists."""
    look = ctx.gaps.look
    if look is None:
        return {"": NOTHING}
    detail = {"cells": look.bad, "judged": look.judged}
    return {"": Measured(float(look.gaps), look.last or None, look.judged, detail)}


def _coverage_speed(ctx: Context, indicator: Indicator) -> Found:
    rows = queries.downloads(ctx.conn)
    if not len(rows):
        return {"": NOTHING}
    _, _, last = queries.coverage_sums(ctx.conn)
    return {"": median_speed(rows[:, 0], rows[:, 1], last or None)}


def median_speed(n: Ints, total: Ints, asof: int | None) -> Measured:
    """Median download in Mbit/s: of the cells' means, each weighing as many samples as it has. `n` samples
    and their `total` in kbit/s by cell and operator."""
    there = n > 0
    n, total = n[there], total[there]
    if not len(n):
        return NOTHING
    means = total / n / 1000.0
    order = np.argsort(means, kind="stable")
    running = np.cumsum(n[order])
    samples = int(running[-1])
    value = float(means[order][np.searchsorted(running, samples / 2)])
    return Measured(value, asof, samples, {}, samples >= MIN_SAMPLES)


def _composite(ctx: Context, indicator: Indicator) -> Found:
    """Sum or mean of other indicators; missing as long as one of them is."""
    parts = [ctx.values.get(code, NOTHING) for code in named(indicator)]
    known = [p.value for p in parts if p.value is not None]
    if not parts or len(known) < len(parts):
        return {"": NOTHING}
    total = float(sum(known))
    if indicator.measure.get("op", "sum") == "mean":
        total /= len(known)
    return {"": Measured(total, min((p.asof for p in parts if p.asof), default=None), len(parts))}


KINDS: dict[str, Callable[[Context, Indicator], Found]] = {
    "presence": _presence,
    "availability": _availability,
    "latest": latest,
    "formula": formula,
    "overdue": _overdue,
    "median_hours": _median_hours,
    "machine_share": _machine_share,
    "fresh_sources": _fresh_sources,
    "completeness": _completeness,
    "coverage_weak_share": _coverage_weak_share,
    "coverage_gaps": _coverage_gaps,
    "coverage_speed": _coverage_speed,
    "report": reported,
    "composite": _composite,
}

IN_MEMORY = ("presence", "availability", "latest", "machine_share", "fresh_sources", "composite")
RECEIVED = ("report", "latest")
"""What arrives finished, so that it can be withdrawn, too."""

SLOW = ("coverage_speed", "coverage_weak_share", "median_hours")
