"""Hourly roll-ups of live data: pending in memory, then `rollup_open`, then packed days in `rollup_1h`.

A commit only keeps its observations in memory. A flush reduces them to n, sum, min and max per series,
adds those to the packed rows of the open hour and to the groups, and moves `raw_part.rolled` in the
same transaction: after a crash exactly the raw rows above `rolled` are taken again. When an hour has
ended its rows move into the day of each asset. Late observations go the same way and are added.
"""

from __future__ import annotations

import sqlite3
from itertools import chain

import numpy as np

from cockpit.domain.catalog import asset_of, metric_of
from cockpit.domain.numbers import AssetId, MetricId, SeriesNo
from cockpit.store import codec
from cockpit.store.batch import Ints
from cockpit.store.catalogue import Lookup
from cockpit.store.groups import GroupSums
from cockpit.store.hours import BUCKETS, join, pack_sums, read_open
from cockpit.store.observations import Chunk, raw_table

COMPACT_ROWS = 400_000


def reduce(series: Ints, value: Ints) -> tuple[Ints, Ints]:
    """n, sum, min, max of the values of each series: sorted series (k,) and (k, 4)."""
    order = np.argsort(series, kind="stable")
    s, v = series[order], value[order]
    start = np.flatnonzero(np.concatenate(([True], s[1:] != s[:-1]))) if len(s) else np.zeros(0, np.int64)
    out = np.empty((len(start), 4), np.int64)
    if len(start):
        out[:, 0] = np.diff(np.append(start, len(s)))
        out[:, 1] = np.add.reduceat(v, start)
        out[:, 2] = np.minimum.reduceat(v, start)
        out[:, 3] = np.maximum.reduceat(v, start)
    return s[start], out


class Pending:
    """Observations of one hour since the last flush: reduced, and raw chunks after that."""

    def __init__(self) -> None:
        self.series: Ints = np.zeros(0, np.int64)
        self.sums: Ints = np.zeros((0, 4), np.int64)
        self._chunks: list[tuple[Ints, Ints]] = []
        self._rows = 0
        self.top = 0

    def add(self, series: Ints, value: Ints, top: int) -> None:
        self._chunks.append((series, value))
        self._rows += len(series)
        self.top = top
        if self._rows >= COMPACT_ROWS:
            self.compact()

    def compact(self) -> None:
        if not self._chunks:
            return
        series, sums = reduce(
            np.concatenate([c[0] for c in self._chunks]), np.concatenate([c[1] for c in self._chunks])
        )
        self._chunks, self._rows = [], 0
        self.series, self.sums = join(self.series, self.sums, series, sums)


class OpenHours:
    """All hours with observations not yet flushed. Used on the writer's thread only."""

    def __init__(self, lookup: Lookup, groups: GroupSums) -> None:
        self._lookup = lookup
        self._groups = groups
        self.pending: dict[int, Pending] = {}
        self.rows = 0

    def committed(self, chunks: list[Chunk]) -> None:
        for chunk in chunks:
            self.pending.setdefault(chunk.hour, Pending()).add(chunk.series, chunk.value, chunk.top)
            self.rows += len(chunk.series)

    def recover(self, conn: sqlite3.Connection) -> int:
        """Take again the raw rows that no flush has included. Returns how many."""
        found = 0
        for hour, rolled in conn.execute("SELECT hour, rolled FROM raw_part ORDER BY hour").fetchall():
            cursor = conn.execute(
                f"SELECT rowid, series, v FROM {raw_table(hour)} WHERE rowid > ? ORDER BY rowid",
                (rolled,),
            )
            while rows := cursor.fetchmany(200_000):
                table = np.fromiter(chain.from_iterable(rows), np.int64, 3 * len(rows)).reshape(-1, 3)
                self.pending.setdefault(hour, Pending()).add(table[:, 1], table[:, 2], int(table[-1, 0]))
                found += len(rows)
        self.rows += found
        return found

    def write(self, conn: sqlite3.Connection) -> None:
        """Add what is pending to the open hours on disk. Call `written` after the commit."""
        for hour, pending in sorted(self.pending.items()):
            pending.compact()
            series, sums = pending.series, pending.sums
            bucket = (series >> 8) % BUCKETS
            order = np.argsort(bucket, kind="stable")
            edges = np.searchsorted(bucket[order], np.arange(BUCKETS + 1))
            rows = []
            for b in range(BUCKETS):
                at = order[edges[b] : edges[b + 1]]
                if len(at):
                    s0, a0 = read_open(conn, hour, b)
                    rows.append((hour, b, pack_sums(*join(s0, a0, series[at], sums[at]))))
            conn.executemany(
                "INSERT INTO rollup_open (hour, bucket, data) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET data = excluded.data",
                rows,
            )
            conn.execute("UPDATE raw_part SET rolled = ? WHERE hour = ?", (pending.top, hour))

    def groups_of_pending(self) -> None:
        """Hand what is pending to the groups. To be called once a flush, before both are written."""
        for hour, pending in self.pending.items():
            pending.compact()
            day, column = self._lookup.local(hour)
            self._groups.add_hour(day, column, pending.series >> 8, pending.series & 255, pending.sums)

    def written(self) -> None:
        self.pending.clear()
        self.rows = 0


def close_bucket(conn: sqlite3.Connection, lookup: Lookup, hour: int, bucket: int) -> int:
    """Move one bucket of an ended hour into the days of its assets. Returns how many assets it had."""
    series, sums = read_open(conn, hour, bucket)
    day, column = lookup.local(hour)
    if not len(series):
        return 0
    days: dict[AssetId, dict[MetricId, Ints]] = {}
    for asset in np.unique(series >> 8).tolist():
        row = conn.execute("SELECT data FROM rollup_1h WHERE day = ? AND asset = ?", (day, asset)).fetchone()
        days[asset] = {} if row is None else codec.decode(row[0])
    empty = np.zeros((4, 24), np.int64)
    numbers: list[SeriesNo] = series.tolist()
    a = np.array([days[asset_of(s)].get(metric_of(s), empty) for s in numbers])
    codec.merge(a[:, :, column : column + 1], sums[:, :, None])
    for s, hours in zip(numbers, a, strict=True):
        days[asset_of(s)][metric_of(s)] = hours
    write_days(conn, [(day, asset, metrics) for asset, metrics in days.items()])
    conn.execute("DELETE FROM rollup_open WHERE hour = ? AND bucket = ?", (hour, bucket))
    return len(days)


def write_days(conn: sqlite3.Connection, rows: list[tuple[int, AssetId, dict[MetricId, Ints]]]) -> None:
    """Store whole days of assets, replacing what they had."""
    rows = [r for r in rows if r[2]]
    if not rows:
        return
    metric = np.array(list(chain.from_iterable(sorted(m) for _, _, m in rows)), np.int64)
    entries = codec.encode(metric, np.array([m[k] for _, _, m in rows for k in sorted(m)], np.int64))
    packed = []
    at = 0
    for day, asset, metrics in rows:
        packed.append((day, asset, b"".join(entries[at : at + len(metrics)])))
        at += len(metrics)
    conn.executemany(
        "INSERT INTO rollup_1h (day, asset, data) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET data = excluded.data",
        packed,
    )
