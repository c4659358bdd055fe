"""What carries out the orders that a changed state alone cannot, as those see it who may not know more of it:
what it is busy with, and where one can go back to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Busy:
    """What is being done to the stage: `begin`, `jump` or `reset`. `to_ms` is where a jump or a way back
    lands; `scenarios` are the codes of those that begin, or that began at the point gone back to."""

    what: str
    to_ms: int | None = None
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A point that can be gone back to: its number, its domain time, the size of the copy of the database,
    and the codes of the scenarios that began there. Number 0 is where the demo begins."""

    number: int
    at_ms: int
    bytes: int
    scenarios: tuple[str, ...] = ()


class Controls(Protocol):
    """Who carries out what a state alone cannot. All raise DemoError `busy` while another is at it."""

    @property
    def busy(self) -> Busy | None: ...

    @property
    def origin(self) -> Point | None:
        """What a reset goes back to that names no point: the last one begun at, or gone back to."""

    @property
    def points(self) -> tuple[Point, ...]:
        """In the order in which they were taken."""

    def begin(self, codes: tuple[str, ...], change: Callable[[int], None]) -> int:
        """Bring everything to a stand, call `change` with that instant, take the snapshot of where scenarios
        `codes` begin; the instant."""

    def jump(self, to_ms: int, change: Callable[[int], None]) -> None:
        """Fill the span to `to_ms` and stand there; `change` is called with the instant that was left."""

    def reset(self, actor: str, role: str, reason: str = "", number: int | None = None) -> int:
        """Put the snapshot of a point back, on record; the instant it stands at. Returns when all is up
        again."""
