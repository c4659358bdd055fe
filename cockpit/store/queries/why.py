"""Reads about one condition."""

from __future__ import annotations

from typing import NamedTuple

from cockpit.store.alerts import Alert
from cockpit.store.handles import Read
from cockpit.store.queries.alerts import alerts


class ConditionNow(NamedTuple):
    """A condition that is not clear, and since when (ms)."""

    state: str
    since: int


def condition(conn: Read, key: str) -> ConditionNow | None:
    """Where a condition stands; None where it is clear."""
    row = conn.execute("SELECT state, since FROM condition WHERE key = ?", (key,)).fetchone()
    return None if row is None else ConditionNow(*row)


def open_under(conn: Read, key: str) -> Alert | None:
    """The open alert of a key."""
    found = alerts(conn, "key = ? AND closed IS NULL", (key,))
    return found[0] if found else None
