"""Figures that people type and systems make: every report is kept, withdrawn ones too, and one stands."""

from __future__ import annotations

import sqlite3

from cockpit.domain.periods import report_days
from cockpit.store import meta
from cockpit.store.batch import Report

WITHDRAWN = "report_withdrawn"
"""Number of the report that was withdrawn last, among the small facts: the engine looks for a change."""

NEVER = 2**31
"""First and last day of a period that cannot be read."""

_INSERT = (
    "INSERT INTO report (indicator, unit, period, begins, ends, id, t, received, value, person, note, source,"
    " numerator, denominator, department)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)


_INSERT_BARE = (
    "INSERT INTO report (indicator, unit, period, begins, ends, id, t, received, value, person, note, source)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
"""For the step that numbered reports, when none had parts yet."""


def write(conn: sqlite3.Connection, rows: list[tuple[int, int, int, int, Report]]) -> None:
    """Store reports given as (event key, time, received, source, report), numbered in this order."""
    conn.executemany(
        _INSERT,
        [
            (
                r.indicator,
                r.unit,
                r.period,
                *_days(r.period),
                key,
                t,
                received,
                r.value,
                r.person,
                r.note,
                source,
                r.numerator,
                r.denominator,
                r.department,
            )
            for key, t, received, source, r in rows
        ],
    )


def renumber(conn: sqlite3.Connection) -> None:
    """Take over what `report_before` holds, the first received first, and drop it."""
    rows = conn.execute(
        "SELECT indicator, unit, period, id, t, received, value, person, note, source FROM report_before"
        " ORDER BY received, t, id"
    ).fetchall()
    conn.executemany(_INSERT_BARE, [(*row[:3], *_days(row[2]), *row[3:]) for row in rows])
    conn.execute("DROP TABLE report_before")


def withdraw(conn: sqlite3.Connection, number: int, actor: str, t: int, why: str) -> bool:
    """Compare and set: False where the report is withdrawn already. Nothing of it is lost."""
    done = conn.execute(
        "UPDATE report SET withdrawn = ?, withdrawn_by = ?, withdrawn_why = ?"
        " WHERE number = ? AND withdrawn IS NULL",
        (t, actor, why, number),
    ).rowcount
    if done:
        meta.put(conn, WITHDRAWN, str(number))
    return bool(done)


def _days(period: str) -> tuple[int, int]:
    try:
        return report_days(period)
    except ValueError:
        return NEVER, NEVER
