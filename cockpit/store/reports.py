"""Figures that people type and systems make: every report is kept, withdrawn ones too, and one stands."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

from cockpit.domain.periods import report_days
from cockpit.store import meta
from cockpit.store.batch import Report

CHANGED = "report_withdrawn"
"""Number of the report that was withdrawn or typed in last, among the small facts: the engine looks for a
change. One that was typed in has a plus before it, so that withdrawing the same one is a change, too."""

NEVER = 2**31
"""First and last day of a period that cannot be read."""

_INSERT = (
    "INSERT INTO report (indicator, unit, period, begins, ends, id, t, received, value, person, note, source,"
    " numerator, denominator, department, of_unit, way)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
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
                r.of_unit,
                r.way,
            )
            for key, t, received, source, r in rows
        ],
    )


def type_in(conn: sqlite3.Connection, rows: list[tuple[int, int, int, int, Report]]) -> list[int]:
    """Store what people typed into the cockpit, as `write` does; the numbers that they got, in this order."""
    last = last_number(conn)
    write(conn, rows)
    numbers = list(range(last + 1, last + 1 + len(rows)))  # nobody else writes within this transaction
    meta.put(conn, CHANGED, f"+{numbers[-1]}")
    return numbers


def last_number(conn: sqlite3.Connection) -> int:
    """The highest number that any report ever had, 0 before there is one."""
    row = conn.execute("SELECT seq FROM sqlite_sequence WHERE name = 'report'").fetchone()
    return 0 if row is None else int(row[0])


def keep_columns(
    conn: sqlite3.Connection, unit: str, columns: Mapping[str, str], person: str, at: int
) -> None:
    """The workbooks of a unit or department name their columns so from now on."""
    conn.execute(
        "INSERT INTO report_columns (unit, columns, person, at) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
        " SET columns = excluded.columns, person = excluded.person, at = excluded.at",
        (unit, json.dumps(dict(columns), ensure_ascii=False), person, at),
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
        meta.put(conn, CHANGED, str(number))
    return bool(done)


def _days(period: str) -> tuple[int, int]:
    try:
        return report_days(period)
    except ValueError:
        return NEVER, NEVER
