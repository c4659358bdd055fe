"""Sealed blocks brought in whole, as sealing would have left them: for measurements."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable


def put_blocks(conn: sqlite3.Connection, rows: Iterable[tuple[int, int, int, bytes]]) -> None:
    """Store blocks (hour, asset, n, data) made by `blocks.pack`, replacing what is there."""
    conn.executemany(
        "INSERT INTO block (hour, asset, n, data) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET n = excluded.n, data = excluded.data",
        rows,
    )
