"""What is wrong with a plan by itself: one list of mistakes for profiles, commands and workbooks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from cockpit.domain.plans.days import is_date, is_day, is_month
from cockpit.domain.plans.model import Draft, ProjectRow, Row
from cockpit.domain.registers import TARGET, TASK

ITEMS = {TARGET: "targets", TASK: "tasks"}
"""Where the rows of a register stand in a draft."""


@dataclass(frozen=True, slots=True)
class Known:
    """Codes that a plan may name."""

    owners: Collection[str]
    units: Collection[str]
    indicators: Collection[str]
    facts: Collection[str]


class Mistake(NamedTuple):
    """What cannot be: in which list of the draft ("" for the plan itself), in which row of it (from 0), in
    which member, why, and what was found."""

    part: str
    row: int
    member: str
    code: str
    found: str


def mistakes(draft: Draft, known: Known) -> Iterator[Mistake]:
    """Everything that is wrong with a plan by itself, in the order of its parts."""
    for member in ("first", "last"):
        if not is_day(getattr(draft, member)):
            yield Mistake("", 0, member, "day", getattr(draft, member))
    if draft.asof and not is_date(draft.asof):
        yield Mistake("", 0, "asof", "date", draft.asof)
    if is_day(draft.first) and is_day(draft.last) and draft.last < draft.first:
        yield Mistake("", 0, "last", "order", draft.last)
    for n, one in enumerate(draft.published):
        if one.fact not in known.facts:
            yield Mistake("published", n, "fact", "fact", one.fact)
    for part in ("pillars", "groups", "targets", "tasks", "projects"):
        seen: set[str] = set()
        for n, row in enumerate(getattr(draft, part)):
            if row.code in seen:
                yield Mistake(part, n, "code", "repeated", row.code)
            seen.add(row.code)
    for part in ITEMS.values():
        for n, item in enumerate(getattr(draft, part)):
            yield from (Mistake(part, n, *wrong) for wrong in _of_row(item, draft, known))
    for n, project in enumerate(draft.projects):
        yield from (Mistake("projects", n, *wrong) for wrong in _of_project(project, draft, known))


Wrong = tuple[str, str, str]
"""Member, code, found."""


def _of_row(row: Row, draft: Draft, known: Known) -> Iterator[Wrong]:
    yield from _place(row, draft, known)
    if row.group and row.group not in {g.code for g in draft.groups}:
        yield "group", "group", row.group
    for helper in row.helpers:
        if helper not in known.owners:
            yield "helpers", "owner", helper
    if row.indicator and row.indicator not in known.indicators:
        yield "indicator", "indicator", row.indicator
    if row.indicator and row.goal is None:
        yield "goal", "needed", ""
    for member in ("start", "due", "began", "done"):
        day = getattr(row, member)
        if day and not is_day(day):
            yield member, "day", day
    for before, after in (("start", "due"), ("began", "done")):
        first, last = getattr(row, before), getattr(row, after)
        if is_day(first) and is_day(last) and last < first:
            yield after, "order", last
    if row.state == "done" and not row.done and not draft.asof:  # then it was done by that date
        yield "done", "needed", ""
    done = row.state == "done" or (not row.state and row.done)
    if done and not row.evidence and not row.indicator:  # an indicator's figure is evidence enough
        yield "evidence", "needed", ""


def _of_project(row: ProjectRow, draft: Draft, known: Known) -> Iterator[Wrong]:
    yield from _place(row, draft, known)
    for month in row.months:
        if not is_month(month):
            yield "months", "month", month


def _place(row: Row | ProjectRow, draft: Draft, known: Known) -> Iterator[Wrong]:
    """Where it belongs and whose it is: everything has somebody who answers for it."""
    if row.pillar and row.pillar not in {p.code for p in draft.pillars}:
        yield "pillar", "pillar", row.pillar
    if row.owner and row.owner not in known.owners:
        yield "owner", "owner", row.owner
    if not row.owner and row.who is None:
        yield "owner", "needed", ""
