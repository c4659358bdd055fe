"""History without raw data: whole days of assets, as hourly figures.

A history hour fills an hour that has nothing yet. An hour that raw observations or an earlier history
have filled keeps what it has, and the history hour is counted as ignored: figures that came as single
observations are never replaced by a summary, and nothing is counted twice. Observations that arrive
after history filled their hour are new to the store and are added.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

import numpy as np

from cockpit.domain.numbers import AssetId
from cockpit.store import codec
from cockpit.store.batch import Ints, Rollup
from cockpit.store.catalogue import Lookup
from cockpit.store.groups import GroupSums
from cockpit.store.hours import open_hours, read_open_day
from cockpit.store.observations import Chunk
from cockpit.store.rollups import OpenHours, write_days


@dataclass(slots=True)
class Imported:
    """What an import brought, to be taken over by the memory after the commit."""

    day: Ints
    asset: Ints
    metric: Ints
    hours: Ints
    ignored: Ints  # hours of each item that were filled already
    new_days: list[int] = field(default_factory=list)


class History:
    """Writes roll-ups into the days of their assets. Used on the writer's thread only."""

    def __init__(self, lookup: Lookup, groups: GroupSums, open_: OpenHours) -> None:
        self._lookup = lookup
        self._groups = groups
        self._open = open_

    def write(self, conn: sqlite3.Connection, items: list[Rollup], staged: list[Chunk]) -> Imported:
        """Store the items; `staged` are observations of this same transaction. Raises KeyError for an
        asset that the profile does not have."""
        count = [len(item.metrics) for item in items]
        first = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
        day = np.repeat(np.array([i.day for i in items], np.int64), count)
        asset = np.repeat(np.array([i.asset for i in items], np.int64), count)
        metric = np.array([m for item in items for m in item.metrics], np.int64)
        if not len(metric):
            return Imported(
                day, asset, metric, np.zeros((0, 4, 24), np.int64), np.zeros(len(items), np.int64)
            )
        a = np.concatenate([h for item in items for h in item.metrics.values()]).reshape(-1, 4, 24)
        a[:, 1:][np.broadcast_to((a[:, 0] == 0)[:, None], (len(a), 3, 24))] = 0
        self._lookup.row(asset)
        given = (a[:, 0] != 0).sum(axis=1)
        self._blank_fed_hours(conn, day, asset, metric, a, staged)
        self._store(conn, items, first, metric, a)
        lost = np.concatenate(([0], np.cumsum(given - (a[:, 0] != 0).sum(axis=1))))
        new = [d for d in np.unique(day).tolist() if d not in self._groups.dirty]
        conn.executemany("INSERT OR IGNORE INTO regroup (day) VALUES (?)", [(d,) for d in new])
        return Imported(day, asset, metric, a, lost[first[1:]] - lost[first[:-1]], new)

    def committed(self, done: Imported) -> None:
        self._groups.dirty.update(done.new_days)
        self._groups.add(done.day, done.asset, done.metric, done.hours)

    def _blank_fed_hours(
        self, conn: sqlite3.Connection, day: Ints, asset: Ints, metric: Ints, a: Ints, staged: list[Chunk]
    ) -> None:
        """Empty the hours for which live observations wait, in memory or in an open hour."""
        in_memory = self._open.pending.keys() | {chunk.hour for chunk in staged}
        hours = in_memory | set(open_hours(conn))
        for one in np.unique(day).tolist():
            at = np.flatnonzero(day == one)
            series = asset[at] * 256 + metric[at]
            first = one * 24 - self._lookup.offset_hours
            if not any(first <= hour < first + 24 for hour in hours):
                continue
            open_series, open_sums = read_open_day(conn, one, self._lookup.offset_hours)
            for column in range(24):
                fed = [open_series[open_sums[:, 0, column] != 0]]
                if (pending := self._open.pending.get(first + column)) is not None:
                    pending.compact()
                    fed.append(pending.series)
                fed += [chunk.series for chunk in staged if chunk.hour == first + column]
                taken = at[np.isin(series, np.concatenate(fed))]
                a[taken, :, column] = 0

    def _store(
        self, conn: sqlite3.Connection, items: list[Rollup], first: Ints, metric: Ints, a: Ints
    ) -> None:
        """Insert whole days at once where there is nothing yet; fill the gaps of the others one by one."""
        edge = first.tolist()
        fresh: list[tuple[int, int, int]] = []
        known: list[int] = []
        taken = _stored(conn, items)
        for i, item in enumerate(items):
            name = (item.day, item.asset)
            if name in taken:
                known.append(i)
            elif item.metrics:
                taken.add(name)
                fresh.append((*name, i))
        entries = codec.encode(metric, a)
        conn.executemany(
            "INSERT INTO rollup_1h (day, asset, data) VALUES (?, ?, ?)",
            [(d, asset, b"".join(entries[edge[i] : edge[i + 1]])) for d, asset, i in sorted(fresh)],
        )
        for i in known:
            _fill(conn, items[i], metric[edge[i] : edge[i + 1]], a[edge[i] : edge[i + 1]])


def _stored(conn: sqlite3.Connection, items: list[Rollup]) -> set[tuple[int, int]]:
    """Days of assets that have a row, at least those among the items: one range of rows a day."""
    spans: dict[int, tuple[int, int]] = {}
    for item in items:
        low, high = spans.get(item.day, (item.asset, item.asset))
        spans[item.day] = (min(low, item.asset), max(high, item.asset))
    found: set[tuple[int, int]] = set()
    for day, span in spans.items():
        found.update(
            conn.execute(
                "SELECT day, asset FROM rollup_1h WHERE day = ? AND asset BETWEEN ? AND ?", (day, *span)
            )
        )
    return found


def _fill(conn: sqlite3.Connection, item: Rollup, metric: Ints, a: Ints) -> None:
    """Fill the empty hours of a stored day; the hours of `a` that were not needed become empty."""
    row = conn.execute(
        "SELECT data FROM rollup_1h WHERE day = ? AND asset = ?", (item.day, item.asset)
    ).fetchone()
    stored = codec.decode(row[0])
    for m, hours in zip(metric.tolist(), a, strict=True):
        have = stored.setdefault(m, np.zeros((4, 24), np.int64))
        hours[:, have[0] != 0] = 0
        codec.merge(have, hours)
    write_days(conn, [(item.day, AssetId(item.asset), stored)])
