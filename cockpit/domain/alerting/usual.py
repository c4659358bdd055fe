"""What is usual in an hour: the same hour of the same weekday in the weeks before, by hourly roll-ups.

*The centre* is the median of the means of these hours, so that one week in which something was wrong does not
move it. *The spread* is 1.4826 times the median absolute deviation of the means from it, which of a normal
distribution estimates the standard deviation (Rousseeuw and Croux 1993, Journal of the American Statistical
Association 88, 1273-1283); at least half of what the values of one such hour range over in the median of the
weeks, and at least one step of the metric's resolution: a single value is compared, and a few weeks that are
alike by chance say little about what single values do.

*Days that are not what their weekday is* (public holidays, days off in place of one, worked Saturdays)
say nothing about other weeks, and on such a day nothing is known to be usual.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cockpit.domain.catalog import Rule
from cockpit.domain.periods import is_holiday, is_workday

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

WEEK_DAYS = 7
LEAST_WEEKS, MOST_WEEKS = 2, 12
"""So many weeks must have the hour before anything is usual, and so far back a rule may look."""

NORMAL = 1.4826
"""1 / Φ⁻¹(3/4): from the median absolute deviation to the standard deviation of a normal distribution."""

HALF = 0.5
"""Of the values that are due in an hour: with fewer the hour does not count."""

PERCENT, SPREAD = "percent", "spread"


class Usual(NamedTuple):
    """Arrays of one shape, by the hour: centre and spread in the metric's unit, NaN where nothing is usual;
    and how many weeks they rest on."""

    centre: Floats
    spread: Floats
    weeks: Ints


def ordinary(day: int) -> bool:
    """Whether a provincial day is what its weekday is."""
    workday = (day + 3) % WEEK_DAYS < 5  # 1 January 1970 was a Thursday
    return not is_holiday(day) and is_workday(day) == workday


def days_before(day: int, weeks: int) -> tuple[int, ...]:
    """The days with which an ordinary day is compared, newest first; none where it is not ordinary."""
    if not ordinary(day):
        return ()
    earlier = (day - WEEK_DAYS * n for n in range(1, weeks + 1))
    return tuple(one for one in earlier if ordinary(one))


def usual(sums: Ints, due: Floats, scale: int) -> Usual:
    """What is usual of series by their roll-ups: `sums` (weeks, series, 4, 24) of n, sum, least and greatest,
    integers of the metric's resolution 1 / `scale`; `due` (series,): values expected in an hour."""
    n, total, low, high = (sums[:, :, column] for column in range(4))
    there = n >= np.maximum(1.0, HALF * due)[None, :, None]
    mean = total / np.maximum(1, n) / scale
    centre = _median(mean, there)
    deviation = NORMAL * _median(np.abs(mean - centre), there)
    within = _median((high - low) / (2 * scale), there)
    weeks = there.sum(axis=0)
    enough = weeks >= LEAST_WEEKS
    spread = np.maximum(np.maximum(deviation, within), 1 / scale)
    return Usual(np.where(enough, centre, np.nan), np.where(enough, spread, np.nan), weeks)


def _median(values: Floats, there: npt.NDArray[np.bool_]) -> Floats:
    """Over the first axis, of those that are there; 0 where none is."""
    if not len(values):
        return np.zeros(values.shape[1:])
    ordered = np.sort(np.where(there, values, np.inf), axis=0)
    count = there.sum(axis=0)
    upper = np.minimum(count // 2, len(values) - 1)
    lower = np.maximum(count - 1, 0) // 2
    both = (np.take_along_axis(ordered, at[None], axis=0)[0] for at in (lower, upper))
    first, second = (np.where(count > 0, one, 0.0) for one in both)
    return np.asarray((first + second) / 2)


def unit_of(rule: Rule, centre: Floats, spread: Floats) -> Floats:
    """How much of the metric's unit one per cent of what is usual is, or one spread; NaN where nothing is
    usual, and where a per cent of it is nothing."""
    one = np.abs(centre) / 100 if rule.by == PERCENT else spread
    return np.asarray(np.where(one > 0, one, np.nan))


def apart(rule: Rule, values: Floats, centre: Floats, spread: Floats) -> Floats:
    """How far values lie from what is usual, in per cent of it or in spreads, less than 0 below it; 0 where
    that is less than the rule's `least` in the metric's unit; NaN where nothing is usual."""
    off = values - centre
    told = off / unit_of(rule, centre, spread)
    return np.asarray(np.where(np.abs(off) < rule.least, 0.0 * told, told))
