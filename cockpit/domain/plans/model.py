"""What is kept of a plan and its parts, besides what every entry of a register has.

Days are written `2026-03-31`, months `2026-03`. Money is in whole millions of đồng. What was made up for a
demo says so in `made_up`, wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

import msgspec

from cockpit.domain.catalog import Text
from cockpit.domain.registers import Entry
from cockpit.domain.requests import About

State = Literal["untold", "told", "not_started", "doing", "done", "missed", "dropped"]
"""What is known of a target or a task. `untold`: nobody has published what became of it; `told`: a result
published without a target; `missed`: not done when its plan was reviewed; `dropped`: taken out of it."""

OPEN: tuple[State, ...] = ("not_started", "doing")
"""Somebody still works, or will."""
COUNTED: tuple[State, ...] = ("not_started", "doing", "done", "missed")
"""What a plan's targets and tasks are counted of: of the rest nobody knows, or it is no part of it."""

Of = Literal["target", "task", "money", "result", "note"]

MAX_PARTS = 2000
"""Rows of a list of a plan."""

MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
Code = Annotated[str, msgspec.Meta(pattern=CODE, max_length=40)]
Sentence = Annotated[str, msgspec.Meta(max_length=500)]
Evidence = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Millions = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]


class Part(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A pillar or a group of a plan."""

    code: Code
    name: Text
    made_up: bool = False


class Published(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A published figure (by its code among the facts of the profile), and what of the plan it is of."""

    fact: str
    of: Of
    pillar: str = ""


class PlanFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of a plan."""

    code: Code
    name: Text
    document: Text
    source: Text  # where it is known from
    first: str
    last: str
    asof: str = ""  # the day of which its source tells
    province: str = ""  # "": the profile's own; else the name of the one whose plan it is
    pillars: tuple[Part, ...] = ()
    groups: tuple[Part, ...] = ()
    published: tuple[Published, ...] = ()
    done: Text | None = None  # what it is called there to be done, where it is not called that
    made_up: bool = False


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a plan says of a target or a task, and what its owner says."""

    code: Code  # within its plan
    name: Text
    pillar: str = ""
    group: str = ""
    who: Text | None = None  # the owner in words, where the profile knows no code of it
    helpers: tuple[str, ...] = ()  # codes of units and bodies
    start: str = ""
    due: str = ""
    measure: Text | None = None
    unit: Text | None = None
    goal: float | None = None
    direction: Literal["up", "down"] = "up"
    value: float | None = None
    indicator: str = ""  # code of the indicator that tells by itself whether it is reached
    began: str = ""
    why: Sentence = ""  # why it is not started
    evidence: tuple[Evidence, ...] = ()
    made_up: bool = False


class ItemFacts(Said, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of a target or a task. A task outside of plans has no `plan`: it is `about` something,
    which was called `about_name` then."""

    plan: Code | Literal[""] = ""
    about: About | None = None
    about_name: Text | None = None


class Row(Said, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A target or a task as it is put into the register. `owner`: code of a unit or a body; `done`: the day
    on which it was done; `version` as it was seen. A state that is left out follows from the days."""

    owner: str = ""
    state: State | Literal[""] = ""
    done: str = ""
    version: int | None = None


class Month(msgspec.Struct, frozen=True, array_like=True):
    """Money that a project was to pay in a month, and what it has paid."""

    planned: Millions = 0
    paid: Millions = 0


class Budget(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a plan says of a project."""

    code: Code
    name: Text
    allotted: Millions
    pillar: str = ""
    who: Text | None = None
    months: Mapping[str, Month] = {}
    made_up: bool = False


class ProjectFacts(Budget, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of a project."""

    plan: Code


class ProjectRow(Budget, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A project as it is put into the register, from the `version` that was seen."""

    owner: str = ""
    version: int | None = None


class Draft(PlanFacts, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A plan with all its parts, as a profile ships it and a workbook brings it."""

    targets: Annotated[tuple[Row, ...], msgspec.Meta(max_length=MAX_PARTS)] = ()
    tasks: Annotated[tuple[Row, ...], msgspec.Meta(max_length=MAX_PARTS)] = ()
    projects: Annotated[tuple[ProjectRow, ...], msgspec.Meta(max_length=MAX_PARTS)] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A target or a task of a plan."""

    entry: Entry
    facts: ItemFacts

    @property
    def state(self) -> State:
        return self.entry.state  # type: ignore[return-value] # a column of text, written by commands only

    @property
    def open(self) -> bool:
        """Whether it is not over yet."""
        return self.entry.closed is None

    def late(self, now_ms: int) -> bool:
        """Whether it is open beyond its due time."""
        return self.open and self.entry.due is not None and self.entry.due <= now_ms

    @property
    def in_time(self) -> bool:
        """Whether it was done by its due time; what has none cannot be late."""
        closed, due = self.entry.closed, self.entry.due
        return self.state == "done" and closed is not None and (due is None or closed <= due)


@dataclass(frozen=True, slots=True)
class Project:
    """A project of a plan."""

    entry: Entry
    facts: ProjectFacts

    @property
    def paid(self) -> int:
        """Millions of đồng paid in all months."""
        return sum(month.paid for month in self.facts.months.values())


@dataclass(frozen=True)
class Plan:
    """A plan with its parts, each list in the order of their numbers."""

    entry: Entry
    facts: PlanFacts
    targets: Sequence[Item] = ()
    tasks: Sequence[Item] = ()
    projects: Sequence[Project] = ()

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Targets and tasks."""
        return (*self.targets, *self.tasks)


def plain(facts: PlanFacts | ItemFacts | ProjectFacts) -> dict[str, Any]:
    """Facts as an entry keeps them."""
    found: dict[str, Any] = msgspec.to_builtins(facts)
    return found


def head_of(entry: Entry) -> Plan:
    """A plan without its parts."""
    return Plan(entry, msgspec.convert(entry.facts, PlanFacts))


def item_of(entry: Entry) -> Item:
    """A target or a task."""
    return Item(entry, msgspec.convert(entry.facts, ItemFacts))


def project_of(entry: Entry) -> Project:
    """A project."""
    return Project(entry, msgspec.convert(entry.facts, ProjectFacts))
