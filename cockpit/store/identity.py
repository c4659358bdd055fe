"""Has this event been stored before? Identities by time, sealed to sorted arrays, and those kept for ever.

Machine events are known by (slot, key): the minute of the event and a 64-bit hash of source and id.
A commit then writes at the young end of the table only, and old minutes leave as a whole.
"""

from __future__ import annotations

import json
import sqlite3
from collections import OrderedDict
from itertools import chain

import numpy as np
import numpy.typing as npt

from cockpit.store import meta
from cockpit.store.batch import Ints
from cockpit.store.sql import insert_rows

Flags = npt.NDArray[np.bool_]

MONTH_MINUTES = 30 * 1440
CACHED_BLOCKS = 8
TERMS = 4
TERMS_KEY = "identity_terms"


def slots(minute: Ints, term: Ints) -> Ints:
    """A minute and the number (0 to 3) of the term for which its identities are kept."""
    return minute * TERMS + term


class Identities:
    """Finds repeats. Used on the writer's thread only; remembers which slots are sealed, not their keys."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.sealed = {int(r[0]) for r in conn.execute("SELECT slot FROM seen_block")}
        self._top = max(self.sealed, default=-1)
        self._cache: OrderedDict[int, Ints] = OrderedDict()

    def new(self, conn: sqlite3.Connection, slot: Ints, key: Ints) -> Flags:
        """Insert what is new and tell which events that is; of repeats among these the first counts."""
        fresh = np.zeros(len(slot), np.bool_)
        if not len(slot):
            return fresh
        order = np.lexsort((key, slot))  # stable: among equals the first to come stays first
        s, k = slot[order], key[order]
        first = np.concatenate(([True], (s[1:] != s[:-1]) | (k[1:] != k[:-1])))
        order = order[first]
        order = order[~self._in_blocks(conn, slot[order], key[order])]
        if not len(order):
            return fresh
        s, k = slot[order], key[order]
        stored = insert_rows(
            conn,
            "INSERT INTO seen (slot, key)",
            np.stack((s, k), axis=1),
            "ON CONFLICT DO NOTHING RETURNING slot, key",
        )
        if len(stored) == len(order):
            fresh[order] = True
        else:
            known = set(stored)
            fresh[order] = [pair in known for pair in zip(s.tolist(), k.tolist(), strict=True)]
        return fresh

    def _in_blocks(self, conn: sqlite3.Connection, slot: Ints, key: Ints) -> Flags:
        found = np.zeros(len(slot), np.bool_)
        if int(slot.min()) > self._top:
            return found
        for one in np.unique(slot[slot <= self._top]).tolist():
            if one in self.sealed:
                at = np.flatnonzero(slot == one)
                found[at] = _contains(self._block(conn, one), key[at])
        return found

    def _block(self, conn: sqlite3.Connection, slot: int) -> Ints:
        keys = self._cache.get(slot)
        if keys is None:
            keys = read_block(conn, slot)
            self._cache[slot] = keys
            if len(self._cache) > CACHED_BLOCKS:
                self._cache.popitem(last=False)
        else:
            self._cache.move_to_end(slot)
        return keys

    def seal(self, conn: sqlite3.Connection, slot: int) -> int:
        """Move one slot's rows into its sorted array (joining what is there). Returns the rows moved."""
        keys = np.fromiter(
            chain.from_iterable(conn.execute("SELECT key FROM seen WHERE slot = ? ORDER BY key", (slot,))),
            np.int64,
        )
        if slot in self.sealed:
            merged = np.union1d(read_block(conn, slot), keys)
        else:
            merged = keys
        conn.execute(
            "INSERT INTO seen_block (slot, keys) VALUES (?, ?)"
            " ON CONFLICT (slot) DO UPDATE SET keys = excluded.keys",
            (slot, merged.astype("<i8").tobytes()),
        )
        conn.execute("DELETE FROM seen WHERE slot = ?", (slot,))
        self._cache.pop(slot, None)
        return len(keys)

    def sealed_now(self, slots_: list[int], gone: list[int]) -> None:
        """After the commit: these are sealed, those have been dropped."""
        self.sealed.update(slots_)
        self.sealed.difference_update(gone)
        for slot in gone:
            self._cache.pop(slot, None)
        self._top = max(self.sealed, default=-1)


def read_block(conn: sqlite3.Connection, slot: int) -> Ints:
    row = conn.execute("SELECT keys FROM seen_block WHERE slot = ?", (slot,)).fetchone()
    return np.zeros(0, np.int64) if row is None else np.frombuffer(row[0], "<i8").astype(np.int64)


def _contains(keys: Ints, wanted: Ints) -> Flags:
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
    conn.execute(
        f"INSERT OR IGNORE INTO seen (slot, key) SELECT slot + ?, key FROM seen WHERE slot % {TERMS} = ?",
        (new - old, old),
    )
    blocks = conn.execute(f"SELECT slot FROM seen_block WHERE slot % {TERMS} = ?", (old,)).fetchall()
    for (slot,) in blocks:
        merged = np.union1d(read_block(conn, slot), read_block(conn, slot + new - old))
        conn.execute(
            "INSERT OR REPLACE INTO seen_block (slot, keys) VALUES (?, ?)",
            (slot + new - old, merged.astype("<i8").tobytes()),
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
    if minute is not None:
        mine = range(minute * TERMS, minute * TERMS + TERMS)
        sql = "SELECT 1 FROM seen WHERE slot BETWEEN ? AND ? AND key = ?"
        hot = conn.execute(sql, (mine[0], mine[-1], key)).fetchone()
        return hot is not None or any(_in_block(conn, slot, key) for slot in mine)
    slot = conn.execute("SELECT min(slot) FROM seen").fetchone()[0]
    while slot is not None:
        if conn.execute("SELECT 1 FROM seen WHERE slot = ? AND key = ?", (slot, key)).fetchone():
            return True
        slot = conn.execute("SELECT min(slot) FROM seen WHERE slot > ?", (slot,)).fetchone()[0]
    return any(_in_block(conn, row[0], key) for row in conn.execute("SELECT slot FROM seen_block").fetchall())


def _in_block(conn: sqlite3.Connection, slot: int, key: int) -> bool:
    keys = read_block(conn, slot)
    at = int(np.searchsorted(keys, key))
    return at < len(keys) and int(keys[at]) == key
