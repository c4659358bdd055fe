"""What people do with plans: move a task or a target that is theirs, say why one is not started, tell what
was paid. Every step is compare and set: of two at once one acts, and the other is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from cockpit.commands.model import (
    MIN_REASON,
    Actor,
    Cockpit,
    Command,
    Handlers,
    Message,
    Result,
    Right,
    Rights,
    done,
    number_in,
    refused,
)
from cockpit.domain.plans import life
from cockpit.domain.plans.days import Days
from cockpit.domain.plans.model import MONTH, Evidence, Item, Millions, Sentence, item_of, project_of
from cockpit.domain.registers import PROJECT, TARGET, TASK, Entry, Moved
from cockpit.domain.roles import Role
from cockpit.domain.text import MAX_NOTE
from cockpit.store import registers
from cockpit.store.handles import Read, Write
from cockpit.store.queries import registers as queries

MAX_NUMBER = 2**53
MAX_EVIDENCE, MAX_SHOWN = 10, 200
"""Pieces of evidence of a step, and signs of each."""

Number = Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBER)]
To = Literal["not_started", "doing", "done", "dropped"]
Shown = Annotated[tuple[Evidence, ...], msgspec.Meta(max_length=MAX_EVIDENCE)]
Why = Annotated[str, msgspec.Meta(min_length=MIN_REASON, max_length=500)]

OF_THE_UNIT: frozenset[Role] = frozenset({"officer", "unit_leader"})


class TaskMove(Message, frozen=True, kw_only=True):
    """Who answers for the task says where it stands. Done wants evidence (documents by number, or what else
    shows it); dropping, and going back, a note. `version` as the person saw it."""

    ROLES: ClassVar[frozenset[Role]] = OF_THE_UNIT

    task: Number
    state: To
    note: Sentence = ""
    evidence: Shown = ()
    version: int | None = None


class TargetMove(Message, frozen=True, kw_only=True):
    """The same of a target that no indicator tells of; `value` is what was reached. A target that is tied to
    an indicator ticks by itself."""

    ROLES: ClassVar[frozenset[Role]] = OF_THE_UNIT

    target: Number
    state: To
    value: float | None = None
    note: Sentence = ""
    evidence: Shown = ()
    version: int | None = None


class TaskExplain(Message, frozen=True, kw_only=True):
    """Who answers for a task that is not started says why."""

    ROLES: ClassVar[frozenset[Role]] = OF_THE_UNIT

    task: Number
    why: Why
    version: int | None = None


class ProjectPaid(Message, frozen=True, kw_only=True):
    """Millions of đồng that a project has paid in a month, in place of what was told before. A month that has
    not begun is refused."""

    ROLES: ClassVar[frozenset[Role]] = OF_THE_UNIT

    project: Number
    month: Annotated[str, msgspec.Meta(pattern=MONTH)]
    paid: Millions
    version: int | None = None


def task_move(here: Cockpit, command: Command, order: TaskMove, conn: Write, t: int) -> Result:
    return _move(here, command, TASK, order.task, order, conn, t)


def target_move(here: Cockpit, command: Command, order: TargetMove, conn: Write, t: int) -> Result:
    return _move(here, command, TARGET, order.target, order, conn, t, value=order.value)


def _move(
    here: Cockpit,
    command: Command,
    kind: str,
    number: int,
    order: TaskMove | TargetMove,
    conn: Write,
    t: int,
    *,
    value: float | None = None,
) -> Result:
    note = (order.note or command.reason).strip()
    if len(note) > MAX_NOTE:
        return refused("reason_too_long", max=MAX_NOTE)
    evidence = tuple(text for one in order.evidence[:MAX_EVIDENCE] if (text := one.strip()[:MAX_SHOWN]))

    def step(entry: Entry) -> Moved | Result:
        item = item_of(entry)
        if item.state == order.state:
            return refused("already", state=item.state, version=entry.version)
        found = life.wanting(item, order.state, note, evidence)
        if found == "reason_needed":
            return refused(found, min=MIN_REASON)
        if found:
            return refused(found, state=item.state, **_tied(item))
        day = Days(here.profile.utc_offset_s).of(t)
        return life.moved(
            item, order.state, t, command.actor.name, day=day, note=note, evidence=evidence, value=value
        )

    return _stepped(command.actor, kind, number, order.version, conn, step)


def _tied(item: Item) -> dict[str, str]:
    return {"indicator": item.facts.indicator} if item.facts.indicator else {}


def task_explain(here: Cockpit, command: Command, order: TaskExplain, conn: Write, t: int) -> Result:
    """Only of a task that is not started: all others tell by what was done."""

    def step(entry: Entry) -> Moved | Result:
        item = item_of(entry)
        if item.state != "not_started":
            return refused("wrong_state", state=item.state)
        why = order.why.strip()
        if not MIN_REASON <= len(why) <= MAX_NOTE:
            return refused("bad_argument", argument="why", expected=f"{MIN_REASON} to {MAX_NOTE} signs")
        return life.explained(item, why, t, command.actor.name)

    return _stepped(command.actor, TASK, order.task, order.version, conn, step)


def project_paid(here: Cockpit, command: Command, order: ProjectPaid, conn: Write, t: int) -> Result:
    if order.month > Days(here.profile.utc_offset_s).of(t)[:7]:
        return refused("bad_argument", argument="month", expected="a month that has begun")

    def step(entry: Entry) -> Moved | Result:
        return life.paid(project_of(entry), order.month, order.paid, t, command.actor.name)

    return _stepped(command.actor, PROJECT, order.project, order.version, conn, step)


def _stepped(
    actor: Actor,
    kind: str,
    number: int,
    version: int | None,
    conn: Write,
    step: Callable[[Entry], Moved | Result],
) -> Result:
    """Take a step of an entry that is the actor's, as it was seen."""
    entry = queries.entry(conn, kind, number)
    if entry is None:
        return refused("unknown", **{kind: number})
    if not actor.unit or actor.unit != entry.owner:
        return refused("no_right", role=actor.role, unit=entry.owner)
    if version is not None and version != entry.version:
        return refused("changed", version=entry.version)
    found = step(entry)
    if isinstance(found, Result):
        return found
    if not registers.move(conn, found):
        return refused("changed", version=entry.version)
    after = found.entry
    return done({kind: number, "state": after.state, "version": after.version})


def _right(kind: str) -> Right:
    def look(conn: Read, actor: Actor, args: Mapping[str, Any]) -> Result | None:
        number = number_in(args, kind)
        entry = None if number is None else queries.entry(conn, kind, number)
        if entry is None or (actor.unit and actor.unit == entry.owner):
            return None
        return refused("no_right", role=actor.role, unit=entry.owner)

    return look


RIGHTS: Rights = {
    TaskMove: _right(TASK), TargetMove: _right(TARGET), TaskExplain: _right(TASK),
    ProjectPaid: _right(PROJECT),
}  # fmt: skip
HANDLERS: Handlers = {
    TaskMove: task_move, TargetMove: target_move, TaskExplain: task_explain, ProjectPaid: project_paid,
}  # fmt: skip
