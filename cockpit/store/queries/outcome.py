"""Everything that became of alerts in a store: the alert log of a run, as the score needs it."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from cockpit.store.handles import Read


class Row(NamedTuple):
    """One alert, open or closed. Times in ms."""

    id: int
    key: str
    rule: str
    opened: int
    closed: int | None
    reason: str


class Logged(NamedTuple):
    """A line of the event log."""

    t: int
    alert: int | None
    what: str
    actor: str
    data: dict[str, Any]


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
    return [
        Logged(row[0], row[1], row[2], row[3], json.loads(row[4]))
        for row in conn.execute("SELECT t, alert, what, actor, data FROM event_log ORDER BY seq")
    ]
