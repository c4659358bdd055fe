"""What people write on an alert besides acknowledging it: who has it, how far up it went, how it ended.

All functions take the writer's connection and run inside its transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from cockpit.domain.numbers import AlertId
from cockpit.store.alerting import Line, append
from cockpit.store.handles import Read, Write

PEOPLES = frozenset(
    {"assigned", "escalated", "outcome", "ack_by", "ack_at", "ack_note", "ack_real", "ack_until"}
)
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


class Ending(NamedTuple):
    """An acknowledgement that holds until an instant (ms)."""

    alert: AlertId
    key: str
    by: str
    until: int


def endings(conn: Read, upto: int) -> list[Ending]:
    """Acknowledgements of open alerts that end by `upto`, in the order in which they do."""
    rows = conn.execute(
        "SELECT id, key, ack_by, ack_until FROM alert WHERE closed IS NULL AND ack_until <= ?"
        " ORDER BY ack_until, id",
        (upto,),
    )
    return [Ending(*row) for row in rows]


def end_acknowledgements(conn: Write, ended: Iterable[Ending]) -> None:
    """They are gone, the alerts with the operators again. One that has been given anew meanwhile stays."""
    conn.executemany(
        "UPDATE alert SET ack_by = NULL, ack_at = NULL, ack_note = NULL, ack_real = NULL, ack_until = NULL,"
        " escalated = '', version = version + 1 WHERE id = ? AND ack_until = ?",
        [(one.alert, one.until) for one in ended],
    )


def bring(conn: Write, raised: Mapping[AlertId, str]) -> None:
    """Alerts have been brought to a role by the time that passed."""
    conn.executemany(
        "UPDATE alert SET escalated = ? WHERE id = ? AND ack_at IS NULL",
        [(role, alert) for alert, role in raised.items()],
    )


def say(conn: Write, line: Line) -> None:
    """A line of the log that changes nothing."""
    append(conn, [line])
