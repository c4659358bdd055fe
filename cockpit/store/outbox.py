"""How far the event log has been announced, a cursor for each channel.

What is announced is read from the log itself, in its order: a line is sent first and the cursor moved
afterwards, so after a crash the last lines may be sent again, and none is left out.
"""

from __future__ import annotations

import sqlite3

from cockpit.store.handles import Read, Write
from cockpit.store.rows import Logged, columns, logged

END = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event_log'), 0)"
"""The present end of the log, also where lines have been removed."""


def begin(conn: Write, channel: str) -> None:
    """Make the cursor of a channel. A new one stands at the present end: nothing old is announced."""
    conn.execute(f"INSERT OR IGNORE INTO outbox (channel, seq) VALUES (?, ({END}))", (channel,))


def cursor(conn: Read, channel: str) -> int | None:
    """How far a channel has been told; None where it is not known yet."""
    row = conn.execute("SELECT seq FROM outbox WHERE channel = ?", (channel,)).fetchone()
    return None if row is None else int(row[0])


def after(conn: Read, seq: int, limit: int) -> list[Logged]:
    """The next lines of the log, oldest first."""
    rows = conn.execute(
        f"SELECT {columns(Logged)} FROM event_log WHERE seq > ? ORDER BY seq LIMIT ?",
        (seq, limit),
    )
    return [logged(row) for row in rows]


def advance(conn: Write, channel: str, old: int, new: int) -> bool:
    """Move a cursor, unless somebody else has moved it meanwhile."""
    done = conn.execute("UPDATE outbox SET seq = ? WHERE channel = ? AND seq = ?", (new, channel, old))
    return done.rowcount == 1


def cursors(conn: sqlite3.Connection) -> list[tuple[str, int]]:
    """Every channel with its cursor; of a database from before there were any: none."""
    if not _there(conn):
        return []
    return [(str(row[0]), int(row[1])) for row in conn.execute("SELECT channel, seq FROM outbox")]


def carry(conn: sqlite3.Connection, before: list[tuple[str, int]]) -> None:
    """The state of `conn` takes the place of one that had announced so far: what both have is announced, what
    comes after it is not, though it may bear numbers that were given before."""
    if not _there(conn):
        return
    (end,) = conn.execute(END).fetchone()
    conn.execute("DELETE FROM outbox")
    conn.executemany("INSERT INTO outbox (channel, seq) VALUES (?, ?)", [(c, min(n, end)) for c, n in before])


def _there(conn: sqlite3.Connection) -> bool:
    found = conn.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'outbox'").fetchone()
    return found is not None
