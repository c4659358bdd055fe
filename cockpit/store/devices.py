"""Which devices each operator's cells have had within the window, by the day on which they were there.

A cell of resolution 8 ends in 21 bits that are always ones; in their place stands the number of the operator
in a list that only grows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

import numpy as np

from cockpit.store import meta
from cockpit.store.batch import Ints, Names
from cockpit.store.known import put, unpacked
from cockpit.store.mixing import mixed
from cockpit.store.sampled import hashed

TABLE = "coverage_here"
OPERATORS = "coverage_operators"
"""Of `meta`: the list of operators, as JSON."""
_LOW = (1 << 21) - 1


def places_of(conn: sqlite3.Connection, names: Names, operator: Ints, cell: Ints) -> Ints:
    """Cells of operators, each as one number; `operator` counts in `names`."""
    known = json.loads(meta.get(conn, OPERATORS) or "[]")
    if more := [name for name in names if name not in known]:
        known += more
        meta.put(conn, OPERATORS, json.dumps(known))
    number = np.array([known.index(name) for name in names], np.int64)
    found: Ints = (cell & ~_LOW) | number[operator]
    return found


def left(conn: sqlite3.Connection, day: int) -> list[tuple[str, str, int]]:
    """Operator, cell and how many devices were there until a day and not after it."""
    keys, places = _of(conn, "day <= ?", day)
    _, first = np.unique(keys, return_index=True)
    keys, places = keys[first], places[first]
    later, _ = _of(conn, "day > ?", day)
    place, n = np.unique(places[~np.isin(keys, later)], return_counts=True)
    names = json.loads(meta.get(conn, OPERATORS) or "[]")
    return [
        (names[one & _LOW], f"{one | _LOW:x}", count)
        for one, count in zip(place.tolist(), n.tolist(), strict=True)
    ]


def forget(conn: sqlite3.Connection, day: int) -> None:
    """A day, and those before it, have left the window."""
    conn.execute(f"DELETE FROM {TABLE} WHERE day <= ?", (day,))


def pack_devices(conn: sqlite3.Connection) -> None:
    """What earlier versions kept as one row a device becomes one row a day."""
    for (day,) in conn.execute("SELECT DISTINCT last FROM coverage_device").fetchall():
        rows = conn.execute(
            "SELECT operator, h3, device FROM coverage_device WHERE last = ?", (day,)
        ).fetchall()
        names = tuple(sorted({operator for operator, _, _ in rows}))
        number = {name: n for n, name in enumerate(names)}
        operator = np.array([number[name] for name, _, _ in rows], np.int64)
        cell = np.array([int(h3, 16) for _, h3, _ in rows], np.int64)
        device = np.array([device for _, _, device in rows], np.int64)
        keys = mixed(np.array([hashed(name) for name in names], np.int64)[operator], cell, device)
        order = np.argsort(keys)
        places = places_of(conn, names, operator, cell)
        put(conn, TABLE, int(day), 1, keys[order], places[order])


def _of(conn: sqlite3.Connection, days: str, day: int) -> tuple[Ints, Ints]:
    rows: Iterable[tuple[bytes, bytes]] = conn.execute(
        f"SELECT keys, places FROM {TABLE} WHERE {days}", (day,)
    ).fetchall()
    none = np.empty(0, np.int64)
    keys = [none, *(unpacked(keys) for keys, _ in rows)]
    return np.concatenate(keys), np.concatenate([none, *(unpacked(places) for _, places in rows)])
