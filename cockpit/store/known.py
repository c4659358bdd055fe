"""What a day of measuring has had already, as sorted arrays of 64-bit keys: groups of samples, devices, and
the devices that are within the window.

Held in memory and on the disk alike, as runs of which each is at least twice as long as the next: a commit
writes at most a few of them, and few are searched.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from cockpit.store.batch import Flags, Ints
from cockpit.store.identity import contains

HELD_DAYS, HELD_KEYS = 40, 20_000_000
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
    """Finds what a day has had. Used on the writer's thread only. `table` has columns day, run and keys, and
    with `placed` one more number for each key, which is kept on the disk alone."""

    def __init__(self, conn: sqlite3.Connection, table: str, *, placed: bool = False) -> None:
        self._table = table
        self._placed = placed
        self._next = 1 + int(conn.execute(f"SELECT coalesce(max(run), 0) FROM {table}").fetchone()[0])
        self._held: OrderedDict[int, list[Run]] = OrderedDict()

    def new(
        self, conn: sqlite3.Connection, day: Ints, key: Ints, fresh: Fresh, place: Ints | None = None
    ) -> Flags:
        """Insert what is new, beside what `fresh` says already, and tell which keys that is; of repeats among
        these the first counts. Call `committed` with `fresh` once the transaction is on disk."""
        found = np.zeros(len(key), np.bool_)
        if not len(key):
            return found
        order = np.lexsort((key, day))  # stable: among equals the first to come stays first
        d, k = day[order], key[order]
        first = np.concatenate(([True], (d[1:] != d[:-1]) | (k[1:] != k[:-1])))
        order, d, k = order[first], d[first], k[first]
        for begin, end in pairwise([0, *(np.flatnonzero(d[1:] != d[:-1]) + 1).tolist(), len(d)]):
            one, mine = int(d[begin]), k[begin:end]
            left = ~self._had(conn, one, mine, fresh)
            at = order[begin:end][left]
            found[at] = True
            if len(at):
                self._add(conn, one, mine[left], None if place is None else place[at], fresh)
        return found

    def on_any(self, conn: sqlite3.Connection, after: int, key: Ints, fresh: Fresh) -> Flags:
        """Which keys a day after this one has had."""
        found = np.zeros(len(key), np.bool_)
        days = conn.execute(f"SELECT DISTINCT day FROM {self._table} WHERE day > ?", (after,)).fetchall()
        order = np.argsort(key)  # neighbours are looked for in the same place
        for (day,) in days:
            found[order] |= self._had(conn, int(day), key[order], fresh)
        return found

    def committed(self, fresh: Fresh) -> None:
        """These are on disk."""
        self._held.update(fresh.days)
        for day in fresh.days:
            self._held.move_to_end(day)
        while len(self._held) > 1 and (len(self._held) > HELD_DAYS or self._keys() > HELD_KEYS):
            self._held.popitem(last=False)

    def _keys(self) -> int:
        return sum(len(keys) for runs in self._held.values() for _, keys in runs)

    def _had(self, conn: sqlite3.Connection, day: int, keys: Ints, fresh: Fresh) -> Flags:
        found = np.zeros(len(keys), np.bool_)
        for _, run in self._runs(conn, day, fresh):
            found |= contains(run, keys)
        return found

    def _runs(self, conn: sqlite3.Connection, day: int, fresh: Fresh) -> list[Run]:
        held = fresh.days.get(day) or self._held.get(day)
        if held is None:
            rows = conn.execute(f"SELECT run, keys FROM {self._table} WHERE day = ?", (day,)).fetchall()
            held = [(int(run), unpacked(keys)) for run, keys in rows]
            held.sort(key=lambda run: -len(run[1]))
            self._held[day] = held
        return held

    def _add(self, conn: sqlite3.Connection, day: int, keys: Ints, place: Ints | None, fresh: Fresh) -> None:
        kept, gone = list(self._runs(conn, day, fresh)), []
        parts, places = [keys], [] if place is None else [place]
        while kept and len(kept[-1][1]) < 2 * sum(map(len, parts)):
            number, more = kept.pop()
            gone.append((day, number))
            parts.append(more)
            if self._placed:
                sql = f"SELECT places FROM {self._table} WHERE day = ? AND run = ?"
                places.append(unpacked(conn.execute(sql, gone[-1]).fetchone()[0]))
        keys = np.concatenate(parts)
        order = np.argsort(keys, kind="stable")  # a few sorted runs one after the other
        keys = keys[order]
        conn.executemany(f"DELETE FROM {self._table} WHERE day = ? AND run = ?", gone)
        put(conn, self._table, day, self._next, keys, np.concatenate(places)[order] if places else None)
        fresh.days[day] = [*kept, (self._next, keys)]
        self._next += 1


def put(
    conn: sqlite3.Connection, table: str, day: int, run: int, keys: Ints, places: Ints | None = None
) -> None:
    """Sorted keys as a row."""
    row = (day, run, packed(keys))
    if places is None:
        conn.execute(f"INSERT INTO {table} (day, run, keys) VALUES (?, ?, ?)", row)
    else:
        sql = f"INSERT INTO {table} (day, run, keys, places) VALUES (?, ?, ?, ?)"
        conn.execute(sql, (*row, packed(places)))


def packed(keys: Ints) -> bytes:
    return keys.astype("<i8").tobytes()


def unpacked(data: bytes) -> Ints:
    return np.frombuffer(data, "<i8").astype(np.int64)


def pack_groups(conn: sqlite3.Connection) -> None:
    """What earlier versions kept as one row a key becomes one row a day."""
    for (day,) in conn.execute("SELECT DISTINCT day FROM coverage_group").fetchall():
        found = conn.execute("SELECT key FROM coverage_group WHERE day = ? ORDER BY key", (day,))
        keys = np.fromiter((row[0] for row in found), np.int64)
        put(conn, "coverage_known", int(day), 1, keys)
    conn.execute(
        "INSERT INTO meta (key, value) SELECT ?, CAST(max(day) AS TEXT) FROM coverage_group"
        " HAVING count(*) > 0",
        (PLAIN_UNTIL,),
    )
