"""The past by roll-ups: what hours say of when something was bad, as far as hours can say it.

Of a device's metric an hour keeps how many values there were, their sum, the least and the greatest. That is
read as two spells: one at the worse end, as long as the mean asks for, one at the better end. The bad spell
lies where the hours beside it are bad, else at the beginning. Of its events an hour keeps their number: where
less than half of what is due has come, the rest of the hour was silent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cockpit.domain.alerting import Level, thresholds
from cockpit.domain.catalog import Rule
from cockpit.domain.freshness import WorkTime
from cockpit.domain.numbers import MetricId
from cockpit.domain.periods import HOUR_MS
from cockpit.engine.columns import Ints
from cockpit.engine.numbers import AssetAt, SourceAt
from cockpit.store.queries.backtest import FeedHour

Floats = npt.NDArray[np.float64]
Numbers = Ints | Floats

HALF = 0.5
"""Of the expected events of an hour: fewer mean that it was silent for the rest."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of one time line, the first one begins at `start` (ms). `heard` (assets, hours) and `metrics`
    (assets, 4, hours) are in the order of `assets`; `days`: by indicator when a day ended, its figure, what
    that rests on."""

    start: int
    count: int
    work: WorkTime
    assets: Sequence[AssetAt]
    heard: Ints
    metrics: dict[MetricId, Ints]
    feeds: dict[SourceAt, list[FeedHour]]
    days: dict[str, list[tuple[int, float, int]]]

    @property
    def end(self) -> int:
        return self.start + self.count * HOUR_MS


@dataclass(frozen=True, slots=True)
class Spell:
    """At `level` from `t` on, by `value`."""

    t: int
    level: int
    value: float | None = None


def spells(rule: Rule, scale: int, sums: Numbers, start: int) -> Iterator[Spell]:
    """Levels of one series by its hours (4, hours) of n, sum, least and greatest, each where it changes; GONE
    where nothing came."""
    n, total, low, high = sums
    came = n > 0
    worst, best = (high, low) if rule.op == ">" else (low, high)
    mean = total / np.maximum(1, n)
    width = np.where(high > low, high - low, 1)
    share = np.where(high > low, (mean - low if rule.op == ">" else high - mean) / width, 1.0)
    bad, good = _levels(rule, worst / scale), _levels(rule, best / scale)
    told = ~came | (bad > Level.CLEAR)
    told[1:] |= told[:-1].copy()
    first = int(np.argmax(came)) if came.any() else len(n)
    told[first : first + 1] = True
    at: int = Level.GONE
    for hour in np.flatnonzero(told).tolist():
        if hour < first:
            continue
        for offset, level, value in _within(hour, at, came, bad, good, worst, best, share):
            if level != at:
                at = level
                yield Spell(start + hour * HOUR_MS + offset, level, None if value is None else value / scale)


_Within = tuple[int, int, float | None]
Levels = npt.NDArray[np.int8]


def _within(
    hour: int, at: int, came: npt.NDArray[np.bool_], bad: Levels, good: Levels, worst: Numbers, best: Numbers,
    share: Floats,
) -> tuple[_Within, ...]:  # fmt: skip
    """The spells of one hour: how long after its beginning, level, value."""
    if not came[hour]:
        return ((0, Level.GONE, None),)
    ill, well = int(bad[hour]), int(good[hour])
    if ill == well:
        return ((0, ill, float(worst[hour])),)
    long = round(float(share[hour]) * HOUR_MS)
    goes_on = hour + 1 < len(came) and bool(came[hour + 1]) and int(bad[hour + 1]) > Level.CLEAR
    if goes_on and at not in (Level.RAISE, Level.BAND):
        return (0, well, float(best[hour])), (HOUR_MS - long, ill, float(worst[hour]))
    return (0, ill, float(worst[hour])), (long, well, float(best[hour]))


def _levels(rule: Rule, value: Floats) -> Levels:
    raise_at, clear_at = thresholds(rule)
    over, off = (
        (value > raise_at, value > clear_at) if rule.op == ">" else (value < raise_at, value < clear_at)
    )
    return np.asarray(over.astype(np.int8) + (over | off), dtype=np.int8)


def silences(heard: Ints, rhythm_s: int, start: int) -> Iterator[tuple[int, int | None]]:
    """From when (ms) until when nothing came of a device, by its hours; None: until the end of them. Before
    it was first heard nobody missed it."""
    came = np.flatnonzero(heard)
    if not came.size:
        return
    expected = 3600 / rhythm_s
    quiet = heard < HALF * expected if expected >= 1 else heard == 0
    first = int(came[0])
    lacking = [h for h in np.flatnonzero(quiet).tolist() if h > first or (h == first and expected >= 1)]
    at = 0
    while at < len(lacking):
        last = at
        while last + 1 < len(lacking) and lacking[last + 1] == lacking[last] + 1:
            last += 1
        begin, end = lacking[at], lacking[last]
        at = last + 1
        if begin == first:  # it came into being within this hour
            begin += 1
            if begin > end:
                continue
        since = begin * HOUR_MS + _sent(heard, begin, expected)
        if end == len(heard) - 1 and not heard[end]:
            yield start + since, None
            continue
        until = (end + 1) * HOUR_MS - (_sent(heard, end, expected) if end > begin else 0)
        yield start + since, start + until


def _sent(heard: Ints, hour: int, expected: float) -> int:
    """How much of an hour (ms) its events make at the device's rhythm."""
    return round(min(1.0, int(heard[hour]) / expected) * HOUR_MS)
