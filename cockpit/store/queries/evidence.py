"""Reads of files that people have handed in."""

from __future__ import annotations

from cockpit.domain.requests import Piece
from cockpit.store.evidence import Handed
from cockpit.store.handles import Read

_COLUMNS = "id, person, unit, name, kind, size, at"


def handed(conn: Read, name: str) -> list[Handed]:
    """Everybody who has handed in the file, who did so first coming first."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM evidence WHERE id = ? ORDER BY at, person", (name,))
    return [Handed(*row) for row in rows]


def entries(conn: Read, name: str) -> list[tuple[str, int]]:
    """The entries of registers that name a file: kind and number."""
    rows = conn.execute("SELECT kind, number FROM evidence_of WHERE id = ? ORDER BY kind, number", (name,))
    return [(row[0], row[1]) for row in rows]


def named(conn: Read, kind: str, number: int) -> list[Piece]:
    """The files that an entry or a report names, each as it was handed in first."""
    rows = conn.execute(
        "SELECT e.id, e.name, e.kind, e.size FROM evidence_of AS o JOIN evidence AS e ON e.id = o.id"
        " WHERE o.kind = ? AND o.number = ? AND e.person = (SELECT person FROM evidence WHERE id = e.id"
        " ORDER BY at, person LIMIT 1) ORDER BY e.name, e.id",
        (kind, number),
    )
    return [Piece(*row) for row in rows]


def waiting(conn: Read, person: str) -> int:
    """How many files somebody has handed in that nothing names."""
    row = conn.execute(
        "SELECT count(*) FROM evidence AS e WHERE person = ?"
        " AND NOT EXISTS (SELECT 1 FROM evidence_of AS o WHERE o.id = e.id)",
        (person,),
    ).fetchone()
    return int(row[0])
