"""What a daily figure will be at the end of its period: the plain method that did best on days held back.

Four methods that anybody can reckon after: the last value stays; the mean of the last week stays; the last
value goes on with the median slope of all pairs of days (Theil 1950, Sen 1968); the value of the same day of
the last week comes again. Each is tried on the past: a day is chosen, all after it is hidden, and the value
so many days later is compared with what came. The least mean absolute error wins; within its errors lies the
interval (Hyndman, Athanasopoulos: Forecasting, principles and practice, 3rd ed., 5.8, 5.10).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from statistics import fmean, median
from typing import Literal

Method = Literal["last", "week_mean", "slope", "week"]
Past = Sequence[tuple[int, float]]
"""Day and value, oldest first; days may be missing."""

LEAST_DAYS = 14
"""Fewer values show no pattern that could be tried out."""
LEAST_TRIES = 8
MOST_DAYS = 90
"""Older values say little of the next weeks; and every pair of days is looked at."""
COVER = 0.8
"""Share of the errors held back that the interval covers."""
MOST_AHEAD = 5 * 365
"""Days beyond which "at this pace" says nothing."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A method on days held back: how often, and its mean absolute error in the unit of the figure."""

    method: Method
    n: int
    error: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """For the day `day`: between `low` and `high` lay four of five values held back. `ahead` is how many
    days were looked ahead when the methods were `tried`, the best first; `slope` is in units a day."""

    day: int
    value: float
    low: float
    high: float
    method: Method
    ahead: int
    tried: tuple[Tried, ...]
    slope: float


def forecast(past: Past, day: int, least: float | None = None, most: float | None = None) -> Forecast | None:
    """The figure of a later day; None where too little is known. `least`, `most`: no value lies beyond, of a
    share 0 and 100."""
    return _forecast(tuple(past[-MOST_DAYS:]), day, least, most)


@lru_cache(maxsize=512)
def _forecast(
    known: tuple[tuple[int, float], ...], day: int, least: float | None, most: float | None
) -> Forecast | None:
    """Days that are over stay as they are, so one is reckoned once a day."""
    if len(known) < LEAST_DAYS or day <= known[-1][0]:
        return None
    ahead = day - known[-1][0]
    tried_ahead = min(ahead, max(1, (known[-1][0] - known[0][0]) // 4))
    errors = backtest(known, tried_ahead)
    tried = [
        Tried(method, len(e), fmean(map(abs, e))) for method, e in errors.items() if len(e) >= LEAST_TRIES
    ]
    if not tried:
        return None
    tried.sort(key=lambda t: (round(t.error, 9), list(METHODS).index(t.method)))
    best = tried[0].method
    value = METHODS[best](known, day)
    if value is None:
        return None
    # Of steps that add up by chance the error grows with the root of their number.
    wider = (ahead / tried_ahead) ** 0.5
    low, high = quantiles(errors[best])
    bounded = [_within(v, least, most) for v in (value, value + low * wider, value + high * wider)]
    return Forecast(
        day, bounded[0], min(bounded), max(bounded), best, tried_ahead, tuple(tried), slope_of(known)
    )  # fmt: skip


def backtest(past: Past, ahead: int) -> dict[Method, list[float]]:
    """By method the errors (what came less what was forecast) at every day of the second half of what is
    known, `ahead` days before it."""
    came = dict(past)
    found: dict[Method, list[float]] = {method: [] for method in METHODS}
    for at in range(max(LEAST_DAYS // 2, len(past) // 3), len(past)):
        seen = past[:at]
        day = seen[-1][0] + ahead
        if day in came:
            for method, reckon in METHODS.items():
                told = reckon(seen, day)
                if told is not None:
                    found[method].append(came[day] - told)
    return found


def quantiles(errors: Sequence[float]) -> tuple[float, float]:
    """Between these lie `COVER` of the errors, as many below as above: observed values, none made up."""
    ordered = sorted(errors)
    cut = int(round((1 - COVER) / 2 * len(ordered), 9))
    return ordered[cut], ordered[len(ordered) - 1 - cut]


def reaches(found: Forecast, now: float, target: float, *, up: bool) -> int | None:
    """Days from today until the target at the median pace of the past; 0 where it is reached, None where the
    pace leads elsewhere or needs longer than five years."""
    gap = target - now if up else now - target
    if gap <= 0:
        return 0
    pace = found.slope if up else -found.slope
    if pace <= 0 or gap / pace > MOST_AHEAD:
        return None
    return -int(-gap // pace)


def slope_of(past: Past) -> float:
    """The median slope of all pairs of days, in units a day: few odd days do not turn it."""
    return median((v2 - v1) / (d2 - d1) for (d1, v1), (d2, v2) in combinations(past, 2))


def _last(past: Past, day: int) -> float | None:
    return past[-1][1]


def _week_mean(past: Past, day: int) -> float | None:
    return fmean(value for _, value in past[-7:])


def _slope(past: Past, day: int) -> float | None:
    last, value = past[-1]
    return value + slope_of(past) * (day - last)


def _week(past: Past, day: int) -> float | None:
    """The newest value of the same day of the week."""
    return next((value for d, value in reversed(past) if (day - d) % 7 == 0), None)


METHODS: Mapping[Method, Callable[[Past, int], float | None]] = {
    "last": _last, "week_mean": _week_mean, "slope": _slope, "week": _week,
}  # fmt: skip
"""In the order in which equals are taken: the plainest first."""


def _within(value: float, least: float | None, most: float | None) -> float:
    if least is not None:
        value = max(least, value)
    return value if most is None else min(most, value)
