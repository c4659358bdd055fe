"""Targets as a path: what is asked of an indicator in a period, of the province or of one unit, in versions.

A period is a month, a quarter or a year of the calendar, written 2026-11, 2026-Q4 or 2026. For a day the
shortest period holds that has a target; a unit's own target goes before the province's, and the profile's
target stands where none is set. What is over stays judged as it was: of a period that has ended only what
was set before its end counts, of a day that has gone by only what was set before that day's end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from cockpit.domain.catalog import Indicator
from cockpit.domain.periods import Length, day_start_ms, is_report_period, period_of, report_days
from cockpit.domain.spans import Stretch

Pace = Literal["RT", "D", "M", "Q", "Y"]

LENGTHS: dict[Pace, tuple[Length, ...]] = {
    "RT": ("M", "Q", "Y"), "D": ("M", "Q", "Y"), "M": ("M", "Q", "Y"), "Q": ("Q", "Y"), "Y": ("Y",),
}  # fmt: skip
"""What an indicator of each pace can have a target for, the shortest first."""

MAX_VALUE = 1e12
"""No figure of a province comes near."""


class TargetVersion(NamedTuple):
    """One setting of a target. `unit` is "" for the province, else a unit's or a department's code; `version`
    counts from 1 for each indicator, unit and period; `before` is what held there until then. `t` is domain
    time, `real` real time, both in ms."""

    number: int
    indicator: str
    unit: str
    period: str
    version: int
    value: float
    before: float | None
    t: int
    real: int
    actor: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class Aim:
    """What is asked for. `version` is the setting that holds; None: the profile's own, which is version 0."""

    target: float | None
    watch: float | None
    version: TargetVersion | None = None

    @property
    def yearly(self) -> bool:
        """Whether it is asked for by the end of a year."""
        return self.version is None or len(self.version.period) == 4

    @property
    def own(self) -> bool:
        """Whether it was set for the very unit that was asked about, not for the province."""
        return self.version is not None and self.version.unit != ""


def of_profile(indicator: Indicator) -> Aim:
    """What an indicator's profile asks for."""
    return Aim(indicator.target, indicator.watch)


def watch_of(indicator: Indicator, target: float) -> float | None:
    """The limit of red that goes with a target. The profile gives the distance between the two.

    Where more is better it stays the same share of the target: as wide as it was, no small target could ever
    be missed. Where less is better it stays as wide: as a share it would vanish at a target of 0.
    """
    if indicator.watch is None or indicator.target is None:
        return None
    if indicator.direction == "up" and indicator.target > 0:
        return round(indicator.watch * (target / indicator.target), 9)
    return round(target + (indicator.watch - indicator.target), 9)


def is_target_period(label: str, pace: Pace) -> bool:
    """Whether a target of an indicator of this pace can be set for a period."""
    return is_report_period(label) and _length(label) in LENGTHS[pace]


def _length(label: str) -> Length | None:
    return "Y" if len(label) == 4 else "Q" if "Q" in label else "M" if len(label) == 7 else None


AHEAD: dict[Length, int] = {"M": 4, "Q": 4, "Y": 5}
"""How many periods of each length are offered for a new target, the present one among them."""


def open_periods(pace: Pace, today: int) -> tuple[str, ...]:
    """The next periods that an indicator of this pace can have a target for, of each length."""
    found = []
    for length in LENGTHS[pace]:
        day = today
        for _ in range(AHEAD[length]):
            period = period_of(day, length, "calendar")
            found.append(period.label)
            day = period.last + 1
    return tuple(found)


def has_ended(label: str, now_ms: int, offset_s: int) -> bool:
    """Whether a period is over."""
    return _end_ms(report_days(label)[1], offset_s) <= now_ms


def labels(first: int, last: int) -> tuple[str, ...]:
    """The periods that hold the days `first` to `last`, the shortest first."""
    return _labels(first, last)


@lru_cache(maxsize=4096)
def _labels(first: int, last: int) -> tuple[str, ...]:
    lengths: tuple[Length, ...] = ("M", "Q", "Y")
    found = (period_of(first, length, "calendar") for length in lengths)
    return tuple(period.label for period in found if last <= period.last)


class Days(NamedTuple):
    """Days that a target is looked for: those of `first` to `last` find the period, and what is over is known
    as it was at the end of day `until`."""

    first: int
    last: int
    until: int


def of_day(day: int) -> Days:
    """A day alone."""
    return Days(day, day, day)


def of_stretch(found: Stretch) -> Days:
    """A week belongs to the month of its Thursday, the month of a report to the calendar month that it is
    named by."""
    if found.span == "week":
        return Days(found.first + 3, found.first + 3, found.last)
    if found.span == "report_month":
        return Days(*report_days(found.label), found.last)
    return Days(found.first, found.last, found.last)


def of_figure(period: str | None, today: int) -> Days:
    """A figure that was reported for a period answers for that period, any other for today."""
    if period is None or not is_report_period(period):
        return of_day(today)
    first, last = report_days(period)
    return Days(first, last, last)


class Paths:
    """The settings that are known, of any indicators."""

    def __init__(self, versions: Iterable[TargetVersion] = ()) -> None:
        self._of: dict[tuple[str, str, str], list[TargetVersion]] = {}
        self.last = 0
        self.add(versions)

    def add(self, versions: Iterable[TargetVersion]) -> None:
        """Take further settings, in the order in which they were made."""
        for one in versions:
            self._of.setdefault((one.indicator, one.unit, one.period), []).append(one)
            self.last = max(self.last, one.number)

    def set_for(self, indicator: str, unit: str, label: str, at: int) -> TargetVersion | None:
        """What was set for just this unit and period, as it was known at instant `at`."""
        known = self._of.get((indicator, unit, label), ())
        return next((one for one in reversed(known) if one.t <= at), None)

    def newest(self, indicator: str, unit: str, label: str) -> TargetVersion | None:
        """What was set last for just this unit and period."""
        return next(reversed(self._of.get((indicator, unit, label), ())), None)

    def within(self, indicator: Indicator, unit: str, first: int, last: int, at: int) -> Aim:
        """What is asked for on the days `first` to `last`, as it was known at instant `at`."""
        if self._of:
            for whose in dict.fromkeys((unit, "")):
                for label in labels(first, last):
                    found = self.set_for(indicator.code, whose, label, at)
                    if found is not None:
                        return Aim(found.value, watch_of(indicator, found.value), found)
        return of_profile(indicator)

    def asked(self, indicator: Indicator, unit: str, days: Days, now: int, offset_s: int) -> Aim:
        """What is asked for on some days, as known now or at the end of the last of them where it is over."""
        return self.within(
            indicator, unit, days.first, days.last, min(now, _end_ms(days.until, offset_s) - 1)
        )


def _end_ms(day: int, offset_s: int) -> int:
    return day_start_ms(day + 1, offset_s)
