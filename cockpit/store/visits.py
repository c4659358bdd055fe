"""When people looked: one row a person, in domain time. See `cockpit.domain.visits`."""

from __future__ import annotations

from cockpit.domain.visits import Visit
from cockpit.store.handles import Read, Write
from cockpit.store.rows import columns


def of(conn: Read, person: str) -> Visit | None:
    """What is known of the last visit of a person."""
    row = conn.execute(f"SELECT {columns(Visit)} FROM visit WHERE person = ?", (person,)).fetchone()
    return None if row is None else Visit(*row)


def keep(conn: Write, person: str, visit: Visit) -> None:
    """It takes the place of what was known."""
    conn.execute(
        f"INSERT INTO visit (person, {columns(Visit)}) VALUES (?, ?, ?, ?) ON CONFLICT (person) DO UPDATE SET"
        " began = excluded.began, last = excluded.last, before = excluded.before",
        (person, *visit),
    )
