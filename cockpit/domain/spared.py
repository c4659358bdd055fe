"""How many reports people need not write any more, because the figure is reckoned from data: an estimate."""

from __future__ import annotations

from dataclasses import dataclass

DAYS = 365
"""So far back reports are counted."""


@dataclass(frozen=True, slots=True)
class Spared:
    """`reports` of `figures` indicators within `days`, at `minutes` each, as somebody has assumed."""

    reports: int
    figures: int
    minutes: int
    days: int = DAYS

    @property
    def hours(self) -> float:
        """The sum, in hours."""
        return self.reports * self.minutes / 60
