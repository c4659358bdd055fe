"""Reads that only the HTTP API needs."""

from __future__ import annotations

from cockpit.store.alerts import Alert
from cockpit.store.handles import Read
from cockpit.store.queries import alerts as alert_rows

ALERTS = {
    "open": "closed IS NULL AND muted = '' ORDER BY id DESC",
    "muted": "closed IS NULL AND muted <> '' ORDER BY id DESC",
    "closed": "closed IS NOT NULL ORDER BY closed DESC, id DESC",
}
"""States by which alerts can be asked for."""


def alerts(conn: Read, *, state: str, limit: int) -> list[Alert]:
    """Alerts of a state, symptoms included: the newest first, of closed ones the latest closed."""
    return alert_rows.alerts(conn, f"{ALERTS[state]} LIMIT ?", (limit,))
