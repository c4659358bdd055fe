"""Acknowledging an alert: somebody has seen it and acts. It stays open until its cause is gone."""

from __future__ import annotations

from cockpit.commands.model import Cockpit, Command, Result, refused
from cockpit.domain.text import MAX_NOTE
from cockpit.store import alerting
from cockpit.store.handles import Write


def acknowledge(cockpit: Cockpit, command: Command, conn: Write, t: int) -> Result:
    """args: alert (number), version as the person saw it, note (may be empty). Compare and set: of two
    people at once one wins, and the other is told who."""
    alert, version = command.args.get("alert"), command.args.get("version")
    note = str(command.args.get("note") or command.reason or "").strip()
    if not isinstance(alert, int) or not isinstance(version, int):
        return refused("bad_argument", expected="alert and version as whole numbers")
    if len(note) > MAX_NOTE:
        return refused("reason_too_long", max=MAX_NOTE)
    held = alerting.held(conn, alert)
    if held is None:
        return refused("unknown", alert=alert)
    if held.ack_at is not None:
        return Result(False, "already", {"by": held.ack_by, "at": held.ack_at, "version": held.version})
    if held.closed is not None:
        return refused("closed", at=held.closed)
    if not alerting.acknowledge(conn, alert, version, command.actor, t, note):
        return refused("changed", version=held.version)
    return Result(True, "done", {"alert": alert, "at": t, "version": version + 1})
