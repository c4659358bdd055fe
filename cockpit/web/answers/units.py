"""A unit or department: its figures with their places, what is open there, how many of what."""

from __future__ import annotations

from typing import Annotated

import msgspec

from cockpit.domain.catalog import SourceKind, Text
from cockpit.domain.indicators import Status
from cockpit.domain.instants import Iso
from cockpit.web.answers.registers import EntryAnswer


class UnitCounts(msgspec.Struct):
    """What is open: `waiting` alerts nobody has acknowledged, cameras `offline` of all, `late` tasks,
    explanations `asked` of it."""

    alerts: int
    waiting: int
    cameras: int
    offline: int
    gaps: int
    tasks: int
    late: int
    asked: int


class UnitFigure(msgspec.Struct):
    """A figure of the unit. `part` of `whole` where it is counted; `low` and `high`: within these lies the
    true share with 95 % certainty; `change`: points of the last seven days against the seven before."""

    indicator: str
    value: float | None
    status: Status
    part: float | None
    whole: float | None
    low: float | None
    high: float | None
    change: float | None
    per_10000: float | None
    target: Annotated[
        float | None, msgspec.Meta(description="What it answers for; null where a unit is asked for nothing.")
    ]
    asof: Iso | None
    source_kind: SourceKind
    simulated: bool


class UnitRank(msgspec.Struct):
    """The place among the units of its kind: 1 is the best of `of`; equals share a place."""

    indicator: str
    rank: int
    of: int


class OpenAlert(msgspec.Struct):
    """An alert that stands; all of it is at `/api/v1/alerts`."""

    id: int
    rule: str
    name: Text
    subject: str
    priority: str
    since: Iso
    due: Iso
    owner: Text
    acknowledged: bool
    simulated: bool


class UnitAnswer(msgspec.Struct):
    """`kind` is that of a commune-level unit, or `department`; a department has no inhabitants. `open` are
    its most urgent alerts, `entries` its open tasks, coverage gaps and requests, of each what is due first at
    the top."""

    code: str
    name: Text
    kind: str
    population: int | None
    asof: Iso
    counts: UnitCounts
    figures: list[UnitFigure]
    ranks: list[UnitRank]
    open: list[OpenAlert]
    entries: list[EntryAnswer]
