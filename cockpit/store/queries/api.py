"""Reads that only the HTTP API needs."""

from __future__ import annotations

from typing import NamedTuple

from cockpit.store.alerts import Alert
from cockpit.store.handles import Read
from cockpit.store.queries import alerts as alert_rows


class Refusal(NamedTuple):
    """A refused event as it is kept, with the id of its source (0: none known)."""

    seq: int
    source: int
    received: int
    code: str
    reason: str
    id: str
    size: int
    payload: bytes


ALERTS = {
    "open": "closed IS NULL AND muted = '' ORDER BY id DESC",
    "muted": "closed IS NULL AND muted <> '' ORDER BY id DESC",
    "closed": "closed IS NOT NULL ORDER BY closed DESC, id DESC",
}
"""States by which alerts can be asked for."""


def alerts(conn: Read, *, state: str, limit: int) -> list[Alert]:
    """Alerts of a state, symptoms included: the newest first, of closed ones the latest closed."""
    return alert_rows.alerts(conn, f"{ALERTS[state]} LIMIT ?", (limit,))


def quarantine(conn: Read, source: int | None, limit: int) -> list[Refusal]:
    """The newest refused events, of one source or of all."""
    rows = conn.execute(
        "SELECT seq, source, received, code, reason, id, size, payload FROM quarantine"
        + (" WHERE source = ?" if source is not None else " WHERE ? IS NULL")
        + " ORDER BY seq DESC LIMIT ?",
        (source, limit),
    )
    return [Refusal(*row) for row in rows]
