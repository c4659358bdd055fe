"""What daily figures of days gone by are reckoned from: read once for many days, and given up afterwards."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cockpit.domain.catalog import Source
from cockpit.domain.coverage import CellStats
from cockpit.domain.freshness import WorkTime, due
from cockpit.domain.numbers import SourceId
from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.engine.columns import Ints
from cockpit.engine.figure import Context
from cockpit.profiles import Profile
from cockpit.store.coverage import WINDOW_DAYS
from cockpit.store.handles import Read
from cockpit.store.queries import coverage, loading
from cockpit.store.queries import indicators as queries

AHEAD_DAYS = 30
"""Days before the one asked for that are read with it: days are reckoned from the last one back."""


class Sums(NamedTuple):
    """What was measured within a window, by place (operator, cell): columns of one length. `devices` are the
    most of any one day."""

    places: list[tuple[str, str]]
    n: Ints
    groups: Ints
    devices: Ints
    weak: Ints
    bad: Ints
    rsrp_sum: Ints
    down_n: Ints
    down_sum: Ints


class Past:
    """The past as it is stored when it is first asked for. `ctx` is renewed at every tick."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.profile: Profile = ctx.core.profile
        self.work: WorkTime = ctx.work
        self.filling = loading.start(ctx.conn) is not None
        self._begin = queries.first_day(ctx.conn)
        self.feeds = [s for s in self.profile.inputs if s.time == "domain"]
        """Sources whose past is on the time line of days."""
        self._values: dict[tuple[int, str], float | None] = {}  # reckoned by now, not written yet perhaps
        self._tallies: dict[tuple[str, int, int], queries.Counts] = {}
        self._first_heard: dict[SourceId, int] | None = None
        self._heard: tuple[int, int, Ints] | None = None  # first and last day, and rows
        self._daily: tuple[int, int, coverage.Daily] | None = None
        self._window: tuple[int, Sums] | None = None

    @property
    def conn(self) -> Read:
        return self.ctx.conn

    def end(self, day: int) -> int:
        """The instant at which a day ends."""
        return (day + 1) * DAY_MS - self.profile.utc_offset_s * 1000

    def note(self, code: str, day: int, value: float | None) -> None:
        """Remember what was reckoned."""
        self._values[day, code] = value

    def value(self, code: str, day: int) -> float | None:
        """The figure of another indicator on a day."""
        if (day, code) in self._values:
            return self._values[day, code]
        return queries.of_day(self.conn, code, day)

    def not_due(self, source: Source, t: int) -> bool:
        """Whether a source that keeps its rhythm need not have been heard by `t` since the past begins."""
        if self._begin is None:
            return True
        return due(self.end(self._begin - 1), source.late_s * 1000, source.calendar, self.work) > t

    def tallies(self, record: str, days: int, day: int) -> queries.Counts:
        """Counts of a kind of record in the province over `days` days, the last of which is `day`."""
        key = record, days, day
        if key not in self._tallies:
            self._tallies[key] = queries.tally_counts(self.conn, record, day - days + 1, day, "")
        return self._tallies[key]

    @property
    def first_heard(self) -> dict[SourceId, int]:
        """The hour in which each source was first heard."""
        if self._first_heard is None:
            self._first_heard = queries.first_hours(self.conn)
        return self._first_heard

    def unheard(self, day: int) -> list[Source]:
        """Feeds that had never been heard when a day ended."""
        hour = self.end(day) // HOUR_MS
        return [s for s in self.feeds if self.first_heard.get(s.id, hour) >= hour]

    def last_heard(self, day: int) -> dict[SourceId, int]:
        """When each feed was last heard before a day ended (ms), to the hour; of one that had long been
        silent, when it was first heard."""
        end = self.end(day) // HOUR_MS
        if self._heard is None or not self._heard[0] <= day <= self._heard[1]:
            first = day - AHEAD_DAYS
            back = max((s.silent_s for s in self.feeds), default=0) * 1000 // HOUR_MS + 1
            rows = queries.heard(self.conn, self.end(first) // HOUR_MS - back, end)
            self._heard = first, day, rows
        rows = self._heard[2][self._heard[2][:, 0] < end]
        found = {s: hour * HOUR_MS for s, hour in self.first_heard.items() if hour < end}
        for source in self.feeds:
            mine = rows[rows[:, 1] == source.id, 2]
            if len(mine):
                found[source.id] = int(mine.max())
        return {s.id: found[s.id] for s in self.feeds if s.id in found}

    def coverage(self, day: int) -> Sums:
        """What was measured within the window that ends with a day."""
        if self._window is None or self._window[0] != day:
            self._window = day, self._summed(day)
        return self._window[1]

    def _summed(self, day: int) -> Sums:
        if self._daily is None or not self._daily[0] <= day <= self._daily[1]:
            first = day - AHEAD_DAYS
            self._daily = first, day, coverage.daily(self.conn, first - WINDOW_DAYS + 1, day)
        daily = self._daily[2]
        keep = (daily.day > day - WINDOW_DAYS) & (daily.day <= day)
        place, size = daily.place[keep], len(daily.places)
        devices = np.zeros(size, dtype=np.int64)
        np.maximum.at(devices, place, daily.devices[keep])

        def total(column: Ints) -> Ints:
            return np.bincount(place, weights=column[keep], minlength=size).astype(np.int64)

        return Sums(
            daily.places, total(daily.n), total(daily.groups), devices, total(daily.weak), total(daily.bad),
            total(daily.rsrp_sum), total(daily.down_n), total(daily.down_sum),
        )  # fmt: skip

    def cells(self, day: int) -> dict[str, list[CellStats]]:
        """The same as cells of the province's operators, as the coverage page has them."""
        sums = self.coverage(day)
        found: dict[str, list[CellStats]] = {}
        rows = np.stack(
            (sums.n, sums.groups, sums.devices, sums.weak, sums.bad, sums.rsrp_sum), axis=1
        ).tolist()
        for (operator, cell), row in zip(sums.places, rows, strict=True):
            if row[0] and operator in self.profile.operators:
                found.setdefault(operator, []).append(CellStats._make((cell, *row, 0, 0)))
        return found
