"""The rhythm of people: hours of the day, days of the week, ends of months, public holidays.

Days are numbers since the epoch in provincial time (`simulator.zone`). Shapes are shares of a day's peak, one
figure an hour, joined by straight lines to a table of minutes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from cockpit.domain import periods
from cockpit.domain.periods import is_workday
from simulator.rng import F64, I64
from simulator.zone import weekday

Shape = tuple[float, ...]
# Share of the peak at 0, 1, … 23 o'clock.
OFFICE: Shape = (
    0, 0, 0, 0, 0, 0, 0.05, 0.35, 1, 1, 0.95, 0.6, 0.15, 0.5, 0.95, 0.9, 0.7, 0.25, 0.06, 0.03, 0.02, 0, 0, 0,
)  # fmt: skip
ONLINE: Shape = (
    0.05, 0.03, 0.02, 0.02, 0.02, 0.04, 0.12, 0.4, 0.9, 1, 0.95, 0.65, 0.4, 0.6, 0.9, 0.9, 0.75, 0.45, 0.35,
    0.45, 0.5, 0.4, 0.2, 0.1,
)  # fmt: skip
STREET: Shape = (
    0.12, 0.08, 0.06, 0.06, 0.1, 0.3, 0.7, 1, 0.9, 0.75, 0.75, 0.8, 0.65, 0.65, 0.7, 0.75, 0.9, 1, 0.85,
    0.7, 0.6, 0.45, 0.3, 0.18,
)  # fmt: skip
MOBILE: Shape = (
    0.3, 0.2, 0.15, 0.12, 0.13, 0.2, 0.38, 0.55, 0.65, 0.7, 0.72, 0.8, 0.78, 0.68, 0.68, 0.7, 0.74, 0.8,
    0.88, 0.97, 1, 0.95, 0.75, 0.5,
)  # fmt: skip
HEAT: Shape = (
    0.2, 0.15, 0.1, 0.06, 0.03, 0, 0.03, 0.12, 0.28, 0.45, 0.62, 0.78, 0.9, 1, 1, 0.95, 0.85, 0.72, 0.6,
    0.5, 0.42, 0.36, 0.3, 0.25,
)  # fmt: skip

# Weight of a working day by weekday, Monday first: the counter is fullest on Monday; at the weekend
# only the online portal takes dossiers.
_WEEK = (1.28, 1.08, 1.0, 1.0, 1.04, 0.22, 0.14)
_HOLIDAY, _TET_WEIGHT = 0.12, 0.02  # of an ordinary Wednesday: on a holiday, and on the eve and days of Tết
_MONTH_END, _MONTH_END_DAYS = 1.12, 3  # the last working days of a month
_BACKLOG = 1.15  # the first working day after a holiday
# What is added on Thursdays to Sundays, as a share of a metric's own swing; a holiday counts as a Saturday.
_TRIPS = (0.0, 0.0, 0.0, 0.1, 0.5, 1.0, 0.7)


def minutes(shape: Shape) -> F64:
    """The shape as a table of 1,440 minutes, going round at midnight; the hour's figure holds at its
    middle."""
    at = (np.arange(1440) - 30) / 60.0
    low = np.floor(at).astype(np.int64)
    table = np.array(shape)
    here, there = table[low % 24], table[(low + 1) % 24]
    return np.asarray(here + (there - here) * (at - low))


def date_of(day: int) -> dt.date:
    return dt.date.fromordinal(day + 719163)


def is_tet(day: int) -> bool:
    """The eve of the lunar year and its first five days."""
    first = periods.lunar_new_year(date_of(day).year)
    return first is not None and -1 <= day - first <= 4


def is_holiday(day: int) -> bool:
    """A public holiday or a day off for one, and all days of Tết."""
    return periods.is_holiday(day) or is_tet(day)


@lru_cache(maxsize=512)
def work_weight(day: int) -> float:
    """How busy the counters are against an ordinary Wednesday: Mondays, month ends, weekends, holidays."""
    if is_tet(day):
        return _TET_WEIGHT
    if is_holiday(day):
        return _HOLIDAY
    weight = _WEEK[int(weekday(day))]
    if is_workday(day):
        month, later = date_of(day).month, day
        for _ in range(_MONTH_END_DAYS):
            later = add_workdays(later, 1)
        weight *= _MONTH_END if date_of(later).month != month else 1.0
        before = day - 1
        while not is_workday(before) and not is_holiday(before):
            before -= 1
        weight *= _BACKLOG if is_holiday(before) else 1.0
    return weight


def trips(day: int) -> float:
    """How much of a weekend's travel a day has, 0 on an ordinary Monday, 1 on a Saturday. Holidays are days
    off; at Tết people stay at home until the third day of the year."""
    if is_tet(day):
        return 1.0 if is_tet(day - 3) else 0.0
    return 1.0 if is_holiday(day) else _TRIPS[int(weekday(day))]


def season(day: int, months: Sequence[float]) -> float:
    """Visitors of a day against the year's mean, from those of each month (none: as many all year), months
    blending into each other at their middle."""
    if not months:
        return 1.0
    date = date_of(day)
    at = (date.day - 15) / 30.5
    other = months[(date.month - 1 + (1 if at >= 0 else -1)) % 12]
    return months[date.month - 1] + (other - months[date.month - 1]) * abs(at)


def add_workdays(day: int, n: int) -> int:
    """The day `n` working days after `day`."""
    while n > 0:
        day += 1
        n -= is_workday(day)
    return day


def workday_table(day0: int, day1: int) -> I64:
    """Working days among `day0 … day1 − 1`, ascending."""
    return np.array([d for d in range(day0, day1) if is_workday(d)], dtype=np.int64)
