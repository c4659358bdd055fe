"""Reads for the camera screen: a range of the register at a time, as columns."""

from __future__ import annotations

import sqlite3
from itertools import chain

import numpy as np
import numpy.typing as npt

from cockpit.domain.catalog import series_of

Ints = npt.NDArray[np.int64]


def states(conn: sqlite3.Connection, first: int, last: int) -> list[tuple[int, str, int]]:
    """(asset, freshness, since in ms) of the assets whose id lies in first..last."""
    sql = "SELECT asset, state, since FROM asset_now WHERE asset BETWEEN ? AND ?"
    return _plain(conn).execute(sql, (first, last)).fetchall()


def latest(conn: sqlite3.Connection, first: int, last: int) -> Ints:
    """Newest values of the assets whose id lies in first..last: rows of (series, t ms, value), in order."""
    sql = "SELECT series, t, v FROM latest WHERE series BETWEEN ? AND ? ORDER BY series"
    rows = _plain(conn).execute(sql, (series_of(first, 0), series_of(last, 255))).fetchall()
    return np.fromiter(chain.from_iterable(rows), np.int64, 3 * len(rows)).reshape(-1, 3)


def _plain(conn: sqlite3.Connection) -> sqlite3.Cursor:
    """A cursor of plain tuples: a third cheaper than rows with names."""
    cursor = conn.cursor()
    cursor.row_factory = None
    return cursor
