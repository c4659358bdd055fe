"""Levels of figures: what an indicator's value says to a rule."""

from __future__ import annotations

from cockpit.domain.alerting.condition import Level
from cockpit.domain.alerting.rules import level_of
from cockpit.domain.catalog import Indicator, Rule
from cockpit.domain.indicators import says_little

IN_DOUBT = ("nodata", "suspect", "stale", "samples")
"""Statuses of a figure that says nothing."""


def level_of_figure(
    rule: Rule, figure: Indicator, unit: str, value: float | None, n: int, status: str
) -> Level:
    """The level of a figure of `unit` ("": the province) that rests on `n`. One in doubt says nothing."""
    if value is None or status in IN_DOUBT or (unit and says_little(figure, n)):
        return Level.GONE
    if rule.raise_at is not None:
        return level_of(rule, value)
    return {"red": Level.RAISE, "orange": Level.BAND}.get(status, Level.CLEAR)
