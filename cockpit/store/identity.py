"""Has this event been stored before? Identities by time, sealed to sorted arrays, and those kept for ever.

Machine events are known by (lot, key): the minute of the event with the term for which it is kept, and a
64-bit hash of source and id. The tables call a lot `slot`.
A commit then writes at the young end of the table only, and old minutes leave as a whole.
"""

from __future__ import annotations

import json
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt

from cockpit.store import meta
from cockpit.store.batch import Ints
from cockpit.store.sql import insert_rows

Flags = npt.NDArray[np.bool_]

_NONE = np.empty(0, np.int64)

MONTH_MINUTES = 30 * 1440
HELD_KEYS, HELD_LOTS = 8_000_000, 20_000
"""So many keys, of 8 bytes each, are held in memory at most; the newest lot alone may have more."""
TERMS = 4
TERMS_KEY = "identity_terms"


def lots_of(minute: Ints, term: Ints) -> Ints:
    """A minute and the number (0 to 3) of the term for which its identities are kept, as one number."""
    return minute * TERMS + term


class Keys:
    """The keys of one lot: sorted runs, each at least twice as long as the next: few are searched."""

    def __init__(self, keys: Ints) -> None:
        self._runs = [keys]

    def __len__(self) -> int:
        return sum(map(len, self._runs))

    def hold(self, wanted: Ints) -> Flags:
        """Which of these are among them."""
        found = contains(self._runs[0], wanted)
        for run in self._runs[1:]:
            found |= contains(run, wanted)
        return found

    def add(self, keys: Ints) -> None:
        """Take sorted keys that are not among them."""
        runs = self._runs
        runs.append(keys)
        while len(runs) > 1 and len(runs[-2]) < 2 * len(runs[-1]):
            merged = np.concatenate((runs.pop(), runs.pop()))
            merged.sort(kind="stable")  # two runs one after the other: hardly more than a pass
            runs.append(merged)


Fresh = list[tuple[int, Ints]]
"""Lots, and the keys that are new in each, sorted."""


class Identities:
    """Finds repeats. Used on the writer's thread only. The keys of a commit are one row a lot; those of
    lots asked for lately are held in memory, up to a bound."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.sealed = {int(r[0]) for r in conn.execute("SELECT slot FROM seen_block")}
        rows = conn.execute("SELECT slot, max(n) FROM seen_part GROUP BY slot").fetchall()
        self._parted = {int(lot) for lot, _ in rows}
        self._next = 1 + max((int(n) for _, n in rows), default=0)
        self._held: OrderedDict[int, Keys] = OrderedDict()
        self._n = 0  # keys of these

    def new(self, conn: sqlite3.Connection, lot: Ints, key: Ints) -> tuple[Flags, Fresh]:
        """Insert what is new and tell which events that is; of repeats among these the first counts. Call
        `committed` with the second answer once the transaction is on disk."""
        fresh = np.zeros(len(lot), np.bool_)
        if not len(lot):
            return fresh, []
        order = np.lexsort((key, lot))  # stable: among equals the first to come stays first
        s, k = lot[order], key[order]
        first = np.concatenate(([True], (s[1:] != s[:-1]) | (k[1:] != k[:-1])))
        order, s, k = order[first], s[first], k[first]
        edges = [0, *(np.flatnonzero(s[1:] != s[:-1]) + 1).tolist(), len(s)]
        found: Fresh = []
        for begin, end in pairwise(edges):
            one, mine = int(s[begin]), k[begin:end]
            left = ~self._keys(conn, one).hold(mine)
            fresh[order[begin:end]] = left
            if left.any():
                found.append((one, mine[left]))
        conn.executemany(
            "INSERT INTO seen_part (slot, n, keys) VALUES (?, ?, ?)",
            [(one, self._next, keys.astype("<i8").tobytes()) for one, keys in found],
        )
        self._next += 1
        return fresh, found

    def committed(self, fresh: Fresh) -> None:
        """These are on disk."""
        for lot, keys in fresh:
            self._parted.add(lot)
            held = self._held.get(lot)
            if held is not None:
                held.add(keys)
                self._n += len(keys)

    def _keys(self, conn: sqlite3.Connection, lot: int) -> Keys:
        held = self._held.get(lot)
        if held is not None:
            self._held.move_to_end(lot)
            return held
        known = lot in self.sealed or lot in self._parted
        held = self._held[lot] = Keys(read_keys(conn, lot) if known else _NONE)
        self._n += len(held)
        while len(self._held) > 1 and (len(self._held) > HELD_LOTS or self._n > HELD_KEYS):
            self._n -= len(self._held.popitem(last=False)[1])
        return held

    def seal(self, conn: sqlite3.Connection, lot: int) -> int:
        """Join one lot's rows in one sorted array. Returns the keys that were not in it."""
        parts = read_parts(conn, lot)
        conn.execute(
            "INSERT INTO seen_block (slot, keys) VALUES (?, ?)"
            " ON CONFLICT (slot) DO UPDATE SET keys = excluded.keys",
            (lot, np.union1d(read_block(conn, lot), parts).astype("<i8").tobytes()),
        )
        conn.execute("DELETE FROM seen_part WHERE slot = ?", (lot,))
        return len(parts)

    def sealed_now(self, lots: list[int], gone: list[int]) -> None:
        """After the commit: these are sealed, nothing is left of those."""
        self.sealed.update(lots)
        self._parted.difference_update(lots)
        for lot in gone:
            self.sealed.discard(lot)
            self._parted.discard(lot)
            held = self._held.pop(lot, None)
            self._n -= 0 if held is None else len(held)


def read_block(conn: sqlite3.Connection, lot: int) -> Ints:
    """The sealed keys of a lot, sorted."""
    return _joined(conn.execute("SELECT keys FROM seen_block WHERE slot = ?", (lot,)))


def read_parts(conn: sqlite3.Connection, lot: int) -> Ints:
    """Those that are not sealed, in no order."""
    return _joined(conn.execute("SELECT keys FROM seen_part WHERE slot = ?", (lot,)))


def read_keys(conn: sqlite3.Connection, lot: int) -> Ints:
    """All keys of a lot, sorted."""
    return np.sort(np.concatenate((read_block(conn, lot), read_parts(conn, lot))))


def put_part(conn: sqlite3.Connection, lot: int, keys: Ints) -> None:
    """Put keys into a lot as a part of their own."""
    n = conn.execute("SELECT coalesce(max(n), 0) + 1 FROM seen_part WHERE slot = ?", (lot,)).fetchone()[0]
    row = (lot, n, np.sort(keys).astype("<i8").tobytes())
    conn.execute("INSERT INTO seen_part (slot, n, keys) VALUES (?, ?, ?)", row)


def part_rows(conn: sqlite3.Connection) -> None:
    """What earlier versions kept as one row an identity becomes one row a lot."""
    lots = [int(r[0]) for r in conn.execute("SELECT DISTINCT slot FROM seen").fetchall()]
    for lot in lots:
        found = conn.execute("SELECT key FROM seen WHERE slot = ?", (lot,))
        put_part(conn, lot, np.fromiter(chain.from_iterable(found), np.int64))


def _joined(rows: Iterable[tuple[bytes]]) -> Ints:
    return np.frombuffer(b"".join(r[0] for r in rows), "<i8").astype(np.int64)


def contains(keys: Ints, wanted: Ints) -> Flags:
    """Which of these are among sorted keys."""
    if not len(keys):
        return np.zeros(len(wanted), np.bool_)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.asarray(keys[at] == wanted, np.bool_)


def follow_terms(conn: sqlite3.Connection, terms: dict[int, int]) -> None:
    """Take note of the term of each source by its id. Where a profile has changed one, what was stored is
    made known under the new term too, so that it is not stored again. In a transaction of its own."""
    known = {int(k): int(v) for k, v in json.loads(meta.get(conn, TERMS_KEY) or "{}").items()}
    if known == terms:
        return
    conn.execute("BEGIN IMMEDIATE")
    for old, new in sorted({(known[s], terms[s]) for s in known.keys() & terms.keys()}):
        if old != new:
            _copy_term(conn, old, new)
    meta.put(conn, TERMS_KEY, json.dumps(terms))
    conn.execute("COMMIT")


def _copy_term(conn: sqlite3.Connection, old: int, new: int) -> None:
    # The keys of other sources go along: they are hashes of source and id, and harm nobody there.
    parted = conn.execute(f"SELECT DISTINCT slot FROM seen_part WHERE slot % {TERMS} = ?", (old,)).fetchall()
    for (lot,) in parted:
        put_part(conn, lot + new - old, read_parts(conn, lot))
    blocks = conn.execute(f"SELECT slot FROM seen_block WHERE slot % {TERMS} = ?", (old,)).fetchall()
    for (lot,) in blocks:
        merged = np.union1d(read_block(conn, lot), read_block(conn, lot + new - old))
        conn.execute(
            "INSERT OR REPLACE INTO seen_block (slot, keys) VALUES (?, ?)",
            (lot + new - old, merged.astype("<i8").tobytes()),
        )


class LastingIdentities:
    """Records, reports and roll-ups: source and id decide for ever, whatever the time of the event."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.months = set(months(conn))

    def new(self, conn: sqlite3.Connection, minute: Ints, key: Ints) -> Flags:
        """Insert what is new and tell which events that is."""
        fresh = np.zeros(len(key), np.bool_)
        if not len(key):
            return fresh
        _, first = np.unique(key, return_index=True)  # the first of equals
        known: set[int] = set()
        wanted = key[first].tolist()
        for month in self.months:
            for at in range(0, len(wanted), 500):
                part = wanted[at : at + 500]
                marks = ",".join("?" * len(part))
                rows = conn.execute(
                    f"SELECT key FROM event_key WHERE month = ? AND key IN ({marks})",
                    (month, *part),
                )
                known.update(int(r[0]) for r in rows)
        keep = first if not known else first[[k not in known for k in wanted]]
        if len(keep):
            month_of = minute[keep] // MONTH_MINUTES
            rows_ = np.stack((month_of, key[keep]), axis=1)
            insert_rows(conn, "INSERT INTO event_key (month, key)", rows_[np.lexsort(rows_.T[::-1])])
            fresh[keep] = True
        return fresh

    def committed(self, minute: Ints) -> None:
        if len(minute):
            self.months.update(np.unique(minute // MONTH_MINUTES).tolist())


def months(conn: sqlite3.Connection) -> list[int]:
    """The months that have identities, by one seek each."""
    found: list[int] = []
    row = conn.execute("SELECT min(month) FROM event_key").fetchone()
    while row is not None and row[0] is not None:
        found.append(int(row[0]))
        row = conn.execute("SELECT min(month) FROM event_key WHERE month > ?", (row[0],)).fetchone()
    return found


def stored(conn: sqlite3.Connection, key: int, minute: int | None) -> bool:
    """Is an event with this key known, at this minute or at any?"""
    if any(
        conn.execute("SELECT 1 FROM event_key WHERE month = ? AND key = ?", (month, key)).fetchone()
        for month in months(conn)
    ):
        return True
    lots = "" if minute is None else f"WHERE slot BETWEEN {minute * TERMS} AND {minute * TERMS + TERMS - 1}"
    wanted = np.array([key])
    # What a row holds is sorted already: each is searched as it is, and nothing is joined.
    return any(
        contains(np.frombuffer(row[0], "<i8"), wanted).any()
        for table in ("seen_part", "seen_block")
        for row in conn.execute(f"SELECT keys FROM {table} {lots}")
    )
