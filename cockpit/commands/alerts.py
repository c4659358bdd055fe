"""Acknowledging an alert: somebody has seen it and acts. It stays open until its cause is gone. A slip is
taken back within seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

import msgspec

from cockpit.commands.model import (
    MIN_REASON,
    Cockpit,
    Command,
    Handlers,
    Instant,
    Message,
    Result,
    done,
    refused,
)
from cockpit.domain.numbers import AlertId
from cockpit.domain.periods import DAY_MS
from cockpit.domain.roles import Role
from cockpit.domain.text import MAX_NOTE
from cockpit.store import alerting
from cockpit.store.handles import Write

UNDO_MS = 10_000
"""So long after it, in real time, an acknowledgement can be taken back: a slip is noticed at once."""


class Acknowledge(Message, frozen=True, kw_only=True):
    """`version` as the person saw the alert; without it the present one. `note` may be empty, but of a
    critical alert. With `until` the alert waits again from then on, if it is still open."""

    ROLES: ClassVar[frozenset[Role]] = frozenset({"operator", "admin"})
    WITHIN_MS: ClassVar[Mapping[str, int]] = {"operator": DAY_MS, "admin": 7 * DAY_MS}

    alert: int
    until: Instant | None = None
    note: Annotated[str, msgspec.Meta(max_length=MAX_NOTE)] = ""
    version: int | None = None


class AcknowledgeUndo(Message, frozen=True, kw_only=True):
    """Within 10 seconds of real time, by whoever acknowledged. `version` as the acknowledgement left it;
    without it the present one."""

    ROLES: ClassVar[frozenset[Role]] = Acknowledge.ROLES

    alert: int
    version: int | None = None


def acknowledge(here: Cockpit, command: Command, order: Acknowledge, conn: Write, t: int) -> Result:
    """Compare and set: of two people at once one wins, and the other is told who."""
    note = (order.note or command.reason).strip()
    if len(note) > MAX_NOTE:
        return refused("reason_too_long", max=MAX_NOTE)
    alert = AlertId(order.alert)
    held = alerting.held(conn, alert)
    if held is None:
        return refused("unknown", alert=order.alert)
    if held.ack_at is not None:
        return refused("already", by=held.ack_by, at=held.ack_at, version=held.version)
    if held.closed is not None:
        return refused("closed", at=held.closed)
    if held.priority == "critical" and len(note) < MIN_REASON:
        return refused("reason_needed", min=MIN_REASON)
    version = held.version if order.version is None else order.version
    real = here.clock.real_ms()
    if not alerting.acknowledge(conn, alert, version, command.actor.name, t, note, real, order.until):
        return refused("changed", version=held.version)
    return done({"alert": order.alert, "at": t, "version": version + 1})


def acknowledge_undo(here: Cockpit, command: Command, order: AcknowledgeUndo, conn: Write, t: int) -> Result:
    """Compare and set, as the acknowledgement was: what has happened to the alert since is not undone."""
    alert = AlertId(order.alert)
    held = alerting.held(conn, alert)
    if held is None:
        return refused("unknown", alert=order.alert)
    if held.ack_at is None:
        return refused("already", version=held.version)
    if held.closed is not None:
        return refused("closed", at=held.closed)
    if held.ack_by != command.actor.name:
        return refused("no_right", role=command.actor.role, by=held.ack_by)
    if held.ack_real is None or not 0 <= here.clock.real_ms() - held.ack_real <= UNDO_MS:
        return refused("too_late", at=held.ack_at, within_ms=UNDO_MS)
    version = held.version if order.version is None else order.version
    if not alerting.take_back(conn, alert, version, command.actor.name, t):
        return refused("changed", version=held.version)
    return done({"alert": order.alert, "at": t, "version": version + 1})


HANDLERS: Handlers = {Acknowledge: acknowledge, AcknowledgeUndo: acknowledge_undo}
