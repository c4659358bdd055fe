"""Reads of registers: entries, and the steps of their lives."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

from cockpit.domain.registers import CLOSED, MUTE, TARGET, TASK, Entry, Step
from cockpit.store import meta
from cockpit.store.handles import Read
from cockpit.store.registers import counted_key, facts_of

_COLUMNS = "kind, id, state, unit, owner, opened, due, closed, version, facts"


def entries(conn: Read, kind: str, state: str = "", unit: str = "", limit: int = -1) -> list[Entry]:
    """The newest `limit` entries of a register in the order of their numbers, -1: all; "" as state or unit:
    of any. A unit, or a department, has what lies in it and what it answers for."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM register WHERE kind = ? AND (? = '' OR state = ?)"
        " AND (? = '' OR unit = ? OR owner = ?) ORDER BY id DESC LIMIT ?",
        (kind, state, state, unit, unit, unit, limit),
    )
    return [_entry(row) for row in rows][::-1]


def open_entries(conn: Read, kind: str = "") -> list[Entry]:
    """What is not closed, of one register or of all, in order of kind and number."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM register WHERE closed IS NULL AND (? = '' OR kind = ?) ORDER BY kind, id",
        (kind, kind),
    )
    return [_entry(row) for row in rows]


def overdue(conn: Read, kind: str, t: int) -> list[Entry]:
    """What is open in a register beyond its due time, most overdue first."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM register WHERE closed IS NULL AND kind = ? AND due <= ? ORDER BY due, id",
        (kind, t),
    )
    return [_entry(row) for row in rows]


def of_plan(conn: Read, plan: str) -> list[Entry]:
    """What belongs to a plan, by its code, open and closed, in order of kind and number."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM register WHERE json_extract(facts, '$.plan') = ? ORDER BY kind, id", (plan,)
    )
    return [_entry(row) for row in rows]


def given(conn: Read, *, open_only: bool = True) -> list[Entry]:
    """Tasks outside of plans, each about something, in order of their numbers."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM register WHERE kind = ? AND (closed IS NULL OR NOT ?)"
        " AND json_extract(facts, '$.about.kind') IS NOT NULL ORDER BY id",
        (TASK, open_only),
    )
    return [_entry(row) for row in rows]


def by_state(conn: Read, kind: str, plan: str = "") -> list[tuple[str, str, int]]:
    """Unit, state and how many entries of a register are so; of one plan where it is told."""
    rows = conn.execute(
        "SELECT unit, state, count(*) FROM register WHERE kind = ?"
        " AND (? = '' OR json_extract(facts, '$.plan') = ?) GROUP BY unit, state",
        (kind, plan, plan),
    )
    return [(unit, state, int(n)) for unit, state, n in rows]


def states_at(conn: Read, kind: str, plan: str, t: int) -> dict[str, int]:
    """How many entries were in each state at instant `t`, by the steps taken by then; of one plan where it is
    told."""
    rows = conn.execute(
        "SELECT after, count(*) FROM (SELECT s.after, max(s.seq) FROM register_step s JOIN register r"
        " ON r.kind = s.kind AND r.id = s.id WHERE s.kind = ? AND s.t <= ?"
        " AND (? = '' OR json_extract(r.facts, '$.plan') = ?) GROUP BY s.id) GROUP BY after",
        (kind, t, plan, plan),
    )
    return {state: int(n) for state, n in rows}


class Unjudged(NamedTuple):
    """A target that follows an indicator, before the engine judged it for the first time."""

    state: str
    indicator: str
    goal: float
    direction: str


def unjudged_at(conn: Read, plan: str, t: int) -> list[Unjudged]:
    """The targets of a plan that follow an indicator and that the engine had not judged by instant `t`."""
    rows = conn.execute(
        "SELECT s.after, json_extract(r.facts, '$.indicator'), json_extract(r.facts, '$.goal'),"
        " json_extract(r.facts, '$.direction') FROM (SELECT id, after, max(seq) FROM register_step"
        " WHERE kind = ? AND t <= ? GROUP BY id) s JOIN register r ON r.kind = ? AND r.id = s.id"
        " WHERE json_extract(r.facts, '$.plan') = ? AND json_extract(r.facts, '$.indicator') <> ''"
        " AND json_extract(r.facts, '$.goal') IS NOT NULL AND NOT EXISTS (SELECT 1 FROM register_step e"
        " WHERE e.kind = ? AND e.id = s.id AND e.actor = 'engine' AND e.t <= ?)",
        (TARGET, t, TARGET, plan, TARGET, t),
    )
    return [Unjudged(*row) for row in rows]


def last_number(conn: Read, kind: str) -> int:
    """The highest number of a register, 0 where it is empty."""
    row = conn.execute("SELECT max(id) FROM register WHERE kind = ?", (kind,)).fetchone()
    return int(row[0] or 0)


def closed_with_alerts(conn: Read) -> list[Entry]:
    """What has closed and has an alert that is still open, in order of kind and number."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM register WHERE closed IS NOT NULL AND EXISTS (SELECT 1 FROM alert WHERE"
        " alert.closed IS NULL AND subject_kind = kind AND subject = CAST(register.id AS TEXT))"
        " ORDER BY kind, id"
    )
    return [_entry(row) for row in rows]


def counted(conn: Read, kind: str) -> list[dict[str, Any]] | None:
    """While a demo's past is still being brought in: what its part so far shows, measured like an entry, with
    the unit. None where the register itself is what counts."""
    found = meta.get(conn, counted_key(kind))
    return list(facts_of(found)["found"]) if found else None


def open_at(conn: Read, kind: str, t: int) -> int | None:
    """How many entries were open at instant `t`; None before the first step of the register."""
    open_, known = conn.execute(
        "SELECT coalesce(sum(after <> ?), 0), count(*) FROM"
        " (SELECT after, max(seq) FROM register_step WHERE kind = ? AND t <= ? GROUP BY id)",
        (CLOSED, kind, t),
    ).fetchone()
    return int(open_) if known else None


def mutes_at(conn: Read, t: int) -> int:
    """How many mutes are active at `t`, rules that are off among them."""
    row = conn.execute(
        "SELECT count(*) FROM register WHERE kind = ? AND closed IS NULL AND due > ?"
        " AND json_extract(facts, '$.since') <= ?",
        (MUTE, t, t),
    ).fetchone()
    return int(row[0])


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
