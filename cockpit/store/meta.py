"""Small facts about the store itself: one text value a key."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from cockpit.store.looking import untouched

PROVINCE = "province"
"""The code of the profile whose data these are."""

ROLLED_UP = "rolled_up"
"""Up to when hourly roll-ups are on disk: milliseconds of domain time and of real time."""


def get(conn: sqlite3.Connection, key: str) -> str | None:
    row = conn.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def put(conn: sqlite3.Connection, key: str, value: str) -> None:
    conn.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )


def peek(path: Path, key: str) -> str | None:
    """The value in a store that is not open yet; None where there is no such file, table or key. Raises
    StoreError where the file is damaged or no database."""
    if not path.exists():
        return None
    with untouched(path) as conn:
        try:
            return get(conn, key)
        except sqlite3.OperationalError:
            return None
