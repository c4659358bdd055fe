"""Records and their daily tallies."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import msgspec

from cockpit.domain.numbers import SourceId
from cockpit.store.handles import Read

_fields = msgspec.json.Decoder(dict[str, Any])


class RecordRow(NamedTuple):
    """A record as its events so far make it. Times in ms."""

    kind: str
    key: str
    source: SourceId
    unit: str
    state: str
    opened: int
    updated: int
    due: int | None
    closed: int | None
    fields: dict[str, Any]


_COLUMNS = "kind, key, source, unit, state, opened, updated, due, closed, fields"


def records(
    conn: Read,
    kind: str,
    *,
    open_only: bool = False,
    due_before: int | None = None,
    limit: int = 200,
) -> list[RecordRow]:
    """Open records with the earliest due time first, or all with the newest change first."""
    if open_only or due_before is not None:
        sql = (
            f"SELECT {_COLUMNS} FROM record WHERE kind = ? AND closed IS NULL"
            " AND (? IS NULL OR due < ?) ORDER BY due LIMIT ?"
        )
        rows = conn.execute(sql, (kind, due_before, due_before, limit))
    else:
        rows = conn.execute(
            f"SELECT {_COLUMNS} FROM record WHERE kind = ? ORDER BY updated DESC LIMIT ?",
            (kind, limit),
        )
    return [_row(row) for row in rows]


def newest(conn: Read, kind: str, state: str, unit: str, limit: int) -> list[RecordRow]:
    """Those that changed last, in order of their keys; "" as state or unit: of any."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM record WHERE kind = ? AND (? = '' OR state = ?) AND (? = '' OR unit = ?)"
        " ORDER BY updated DESC, key LIMIT ?",
        (kind, state, state, unit, unit, limit),
    )
    return sorted((_row(row) for row in rows), key=lambda row: row.key)


def versions(conn: Read, kind: str, keys: Collection[str]) -> dict[str, int]:
    """How many events each of these records is made of."""
    rows = conn.execute(
        "SELECT key, count(*) FROM record_event WHERE kind = ? AND key IN (SELECT value FROM json_each(?))"
        " GROUP BY key",
        (kind, json.dumps(sorted(keys))),
    )
    return dict(rows.fetchall())


def record(conn: Read, kind: str, key: str) -> RecordRow | None:
    row = conn.execute(f"SELECT {_COLUMNS} FROM record WHERE kind = ? AND key = ?", (kind, key)).fetchone()
    return None if row is None else _row(row)


def _row(row: sqlite3.Row) -> RecordRow:
    kind, key, source, unit, state, opened, updated, due, closed, fields = row
    return RecordRow(kind, key, source, unit, state, opened, updated, due, closed, _fields.decode(fields))


def tallies(
    conn: Read, kind: str, names: Sequence[str], day0: int, day1: int
) -> dict[str, dict[str, dict[int, int]]]:
    """Counts by name, unit ("" for the province) and provincial day, from day0 to day1, both included."""
    found: dict[str, dict[str, dict[int, int]]] = {name: defaultdict(dict) for name in names}
    rows = conn.execute(
        "SELECT name, unit, day, n FROM tally WHERE day >= ? AND day <= ? AND kind = ?", (day0, day1, kind)
    )
    for name, unit, day, n in rows:
        if name in found:
            found[name][unit][day] = n
    return {name: dict(units) for name, units in found.items()}
