"""Which span of the past is still being brought in."""

from __future__ import annotations

from cockpit.store import meta
from cockpit.store.handles import Read

KEY = "history_loading"


def start(conn: Read) -> int | None:
    """Begin, in ms of domain time, of the last hours that are still being filled; None when all is in."""
    found = meta.get(conn, KEY)
    return int(found) if found else None
