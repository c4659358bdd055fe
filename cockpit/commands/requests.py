"""Asking a unit for an explanation, and what follows: it answers with what shows it, and who asked accepts
the answer or sends it back. Every step is compare and set: of two at once one acts, and the other is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar

import msgspec

from cockpit.commands.evidence import piece
from cockpit.commands.model import (
    MIN_REASON,
    Actor,
    Cockpit,
    Code,
    Command,
    Handlers,
    Instant,
    Message,
    Result,
    Right,
    Rights,
    done,
    number_in,
    refused,
)
from cockpit.domain import requests as life
from cockpit.domain.registers import REQUEST, Moved
from cockpit.domain.requests import AGAIN_DAYS, DUE_DAYS, MAX_AHEAD_MS, MAX_EVIDENCE, Of, Request
from cockpit.domain.roles import Role
from cockpit.store import evidence, registers
from cockpit.store.handles import Read, Write
from cockpit.store.queries import registers as entries
from cockpit.store.queries import requests as queries

MAX_NUMBER = 2**53
MAX_ANSWER = 4000
"""Signs of an answer."""

Number = Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBER)]
FileId = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]

OF_LEADERS: frozenset[Role] = frozenset({"leader", "unit_leader"})
OF_THE_UNIT: frozenset[Role] = frozenset({"officer", "unit_leader"})


class AskedAbout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an explanation is wanted of: an indicator by its code, a target, a task, an alert or a gap by its
    number."""

    kind: Of
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] | Number


class RequestExplanation(Message, frozen=True, kw_only=True):
    """Asks a unit or a department (`to`) to explain something by `due`; without it, by the end of office
    hours three working days on. The question is the reason of the command. A leader of a unit asks within
    the own unit."""

    ROLES: ClassVar[frozenset[Role]] = OF_LEADERS

    about: AskedAbout
    to: Annotated[str, msgspec.Meta(max_length=60)]
    due: Instant | None = None


class Answer(Message, frozen=True, kw_only=True):
    """The unit that was asked answers, with up to five files that it has handed in, each by its id."""

    ROLES: ClassVar[frozenset[Role]] = OF_THE_UNIT
    LONGEST: ClassVar[int] = MAX_ANSWER + 1

    request: Number
    text: Annotated[str, msgspec.Meta(min_length=MIN_REASON, max_length=MAX_ANSWER)]
    evidence: Annotated[tuple[FileId, ...], msgspec.Meta(max_length=MAX_EVIDENCE)] = ()
    version: int | None = None


class Accept(Message, frozen=True, kw_only=True):
    """Who asked, or a leader, takes the answer: the request is over. `version` as the person saw it."""

    ROLES: ClassVar[frozenset[Role]] = OF_LEADERS

    request: Number
    version: int | None = None


class SendBack(Message, frozen=True, kw_only=True):
    """Who asked, or a leader, wants another answer, by `due`; without it, by the end of office hours on the
    next working day."""

    ROLES: ClassVar[frozenset[Role]] = OF_LEADERS
    REASON: ClassVar[bool] = True

    request: Number
    due: Instant | None = None
    version: int | None = None


def request_explanation(
    here: Cockpit, command: Command, order: RequestExplanation, conn: Write, t: int
) -> Result:
    actor, profile = command.actor, here.profile
    if actor.role == "unit_leader" and (not actor.unit or order.to != actor.unit):
        return refused("no_right", role=actor.role, unit=order.to)
    if order.to not in profile.addressees:
        return refused("bad_argument", argument="to", expected="a code of a unit or of a department")
    due = life.due_after(t, DUE_DAYS, profile.utc_offset_s) if order.due is None else int(order.due)
    if (wrong := _wrong_due(due, t)) is not None:
        return wrong
    found = queries.named(conn, profile, order.about.kind, str(order.about.code))
    if found is None:
        return refused("unknown", **{order.about.kind: order.about.code})
    about, name = found
    facts = life.RequestFacts(
        about=about, name=name, asker=actor.name, role=str(actor.role), question=command.reason, due=due
    )
    number = entries.last_number(conn, REQUEST) + 1
    moved = life.asked(number, facts, order.to, order.to if order.to in profile.unit else "", t)
    registers.move(conn, moved)  # nobody else writes within this transaction
    return done(
        {"request": number, "state": "asked", "to": order.to, "due": due, "version": moved.entry.version}
    )


def answer(here: Cockpit, command: Command, order: Answer, conn: Write, t: int) -> Result:
    actor = command.actor

    def step(found: Request) -> Moved | Result:
        text = order.text.strip()
        if len(text) < MIN_REASON:
            return refused("bad_argument", argument="text", expected=f"{MIN_REASON} to {MAX_ANSWER} signs")
        if found.state == "answered":
            return _told("already", found, at=found.facts.answered)
        if not found.waiting:
            return _told("closed", found, at=found.entry.closed)
        pieces = []
        for name in dict.fromkeys(order.evidence):
            handed = piece(here, conn, name, actor, REQUEST, found.entry.id)
            if handed is None:
                return refused("unknown", request=found.entry.id, evidence=name)
            pieces.append(handed)
        evidence.name_in(conn, REQUEST, found.entry.id, pieces)
        return life.answered(found, text, pieces, t, actor.name)

    return _stepped(actor, order.request, order.version, conn, _answers(actor), step)


def accept(here: Cockpit, command: Command, order: Accept, conn: Write, t: int) -> Result:
    def step(found: Request) -> Moved | Result:
        if found.state == "accepted":
            return _told("already", found, at=found.entry.closed)
        if found.state != "answered":
            return _told("wrong_state", found)
        return life.accepted(found, command.reason, t, command.actor.name)

    return _stepped(command.actor, order.request, order.version, conn, _decides(command.actor), step)


def send_back(here: Cockpit, command: Command, order: SendBack, conn: Write, t: int) -> Result:
    offset_s = here.profile.utc_offset_s
    due = life.due_after(t, AGAIN_DAYS, offset_s) if order.due is None else int(order.due)
    if (wrong := _wrong_due(due, t)) is not None:
        return wrong

    def step(found: Request) -> Moved | Result:
        if found.state == "sent_back":
            return _told("already", found)
        if found.state == "accepted":
            return _told("closed", found, at=found.entry.closed)
        if found.state != "answered":
            return _told("wrong_state", found)
        return life.sent_back(found, command.reason, due, t, command.actor.name)

    return _stepped(command.actor, order.request, order.version, conn, _decides(command.actor), step)


def _answers(actor: Actor) -> Callable[[Request], bool]:
    """Whether somebody may answer: who is of the unit that was asked."""

    def may(found: Request) -> bool:
        return bool(actor.unit) and actor.unit == found.entry.owner

    return may


def _decides(actor: Actor) -> Callable[[Request], bool]:
    """Whether somebody may judge an answer: a leader, and who asked."""

    def may(found: Request) -> bool:
        asked = found.facts.asker == actor.name and found.facts.role == actor.role
        return actor.role == "leader" or (asked and bool(actor.unit) and actor.unit == found.entry.owner)

    return may


def _wrong_due(due: int, t: int) -> Result | None:
    if t < due <= t + MAX_AHEAD_MS:
        return None
    return refused("bad_argument", argument="due", expected="an instant after now, within a year")


def _told(code: Code, found: Request, **more: int | None) -> Result:
    entry = found.entry
    return refused(code, request=entry.id, state=entry.state, version=entry.version, **more)


def _stepped(
    actor: Actor,
    number: int,
    version: int | None,
    conn: Write,
    may: Callable[[Request], bool],
    step: Callable[[Request], Moved | Result],
) -> Result:
    """Take a step of a request, as it was seen."""
    found = queries.one(conn, number)
    if found is None:
        return refused("unknown", request=number)
    if not may(found):
        return refused("no_right", role=actor.role, request=number, unit=found.entry.owner)
    if version is not None and version != found.entry.version:
        return _told("changed", found)
    moved = step(found)
    if isinstance(moved, Result):
        return moved
    if not registers.move(conn, moved):
        return _told("changed", found)
    entry = moved.entry
    return done({"request": number, "state": entry.state, "due": entry.due, "version": entry.version})


def _may_ask(_conn: Read, actor: Actor, args: Mapping[str, Any]) -> Result | None:
    to = args.get("to")
    if actor.role == "unit_leader" and isinstance(to, str) and to != actor.unit:
        return refused("no_right", role=actor.role, unit=to)
    return None


def _right(may: Callable[[Actor], Callable[[Request], bool]]) -> Right:
    def look(conn: Read, actor: Actor, args: Mapping[str, Any]) -> Result | None:
        number = number_in(args, "request")
        found = None if number is None else queries.one(conn, number)
        if found is None or may(actor)(found):
            return None
        return refused("no_right", role=actor.role, request=number, unit=found.entry.owner)

    return look


RIGHTS: Rights = {
    RequestExplanation: _may_ask, Answer: _right(_answers), Accept: _right(_decides),
    SendBack: _right(_decides),
}  # fmt: skip
HANDLERS: Handlers = {
    RequestExplanation: request_explanation, Answer: answer, Accept: accept, SendBack: send_back,
}  # fmt: skip
