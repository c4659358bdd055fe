"""A day of a feed in one word, and its volume against what is normal for it."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

DayClass = Literal["full", "late", "silent", "wrong", "off", "blank"]
"""`off`: no event is due on that day. `blank`: the feed did not exist yet."""

FULL_SHARE = 0.9
"""Of the normal volume of such a day; under it records are missing. The product's own choice, wide
enough that a quiet Tuesday is not a fault."""

LATE_SHARE = 0.05
"""More late events than this and the day counts as late."""

MANY_REPEATS = 20
"""Repeats are harmless, and a feed of few events may well send one thrice; more of them than of news,
and more than this, and something is wrong with it."""

WRONG_SHARE = 0.01
"""More refused events than this and the day counts as wrong: one bad record a day is no pattern."""


def short(events: int, normal: float) -> bool:
    """Whether records are surely missing: under `FULL_SHARE` of the usual, and further below it than
    chance takes a count (three standard deviations, Poisson): four calls instead of five are no fault."""
    return events < FULL_SHARE * normal and events < normal - 3 * normal**0.5


def day_class(
    *, events: int, normal: float | None, rejected: int, duplicates: int, late: int, due: bool, seen: bool
) -> DayClass:
    """The class of one day, worst first.

    `normal`: events usual for the part of such a day that has passed, None where nothing is known yet;
    `due`: whether the feed works on that day; `seen`: whether it ever sent before the day's end.
    """
    if not seen and not rejected:
        return "blank"
    if rejected > WRONG_SHARE * (events + rejected) or duplicates > max(events, MANY_REPEATS):
        return "wrong"
    if events == 0:
        # A feed of a few events a month is not silent on each day between them.
        return "silent" if due and (normal is None or normal >= 1) else "off"
    if late > LATE_SHARE * events:
        return "late"
    if due and normal is not None and short(events, normal):
        return "late"
    return "full"


def midmean(values: Floats) -> float:
    """Mean of the middle half of the known values, NaN if none is known.

    An outage does not pull it down as it does a mean, nor do small counts make it zero as a median.
    """
    known = np.sort(values[~np.isnan(values)])
    if not known.size:
        return float("nan")
    cut = known.size // 4
    return float(known[cut : known.size - cut].mean())


def normal_hours(counts: Floats) -> Floats:
    """Usual events for each hour of a day: `counts` (days, 24), NaN for hours not known → (24,)."""
    return np.array([midmean(column) for column in counts.T])
