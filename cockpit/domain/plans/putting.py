"""Putting a plan into the register: what is new, what differs from what is kept, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import msgspec

from cockpit.domain.plans.days import Days
from cockpit.domain.plans.drafts import ITEMS, Known, Mistake
from cockpit.domain.plans.model import (
    OPEN,
    Draft,
    Item,
    ItemFacts,
    Plan,
    PlanFacts,
    Project,
    ProjectFacts,
    ProjectRow,
    Row,
    Said,
    State,
    plain,
)
from cockpit.domain.registers import KEPT, PLAN, PROJECT, Entry, Moved, Step

GivenAbout = Literal["indicator", "target", "alert", "gap"]
"""What a task outside of plans can be about."""

OF_ENTRIES = ("owner", "state", "done", "version")
"""Members of a row that are no facts: every entry of a register has them."""


class Put(NamedTuple):
    """What a draft makes of the register: the steps, how many rows are as they were, how many the register
    has that the draft does not, and the rows that somebody else has changed since the draft was made. Nothing
    is ever taken out of it."""

    steps: list[Moved]
    same: int
    left: int
    changed: list[Mistake]


@dataclass(frozen=True, slots=True)
class Putting:
    """Puts drafts into the register at the instant `t` (ms of domain time)."""

    t: int
    actor: str
    days: Days
    known: Known
    numbers: dict[str, int]
    """The highest number of each register so far; counted on."""
    reason: str = ""

    def put(self, draft: Draft, kept: Plan | None) -> Put:
        """The steps that bring the register to what the draft says, in order of kind and number."""
        steps: list[Moved] = []
        changed_since: list[Mistake] = []
        same = left = 0
        head = msgspec.convert(msgspec.to_builtins(draft), PlanFacts)
        if kept is None:
            number = self._next(PLAN)
            steps.append(self._begun(Entry(PLAN, number, KEPT, "", "", self.t, None), head))
        elif kept.facts != head:
            changed = _changed(plain(kept.facts), plain(head))
            after = replace(kept.entry, facts=plain(head))
            steps.append(self._edited(kept.entry, after, changed))
        else:
            same += 1
        for kind, part in ITEMS.items():
            items = {i.facts.code: i for i in (getattr(kept, part) if kept else ())}
            for n, row in enumerate(getattr(draft, part)):
                made = self._item(kind, head, row, items.pop(row.code, None))
                steps += [made] if made else []
                same += made is None
                if made and _overtaken(made, row.version):
                    changed_since.append(Mistake(part, n, "version", "changed", str(row.version)))
            left += len(items)
        projects = {p.facts.code: p for p in (kept.projects if kept else ())}
        for n, budget in enumerate(draft.projects):
            step = self._project(head, budget, projects.pop(budget.code, None))
            steps += [step] if step else []
            same += step is None
            if step and _overtaken(step, budget.version):
                changed_since.append(Mistake("projects", n, "version", "changed", str(budget.version)))
        return Put(steps, same, left + len(projects), changed_since)

    def _item(self, kind: str, plan: PlanFacts, row: Row, kept: Item | None) -> Moved | None:
        facts = msgspec.convert({**_said(row), "plan": plan.code}, ItemFacts)
        state = row.state or self._state(row)
        due = self.days.end(row.due) if row.due else None
        if kept is not None and kept.facts.due == row.due:
            due = kept.entry.due  # to the hour
        closed = None if state in OPEN else self.days.within(row.done) if row.done else self.t
        unit = row.owner if row.owner in self.known.units else ""
        if kept is None:
            owner, number = row.owner, self._next(kind)
            return self._begun(Entry(kind, number, state, unit, owner, self.t, due, closed), facts)
        before = kept.entry
        if kept.facts.indicator and facts.indicator == kept.facts.indicator:
            # It ticks by itself: what a workbook remembers of it is older than what is known.
            state, closed = kept.state, before.closed
            keep = {name: getattr(kept.facts, name) for name in ("value", "began", "evidence")}
            facts = msgspec.structs.replace(facts, **keep)
        elif state == kept.state and before.closed is not None:
            same = not row.done or self.days.of(before.closed) == row.done
            closed = before.closed if same else closed
        after = replace(
            before, state=state, unit=unit, owner=row.owner, due=due, closed=closed, facts=before.facts
        )
        if facts == kept.facts and after == before:
            return None
        changed = _changed(plain(kept.facts), plain(facts))
        told = ({"owner": e.owner, "state": e.state, "done": e.closed} for e in (before, after))
        return self._edited(before, replace(after, facts=plain(facts)), changed | _changed(*told))

    def _project(self, plan: PlanFacts, row: ProjectRow, kept: Project | None) -> Moved | None:
        facts = msgspec.convert({**_said(row), "plan": plan.code}, ProjectFacts)
        unit = row.owner if row.owner in self.known.units else ""
        if kept is None:
            number = self._next(PROJECT)
            return self._begun(Entry(PROJECT, number, KEPT, unit, row.owner, self.t, None), facts)
        before = kept.entry
        if facts == kept.facts and row.owner == before.owner:
            return None
        after = replace(before, unit=unit, owner=row.owner, facts=plain(facts))
        changed = _changed(plain(kept.facts), plain(facts))
        return self._edited(before, after, changed | _changed({"owner": before.owner}, {"owner": row.owner}))

    def _begun(self, entry: Entry, facts: PlanFacts | ItemFacts | ProjectFacts) -> Moved:
        shown = {"evidence": list(facts.evidence)} if isinstance(facts, ItemFacts) and facts.evidence else {}
        step = Step(self.t, self.actor, "entered", "", entry.state, shown)
        return Moved(replace(entry, facts=plain(facts)), 0, step)

    def _edited(self, before: Entry, after: Entry, changed: Mapping[str, Any]) -> Moved:
        shown = {"changed": dict(changed)} | ({"note": self.reason} if self.reason else {})
        step = Step(self.t, self.actor, "edited", before.state, after.state, shown)
        return Moved(replace(after, version=before.version + 1), before.version, step)

    def _next(self, kind: str) -> int:
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        return self.numbers[kind]

    def _state(self, row: Row) -> State:
        today = self.days.of(self.t)
        if row.done and row.done <= today:
            return "done"
        return "doing" if row.began and row.began <= today else "not_started"


def completed(draft: Draft, kept: Plan | None) -> Draft:
    """The same with what a workbook has no place for, as it is kept."""
    if kept is None:
        return draft
    return msgspec.structs.replace(draft, published=kept.facts.published, done=kept.facts.done)


def row_of(item: Item, days: Days) -> Row:
    """A target or a task as it would be put into the register again."""
    entry = item.entry
    facts = {name: getattr(item.facts, name) for name in Said.__struct_fields__}
    done = days.of(entry.closed) if item.state == "done" and entry.closed is not None else ""
    return Row(**facts, owner=entry.owner, state=item.state, done=done, version=entry.version)


def row_of_project(project: Project) -> ProjectRow:
    """A project as it would be put into the register again."""
    facts = {name: getattr(project.facts, name) for name in project.facts.__struct_fields__ if name != "plan"}
    return ProjectRow(**facts, owner=project.entry.owner, version=project.entry.version)


def _overtaken(moved: Moved, version: int | None) -> bool:
    """Whether somebody has changed an entry since it was seen; what is new cannot be."""
    return version is not None and moved.seen not in (0, version)


def _said(row: Row | ProjectRow) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(row)
    return {name: value for name, value in found.items() if name not in OF_ENTRIES}


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Members that differ, each with what it was and what it is."""
    names = [*before, *(name for name in after if name not in before)]
    return {n: [before.get(n), after.get(n)] for n in names if before.get(n) != after.get(n)}
