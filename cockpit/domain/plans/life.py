"""The life of a target and of a task: which step may follow which, and what a step makes of an entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import msgspec

from cockpit.domain.catalog import Text
from cockpit.domain.plans.days import Days
from cockpit.domain.plans.model import OPEN, Item, ItemFacts, Month, Plan, Project, State, plain
from cockpit.domain.registers import TASK, Entry, Moved, Step

ENGINE = "engine"
ASSIGNED = "G"
"""What the codes of tasks begin with that were given later: their number makes them unlike any other."""

NEXT: Mapping[State, tuple[State, ...]] = {
    "not_started": ("doing", "done", "dropped"),
    "doing": ("done", "not_started", "dropped"),
    "done": ("doing",),
    "missed": ("done",),
    "dropped": ("not_started",),
}
"""What somebody may make of what is in a state. What nobody ever published stays as it was published."""

BACKWARD: tuple[tuple[State, State], ...] = (
    ("doing", "not_started"),
    ("done", "doing"),
    ("dropped", "not_started"),
)
"""Steps that take something back, which want a reason as dropping does."""

Wanting = Literal["", "wrong_state", "evidence_needed", "reason_needed"]


def wanting(item: Item, to: State, note: str, evidence: Sequence[str]) -> Wanting:
    """What keeps a person from taking the step, "" if nothing does."""
    if item.facts.indicator or to not in NEXT.get(item.state, ()):
        return "wrong_state"
    if to == "done" and not evidence:
        return "evidence_needed"
    if (to == "dropped" or (item.state, to) in BACKWARD) and not note:
        return "reason_needed"
    return ""


def moved(
    item: Item,
    to: State,
    t: int,
    actor: str,
    *,
    day: str,
    note: str = "",
    evidence: Sequence[str] = (),
    value: float | None = None,
    closed: int | None = None,
) -> Moved:
    """The step to a state at instant `t`, which lies on `day`. `value`: what was reached, where it is told;
    `closed`: when it was over, where that is not now."""
    facts = msgspec.structs.replace(
        item.facts,
        began=(item.facts.began or day) if to != "not_started" else "",
        evidence=tuple(evidence) if to == "done" else (),
        value=item.facts.value if value is None else value,
        why="" if to != "not_started" else item.facts.why,
    )
    shown: dict[str, Any] = {}
    if evidence:
        shown["evidence"] = list(evidence)
    if note:
        shown["note"] = note
    if value is not None:
        shown["value"] = value
    return stepped(item, to, t, actor, f"to_{to}", facts, shown, closed)


def assigned(
    plan: Plan, number: int, owner: str, unit: str, text: str, due: int, t: int, actor: str, days: Days
) -> Moved:
    """A further task of a plan, given by somebody at instant `t`, due at an instant."""
    facts = ItemFacts(
        plan=plan.facts.code,
        code=f"{ASSIGNED}{number}",
        name=Text(text, text),
        start=days.of(t),
        due=days.of(due - 1),
    )
    entry = Entry(TASK, number, "not_started", unit, owner, t, due, facts=plain(facts))
    return Moved(entry, 0, Step(t, actor, "assigned", "", entry.state, {"note": text}))


def given(
    facts: ItemFacts, number: int, owner: str, unit: str, due: int, t: int, actor: str, days: Days
) -> Moved:
    """A task outside of plans, given by somebody at instant `t`, due at an instant. `facts`: its name, and
    what it is about."""
    dated = msgspec.structs.replace(facts, code=f"{ASSIGNED}{number}", start=days.of(t), due=days.of(due - 1))
    entry = Entry(TASK, number, "not_started", unit, owner, t, due, facts=plain(dated))
    return Moved(entry, 0, Step(t, actor, "assigned", "", entry.state, {"note": facts.name.vi}))


def explained(item: Item, why: str, t: int, actor: str) -> Moved:
    """The owner says why it is not started."""
    facts = msgspec.structs.replace(item.facts, why=why)
    return stepped(item, item.state, t, actor, "explained", facts, {"note": why})


def reached(value: float, goal: float, direction: str) -> bool:
    """Whether a figure is as good as a target asks."""
    return value <= goal if direction == "down" else value >= goal


def ticked(item: Item, value: float, asof: int, t: int, day: str) -> Moved | None:
    """The step that a target takes by its indicator's figure (taken at `asof`); None where none is due."""
    goal = item.facts.goal
    if goal is None or item.state not in (*OPEN, "done"):
        return None
    to: State = "done" if reached(value, goal, item.facts.direction) else "doing"
    if to == item.state:
        return None
    facts = msgspec.structs.replace(item.facts, began=item.facts.began or day, value=value)
    shown = {"indicator": item.facts.indicator, "value": value, "asof": asof}
    return stepped(item, to, t, ENGINE, f"to_{to}", facts, shown)


def paid(project: Project, month: str, millions: int, t: int, actor: str) -> Moved:
    """What a project has paid in a month is so much."""
    facts, entry = project.facts, project.entry
    before = facts.months.get(month, Month())
    after = msgspec.structs.replace(before, paid=millions)
    changed = msgspec.structs.replace(facts, months=dict(sorted({**facts.months, month: after}.items())))
    shown = {"month": month, "before": before.paid, "paid": millions}
    step = Step(t, actor, "paid", entry.state, entry.state, shown)
    return Moved(replace(entry, version=entry.version + 1, facts=plain(changed)), entry.version, step)


def stepped(
    item: Item,
    to: State,
    t: int,
    actor: str,
    what: str,
    facts: ItemFacts,
    shown: Mapping[str, Any],
    closed: int | None = None,
) -> Moved:
    """An entry after a step of any kind, with the new facts. What is over stays so since when it was."""
    entry = item.entry
    over = None if to in OPEN else closed if closed is not None else t if to != entry.state else entry.closed
    after = replace(entry, state=to, closed=over, version=entry.version + 1, facts=plain(facts))
    return Moved(after, entry.version, Step(t, actor, what, entry.state, to, shown))
