"""Many rows by few statements: a multi-row VALUES costs a third of executemany."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

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
