"""Feeds judged by whole minutes: how late, how often repeated or refused, how many times the promised
volume.

The functions take counts of many minutes at once; all arrays have one shape.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cockpit.domain.alerting.condition import Level, Timing
from cockpit.domain.alerting.rules import thresholds
from cockpit.domain.catalog import Rule, Source
from cockpit.domain.periods import MINUTE_MS

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


ENOUGH = 20
"""Events that a share should rest on: a sparse feed is looked at over several minutes …"""

MOST_MINUTES = 10
"""… but over no more than these."""


class Count(NamedTuple):
    """Events of a feed within some minutes.

    `new`: taken; `late`: of these, later than the feed's limit; `lag_ms`: the lateness of those, summed;
    `again`: known already; `flow`: everything that came for now: taken, repeated and refused, without what
    came late, because a backlog that is handed in is no flood; `refused`: for what they say, not for when.
    """

    new: Ints
    late: Ints
    lag_ms: Ints
    again: Ints
    flow: Ints
    refused: Ints


class Measure(NamedTuple):
    """What a kind of rule compares. `value`: a share from 0 to 1, or the multiple of the promised volume, of
    counts and promised events an hour; `of`: the events that a share is made of; `known`: those without which
    nothing is known, None where no event tells something too."""

    value: Callable[[Count, Floats | float], Floats]
    of: Callable[[Count], Ints]
    known: Callable[[Count], Ints] | None = None
    share: bool = True

    def minutes_of(self, source: Source) -> int:
        """Over how many minutes a rule looks at a feed."""
        if not self.share:
            return 1
        promised = source.per_hour / 60
        return MOST_MINUTES if not promised else min(MOST_MINUTES, max(1, math.ceil(ENOUGH / promised)))


def timing_of_minutes(rule: Rule) -> Timing:
    """The first minute that is found bad has been so for its length already."""
    return Timing(max(0, rule.for_s * 1000 - MINUTE_MS), rule.keep_s * 1000)


def values(measure: Measure, per_hour: Floats | float, count: Count) -> Floats:
    """What is compared with the thresholds."""
    return np.asarray(measure.value(count, per_hour))


def levels(measure: Measure, rule: Rule, per_hour: Floats | float, count: Count) -> npt.NDArray[np.int8]:
    """Where feeds stand by their minutes, as `Level`. Where nothing came, nothing is known of shares. A share
    of few events raises nothing, and does not clear either while it is bad; a few events are no flood."""
    raise_at, clear_at = thresholds(rule)
    of = measure.of(count)
    value, enough = values(measure, per_hour, count), of >= rule.least
    found = np.where(
        enough & (value > raise_at),
        int(Level.RAISE),
        np.where(
            (value > clear_at) & (of > 0 if measure.share else enough), int(Level.BAND), int(Level.CLEAR)
        ),
    )
    if measure.known is not None:
        found = np.where(measure.known(count) > 0, found, int(Level.GONE))
    return np.asarray(found, dtype=np.int8)
