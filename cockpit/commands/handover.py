"""Handing the desk over to the next shift, signed by both: who gives it and who takes it."""

from __future__ import annotations

import json
from typing import Annotated, ClassVar

import msgspec

from cockpit.commands.handling import OPERATORS, Number, Said
from cockpit.commands.model import Cockpit, Command, Handlers, Message, Result, done, refused
from cockpit.domain import handover as life
from cockpit.domain.registers import HANDOVER
from cockpit.domain.roles import Role
from cockpit.store import registers
from cockpit.store.handles import Write
from cockpit.store.queries import handover as queries
from cockpit.store.queries import registers as entries
from cockpit.store.queries.alerts import Instants

MAX_WORDS = 2000
"""Signs of what is written for the next shift."""


class HandOver(Message, frozen=True, kw_only=True):
    """Hands over what is open, as it is now. Given once more by the same person before anybody took it, it is
    made anew."""

    ROLES: ClassVar[frozenset[Role]] = OPERATORS
    LONGEST: ClassVar[int] = MAX_WORDS + 1

    note: Annotated[str, msgspec.Meta(max_length=MAX_WORDS)] = ""


class TakeOver(Message, frozen=True, kw_only=True):
    """Takes what somebody else handed over: signed by both, it changes no more."""

    ROLES: ClassVar[frozenset[Role]] = OPERATORS

    handover: Number
    note: Said = ""
    version: int | None = None


def hand_over(here: Cockpit, command: Command, order: HandOver, conn: Write, t: int) -> Result:
    actor = command.actor.name
    held = queries.given(conn)
    if held is not None and held.owner != actor:
        return refused("already", by=held.owner, at=held.opened, handover=held.id, version=held.version)
    real = json.dumps([s.code for s in here.profile.sources if s.time == "real"])
    sheet = queries.sheet(conn, Instants(real, here.clock.real_ms(), t), life.TOLD)
    facts = life.Facts(sheet=sheet, by=actor, note=(order.note or command.reason).strip())
    if held is None:
        moved = life.given(entries.last_number(conn, HANDOVER) + 1, facts, t)
    else:
        moved = life.renewed(held, facts, t)
    registers.move(conn, moved)  # nobody else writes within this transaction
    return done({"handover": moved.entry.id, "at": t, "since": sheet.since, "version": moved.entry.version})


def take_over(here: Cockpit, command: Command, order: TakeOver, conn: Write, t: int) -> Result:
    entry, actor = entries.entry(conn, HANDOVER, order.handover), command.actor
    if entry is None:
        return refused("unknown", handover=order.handover)
    if order.version is not None and order.version != entry.version:
        return refused("changed", version=entry.version)
    facts = life.facts_of(entry)
    if entry.closed is not None:
        return refused("already", by=facts.to, at=entry.closed, version=entry.version)
    if facts.by == actor.name:
        return refused("no_right", role=actor.role, by=facts.by)
    registers.move(conn, life.taken(entry, actor.name, (order.note or command.reason).strip(), t))
    return done({"handover": entry.id, "at": t, "from": facts.by, "version": entry.version + 1})


HANDLERS: Handlers = {HandOver: hand_over, TakeOver: take_over}
