"""Noting what a meeting decided on the figures that it discussed, and withdrawing a wrong note."""

from __future__ import annotations

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
from cockpit.domain import meetings as life
from cockpit.domain.meetings import MAX_FIGURES, MAX_MEETING, MAX_TEXT, DecisionFacts
from cockpit.domain.periods import DAY_MS
from cockpit.domain.registers import DECISION
from cockpit.domain.roles import Role
from cockpit.store import registers
from cockpit.store.handles import Write
from cockpit.store.queries import meetings as queries
from cockpit.store.queries import registers as entries

BACK_MS = 366 * DAY_MS
"""No meeting of longer ago is noted."""

OF_MEETINGS: frozenset[Role] = frozenset({"leader", "unit_leader", "admin"})


class DecisionNote(Message, frozen=True, kw_only=True):
    """Notes what a meeting decided (`text`) on each of the figures that it discussed; `held` is when it was,
    now unless told. It stands on their cards and beside their trends."""

    ROLES: ClassVar[frozenset[Role]] = OF_MEETINGS
    ANY_UNIT: ClassVar[bool] = True
    LONGEST: ClassVar[int] = MAX_TEXT + 1

    meeting: Annotated[str, msgspec.Meta(min_length=MIN_REASON, max_length=MAX_MEETING)]
    text: Annotated[str, msgspec.Meta(min_length=MIN_REASON, max_length=MAX_TEXT)]
    indicators: Annotated[
        tuple[Annotated[str, msgspec.Meta(max_length=60)], ...],
        msgspec.Meta(min_length=1, max_length=MAX_FIGURES),
    ]
    held: Instant | None = None


class DecisionWithdraw(Message, frozen=True, kw_only=True):
    """Who noted it, or a leader, takes a wrong note off the figures. It stays on record."""

    ROLES: ClassVar[frozenset[Role]] = OF_MEETINGS
    ANY_UNIT: ClassVar[bool] = True
    REASON: ClassVar[bool] = True

    decision: Annotated[int, msgspec.Meta(ge=1, le=2**53)]
    version: int | None = None


def decision_note(here: Cockpit, command: Command, order: DecisionNote, conn: Write, t: int) -> Result:
    meeting, text = order.meeting.strip(), order.text.strip()
    for name, found, most in (("meeting", meeting, MAX_MEETING), ("text", text, MAX_TEXT)):
        if not MIN_REASON <= len(found) <= most:
            return refused("bad_argument", argument=name, expected=f"{MIN_REASON} to {most} signs")
    codes = tuple(dict.fromkeys(order.indicators))
    unknown = next((code for code in codes if code not in here.profile.indicator), None)
    if unknown is not None:
        return refused("unknown", indicator=unknown)
    held = t if order.held is None else int(order.held)
    if not t - BACK_MS < held <= t:
        return refused("bad_argument", argument="held", expected="an instant of the last year")
    actor = command.actor
    facts = DecisionFacts(
        meeting=meeting, text=text, indicators=codes, held=held, by=actor.name, role=str(actor.role)
    )
    number = entries.last_number(conn, DECISION) + 1
    registers.move(conn, life.noted(number, facts, actor.unit, t))  # nobody else writes meanwhile
    return done({"decision": number, "indicators": list(codes), "version": 1})


def decision_withdraw(
    here: Cockpit, command: Command, order: DecisionWithdraw, conn: Write, t: int
) -> Result:
    found, actor = queries.one(conn, order.decision), command.actor
    if found is None:
        return refused("unknown", decision=order.decision)
    if actor.role != "leader" and (found.facts.by, found.facts.role) != (actor.name, actor.role):
        return refused("no_right", role=actor.role, decision=order.decision)
    version = found.entry.version
    if not found.stands:
        return refused("already", decision=order.decision, at=found.entry.closed, version=version)
    if order.version is not None and order.version != version:
        return refused("changed", decision=order.decision, version=version)
    moved = life.withdrawn(found, command.reason, t, actor.name)
    registers.move(conn, moved)
    return done({"decision": order.decision, "state": "withdrawn", "version": moved.entry.version})


HANDLERS: Handlers = {DecisionNote: decision_note, DecisionWithdraw: decision_withdraw}
