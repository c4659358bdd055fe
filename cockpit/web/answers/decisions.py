"""What might be decided next, with the command that does it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from cockpit.domain.catalog import Text
from cockpit.domain.decisions import Kind
from cockpit.domain.instants import Iso
from cockpit.domain.roles import Role
from cockpit.web.answers.registers import PeopleAnswer

Arguments = Annotated[dict[str, Any], msgspec.Meta(description="By name, as the command takes them.")]


class AboutAnswer(msgspec.Struct):
    """An indicator by its code; an alert, a gap or a task by its number."""

    kind: str
    code: str


class OrderAnswer(msgspec.Struct):
    """A command as `POST /api/v1/commands` takes it, and who may give it."""

    name: str
    args: Arguments
    roles: tuple[Role, ...]


class DecisionAnswer(msgspec.Struct):
    """A proposal to `to` by `due`. `points` from 0 to 100 are 60 by the share `stake` and 40 by the share
    `wait`. Why: `value`, `target` and `red_days` of a figure, `people` in a gap, `since` when an alert stands
    or a task is overdue."""

    kind: Kind
    about: AboutAnswer
    name: Text
    to: str
    due: Iso | None
    points: int
    stake: float
    wait: float
    command: OrderAnswer
    value: float | None
    target: float | None
    red_days: int | None
    people: PeopleAnswer | None
    since: Iso | None


class DecisionsAnswer(msgspec.Struct):
    """At most three, the one that weighs most first."""

    decisions: list[DecisionAnswer]
