"""Alerts of a demo's past, found afterwards in what it left behind (`cockpit.engine.reckoned`)."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.store import meta
from cockpit.store.alerts import OF_ENGINE, Alert
from cockpit.store.handles import Write

KEY = "history_alerts"
"""Where the store holds the end of the past (ms) whose alerts are still to be found; "done" when they are
in."""

DONE = "done"

AT_ONCE = 500
"""Rows of a transaction: what is live waits for none of them long."""

_INSERT = f"INSERT OR IGNORE INTO alert ({', '.join(OF_ENGINE)}) VALUES ({', '.join('?' * len(OF_ENGINE))})"


def write(conn: Write, alerts: Sequence[Alert]) -> None:
    """Keep some, each once: their numbers say which are there. No line of the log is about them, so nobody is
    told."""
    conn.executemany(_INSERT, [tuple(getattr(one, name) for name in OF_ENGINE) for one in alerts])


def done(conn: Write) -> None:
    """All are in."""
    meta.put(conn, KEY, DONE)
