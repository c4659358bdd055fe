"""Figures typed by people: every report is kept, the newest of a period counts."""

from __future__ import annotations

import sqlite3

from cockpit.store.batch import Report


def write(conn: sqlite3.Connection, rows: list[tuple[int, int, int, int, Report]]) -> None:
    """Store reports given as (event key, time, received, source, report)."""
    conn.executemany(
        "INSERT INTO report (indicator, unit, period, id, t, received, value, person, note, source)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (r.indicator, r.unit, r.period, key, t, received, r.value, r.person, r.note, source)
            for key, t, received, source, r in rows
        ],
    )
