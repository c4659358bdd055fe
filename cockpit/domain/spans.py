"""Spans that a figure is read for: today, this week, the month of a report or of the calendar, and longer.

Weeks begin on Monday. The month of a report ends on the 14th, as Decree 09/2019/NĐ-CP has it; quarters,
halves and years are those of the calendar. Days are provincial, counted from the epoch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from cockpit.domain.periods import Length, period_of, to_date

Span = Literal["day", "week", "report_month", "month", "quarter", "half", "year"]
SPANS: tuple[Span, ...] = get_args(Span)

Finality = Literal["final", "partial", "estimated"]
"""`partial`: the span is not over, or data are lacking in it. `estimated`: from a sample, or a forecast."""

SPANS_OF: dict[str, tuple[Span, ...]] = {
    "RT": SPANS, "D": SPANS, "M": SPANS[3:], "Q": SPANS[4:], "Y": SPANS[6:],
}  # fmt: skip
"""By the pace of an indicator: a figure of a quarter has no day."""

_LENGTHS: dict[Span, Length] = {"month": "M", "quarter": "Q", "half": "H", "year": "Y"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A span of days, both ends inside. `label` is as in reports: 2026-11-22, 2026-W47, 2026-11, 2026-Q4,
    2026-H2, 2026."""

    span: Span
    label: str
    first: int
    last: int

    def until(self, today: int) -> int:
        """Its last day that has begun."""
        return min(self.last, today)


def stretch(span: Span, day: int) -> Stretch:
    """The stretch of this length that a day lies in."""
    if span == "day":
        return Stretch(span, to_date(day).isoformat(), day, day)
    if span == "week":
        first = day - to_date(day).weekday()
        year, week, _ = to_date(day).isocalendar()
        return Stretch(span, f"{year}-W{week:02d}", first, first + 6)
    basis: Literal["report", "calendar"] = "report" if span == "report_month" else "calendar"
    found = period_of(day, _LENGTHS.get(span, "M"), basis)
    return Stretch(span, found.label, found.first, found.last)


def finality(found: Stretch, today: int, since: int | None) -> Finality:
    """Whether a figure of a stretch may still change: it runs on, or the data begin only on day `since`."""
    return "final" if found.last < today and since is not None and since <= found.first else "partial"
