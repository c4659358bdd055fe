"""Putting a plan into the register, as a workbook or another system brings it, and giving a task as a further
one of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Annotated, Any, ClassVar, Literal

import msgspec

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
    refused,
)
from cockpit.domain.catalog import Text
from cockpit.domain.plans import life
from cockpit.domain.plans.days import Days
from cockpit.domain.plans.drafts import Mistake, mistakes
from cockpit.domain.plans.model import Draft, ItemFacts
from cockpit.domain.plans.putting import GivenAbout, Putting
from cockpit.domain.registers import TASK
from cockpit.domain.roles import Role
from cockpit.store import registers
from cockpit.store.handles import Read, Write
from cockpit.store.queries import plans, requests

MAX_TOLD = 50
"""Mistakes that a refusal names."""
MAX_TASK = 300
"""Signs of what a task is."""

Number = Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class PlanPut(Message, frozen=True, kw_only=True):
    """Enters a plan with its parts, or brings the register to what it says: rows by their codes, new ones and
    changed ones; nothing is taken out. A row that names its `version` is refused where somebody has changed
    it since. Targets that are tied to an indicator keep what that has ticked."""

    ROLES: ClassVar[frozenset[Role]] = frozenset({"leader", "admin"})
    REASON: ClassVar[bool] = True

    plan: Draft

    def recorded(self) -> dict[str, Any]:
        """The parts are in the steps of the register; on record are how many, and which they were."""
        text = msgspec.json.encode(self.plan)
        n = len(self.plan.targets) + len(self.plan.tasks) + len(self.plan.projects)
        return {"plan": self.plan.code, "rows": n, "digest": blake2b(text, digest_size=12).hexdigest()}


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a task is given about: a plan by its code, as a further one of it; or, outside of plans, an
    indicator by its code, a target, an alert or a gap by its number."""

    kind: Literal["plan"] | GivenAbout
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] | Number


class TaskAssign(Message, frozen=True, kw_only=True):
    """Gives a task to a unit or a department: a further one of a plan of the province, or one outside of
    plans about a figure, a target, an alert or a gap. A leader of a unit gives tasks within the own unit."""

    ROLES: ClassVar[frozenset[Role]] = frozenset({"leader", "unit_leader"})

    about: About
    to: Annotated[str, msgspec.Meta(max_length=60)]
    due: Instant
    text: Annotated[str, msgspec.Meta(min_length=3, max_length=MAX_TASK)]


def plan_put(here: Cockpit, command: Command, order: PlanPut, conn: Write, t: int) -> Result:
    """All of it or nothing, compare and set."""
    draft, known = order.plan, here.profile.nameable
    wrong = list(mistakes(draft, known))
    if wrong:
        return _wrong(wrong)
    kept = plans.plan(conn, draft.code)
    days = Days(here.profile.utc_offset_s)
    putting = Putting(t, command.actor.name, days, known, plans.numbers(conn), command.reason)
    put = putting.put(draft, kept)
    if put.changed:
        return refused("changed", mistakes=_told(put.changed))
    for moved in put.steps:
        registers.move(conn, moved)  # nobody else writes within this transaction
    new = sum(moved.seen == 0 for moved in put.steps)
    return done(
        {"plan": draft.code, "new": new, "edited": len(put.steps) - new, "same": put.same, "left": put.left}
    )


def _wrong(found: list[Mistake]) -> Result:
    first = found[0]
    place = f".{first.part}[{first.row}]" if first.part else ""
    return refused(
        "bad_argument", argument=f"plan{place}.{first.member}", expected=first.code, mistakes=_told(found),
        wrong=len(found),
    )  # fmt: skip


def _told(found: list[Mistake]) -> list[dict[str, Any]]:
    return [mistake._asdict() for mistake in found[:MAX_TOLD]]


def task_assign(here: Cockpit, command: Command, order: TaskAssign, conn: Write, t: int) -> Result:
    """A plan that has ended, and one of another province, takes no more tasks."""
    actor, profile = command.actor, here.profile
    if actor.role == "unit_leader" and order.to != actor.unit:
        return refused("no_right", role=actor.role, unit=order.to)
    if order.to not in profile.addressees:
        return refused("bad_argument", argument="to", expected="a code of a unit or of a department")
    if order.due <= t:
        return refused("bad_argument", argument="due", expected="an instant after now")
    text = order.text.strip()
    if not 3 <= len(text) <= MAX_TASK:
        return refused("bad_argument", argument="text", expected=f"3 to {MAX_TASK} signs")
    about, days = order.about, Days(profile.utc_offset_s)
    number = plans.numbers(conn)[TASK] + 1
    unit = order.to if order.to in profile.unit else ""
    if about.kind != "plan":
        found = requests.named(conn, profile, about.kind, str(about.code))
        if found is None:
            return refused("unknown", **{about.kind: about.code})
        of, name = found
        facts = ItemFacts(code="", name=Text(text, text), about=of, about_name=name)
        given = life.given(facts, number, order.to, unit, int(order.due), t, actor.name, days)
        registers.move(conn, given)
        return done({"task": number, about.kind: of.code, "version": given.entry.version})
    plan = plans.plan(conn, str(about.code))
    if plan is None:
        return refused("unknown", plan=about.code)
    if plan.facts.province or plan.facts.last < days.of(t):
        return refused("wrong_state", plan=plan.facts.code)
    moved = life.assigned(plan, number, order.to, unit, text, int(order.due), t, actor.name, days)
    registers.move(conn, moved)
    return done({"task": number, "plan": plan.facts.code, "version": moved.entry.version})


def _may_give(_conn: Read, actor: Actor, args: Mapping[str, Any]) -> Result | None:
    to = args.get("to")
    if actor.role == "unit_leader" and isinstance(to, str) and to != actor.unit:
        return refused("no_right", role=actor.role, unit=to)
    return None


RIGHTS: Rights = {TaskAssign: _may_give}
HANDLERS: Handlers = {PlanPut: plan_put, TaskAssign: task_assign}
