"""Reads that only the HTTP API needs."""

from __future__ import annotations

from typing import NamedTuple

from cockpit.store.handles import Read
from cockpit.store.queries.alerts import COLUMNS, AlertRow


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


def alerts(conn: Read, *, state: str, limit: int) -> list[AlertRow]:
    """Alerts of a state, symptoms included: the newest first, of closed ones the latest closed."""
    rows = conn.execute(f"SELECT {COLUMNS} FROM alert WHERE {ALERTS[state]} LIMIT ?", (limit,))
    return [AlertRow(*row) for row in rows]


def quarantine(conn: Read, source: int | None, limit: int) -> list[Refusal]:
    """The newest refused events, of one source or of all."""
    rows = conn.execute(
        "SELECT seq, source, received, code, reason, id, size, payload FROM quarantine"
        + (" WHERE source = ?" if source is not None else " WHERE ? IS NULL")
        + " ORDER BY seq DESC LIMIT ?",
        (source, limit),
    )
    return [Refusal(*row) for row in rows]
