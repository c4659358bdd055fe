"""Everything that became of alerts in a store: the alert log of a run, as the score needs it."""

from __future__ import annotations

from typing import NamedTuple

from cockpit.domain.numbers import AlertId
from cockpit.store.handles import Read
from cockpit.store.rows import Logged, columns, logged


class Row(NamedTuple):
    """One alert, open or closed. Times in ms."""

    id: AlertId
    key: str
    rule: str
    opened: int
    closed: int | None
    reason: str


def alerts(conn: Read) -> list[Row]:
    """Every alert by its number, which follows the order of opening."""
    return [
        Row(*row)
        for row in conn.execute(
            "SELECT id, key, rule, opened, closed, coalesce(close_reason, '') FROM alert ORDER BY id"
        )
    ]


def log(conn: Read) -> list[Logged]:
    """The whole event log in its order."""
    return [logged(row) for row in conn.execute(f"SELECT {columns(Logged)} FROM event_log ORDER BY seq")]
