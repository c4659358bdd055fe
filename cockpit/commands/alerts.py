"""Acknowledging an alert: somebody has seen it and acts. It stays open until its cause is gone."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from cockpit.commands.model import Cockpit, Command, Handlers, Message, Result, done, refused
from cockpit.domain.roles import Role
from cockpit.domain.text import MAX_NOTE
from cockpit.store import alerting
from cockpit.store.handles import Write


class Acknowledge(Message, frozen=True, kw_only=True):
    """`version` as the person saw the alert; without it the present one. `note` may be empty."""

    ROLES: ClassVar[frozenset[Role]] = frozenset({"operator", "admin"})

    alert: int
    note: Annotated[str, msgspec.Meta(max_length=MAX_NOTE)] = ""
    version: int | None = None


def acknowledge(here: Cockpit, command: Command, order: Acknowledge, conn: Write, t: int) -> Result:
    """Compare and set: of two people at once one wins, and the other is told who."""
    note = (order.note or command.reason).strip()
    if len(note) > MAX_NOTE:
        return refused("reason_too_long", max=MAX_NOTE)
    held = alerting.held(conn, order.alert)
    if held is None:
        return refused("unknown", alert=order.alert)
    if held.ack_at is not None:
        return refused("already", by=held.ack_by, at=held.ack_at, version=held.version)
    if held.closed is not None:
        return refused("closed", at=held.closed)
    version = held.version if order.version is None else order.version
    if not alerting.acknowledge(conn, order.alert, version, command.actor.name, t, note):
        return refused("changed", version=held.version)
    return done({"alert": order.alert, "at": t, "version": version + 1})


HANDLERS: Handlers = {Acknowledge: acknowledge}
