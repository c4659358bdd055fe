"""A figure with its passport: everything a reader needs to know how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cockpit.domain.catalog import Direction, SourceKind, Text
from cockpit.domain.indicators import Status
from cockpit.domain.spans import Finality

__all__ = ["URGENCY", "Figure", "Status"]

URGENCY: dict[Status, int] = {
    "red": 0,
    "orange": 1,
    "suspect": 2,
    "stale": 3,
    "samples": 4,
    "nodata": 5,
    "unjudged": 6,
    "green": 7,
}
"""Order on a wall of tiles: what is wrong first, what is doubtful next, what is good last."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator as every screen, export and briefing shows it.

    `value`, `target`, `watch` (where it turns red) and `spark` are in `unit`; `completeness` is a share from
    0 to 1; `change` is the difference to the value of `change_days` ago. `asof_ms` is None where nothing
    ever arrived.
    """

    code: str
    number: int
    name: Text
    short: Text
    value: float | None
    unit: Text
    decimals: int
    target: float | None
    watch: float | None
    direction: Direction
    status: Status
    source_kind: SourceKind
    simulated: bool
    asof_ms: int | None
    age_s: float | None
    completeness: float | None
    owner: Text
    period: Literal["RT", "D", "M", "Q", "Y"]
    n: int
    sources: tuple[str, ...] = ()
    part: float | None = None  # what the value is made of: `part` of `whole`, None where it came finished
    whole: float | None = None
    counts: tuple[tuple[Text, float], ...] = ()  # what its formula names, where that is no mere quotient
    finality: Finality = "partial"
    finished: bool = False  # it came as a number, and nobody here knows what it is made of
    reported_for: str | None = None  # the period that it was reported for, where it was
    doubt: Text | None = None  # name of the source that makes it late, suspect or missing
    spark: tuple[float, ...] = ()  # one value a day, oldest first
    due_target: float | None = None  # of target and watch, what counts today
    due_watch: float | None = None
    change: float | None = None
    change_days: int = 0
