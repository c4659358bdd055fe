"""Many rows by few statements: a multi-row VALUES costs a third of executemany, and one wide row that
holds a whole column as text is read without other threads coming between."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np

from cockpit.store.batch import Ints

SIZES = (1000, 100, 10, 1)
"""Rows a statement. Few sizes, so that every statement stays prepared."""


@lru_cache(maxsize=64)
def _values(rows: int, width: int) -> str:
    one = "(" + ",".join("?" * width) + ")"
    return ",".join([one] * rows)


def _slices(count: int) -> Iterator[tuple[int, int]]:
    at = 0
    for size in SIZES:
        while count - at >= size:
            yield at, size
            at += size


def insert_tuples(
    conn: sqlite3.Connection, head: str, rows: Sequence[tuple[Any, ...]], tail: str
) -> list[tuple[Any, ...]]:
    """Run `head VALUES … tail` for rows of anything; what RETURNING answers."""
    back: list[tuple[Any, ...]] = []
    for at, size in _slices(len(rows)):
        part = list(chain.from_iterable(rows[at : at + size]))
        back += conn.execute(f"{head} VALUES {_values(size, len(rows[0]))} {tail}", part).fetchall()
    return back


def insert_rows(conn: sqlite3.Connection, head: str, rows: Ints, tail: str = "") -> list[tuple[int, ...]]:
    """Run `head VALUES… tail` for the integers of `rows` (m, width). What RETURNING answers, if anything."""
    flat = rows.ravel().tolist()
    width = rows.shape[1]
    back: list[tuple[int, ...]] = []
    for at, size in _slices(len(rows)):
        part = flat if size == len(rows) else flat[at * width : (at + size) * width]
        cursor = conn.execute(f"{head} VALUES {_values(size, width)} {tail}", part)
        if "RETURNING" in tail:
            back += cursor.fetchall()
    return back


def columns(
    conn: sqlite3.Connection, names: Sequence[str], source: str, args: Sequence[Any] = ()
) -> list[str] | None:
    """Columns (no NULL, no comma inside) of `FROM source`, a table or a subquery, in its order: the text
    of each, parted by commas. None if there are no rows.

    Python's sqlite3 hands the interpreter to other threads at every row, and beside a busy one waits for
    it up to 5 ms each time: 160,000 rows took 42 s so, and take 0.1 s as one row.
    """
    cursor = conn.cursor()
    cursor.row_factory = None
    asked = ",".join(f"group_concat({name})" for name in names)
    row = cursor.execute(f"SELECT {asked} FROM {source}", args).fetchone()
    return None if row[0] is None else list(row)


def integers(conn: sqlite3.Connection, names: Sequence[str], source: str, args: Sequence[Any] = ()) -> Ints:
    """Integer columns as `columns` reads them, as an array (n, columns)."""
    found = columns(conn, names, source, args)
    if found is None:
        return np.zeros((0, len(names)), np.int64)
    return np.stack([np.fromstring(text, np.int64, sep=",") for text in found], axis=1)
