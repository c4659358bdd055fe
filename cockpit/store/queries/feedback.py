"""Citizens' feedback: petitions as they are counted, and what was written in them."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from cockpit.domain.feedback import FEEDBACK, Petition
from cockpit.store.handles import Read


def _number(name: str) -> str:
    """A number of the fields: a text or `true` is none."""
    path = f"'$.{name}'"
    return f"CASE WHEN json_type(fields, {path}) IN ('integer', 'real') THEN json_extract(fields, {path}) END"


_PETITION = (
    "SELECT key, unit, CASE WHEN json_type(fields, '$.field') = 'text'"
    " THEN json_extract(fields, '$.field') ELSE '' END, state, opened, due, closed,"
    f" {_number('rating')}, {_number('lat')}, {_number('lon')} FROM record WHERE kind = ?"
)


def petitions(conn: Read, since_ms: int) -> list[Petition]:
    """All that are open, and those that came or were closed since, by their keys."""
    rows = conn.execute(f"{_PETITION} AND closed IS NULL", (FEEDBACK,)).fetchall()
    rows += conn.execute(
        f"{_PETITION} AND updated >= ? AND closed IS NOT NULL AND (closed >= ? OR opened >= ?)",
        (FEEDBACK, since_ms, since_ms, since_ms),
    ).fetchall()
    return sorted(Petition._make(row) for row in rows)


def written(conn: Read, keys: Collection[str], signs: int) -> dict[str, str]:
    """The first `signs` of what was written in these petitions, by key; of those that have words."""
    rows = conn.execute(
        "SELECT key, substr(json_extract(fields, '$.text'), 1, ?) FROM record WHERE kind = ?"
        " AND key IN (SELECT value FROM json_each(?)) AND json_type(fields, '$.text') = 'text'",
        (signs, FEEDBACK, json.dumps(sorted(keys))),
    )
    return dict(rows.fetchall())


class OpenPetitions(NamedTuple):
    """How many petitions are open, and how many of these beyond their due time."""

    n: int
    late: int


def open_in(conn: Read, unit: str, now_ms: int) -> OpenPetitions:
    """Those of a unit."""
    row = conn.execute(
        "SELECT count(*), count(*) FILTER (WHERE due < ?) FROM record WHERE kind = ? AND closed IS NULL"
        " AND unit = ?",
        (now_ms, FEEDBACK, unit),
    ).fetchone()
    return OpenPetitions(*row)


class Step(NamedTuple):
    """When a petition came into a state (ms), and whose it was."""

    t: int
    state: str
    unit: str


def steps(conn: Read, key: str) -> list[Step]:
    """How a petition came to be as it is, oldest first."""
    rows = conn.execute(
        "SELECT t, state, unit FROM record_event WHERE kind = ? AND key = ? ORDER BY t, id", (FEEDBACK, key)
    )
    return [Step._make(row) for row in rows]
