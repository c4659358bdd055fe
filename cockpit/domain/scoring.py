"""How much of its target a figure reaches, and what becomes of several of them. 0 to 100, never beyond.

Capped, so that a figure far beyond its target hides none that falls short. Each figure counts alike: what
weighs more than another is a decision for people, and no source says one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import NamedTuple

from cockpit.domain.catalog import Direction
from cockpit.domain.indicators import Status

FULL = 100.0
COUNT_AT_WATCH = 50.0
"""Where nothing at all is the target, the limit of red makes so much: no share of nothing can be told."""
JUDGED: frozenset[Status] = frozenset({"red", "orange", "green"})
"""Only what is judged counts: what is late, in doubt or has no target makes a score no better or worse."""


LEAST_JUDGED = 0.5
"""Of fewer figures than this share no score is made: the mean of one in four says nothing of the four."""


class Part(NamedTuple):
    """A figure in a score: by how much it draws the mean down, in points of the mean."""

    code: str
    score: float
    costs: float


class Score(NamedTuple):
    """`parts` in order of what they cost; `left_out` have no score."""

    value: float | None
    parts: tuple[Part, ...]
    left_out: int

    @property
    def drivers(self) -> tuple[Part, ...]:
        """What draws it down at all, the heaviest first."""
        return tuple(part for part in self.parts if part.costs > 0)


def reached(value: float, target: float | None, watch: float | None, direction: Direction) -> float | None:
    """Percent of the target that is reached, at most 100; None where it cannot be told."""
    if target is None or direction == "none":
        return None
    if direction == "up":
        return None if target <= 0 else max(0.0, min(FULL, FULL * value / target))
    if value <= target:
        return FULL
    if target > 0:
        return max(0.0, FULL * target / value)
    if watch is None or watch <= 0:
        return None
    return max(0.0, FULL - (FULL - COUNT_AT_WATCH) * value / watch)


def score(found: Iterable[tuple[str, Status, float | None]]) -> Score:
    """The mean of what is judged, None of too few. Each of `found`: code, status, percent of its target."""
    every: Sequence[tuple[str, Status, float | None]] = list(found)
    known = [(code, value) for code, status, value in every if status in JUDGED and value is not None]
    left_out = len(every) - len(known)
    if not known or len(known) < LEAST_JUDGED * len(every):
        return Score(None, (), left_out)
    parts = [Part(code, value, (FULL - value) / len(known)) for code, value in known]
    parts.sort(key=lambda part: (-part.costs, part.code))
    return Score(fmean(value for _, value in known), tuple(parts), left_out)
