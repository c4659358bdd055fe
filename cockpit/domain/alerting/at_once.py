"""Many of a class bad at once: from how many on it is a surge that has one cause, whatever that is."""

from __future__ import annotations

from typing import NamedTuple

from cockpit.domain.alerting.condition import Level
from cockpit.domain.alerting.rules import thresholds
from cockpit.domain.catalog import Rule


class Count(NamedTuple):
    """Subjects of a class: of which something is known, which have gone bad in the surge; since when the
    first of these is (ms), None where none is."""

    known: int = 0
    bad: int = 0
    starts: int | None = None

    @property
    def share(self) -> float:
        return self.bad / self.known if self.known else 0.0


def enough(rule: Rule, bad: int, known: int) -> bool:
    """Whether so many of those of which something is known are a surge."""
    return bad >= rule.least and bad > thresholds(rule)[0] * known


def level_of_many(rule: Rule, count: Count) -> Level:
    """Where a class stands."""
    if not count.known:
        return Level.GONE
    if enough(rule, count.bad, count.known):
        return Level.RAISE
    return Level.BAND if count.share > thresholds(rule)[1] else Level.CLEAR
