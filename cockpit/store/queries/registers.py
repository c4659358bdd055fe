"""Reads of registers: entries, and the steps of their lives."""

from __future__ import annotations

import sqlite3

from cockpit.domain.registers import Entry, Step
from cockpit.store.handles import Read
from cockpit.store.registers import facts_of

_COLUMNS = "kind, id, state, unit, owner, opened, due, closed, version, facts"


def entries(conn: Read, kind: str, state: str = "", unit: str = "", limit: int = -1) -> list[Entry]:
    """The newest `limit` entries of a register in the order of their numbers, -1: all; "" as state or unit:
    of any."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM register WHERE kind = ? AND (? = '' OR state = ?) AND (? = '' OR unit = ?)"
        " ORDER BY id DESC LIMIT ?",
        (kind, state, state, unit, unit, limit),
    )
    return [_entry(row) for row in rows][::-1]


def open_entries(conn: Read, kind: str = "") -> list[Entry]:
    """What is not closed, of one register or of all, in order of kind and number."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM register WHERE closed IS NULL AND (? = '' OR kind = ?) ORDER BY kind, id",
        (kind, kind),
    )
    return [_entry(row) for row in rows]


def closed_with_alerts(conn: Read) -> list[Entry]:
    """What has closed and has an alert that is still open, in order of kind and number."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM register WHERE closed IS NOT NULL AND EXISTS (SELECT 1 FROM alert WHERE"
        " alert.closed IS NULL AND subject_kind = kind AND subject = CAST(register.id AS TEXT))"
        " ORDER BY kind, id"
    )
    return [_entry(row) for row in rows]


def entry(conn: Read, kind: str, number: int) -> Entry | None:
    """One entry by its number."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM register WHERE kind = ? AND id = ?", (kind, number))
    return next((_entry(row) for row in rows), None)


def history(conn: Read, kind: str, number: int) -> list[Step]:
    """The steps of an entry, oldest first."""
    rows = conn.execute(
        "SELECT t, actor, what, before, after, evidence FROM register_step WHERE kind = ? AND id = ?"
        " ORDER BY seq",
        (kind, number),
    )
    return [Step(r[0], r[1], r[2], r[3], r[4], facts_of(r[5])) for r in rows]


def last_step(conn: Read) -> int:
    """Grows with every step of any entry."""
    row = conn.execute("SELECT max(seq) FROM register_step").fetchone()
    return int(row[0] or 0)


def _entry(row: sqlite3.Row) -> Entry:
    kind, number, state, unit, owner, opened, due, closed, version, facts = row
    return Entry(kind, number, state, unit, owner, opened, due, closed, version, facts_of(facts))
