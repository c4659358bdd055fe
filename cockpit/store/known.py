"""What a day of measuring has had already: groups of samples and devices, as sorted arrays of 64-bit keys.

Held in memory and on the disk alike, as runs of which each is at least twice as long as the next: a commit
writes at most a few of them, and few are searched.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from cockpit.store.batch import Ints
from cockpit.store.identity import Flags, contains

HELD_DAYS, HELD_KEYS = 12, 12_000_000
"""So many days, and so many keys of 8 bytes each, are held in memory at most, but one day in any case."""

PLAIN_UNTIL = "coverage_plain_until"
"""Of `meta`: the last day that had keys when they became columns; its keys are made as they were before."""

Run = tuple[int, Ints]
"""The number of a row, and its keys."""


@dataclass(slots=True)
class Fresh:
    """The runs of days as they are once the transaction is on disk."""

    days: dict[int, list[Run]] = field(default_factory=dict)


class Known:
    """Finds what a day has had. Used on the writer's thread only."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._next = 1 + int(conn.execute("SELECT coalesce(max(run), 0) FROM coverage_known").fetchone()[0])
        self._held: OrderedDict[int, list[Run]] = OrderedDict()

    def new(self, conn: sqlite3.Connection, day: Ints, key: Ints) -> tuple[Flags, Fresh]:
        """Insert what is new and tell which keys that is; of repeats among these the first counts. Call
        `committed` with the second answer once the transaction is on disk."""
        fresh, found = np.zeros(len(key), np.bool_), Fresh()
        if not len(key):
            return fresh, found
        order = np.lexsort((key, day))  # stable: among equals the first to come stays first
        d, k = day[order], key[order]
        first = np.concatenate(([True], (d[1:] != d[:-1]) | (k[1:] != k[:-1])))
        order, d, k = order[first], d[first], k[first]
        for begin, end in pairwise([0, *(np.flatnonzero(d[1:] != d[:-1]) + 1).tolist(), len(d)]):
            one, mine = int(d[begin]), k[begin:end]
            runs = self._runs(conn, one)
            left = np.ones(len(mine), np.bool_)
            for _, keys in runs:
                left &= ~contains(keys, mine)
            fresh[order[begin:end]] = left
            if left.any():
                found.days[one] = self._added(conn, one, runs, mine[left])
        return fresh, found

    def committed(self, fresh: Fresh) -> None:
        """These are on disk."""
        self._held.update(fresh.days)
        for day in fresh.days:
            self._held.move_to_end(day)
        while len(self._held) > 1 and (len(self._held) > HELD_DAYS or self._keys() > HELD_KEYS):
            self._held.popitem(last=False)

    def _keys(self) -> int:
        return sum(len(keys) for runs in self._held.values() for _, keys in runs)

    def _runs(self, conn: sqlite3.Connection, day: int) -> list[Run]:
        held = self._held.get(day)
        if held is None:
            rows = conn.execute("SELECT run, keys FROM coverage_known WHERE day = ?", (day,)).fetchall()
            read = [(int(run), np.frombuffer(keys, "<i8").astype(np.int64)) for run, keys in rows]
            held = self._held[day] = sorted(read, key=lambda run: -len(run[1]))
        return held

    def _added(self, conn: sqlite3.Connection, day: int, runs: list[Run], keys: Ints) -> list[Run]:
        kept, gone = list(runs), []
        while kept and len(kept[-1][1]) < 2 * len(keys):
            number, more = kept.pop()
            gone.append((day, number))
            keys = np.concatenate((more, keys))
            keys.sort(kind="stable")  # two runs one after the other: hardly more than a pass
        conn.executemany("DELETE FROM coverage_known WHERE day = ? AND run = ?", gone)
        conn.execute(
            "INSERT INTO coverage_known (day, run, keys) VALUES (?, ?, ?)", (day, self._next, _packed(keys))
        )
        kept.append((self._next, keys))
        self._next += 1
        return kept


def pack_groups(conn: sqlite3.Connection) -> None:
    """What earlier versions kept as one row a key becomes one row a day."""
    for (day,) in conn.execute("SELECT DISTINCT day FROM coverage_group").fetchall():
        found = conn.execute("SELECT key FROM coverage_group WHERE day = ? ORDER BY key", (day,))
        keys = np.fromiter((row[0] for row in found), np.int64)
        conn.execute("INSERT INTO coverage_known (day, run, keys) VALUES (?, 1, ?)", (day, _packed(keys)))
    conn.execute(
        "INSERT INTO meta (key, value) SELECT ?, CAST(max(day) AS TEXT) FROM coverage_group"
        " HAVING count(*) > 0",
        (PLAIN_UNTIL,),
    )


def _packed(keys: Ints) -> bytes:
    return keys.astype("<i8").tobytes()
