"""Roll-ups of groups: all assets of a kind in a unit, and in the province (unit ""), per metric.

They are sums of the roll-ups of the assets, so a day whose group rows are behind can be rebuilt.
"""

from __future__ import annotations

import sqlite3
from itertools import chain

import numpy as np

from cockpit.domain.numbers import MetricId
from cockpit.store import codec
from cockpit.store.batch import Ints
from cockpit.store.catalogue import Lookup
from cockpit.store.hours import read_open_day

CONSOLIDATE_ROWS = 12_000
_METRICS = 256


class GroupSums:
    """Additions to `rollup_group` not yet written. `dirty` days are named in `regroup` on disk."""

    def __init__(self, lookup: Lookup, dirty: set[int]) -> None:
        self._lookup = lookup
        self._units = len(lookup.units)
        self._span = len(lookup.kinds) * self._units * _METRICS
        self._chunks: list[tuple[Ints, Ints]] = []
        self._rows = 0
        self.dirty = dirty

    def __len__(self) -> int:
        return self._rows

    def add(self, day: Ints, asset: Ints, metric: Ints, a: Ints) -> None:
        """Add the hours `a` (m, 4, 24) of assets and metrics on days."""
        self._take(*self._reduced(day, asset, metric, a))

    def add_hour(self, day: int, hour: int, asset: Ints, metric: Ints, sums: Ints) -> None:
        """Add one hour of a day, `sums` (m, 4): widened to the day only once it is reduced to groups."""
        key, small = self._reduced(np.full(len(sums), day, np.int64), asset, metric, sums[:, :, None])
        a = np.zeros((len(key), 4, codec.HOURS), np.int64)
        a[:, :, hour : hour + 1] = small
        self._take(key, a)

    def _reduced(self, day: Ints, asset: Ints, metric: Ints, a: Ints) -> tuple[Ints, Ints]:
        row = self._lookup.row(asset) if len(asset) else asset
        group = self._lookup.kind_of[row] * self._units + self._lookup.unit_of[row]
        return codec.reduce_rows(day * self._span + group * _METRICS + metric, a)

    def _take(self, key: Ints, a: Ints) -> None:
        if not len(key):
            return
        self._chunks.append((key, a))
        self._rows += len(key)
        if self._rows > CONSOLIDATE_ROWS and len(self._chunks) > 1:
            self._consolidate()

    def _consolidate(self) -> tuple[Ints, Ints]:
        key, a = codec.reduce_rows(
            np.concatenate([c[0] for c in self._chunks]), np.concatenate([c[1] for c in self._chunks])
        )
        self._chunks = [(key, a)]
        self._rows = len(key)
        return key, a

    def save(self) -> tuple[list[tuple[Ints, Ints]], int]:
        """What is waiting, for `restore` should a transaction fail."""
        return list(self._chunks), self._rows

    def restore(self, saved: tuple[list[tuple[Ints, Ints]], int]) -> None:
        self._chunks, self._rows = saved

    def write(self, conn: sqlite3.Connection) -> None:
        """Merge everything into the table. Call `written` once the transaction is on disk."""
        if self._chunks:
            key, a = self._consolidate()
            inner = key % (self._units * _METRICS)
            unit = inner // _METRICS
            of_units = unit != 0
            if of_units.any():
                # Assets without a unit count for the province alone; all others for both.
                province = key - unit * _METRICS
                key, a = codec.reduce_rows(
                    np.concatenate((key[of_units], province)), np.concatenate((a[of_units], a))
                )
            self._merge(conn, key, a)
        if self.dirty:
            conn.execute("DELETE FROM regroup")

    def _merge(self, conn: sqlite3.Connection, key: Ints, a: Ints) -> None:
        names = [self._name(k) for k in key.tolist()]
        stored = np.zeros_like(a)
        for i, name in enumerate(names):
            row = conn.execute(
                "SELECT data FROM rollup_group WHERE day = ? AND kind = ? AND unit = ? AND metric = ?", name
            ).fetchone()
            if row is not None:
                stored[i] = codec.decode(row[0])[name[3]]
        codec.merge(stored, a)
        metric = np.array([name[3] for name in names], np.int64)
        conn.executemany(
            "INSERT INTO rollup_group (day, kind, unit, metric, data) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET data = excluded.data",
            [(*name, data) for name, data in zip(names, codec.encode(metric, stored), strict=True)],
        )

    def _name(self, key: int) -> tuple[int, str, str, MetricId]:
        day, rest = divmod(key, self._span)
        kind, rest = divmod(rest, self._units * _METRICS)
        unit, metric = divmod(rest, _METRICS)
        return day, self._lookup.kinds[kind], self._lookup.units[unit], MetricId(metric)

    def written(self) -> None:
        self._chunks, self._rows = [], 0
        self.dirty.clear()

    def rebuild(self, conn: sqlite3.Connection, day: int) -> None:
        """Replace a day's rows by the sums of what its assets have, open hours included."""
        conn.execute("DELETE FROM rollup_group WHERE day = ?", (day,))
        cursor = conn.execute("SELECT asset, data FROM rollup_1h WHERE day = ?", (day,))
        while rows := cursor.fetchmany(1000):
            found = [(asset, codec.decode(data)) for asset, data in rows]
            count = [len(metrics) for _, metrics in found]
            self.add(
                np.full(sum(count), day, np.int64),
                np.repeat(np.array([asset for asset, _ in found], np.int64), count),
                np.array(list(chain.from_iterable(metrics for _, metrics in found)), np.int64),
                np.array([a for _, metrics in found for a in metrics.values()], np.int64),
            )
        series, a = read_open_day(conn, day, self._lookup.offset_hours)
        self.add(np.full(len(series), day, np.int64), series >> 8, series & 255, a)
