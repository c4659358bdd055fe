"""How fresh an asset or a source is: fresh, late, silent or never seen.

Times are milliseconds since the epoch. The age of something is counted from when its last event was
*received*, so a device whose clock is wrong is still heard.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from cockpit.domain import periods
from cockpit.domain.catalog import Asset, Calendar, Source
from cockpit.domain.periods import DAY_MS, DAY_S

State = Literal["fresh", "late", "silent", "never"]


LATE_RHYTHMS = 1.5
"""An asset is late when one and a half of its rhythms have passed: one event was surely due."""

SILENT_RHYTHMS = 2
"""An asset is silent when two of its rhythms have passed without an event."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Milliseconds of silence after which something is late, then silent. 0: never either."""

    late_ms: int
    silent_ms: int

    def __post_init__(self) -> None:
        if not 0 <= self.late_ms <= self.silent_ms:
            raise ValueError(
                f"late {self.late_ms} ms, silent {self.silent_ms} ms: expected 0 <= late <= silent"
            )


class Timeliness(NamedTuple):
    """How many sources there are and how many of them keep their rhythm: the one count of "sources on time".
    Whether what they send is complete and right is another question, which does not change it."""

    sources: int
    fresh: int
    late: int
    silent: int
    never: int


def timeliness(states: Iterable[State | None]) -> Timeliness:
    """Count sources by state; one of which nothing is known (None) never sent."""
    counts = Counter("never" if state is None else state for state in states)
    return Timeliness(counts.total(), counts["fresh"], counts["late"], counts["silent"], counts["never"])


def limits_of_asset(asset: Asset) -> Limits:
    """Limits from the rhythm. An asset that sends nothing by itself (rhythm 0) has none."""
    return Limits(int(asset.rhythm_s * LATE_RHYTHMS * 1000), asset.rhythm_s * SILENT_RHYTHMS * 1000)


def limits_of_source(source: Source) -> Limits:
    """Limits as the catalogue states them."""
    return Limits(source.late_s * 1000, source.silent_s * 1000)


@dataclass(frozen=True, slots=True)
class WorkTime:
    """When sources of the calendar `workdays` work: a clock that stands still at night and on days off.

    `hours`: office hours in minutes of the provincial day, ends exclusive. `is_workday` takes a
    provincial day number.
    """

    utc_offset_s: int = periods.OFFSET_S
    hours: tuple[tuple[int, int], ...] = periods.WORK_HOURS
    is_workday: Callable[[int], bool] = periods.is_workday

    def windows(self, day: int, whole_days: bool) -> tuple[tuple[int, int], ...]:
        """Working time of a day as instants (start, end); empty on a day off."""
        if not self.is_workday(day):
            return ()
        start = periods.day_start_ms(day, self.utc_offset_s)
        if whole_days:
            return ((start, start + DAY_MS),)
        return tuple((start + a * 60_000, start + b * 60_000) for a, b in self.hours)

    def after(self, start_ms: int, span_ms: int, whole_days: bool = False) -> int:
        """The instant when `span_ms` of working time have passed since `start_ms`.

        `whole_days` counts 24 hours of every working day: for rhythms of a day and more, whose events
        come at any hour. Raises ValueError if a year of days has no working time.
        """
        first = day = periods.day_number(start_ms, self.utc_offset_s)
        left = span_ms
        while day - first <= 366:
            for begin, end in self.windows(day, whole_days):
                begin = max(begin, start_ms)
                if end <= begin:
                    continue
                if begin + left <= end:
                    return begin + left
                left -= end - begin
                first = day
            day += 1
        raise ValueError("the working calendar has a year without a working day")

    def end_of_workday(self, start_ms: int, days: int) -> int:
        """When office hours end on the `days`th working day after the one of `start_ms`, as due times are
        counted: the day itself does not count. Raises ValueError if a year of days has no working time.
        """
        day = periods.day_number(start_ms, self.utc_offset_s)
        last = day
        while days > 0:
            day += 1
            if self.is_workday(day):
                days, last = days - 1, day
            elif day - last > 366:
                raise ValueError("the working calendar has a year without a working day")
        return periods.day_start_ms(day, self.utc_offset_s) + self.hours[-1][1] * 60_000

    def working_ms(self, t0: int, t1: int, whole_days: bool = False) -> int:
        """Working time within [t0, t1)."""
        total = 0
        for day in range(
            periods.day_number(t0, self.utc_offset_s), periods.day_number(t1, self.utc_offset_s) + 1
        ):
            total += sum(max(0, min(b, t1) - max(a, t0)) for a, b in self.windows(day, whole_days))
        return total


def due(last_ms: int, span_ms: int, calendar: Calendar, work: WorkTime) -> int:
    """When `span_ms` of silence are over, on the source's own calendar."""
    if calendar == "always":
        return last_ms + span_ms
    return work.after(last_ms, span_ms, whole_days=span_ms >= DAY_MS)


def judge(last_ms: int, now_ms: int, limits: Limits, calendar: Calendar, work: WorkTime) -> State:
    """State at `now_ms`; `last_ms` is 0 where no event ever came. At the limit itself it is over."""
    if last_ms == 0:
        return "never"
    if limits.silent_ms and now_ms >= due(last_ms, limits.silent_ms, calendar, work):
        return "silent"
    if limits.late_ms and now_ms >= due(last_ms, limits.late_ms, calendar, work):
        return "late"
    return "fresh"


def expected_events(source: Source, t0: int, t1: int, work: WorkTime) -> float:
    """Events a source should have sent within [t0, t1): `per_hour` for each hour that it works, 0 where
    no volume is promised."""
    if source.calendar == "always":
        return source.per_hour * (t1 - t0) / 3_600_000
    return source.per_hour * work.working_ms(t0, t1, whole_days=source.rhythm_s >= DAY_S) / 3_600_000
