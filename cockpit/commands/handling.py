"""What people do with an alert besides acknowledging it: give it to somebody, say something, bring it higher
up, say how it ended, and take that back. Each is compare and set: of two at once one acts."""

from __future__ import annotations

import json
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from cockpit.commands.ledger import cap_of, give
from cockpit.commands.model import (
    Cockpit,
    Command,
    Handlers,
    Message,
    Result,
    done,
    refused,
)
from cockpit.domain.alerting import ledger
from cockpit.domain.alerting.escalation import above
from cockpit.domain.alerting.mutes import Matcher, Mute
from cockpit.domain.alerting.subjects import INCOMING
from cockpit.domain.numbers import AlertId
from cockpit.domain.roles import Role
from cockpit.domain.text import MAX_NOTE
from cockpit.store import handling, incoming, mutes, registers
from cockpit.store.alerting import Line
from cockpit.store.alerts import Alert
from cockpit.store.handles import Write
from cockpit.store.queries import alerts

MAX_NUMBER = 2**53
Number = Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBER)]
Said = Annotated[str, msgspec.Meta(max_length=MAX_NOTE)]
Hiding = Literal["false_alarm", "accepted"]
"""What may be said of an alert whose condition stands: it is hidden until its mute ends, or it is over."""


OPERATORS: frozenset[Role] = frozenset({"operator", "admin"})


class Unacknowledge(Message, frozen=True, kw_only=True):
    """Nobody is at it any more, whoever acknowledged it and whenever: it waits anew. `version` as the person
    saw it; without it the present one."""

    ROLES: ClassVar[frozenset[Role]] = OPERATORS
    REASON: ClassVar[bool] = True

    alert: Number
    version: int | None = None


class Assign(Message, frozen=True, kw_only=True):
    """A unit or a department has it from now on. `to` is its code."""

    ROLES: ClassVar[frozenset[Role]] = OPERATORS

    alert: Number
    to: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    version: int | None = None


class Comment(Message, frozen=True, kw_only=True):
    """A sentence in the alert's history, of a closed one too. It may stand in `reason` instead."""

    ROLES: ClassVar[frozenset[Role]] = OPERATORS

    alert: Number
    text: Said = ""
    version: int | None = None


class Escalate(Message, frozen=True, kw_only=True):
    """Brings it to the leader of the unit, given once more to the leader of the province."""

    ROLES: ClassVar[frozenset[Role]] = OPERATORS

    alert: Number
    note: Said = ""
    version: int | None = None


class Close(Message, frozen=True, kw_only=True):
    """Says how it ended. While its condition stands, "accepted" and "false_alarm" hide it for as long as the
    role may silence; "repaired" is refused, until it is good again and about to close by itself. An alert of
    another system that does not repeat it any more closes as "repaired"."""

    ROLES: ClassVar[frozenset[Role]] = OPERATORS
    REASON: ClassVar[bool] = True

    alert: Number
    outcome: Literal["repaired"] | Hiding
    version: int | None = None


class Reopen(Message, frozen=True, kw_only=True):
    """Takes back what `close` said: what it hid is shown again."""

    ROLES: ClassVar[frozenset[Role]] = OPERATORS
    REASON: ClassVar[bool] = True

    alert: Number
    version: int | None = None


def _seen(conn: Write, number: int, version: int | None) -> Alert | Result:
    """The alert, or why nothing may be done: there is none, or somebody was quicker."""
    found = alerts.one(conn, AlertId(number))
    if found is None:
        return refused("unknown", alert=number)
    if version is not None and version != found.version:
        return refused("changed", version=found.version)
    return found


def _set(
    conn: Write, alert: Alert, t: int, command: Command, what: str, data: dict[str, Any], **columns: Any
) -> bool:
    line = Line(t, alert.id, what, command.actor.name, {"key": alert.key, **data})
    return handling.change(conn, alert.id, alert.version, line, columns)


def _after(alert: Alert, **facts: Any) -> Result:
    return done({"alert": alert.id, **facts, "version": alert.version + 1})


def unacknowledge(here: Cockpit, command: Command, order: Unacknowledge, conn: Write, t: int) -> Result:
    alert = _seen(conn, order.alert, order.version)
    if isinstance(alert, Result):
        return alert
    if alert.closed is not None:
        return refused("closed", at=alert.closed)
    if alert.ack_at is None:
        return refused("already", version=alert.version)
    _set(
        conn, alert, t, command, "unacknowledged", {"note": command.reason, "of": alert.ack_by},
        ack_by=None, ack_at=None, ack_note=None, ack_real=None, ack_until=None, escalated="",
    )  # fmt: skip
    return _after(alert, at=t)


def assign(here: Cockpit, command: Command, order: Assign, conn: Write, t: int) -> Result:
    if order.to not in here.profile.unit and order.to not in here.profile.bodies:
        return refused("bad_argument", argument="to", expected="a code of a unit or of a department")
    alert = _seen(conn, order.alert, order.version)
    if isinstance(alert, Result):
        return alert
    if alert.closed is not None:
        return refused("closed", at=alert.closed)
    if alert.assigned == order.to:
        return refused("already", to=order.to, version=alert.version)
    data = {"to": order.to, "before": alert.assigned, "note": command.reason}
    _set(conn, alert, t, command, "assigned", data, assigned=order.to)
    return _after(alert, to=order.to)


def comment(here: Cockpit, command: Command, order: Comment, conn: Write, t: int) -> Result:
    text = (order.text or command.reason).strip()
    if not text:
        return refused("bad_argument", argument="text", expected=f"1 to {MAX_NOTE} signs")
    alert = _seen(conn, order.alert, order.version)
    if isinstance(alert, Result):
        return alert
    handling.say(conn, Line(t, alert.id, "comment", command.actor.name, {"key": alert.key, "note": text}))
    return done({"alert": alert.id, "at": t, "version": alert.version})


def escalate(here: Cockpit, command: Command, order: Escalate, conn: Write, t: int) -> Result:
    note = (order.note or command.reason).strip()
    alert = _seen(conn, order.alert, order.version)
    if isinstance(alert, Result):
        return alert
    if alert.closed is not None:
        return refused("closed", at=alert.closed)
    left = above(alert.escalated)
    if not left:
        return refused("already", to=alert.escalated, version=alert.version)
    _set(conn, alert, t, command, "escalated", {"to": left[0], "note": note}, escalated=left[0])
    return _after(alert, to=left[0])


def close(here: Cockpit, command: Command, order: Close, conn: Write, t: int) -> Result:
    alert = _seen(conn, order.alert, order.version)
    if isinstance(alert, Result):
        return alert
    data = {"outcome": order.outcome, "note": command.reason}
    if alert.closed is not None:
        if alert.outcome:
            return refused("already", outcome=alert.outcome, version=alert.version)
        _set(conn, alert, t, command, "outcome", data, outcome=order.outcome)
        return _after(alert, outcome=order.outcome)
    if order.outcome == "repaired":
        stale = alert.subject_kind == INCOMING and "stale" in json.loads(alert.facts)
        if not stale and alerts.state_of(conn, alert.key) != "recovering":
            return refused("still_active", since=alert.first_seen, version=alert.version)
        if alert.outcome == order.outcome:
            return refused("already", outcome=alert.outcome, version=alert.version)
        if stale:  # who sent it says no more: it is over because somebody here says so
            incoming.end(conn, int(alert.subject), here.clock.real_ms())
        _set(conn, alert, t, command, "outcome", data, outcome=order.outcome)
        return _after(alert, outcome=order.outcome)
    held = _closing(conn, alert)
    if held is not None:
        return refused("already", by=held.mute.actor, at=held.mute.since, until=held.mute.until)
    until = t + cap_of(command.actor.role, critical=alert.priority == "critical")
    mute = Mute(
        0, order.outcome, Matcher(alert=alert.id), t, until, until, command.actor.name, command.reason
    )
    number = give(conn, mute, alert.unit, t)
    _set(conn, alert, t, command, "outcome", {**data, "mute": number, "until": until}, outcome=order.outcome)
    return _after(alert, outcome=order.outcome, mute=number, until=until)


def reopen(here: Cockpit, command: Command, order: Reopen, conn: Write, t: int) -> Result:
    alert = _seen(conn, order.alert, order.version)
    if isinstance(alert, Result):
        return alert
    held = _closing(conn, alert)
    if alert.closed is not None and not alert.outcome:
        return refused("wrong_state", state="closed", reason=alert.close_reason)
    if alert.closed is None and held is None and not alert.outcome:
        return refused("already", version=alert.version)
    if held is not None:
        registers.move(conn, ledger.ended(held.entry, t, command.actor.name, "ended", command.reason))
    data = {"outcome": alert.outcome, "note": command.reason}
    _set(conn, alert, t, command, "reopened", data, outcome="")
    return _after(alert, at=t)


def _closing(conn: Write, alert: Alert) -> mutes.Entered | None:
    """The mute by which somebody closed an alert whose condition stands."""
    return next((k for k in mutes.open_ones(conn) if k.mute.matcher.alert == alert.id), None)


HANDLERS: Handlers = {
    Unacknowledge: unacknowledge, Assign: assign, Comment: comment, Escalate: escalate, Close: close,
    Reopen: reopen,
}  # fmt: skip
