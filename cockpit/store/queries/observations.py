"""Observations, roll-ups and counters: what one screen or one API answer asks for, by few seeks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cockpit.domain.catalog import asset_of, metric_of, series_between, series_of
from cockpit.domain.numbers import AssetId, MetricId, SeriesNo, SourceId
from cockpit.domain.periods import HOUR_MS
from cockpit.store import blocks, codec, identity, meta
from cockpit.store.batch import Ints
from cockpit.store.handles import Read
from cockpit.store.hours import bucket_of, read_open
from cockpit.store.observations import raw_table
from cockpit.store.queries.records import record, records, tallies
from cockpit.store.rollups import reduce
from cockpit.store.sql import integers


class Latest(NamedTuple):
    """The newest observation of each series, in order of series. Times in ms, values in units of the
    metric's resolution."""

    series: Ints
    time: Ints
    received: Ints
    value: Ints


def latest(conn: Read, asset_ids: Sequence[AssetId] | None = None) -> Latest:
    """The newest observation of every series, or of those of some assets."""
    runs = _runs(asset_ids) if asset_ids is not None else [(AssetId(0), AssetId(2**54))]
    table = np.concatenate(
        [
            np.zeros((0, 4), np.int64),
            *(
                integers(
                    conn,
                    ("series", "t", "received", "v"),
                    "(SELECT * FROM latest WHERE series BETWEEN ? AND ? ORDER BY series)",
                    series_between(first, last),
                )
                for first, last in runs
            ),
        ]
    )
    return Latest(*(np.ascontiguousarray(column) for column in table.T))


def _runs(ids: Sequence[AssetId]) -> list[tuple[AssetId, AssetId]]:
    """Ids as runs of neighbours (first, last): those of a kind mostly are, and a run is one read."""
    ordered = np.unique(np.array(ids, np.int64))
    parts = np.split(ordered, np.flatnonzero(np.diff(ordered) != 1) + 1)
    return [(AssetId(int(part[0])), AssetId(int(part[-1]))) for part in parts if len(part)]


def _plain(conn: Read) -> sqlite3.Cursor:
    """A cursor of plain tuples: a third cheaper than rows with names."""
    cursor = conn.cursor()
    cursor.row_factory = None
    return cursor


class Observations(NamedTuple):
    """Observations of one series, oldest first."""

    time: Ints
    value: Ints


def observations(conn: Read, series: SeriesNo, t0: int, t1: int, limit: int = 10_000) -> Observations:
    """The newest `limit` observations with t0 <= time < t1, of those still kept one by one."""
    times: list[Ints] = []
    values: list[Ints] = []
    left = limit
    for hour in range((t1 - 1) // HOUR_MS, t0 // HOUR_MS - 1, -1):
        if left <= 0:
            break
        t, v = _hour(conn, series, hour)
        keep = (t >= t0) & (t < t1)
        t, v = t[keep][-left:], v[keep][-left:]
        times.append(t)
        values.append(v)
        left -= len(t)
    if not times:
        return Observations(np.zeros(0, np.int64), np.zeros(0, np.int64))
    return Observations(np.concatenate(times[::-1]), np.concatenate(values[::-1]))


def observations_of(conn: Read, series: Ints, t0: int, t1: int) -> Ints:
    """series, time, value (n, 3) of several series with t0 <= time < t1, by time: one pass over each hour."""
    wanted = json.dumps(series.tolist())
    assets = json.dumps(np.unique(series >> 8).tolist())
    parts = [np.zeros((0, 3), np.int64)]
    for hour in range(t0 // HOUR_MS, (t1 - 1) // HOUR_MS + 1):
        sealed = _plain(conn).execute(
            "SELECT asset, data FROM block WHERE hour = ? AND asset IN (SELECT value FROM json_each(?))",
            (hour, assets),
        )
        for asset, data in sealed:
            for metric, (dt, v) in blocks.unpack(data).items():
                parts.append(
                    np.stack((np.full(len(dt), series_of(asset, metric)), dt + hour * HOUR_MS, v), axis=1)
                )
        part = _plain(conn).execute("SELECT sealed FROM raw_part WHERE hour = ?", (hour,)).fetchone()
        if part is not None:
            found = f"{raw_table(hour)} WHERE rowid > ? AND series IN (SELECT value FROM json_each(?))"
            hot = integers(conn, ("series", "dt", "v"), found, (part[0], wanted))
            parts.append(hot + np.array([0, hour * HOUR_MS, 0]))
    rows = np.concatenate(parts)
    rows = rows[np.isin(rows[:, 0], series) & (rows[:, 1] >= t0) & (rows[:, 1] < t1)]
    return np.asarray(rows[np.lexsort((rows[:, 2], rows[:, 0], rows[:, 1]))])


def _hour(conn: Read, series: SeriesNo, hour: int) -> Observations:
    cursor = _plain(conn)
    dt = v = np.zeros(0, np.int64)
    row = cursor.execute(
        "SELECT data FROM block WHERE hour = ? AND asset = ?", (hour, asset_of(series))
    ).fetchone()
    if row is not None:
        dt, v = blocks.unpack(row[0]).get(metric_of(series), (dt, v))
    part = cursor.execute("SELECT sealed FROM raw_part WHERE hour = ?", (hour,)).fetchone()
    if part is not None:
        hot = integers(
            conn, ("dt", "v"), f"{raw_table(hour)} WHERE rowid > ? AND series = ?", (part[0], series)
        )
        dt, v = np.concatenate((dt, hot[:, 0])), np.concatenate((v, hot[:, 1]))
    order = np.lexsort((v, dt))
    return Observations(dt[order] + hour * HOUR_MS, v[order])


def minute_rollups(conn: Read, series: SeriesNo, t0: int, t1: int) -> tuple[Ints, Ints]:
    """Minutes since the epoch that have observations, and their n, sum, min, max (k, 4)."""
    found = observations(conn, series, t0, t1, limit=10**9)
    return reduce(found.time // 60_000, found.value)


def rollups_1h(
    conn: Read, asset_id: AssetId, day0: int, day1: int, *, offset_s: int
) -> dict[int, dict[MetricId, Ints]]:
    """Per provincial day from day0 to day1 (both included), per metric id: n, sum, min, max as int64
    (4, 24). Open hours are included up to the last flush."""
    found: dict[int, dict[MetricId, Ints]] = {}
    cursor = _plain(conn)
    for day, data in cursor.execute(
        "SELECT day, data FROM rollup_1h WHERE day IN (SELECT value FROM json_each(?)) AND asset = ?",
        (str(list(range(day0, day1 + 1))), asset_id),
    ):
        found[day] = codec.decode(data)
    offset = offset_s // 3600
    hours = [
        int(r[0])
        for r in cursor.execute(
            "SELECT hour FROM rollup_open WHERE bucket = ? AND hour >= ? AND hour < ?",
            (bucket_of(asset_id), day0 * 24 - offset, (day1 + 1) * 24 - offset),
        ).fetchall()
    ]
    for hour in hours:
        series, sums = read_open(conn, hour, bucket_of(asset_id))
        day, column = divmod(hour + offset, 24)
        low, high = series_between(asset_id, asset_id)
        lo, hi = np.searchsorted(series, (low, high + 1))
        for i in range(int(lo), int(hi)):
            metric = metric_of(SeriesNo(int(series[i])))
            a = found.setdefault(day, {}).setdefault(metric, np.zeros((4, 24), np.int64))
            codec.merge(a[:, column, None], sums[i][:, None])
    return found


def heard_before(conn: Read, asset_id: AssetId, day: int, days: int = 30) -> bool:
    """Whether an asset has roll-ups on any of the `days` provincial days before `day`: as many seeks."""
    row = conn.execute(
        "SELECT 1 FROM rollup_1h WHERE day IN (SELECT value FROM json_each(?)) AND asset = ? LIMIT 1",
        (str(list(range(day - days, day))), asset_id),
    ).fetchone()
    return row is not None


def rolled_up(conn: Read, *, real: bool) -> int | None:
    """Up to when (ms of that time) open hours are flushed; None in a store that has flushed nothing yet."""
    found = meta.get(conn, meta.ROLLED_UP)
    return None if found is None else int(found.split()[real])


def group_rollups(
    conn: Read, kind: str, unit: str, metric_id: MetricId, day0: int, day1: int
) -> dict[int, Ints]:
    """Per provincial day: n, sum, min, max (4, 24) over all assets of a kind in a unit ("": the province)."""
    rows = _plain(conn).execute(
        "SELECT day, data FROM rollup_group WHERE day IN (SELECT value FROM json_each(?))"
        " AND kind = ? AND unit = ? AND metric = ?",
        (str(list(range(day0, day1 + 1))), kind, unit, metric_id),
    )
    return {day: codec.decode(data)[metric_id] for day, data in rows}


def group_sums(
    conn: Read, kind: str, metric_id: MetricId, day0: int, day1: int, *, unit: str | None = None
) -> dict[str, tuple[int, int]]:
    """By unit ("": the province; all unless one is told) how many observations of all assets of a kind the
    days day0..day1 had, both included, and their sum."""
    found: dict[str, tuple[int, int]] = {}
    rows = _plain(conn).execute(
        "SELECT unit, data FROM rollup_group WHERE day IN (SELECT value FROM json_each(?))"
        " AND kind = ? AND (? IS NULL OR unit = ?) AND metric = ?",
        (str(list(range(day0, day1 + 1))), kind, unit, unit, metric_id),
    )
    for place, data in rows:
        hours = codec.decode(data)[metric_id]
        n, total = found.get(place, (0, 0))
        found[place] = n + int(hours[0].sum()), total + int(hours[1].sum())
    return found


class SourceHour(NamedTuple):
    hour: int
    source: SourceId
    events: int
    observations: int
    duplicates: int
    rejected: int
    late: int
    last: int


def source_hours(conn: Read, hour0: int, hour1: int) -> list[SourceHour]:
    """What every source sent in the hours (of UTC, since the epoch) hour0 <= hour < hour1."""
    return [
        SourceHour(*row)
        for row in _plain(conn).execute(
            "SELECT hour, source, events, observations, duplicates, rejected, late, last FROM source_hour"
            " WHERE hour >= ? AND hour < ? ORDER BY hour, source",
            (hour0, hour1),
        )
    ]


def event_stored(conn: Read, key: int, minute: int | None = None) -> bool:
    """Is the event with this key (signed 64-bit hash of source and id) stored? Without its minute
    every identity that is kept is looked through: 10 ms a million of them."""
    return identity.stored(conn, key, minute)


__all__ = [
    "Latest",
    "Observations",
    "SourceHour",
    "event_stored",
    "group_rollups",
    "group_sums",
    "latest",
    "minute_rollups",
    "observations",
    "record",
    "records",
    "rolled_up",
    "rollups_1h",
    "source_hours",
    "tallies",
]
