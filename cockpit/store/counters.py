"""What each source sent, hour by hour: volume, lateness, repeats, refusals.

Events, observations and late events count in the hour of the event; repeats and refusals in the hour
they were received. A day of history counts the observations it sums up, and as events the most
observations any one metric of its asset had in the hour.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from cockpit.domain.periods import HOUR_MS
from cockpit.store.batch import Ints, Refused
from cockpit.store.catalogue import Lookup

EVENTS, OBSERVATIONS, DUPLICATES, REJECTED, LATE, LAST = range(6)


class SourceHours:
    """Counts of one transaction, written as one row an hour and source."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._rows: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0] * 6)

    def events(self, source: Ints, time: Ints, received: Ints, observations: Ints) -> None:
        """New events; `observations` is how many each one carries."""
        late = received - time > self._lookup.late_ms[source]
        for (hour, one), at in _by(time // HOUR_MS, source):
            row = self._rows[hour, one]
            row[EVENTS] += len(at)
            row[OBSERVATIONS] += int(observations[at].sum())
            row[LATE] += int(late[at].sum())
            row[LAST] = max(row[LAST], int(time[at].max()))

    def duplicates(self, source: Ints, received: Ints) -> None:
        for (hour, one), at in _by(received // HOUR_MS, source):
            self._rows[hour, one][DUPLICATES] += len(at)

    def refused(self, refused: Iterable[Refused]) -> None:
        for item in refused:
            self._rows[item.received // HOUR_MS, item.source][REJECTED] += 1

    def history(self, day: Ints, asset: Ints, n: Ints) -> None:
        """Days of assets that entered as roll-ups: `n` (m, 24) observations of a metric in each hour."""
        if not len(day):
            return
        source = self._lookup.source_of[self._lookup.row(asset)]
        start = np.flatnonzero(np.concatenate(([True], (day[1:] != day[:-1]) | (asset[1:] != asset[:-1]))))
        events = np.maximum.reduceat(n, start)
        observations = np.add.reduceat(n, start)
        for (one_day, one), at in _by(day[start], source[start]):
            for column, (e, o) in enumerate(
                zip(events[at].sum(0).tolist(), observations[at].sum(0).tolist(), strict=True)
            ):
                if o:
                    hour = one_day * 24 + column - self._lookup.offset_hours
                    row = self._rows[hour, one]
                    row[EVENTS] += e
                    row[OBSERVATIONS] += o
                    row[LAST] = max(row[LAST], hour * HOUR_MS + HOUR_MS - 1)

    def write(self, conn: sqlite3.Connection) -> None:
        conn.executemany(
            "INSERT INTO source_hour (hour, source, events, observations, duplicates, rejected, late, last)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET events = events + excluded.events,"
            " observations = observations + excluded.observations,"
            " duplicates = duplicates + excluded.duplicates, rejected = rejected + excluded.rejected,"
            " late = late + excluded.late, last = max(last, excluded.last)",
            [(*key, *row) for key, row in sorted(self._rows.items())],
        )


def _by(outer: Ints, inner: Ints) -> list[tuple[tuple[int, int], Ints]]:
    """Positions grouped by two numbers, of which the second is below 65,536."""
    if not len(outer):
        return []
    key = outer * 65_536 + inner
    order = np.argsort(key, kind="stable")
    sorted_ = key[order]
    edges = np.flatnonzero(sorted_[1:] != sorted_[:-1]) + 1
    return [(divmod(int(key[part[0]]), 65_536), part) for part in np.split(order, edges)]
