"""What a source sends, as figures: no feed is only watched. And devices that no other page lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cockpit.domain.catalog import Asset, Metric, Source, Text, asset_of, metric_of
from cockpit.domain.numbers import SeriesNo
from cockpit.domain.periods import HOUR_MS
from cockpit.profiles.formulas import counted
from cockpit.store.handles import Read
from cockpit.store.queries import cameras as asset_rows
from cockpit.store.queries import coverage, observations, reports
from cockpit.store.queries import indicators as sums
from cockpit.store.queries import records as record_rows
from cockpit.views.context import ViewContext
from cockpit.views.figures import day_of

DAYS = 30
HOURS = 24
REACH_H = 96
"""So far back the last hours of a system are looked for: offices are closed at weekends."""
ALONE = "system"
"""The kind of assets each of which stands for itself: a department's system, of which no mean is made."""

OWN_PAGE = ("camera", "site", "cell", ALONE)
"""Kinds of devices that other pages list, or that are none."""

MOST = 500
LAST = 400

Of = Literal["metric", "records", "report", "samples"]


@dataclass(frozen=True, slots=True)
class Sent:
    """A figure of a source: the newest value of a metric (the mean of `n` devices), records of the last 30
    days, what was reported last (`period`), or signal samples. `trend`: a value an hour for metrics, a day
    for records, oldest first; `code` is that of the metric, of the kind and what is counted, of the
    indicator."""

    of: Of
    code: str
    name: Text
    unit: str
    decimals: int
    value: float | None
    asof_ms: int | None = None
    n: int = 1
    period: str = ""
    trend: tuple[float, ...] = ()
    hours: tuple[int, ...] = ()  # of a metric: when the hours of its trend begin (ms)


@dataclass(frozen=True, slots=True)
class Device:
    """One device of a source, the newest value of each of its metrics, and the last record of its unit."""

    asset: Asset
    state: str
    last: int | None
    values: tuple[float | None, ...]  # by the metrics of its kind
    record: record_rows.RecordRow | None


@dataclass(frozen=True, slots=True)
class Devices:
    """Devices of one kind, those that are not heard first; `total` of them there are."""

    kind: str
    metrics: tuple[Metric, ...]
    total: int
    devices: tuple[Device, ...]


def sent(ctx: ViewContext, conn: Read, source: Source) -> tuple[Sent, ...]:
    """Every figure that a source may send, whether it has come yet or not."""
    found: list[Sent] = []
    assets = [a for a in ctx.profile.assets if a.source == source.code]
    for kind in dict.fromkeys(a.kind for a in assets):
        mine = [a for a in assets if a.kind == kind]
        for group in ([a] for a in mine) if kind == ALONE else (mine,):
            found += _metrics(ctx, conn, source, kind, group)
    for kind in source.records:
        found += _records(ctx, conn, kind)
    found += [_report(ctx, conn, source, code) for code in source.reports if code in ctx.profile.indicator]
    if source.samples:
        n, _, last = sums.coverage_sums(conn)
        known = coverage.first_day(conn) is not None
        value = float(n) if known else None
        found.append(Sent("samples", "samples", Text("", ""), "", 0, value, last or None))
    return tuple(found)


def _sends(ctx: ViewContext, assets: list[Asset], kind: str) -> list[Metric]:
    """The metrics that these assets send: a system those that it names."""
    if kind == ALONE:
        named = {code for a in assets for code in str(a.attrs.get("metrics", "")).split()}
        return [m for m in ctx.profile.metrics if m.code in named]
    return [m for m in ctx.profile.metrics if any(m.sent_by(a) for a in assets)]


def _metrics(ctx: ViewContext, conn: Read, source: Source, kind: str, assets: list[Asset]) -> list[Sent]:
    metrics = _sends(ctx, assets, kind)
    if not metrics:
        return []
    newest = observations.latest(conn, [a.id for a in assets])
    which = newest.series & 255
    now = ctx.now_of(source.code)
    found = []
    for metric in metrics:
        mine = which == metric.id
        n = int(mine.sum())
        factor = (100.0 if metric.flag else 1.0) / metric.scale
        value = float(newest.value[mine].mean()) * factor if n else None
        unit = "%" if metric.flag else "" if metric.unit == "1" else metric.unit
        decimals = 1 if metric.flag else len(str(metric.scale)) - 1
        asof = int(newest.time[mine].max()) if n else None
        means = _hours(ctx, conn, kind, assets, metric, now)
        trend, hours = tuple(v * factor for _, v in means), tuple(at for at, _ in means)
        found.append(
            Sent("metric", metric.code, metric.name, unit, decimals, value, asof, n, "", trend, hours)
        )
    return found


def _hours(
    ctx: ViewContext, conn: Read, kind: str, assets: list[Asset], metric: Metric, now: int
) -> list[tuple[int, float]]:
    """When each of the last hours began that have any, and its mean."""
    offset = ctx.profile.utc_offset_s
    hour = (now + offset * 1000) // HOUR_MS
    reach = REACH_H if kind == ALONE else HOURS
    first, last = (hour - reach) // 24, hour // 24
    if kind == ALONE:
        of_days = observations.rollups_1h(conn, assets[0].id, first, last, offset_s=offset)
        days = {day: found[metric.id] for day, found in of_days.items() if metric.id in found}
    else:
        days = observations.group_rollups(conn, kind, "", metric.id, first, last)
    out: list[tuple[int, float]] = []
    for at in range(hour - reach + 1, hour + 1):
        day, column = divmod(at, 24)
        if day in days and days[day][0][column]:
            mean = float(days[day][1][column]) / float(days[day][0][column])
            out.append((at * HOUR_MS - offset * 1000, mean))
    return out[-HOURS:]


def _records(ctx: ViewContext, conn: Read, kind: str) -> list[Sent]:
    today = day_of(ctx.now_ms, ctx.profile.utc_offset_s)
    days = sums.tallied_days(conn, kind, today - DAYS + 1, today)
    newest = record_rows.records(conn, kind, limit=1)
    asof = newest[0].updated if newest else None
    found = []
    for name in counted(kind):
        by_day = days.get(name, {})
        trend = tuple(float(by_day.get(day, 0)) for day in range(today - DAYS + 1, today + 1))
        value = sum(trend) if asof is not None else None
        found.append(Sent("records", f"{kind}.{name}", Text(kind, kind), "", 0, value, asof, 1, "", trend))
    return found


def _report(ctx: ViewContext, conn: Read, source: Source, code: str) -> Sent:
    indicator = ctx.profile.indicator[code]
    today = day_of(ctx.now_ms, ctx.profile.utc_offset_s)
    told = reports.standing(conn, code, today, of=[source.id])
    value, asof, period = (None, None, "") if told is None else (told.value, told.received, told.period)
    unit = indicator.unit.vi
    return Sent("report", code, indicator.name, unit, indicator.decimals, value, asof, 1, period)


def devices(ctx: ViewContext, conn: Read, source: Source) -> tuple[Devices, ...]:
    """The devices of a source by kind, where no page of their own lists them."""
    found = []
    kinds = dict.fromkeys(a.kind for a in ctx.profile.assets if a.source == source.code and a.rhythm_s)
    last = _last_records(conn, source)
    for kind in kinds:
        if kind in OWN_PAGE:
            continue
        mine = [a for a in ctx.profile.assets if a.source == source.code and a.kind == kind]
        metrics = tuple(_sends(ctx, mine, kind))
        newest = observations.latest(conn, [a.id for a in mine])
        states = asset_rows.states(conn, min(a.id for a in mine), max(a.id for a in mine))
        values = {
            (asset_of(SeriesNo(s)), metric_of(SeriesNo(s))): v
            for s, v in zip(newest.series.tolist(), newest.value.tolist(), strict=True)
        }
        heard: dict[int, int] = {}
        for series, t in zip((newest.series >> 8).tolist(), newest.time.tolist(), strict=True):
            heard[series] = max(t, heard.get(series, 0))
        listed = [
            Device(
                a,
                states.get(a.id, ("never", 0))[0],
                heard.get(a.id),
                tuple(None if (v := values.get((a.id, m.id))) is None else v / m.scale for m in metrics),
                last.get(a.unit),
            )
            for a in mine
        ]
        listed.sort(key=lambda d: (_ORDER.get(d.state, 0), d.asset.code))
        found.append(Devices(kind, metrics, len(listed), tuple(listed[:MOST])))
    return tuple(found)


_ORDER = {"silent": 0, "late": 1, "never": 2, "fresh": 3}


def _last_records(conn: Read, source: Source) -> dict[str, record_rows.RecordRow]:
    """The newest record of each unit among the last ones that the source brought."""
    found: dict[str, record_rows.RecordRow] = {}
    for kind in source.records:
        for row in record_rows.records(conn, kind, limit=LAST):
            if row.unit not in found or row.updated > found[row.unit].updated:
                found[row.unit] = row
    return found
