"""The same days of the year before, beside a trend: where data reach so far back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.domain.catalog import Indicator
from cockpit.domain.periods import from_date, to_date
from cockpit.store.handles import Read
from cockpit.store.queries import figures as q
from cockpit.views.figures import comparable

FEBRUARY_29 = (2, 29)


@dataclass(frozen=True, slots=True)
class YearBefore:
    """`values`: for each day of a trend that of the same date a year before, None where it is not known;
    `day` is that date for today, `value` what is known of it. `since`: the first day of the history, None
    where there is none."""

    day: int
    value: float | None
    values: tuple[float | None, ...]
    since: int | None


def of(conn: Read, indicator: Indicator, days: Sequence[int], today: int) -> YearBefore:
    """For the days of a trend, in order of time."""
    then = {day: a_year_before(day) for day in (*days, today)}
    begin = comparable(conn, indicator)
    found = q.days_of(conn, indicator.code, min(then.values()), max(then.values()))
    known = {day: value for day, value in found if day >= begin}
    since = q.first_day(conn, indicator.code)
    values = tuple(known.get(then[day]) for day in days)
    return YearBefore(then[today], known.get(then[today]), values, since)


def a_year_before(day: int) -> int:
    """The same date of the year before; of 29 February the last day of that month."""
    date = to_date(day)
    if (date.month, date.day) == FEBRUARY_29:
        return from_date(date.replace(year=date.year - 1, day=28))
    return from_date(date.replace(year=date.year - 1))
