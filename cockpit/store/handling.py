"""What people write on an alert besides acknowledging it: who has it, how far up it went, how it ended.

All functions take the writer's connection and run inside its transaction.
"""

from __future__ import annotations

from typing import Any

from cockpit.domain.numbers import AlertId
from cockpit.store.alerting import Line, append
from cockpit.store.handles import Write

PEOPLES = frozenset({"assigned", "escalated", "outcome", "ack_by", "ack_at", "ack_note", "ack_real"})
"""Columns of an alert that people's commands change."""


def change(
    conn: Write,
    alert: AlertId,
    version: int,
    line: Line,
    columns: dict[str, Any],
) -> bool:
    """Compare and set, with a line of the log: False, and nothing is written, where the alert is no longer as
    it was at `version`. Raises KeyError for a column that is not people's."""
    if not columns.keys() <= PEOPLES:
        raise KeyError(f"columns {sorted(columns.keys() - PEOPLES)}: expected some of {sorted(PEOPLES)}")
    wanted = "".join(f"{name} = ?, " for name in columns)
    done = conn.execute(
        f"UPDATE alert SET {wanted}version = version + 1 WHERE id = ? AND version = ?",
        (*columns.values(), alert, version),
    ).rowcount
    if done:
        append(conn, [line._replace(data=line.data | {"version": version + 1})])
    return bool(done)


def say(conn: Write, line: Line) -> None:
    """A line of the log that changes nothing."""
    append(conn, [line])
