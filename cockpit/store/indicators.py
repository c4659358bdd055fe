"""What the engine writes about indicators."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from cockpit.store.rows import IndicatorNow, columns


class Day(NamedTuple):
    """A row of `indicator_day`: the figure as it was at the end of a provincial day."""

    day: int
    indicator: str
    value: float
    n: int


def save_now(conn: sqlite3.Connection, rows: Iterable[IndicatorNow]) -> None:
    """Write the present figures."""
    conn.executemany(
        f"INSERT INTO indicator_now ({columns(IndicatorNow)})"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (indicator, unit) DO UPDATE SET value = excluded.value,"
        " asof = excluded.asof, n = excluded.n, status = excluded.status, detail = excluded.detail,"
        " computed = excluded.computed",
        rows,
    )


def save_days(conn: sqlite3.Connection, rows: Iterable[Day]) -> None:
    """Write figures of days that are over."""
    conn.executemany(
        "INSERT INTO indicator_day (day, indicator, value, n) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (day, indicator) DO UPDATE SET value = excluded.value, n = excluded.n",
        rows,
    )
