"""The same done with many alerts at once: one command, one transaction, one line on record. Each alert is
taken or refused alone, as it would be by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, ClassVar

import msgspec

from cockpit.commands.alerts import Acknowledge, acknowledge
from cockpit.commands.handling import OPERATORS, Assign, Number, Said, assign
from cockpit.commands.model import Cockpit, Command, Handlers, Message, Result, done, refused
from cockpit.domain.roles import Role
from cockpit.store.handles import Write

MOST = 10_000
"""Alerts of one command."""

Alerts = Annotated[list[Number], msgspec.Meta(min_length=1, max_length=MOST)]


class AcknowledgeMany(Message, frozen=True, kw_only=True):
    """Somebody is at all of them. `note` may be empty."""

    ROLES: ClassVar[frozenset[Role]] = Acknowledge.ROLES

    alerts: Alerts
    note: Said = ""


class AssignMany(Message, frozen=True, kw_only=True):
    """A unit or a department has all of them from now on. `to` is its code."""

    ROLES: ClassVar[frozenset[Role]] = OPERATORS

    alerts: Alerts
    to: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


def acknowledge_many(here: Cockpit, command: Command, order: AcknowledgeMany, conn: Write, t: int) -> Result:
    return _each(
        order.alerts,
        lambda n: acknowledge(here, command, Acknowledge(alert=n, note=order.note), conn, t),
    )


def assign_many(here: Cockpit, command: Command, order: AssignMany, conn: Write, t: int) -> Result:
    return _each(
        order.alerts, lambda n: assign(here, command, Assign(alert=n, to=order.to), conn, t), to=order.to
    )


def _each(alerts: list[int], one: Callable[[int], Result], **facts: str) -> Result:
    """Done where it was done with any: `alerts` are those, `refused` says by its code why how many were not.
    Where it was done with none, what kept the first."""
    taken: list[int] = []
    kept: dict[str, int] = {}
    first: Result | None = None
    for number in dict.fromkeys(alerts):
        result = one(number)
        if result.ok:
            taken.append(number)
        else:
            first = first or result
            kept[result.code] = kept.get(result.code, 0) + 1
    if first is not None and not taken:
        return refused(first.code, **{**first.facts, "refused": kept})
    return done({"alerts": taken, "n": len(taken), **facts, "refused": kept})


HANDLERS: Handlers = {AcknowledgeMany: acknowledge_many, AssignMany: assign_many}
