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


def alerts(conn: Read, *, closed: bool, limit: int) -> list[AlertRow]:
    """Open alerts, newest first, symptoms included; or the closed ones, latest closed first."""
    where = (
        "closed IS NOT NULL ORDER BY closed DESC, id DESC" if closed else "closed IS NULL ORDER BY id DESC"
    )
    return [
        AlertRow(*row) for row in conn.execute(f"SELECT {COLUMNS} FROM alert WHERE {where} LIMIT ?", (limit,))
    ]


def quarantine(conn: Read, source: int | None, limit: int) -> list[Refusal]:
    """The newest refused events, of one source or of all."""
    rows = conn.execute(
        "SELECT seq, source, received, code, reason, id, size, payload FROM quarantine"
        + (" WHERE source = ?" if source is not None else " WHERE ? IS NULL")
        + " ORDER BY seq DESC LIMIT ?",
        (source, limit),
    )
    return [Refusal(*row) for row in rows]
