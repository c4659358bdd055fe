"""Reads for the camera screen: a range of the register at a time, as columns."""

from __future__ import annotations

import sqlite3

import numpy as np
import numpy.typing as npt

from cockpit.domain.catalog import series_of

Ints = npt.NDArray[np.int64]


def states(conn: sqlite3.Connection, first: int, last: int) -> list[tuple[int, str, int]]:
    """(asset, freshness, since in ms) of the assets whose id lies in first..last."""
    rows = conn.execute(
        "SELECT asset, state, since FROM asset_now WHERE asset BETWEEN ? AND ?", (first, last)
    )
    return [(asset, state, since) for asset, state, since in rows]


def latest(conn: sqlite3.Connection, first: int, last: int) -> Ints:
    """Newest values of the assets whose id lies in first..last: rows of (series, t ms, value)."""
    rows = conn.execute(
        "SELECT series, t, v FROM latest WHERE series BETWEEN ? AND ?",
        (series_of(first, 0), series_of(last, 255)),
    )
    return np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 3)
