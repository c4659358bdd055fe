"""What people do with a coverage gap: verify it, plan its end, build, close it with the proof, and open it
again. Every step is compare and set: of two at once one acts, and the other is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar

import msgspec

from cockpit.commands.evidence import piece
from cockpit.commands.model import (
    Actor,
    Cockpit,
    Command,
    Handlers,
    Instant,
    Message,
    Result,
    Rights,
    done,
    number_in,
    refused,
)
from cockpit.domain import periods
from cockpit.domain.coverage import gap_life as life
from cockpit.domain.coverage.gap_life import MAX_AHEAD_MS, MAX_BAD, MIN_GROUPS, PLAN_DAYS, Count, Taken
from cockpit.domain.plans.model import Millions
from cockpit.domain.registers import CLOSED, GAP, Entry, Moved
from cockpit.domain.requests import Piece, due_after
from cockpit.domain.roles import Role
from cockpit.domain.text import MAX_NOTE
from cockpit.store import evidence, registers
from cockpit.store.evidence import is_id
from cockpit.store.handles import Read, Write
from cockpit.store.queries import gap_ground
from cockpit.store.queries import registers as queries

MAX_NUMBER = 2**53
MAX_EVIDENCE, MAX_SHOWN = 10, 200
"""Pieces of evidence of a step, and signs of each."""

Number = Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBER)]
Piecemeal = Annotated[str, msgspec.Meta(max_length=MAX_SHOWN)]
Shown = Piecemeal | Annotated[tuple[Piecemeal, ...], msgspec.Meta(max_length=MAX_EVIDENCE)]
"""Documents by number, what else shows it in a few words, or files that were handed in by their ids."""

OF_GAPS: frozenset[Role] = frozenset({"officer", "unit_leader", "operator"})


class GapVerify(Message, frozen=True, kw_only=True):
    """Somebody has seen on the spot that there is a gap, and says what shows it. An officer or a leader of
    the unit in which it lies or that answers for it, or an operator. `version` as the person saw it."""

    ROLES: ClassVar[frozenset[Role]] = OF_GAPS

    gap: Number
    evidence: Shown
    version: int | None = None


class GapPlan(Message, frozen=True, kw_only=True):
    """Who ends a verified gap (`owner`, a unit or a department), by when, for how many millions of đồng. A
    plan can be made anew as long as nothing is built."""

    ROLES: ClassVar[frozenset[Role]] = OF_GAPS

    gap: Number
    owner: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    due: Instant
    money: Millions | None = None
    version: int | None = None


class GapBuild(Message, frozen=True, kw_only=True):
    """The planned work is on the air: from here on measurements count as the proof."""

    ROLES: ClassVar[frozenset[Role]] = OF_GAPS

    gap: Number
    evidence: Shown = ()
    version: int | None = None


class GapClose(Message, frozen=True, kw_only=True):
    """The gap is over: at least ten independent measurements after the work, the bad share surely under 30 %.
    Without them it is `evidence_needed`, whatever else is shown."""

    ROLES: ClassVar[frozenset[Role]] = OF_GAPS

    gap: Number
    evidence: Shown = ()
    version: int | None = None


class GapReopen(Message, frozen=True, kw_only=True):
    """A closed gap is there again: it is verified, under its own number."""

    ROLES: ClassVar[frozenset[Role]] = OF_GAPS

    gap: Number
    evidence: Shown = ()
    version: int | None = None


def gap_verify(here: Cockpit, command: Command, order: GapVerify, conn: Write, t: int) -> Result:
    texts = _texts(order.evidence)

    def step(entry: Entry, by: Taken) -> Moved | Result:
        if (wrong := _out_of_order(entry, life.REPORTED, life.VERIFIED)) is not None:
            return wrong
        if not texts:
            return _told("evidence_needed", entry)
        return life.verified(entry, _plan_due(here, t), by)

    return _stepped(here, command, order, texts, conn, t, step)


def gap_plan(here: Cockpit, command: Command, order: GapPlan, conn: Write, t: int) -> Result:
    due = int(order.due)

    def wrong() -> Result | None:
        if order.owner not in here.profile.addressees:
            return refused("bad_argument", argument="owner", expected="a code of a unit or of a department")
        if not t < due <= t + MAX_AHEAD_MS:
            return refused("bad_argument", argument="due", expected="an instant after now, within five years")
        return None

    def step(entry: Entry, by: Taken) -> Moved | Result:
        if entry.state not in (life.VERIFIED, life.PLANNED):
            return _told("wrong_state", entry)
        planned = entry.owner, entry.due, life.life_of(entry).money
        if entry.state == life.PLANNED and planned == (order.owner, due, order.money):
            return _told("already", entry)
        return life.planned(entry, order.owner, due, order.money, by)

    return _stepped(here, command, order, (), conn, t, step, wrong)


def gap_build(here: Cockpit, command: Command, order: GapBuild, conn: Write, t: int) -> Result:
    def step(entry: Entry, by: Taken) -> Moved | Result:
        if (wrong := _out_of_order(entry, life.PLANNED, life.BUILDING)) is not None:
            return wrong
        today = _day(here, t)
        there = gap_ground.measured(conn, here.profile.operators, entry.facts["cells"], today, today + 1)
        base = [
            Count(operator, h3, c.n, c.groups, c.weak, c.bad, c.rsrp_sum)
            for (operator, h3), c in there.items()
        ]
        return life.built(entry, base, by)

    return _stepped(here, command, order, _texts(order.evidence), conn, t, step)


def gap_close(here: Cockpit, command: Command, order: GapClose, conn: Write, t: int) -> Result:
    def step(entry: Entry, by: Taken) -> Moved | Result:
        if (wrong := _out_of_order(entry, life.BUILDING, CLOSED)) is not None:
            return wrong
        known = life.life_of(entry)
        first = _day(here, t if known.built is None else known.built)
        there = gap_ground.measured(
            conn, here.profile.operators, known.ground, first, max(first, _day(here, t)) + 1
        )
        proof = life.proof_of(life.since_work(known, there))
        if not proof.enough:
            return _told(
                "evidence_needed", entry, groups=proof.groups, groups_needed=MIN_GROUPS, bad_high=proof.high,
                bad_high_under=MAX_BAD,
            )  # fmt: skip
        return life.closed(entry, proof, by)

    return _stepped(here, command, order, _texts(order.evidence), conn, t, step)


def gap_reopen(here: Cockpit, command: Command, order: GapReopen, conn: Write, t: int) -> Result:
    def step(entry: Entry, by: Taken) -> Moved | Result:
        if entry.state != CLOSED:
            return _told("wrong_state", entry)
        return life.reopened(entry, _plan_due(here, t), by)

    return _stepped(here, command, order, _texts(order.evidence), conn, t, step)


def may_step(actor: Actor, entry: Entry) -> bool:
    """Whether it is somebody's to take a step: an operator's any, else those of where it lies and of who
    answers for it."""
    return actor.role == "operator" or (bool(actor.unit) and actor.unit in (entry.unit, entry.owner))


def _out_of_order(entry: Entry, before: str, after: str) -> Result | None:
    if entry.state == after:
        return _told("already", entry)
    return None if entry.state == before else _told("wrong_state", entry)


def _plan_due(here: Cockpit, t: int) -> int:
    return due_after(t, PLAN_DAYS, here.profile.utc_offset_s)


def _day(here: Cockpit, t: int) -> int:
    return periods.day_number(t, here.profile.utc_offset_s)


def _texts(shown: str | tuple[str, ...]) -> tuple[str, ...]:
    given = (shown,) if isinstance(shown, str) else shown
    return tuple(dict.fromkeys(text for one in given if (text := one.strip())))


def _told(code: Any, entry: Entry, **more: Any) -> Result:
    return refused(code, gap=entry.id, state=entry.state, version=entry.version, **more)


def _stepped(
    here: Cockpit,
    command: Command,
    order: GapVerify | GapPlan | GapBuild | GapClose | GapReopen,
    texts: tuple[str, ...],
    conn: Write,
    t: int,
    step: Callable[[Entry, Taken], Moved | Result],
    wrong: Callable[[], Result | None] = lambda: None,
) -> Result:
    """Take a step of a gap, as it was seen: rights first, then arguments, then the state it is in."""
    actor, number = command.actor, order.gap
    entry = queries.entry(conn, GAP, number)
    if entry is not None and not may_step(actor, entry):
        return refused("no_right", role=actor.role, gap=number, unit=entry.unit)
    note = command.reason.strip()
    if len(note) > MAX_NOTE:
        return refused("reason_too_long", max=MAX_NOTE)
    if (found := wrong()) is not None:
        return found
    if entry is None:
        return refused("unknown", gap=number)
    pieces: list[Piece] = []
    for name in [text for text in texts if is_id(text)]:
        handed = piece(here, conn, name, actor, GAP, number)
        if handed is None:
            return refused("unknown", gap=number, evidence=name)
        pieces.append(handed)
    if order.version is not None and order.version != entry.version:
        return _told("changed", entry)
    shown: dict[str, Any] = {"note": note} if note else {}
    if documents := [text for text in texts if not is_id(text)]:
        shown["documents"] = documents
    if pieces:
        shown["evidence"] = [msgspec.to_builtins(one) for one in pieces]
    moved = step(entry, Taken(t, actor.name, shown))
    if isinstance(moved, Result):
        return moved
    evidence.name_in(conn, GAP, number, pieces)
    if not registers.move(conn, moved):
        return _told("changed", entry)
    after = moved.entry
    told = {"gap": number, "state": after.state, "due": after.due, "version": after.version}
    return done(told | {"owner": after.owner} if isinstance(order, GapPlan) else told)


def _right(conn: Read, actor: Actor, args: Mapping[str, Any]) -> Result | None:
    number = number_in(args, GAP)
    entry = None if number is None else queries.entry(conn, GAP, number)
    if entry is None or may_step(actor, entry):
        return None
    return refused("no_right", role=actor.role, gap=number, unit=entry.unit)


RIGHTS: Rights = dict.fromkeys((GapVerify, GapPlan, GapBuild, GapClose, GapReopen), _right)
HANDLERS: Handlers = {
    GapVerify: gap_verify, GapPlan: gap_plan, GapBuild: gap_build, GapClose: gap_close, GapReopen: gap_reopen,
}  # fmt: skip
