"""Figures that people report: which there are, under which feed, and for which periods they may be asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from cockpit.domain.catalog import Indicator, Source
from cockpit.domain.periods import period_of

Way = Literal["form", "file"]
"""How a figure was typed into the cockpit."""

REPORT = "report"
"""What names files of evidence, beside the entries of registers."""

MEMBERS = ("indicator", "unit", "period", "value", "numerator", "denominator", "note")
"""What a report is made of, in the order in which it is written down."""

MONTHS, QUARTERS, YEARS = 12, 5, 3


def typed_feed(sources: Iterable[Source], indicator: str) -> Source | None:
    """The feed under which people report a figure; None where nobody does: machines or systems send it."""
    return next((s for s in sources if s.kind == "typed" and indicator in s.reports), None)


def reportable(indicators: Iterable[Indicator], sources: Iterable[Source]) -> list[Indicator]:
    """Indicators that people may report figures of, in the order of the catalogue."""
    codes = {code for s in sources if s.kind == "typed" for code in s.reports}
    return [i for i in indicators if i.code in codes]


def periods(pace: str, today: int) -> list[str]:
    """Periods that a figure of this pace is usually reported for, the one that ended last first: months where
    it has such, quarters, years, and last those that still run."""
    lengths: tuple[Literal["M", "Q", "Y"], ...] = ("Y",) if pace == "Y" else ("Q", "Y")
    if pace not in ("Q", "Y"):
        lengths = ("M", "Q", "Y")
    found, running = [], []
    for length in lengths:
        now = period_of(today, length, "calendar")
        running.append(now.label)
        first = now.first
        for _ in range({"M": MONTHS, "Q": QUARTERS, "Y": YEARS}[length]):
            before = period_of(first - 1, length, "calendar")
            found.append(before.label)
            first = before.first
    return found + running
