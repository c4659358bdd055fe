"""Places among equals: who is first, and how sure that is. Pure arithmetic over values by code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cockpit.domain.catalog import Direction
from cockpit.domain.coverage.wilson import wilson


class Place(NamedTuple):
    """`rank` 1 is the best of `of`; equals share the better place, and the next one is as much further down
    ("1224")."""

    rank: int
    of: int


class Bounds(NamedTuple):
    """Within these percents lies the true share with 95 % certainty."""

    low: float
    high: float


def places(values: Mapping[str, float | None], direction: Direction) -> dict[str, Place]:
    """The place of everybody who has a value, by code. What nobody wants more or less of has none."""
    known = {code: value for code, value in values.items() if value is not None}
    if direction == "none":
        return {}
    ordered = sorted(known.values(), reverse=direction == "up")
    first = {value: at for at, value in reversed(list(enumerate(ordered, 1)))}
    return {code: Place(first[value], len(known)) for code, value in known.items()}


def bounds(part: float | None, whole: float | None) -> Bounds | None:
    """How far a share of few may be from the true one (Wilson 1927, 95 %); None where its parts are not
    known or are no share."""
    if part is None or not whole or not 0 <= part <= whole:
        return None
    low, high = wilson(part, whole)
    return Bounds(100 * low, 100 * high)


def surely_apart(a: Bounds | None, b: Bounds | None) -> bool:
    """Whether two shares differ by more than chance would have it: their bounds do not touch."""
    return a is not None and b is not None and (a.high < b.low or b.high < a.low)
