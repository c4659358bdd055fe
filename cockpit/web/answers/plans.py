"""Plans as they are told over HTTP: heads with counts, one with all its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec

from cockpit.domain.catalog import Text
from cockpit.domain.instants import Iso
from cockpit.domain.plans.model import State

Share = Annotated[float | None, msgspec.Meta(description="Percent, unrounded; null of nothing.")]


class CountAnswer(msgspec.Struct):
    """So many of all that something is known of; of `untold` more nobody has told what became of them. What
    was dropped, and results without a target, are in no number."""

    achieved: int
    total: int
    untold: int
    share: Share


class CountsAnswer(msgspec.Struct):
    """Of the targets and of the tasks of a plan."""

    targets: CountAnswer
    tasks: CountAnswer


class MoneyAnswer(msgspec.Struct):
    """Whole millions of đồng."""

    allotted: int
    paid: int
    share: Share


class PublishedAnswer(msgspec.Struct):
    """A published figure: a code among `facts` of the profile, and what of the plan it is of."""

    fact: str
    of: str
    pillar: str
    text: Text
    unit: Text
    value: float | None
    done: int | None
    all: int | None


class PlanHead(msgspec.Struct):
    """A plan. `province` is empty for the profile's own; `made_up`: all of it is a demo's own."""

    id: int
    code: str
    name: Text
    document: Text
    source: Text
    province: str
    first: str
    last: str
    asof: str
    made_up: bool
    version: int
    counts: CountsAnswer
    money: MoneyAnswer


class PlansAnswer(msgspec.Struct):
    """All plans, in order of their numbers."""

    plans: list[PlanHead]


class ItemAnswer(msgspec.Struct):
    """A target or a task. `code` is how people name it, `row` its code within the plan; `who` names the owner
    where the profile knows no code of it. `late`: open beyond its due time."""

    id: int
    code: str
    row: str
    name: Text
    pillar: str
    group: str
    owner: str
    who: Text | None
    helpers: tuple[str, ...]
    start: str
    due: Iso | None
    began: str
    closed: Iso | None
    state: State
    late: bool
    measure: Text | None
    unit: Text | None
    goal: float | None
    direction: str
    value: float | None
    indicator: str
    why: str
    evidence: tuple[str, ...]
    made_up: bool
    version: int


class MonthAnswer(msgspec.Struct):
    """Whole millions of đồng of a month."""

    planned: int
    paid: int


class ProjectAnswer(msgspec.Struct):
    """A project with its money by month."""

    id: int
    code: str
    row: str
    name: Text
    pillar: str
    owner: str
    who: Text | None
    money: MoneyAnswer
    months: Annotated[Mapping[str, MonthAnswer], msgspec.Meta(description="By month, as 2026-03.")]
    made_up: bool
    version: int


class PartAnswer(msgspec.Struct):
    """A pillar or a group."""

    code: str
    name: Text
    made_up: bool


class PlanAnswer(PlanHead):
    """A plan with its parts."""

    pillars: list[PartAnswer]
    groups: list[PartAnswer]
    published: list[PublishedAnswer]
    targets: list[ItemAnswer]
    tasks: list[ItemAnswer]
    projects: list[ProjectAnswer]
