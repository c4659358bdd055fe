"""Leaps of the computer's clock: seen against the monotonic clock, said aloud, and mended where it came back.

A clock that was ahead for a while has left newest values of a time still to come. They would stay the newest
until then, whatever arrives: what is later than the clock is no newest value. Samples that were received
by that clock would count only then: they count at once.
"""

from __future__ import annotations

import logging
from typing import NamedTuple

import numpy as np

from cockpit.clock import LEAP_MS, Clock, Wall
from cockpit.engine.columns import DOMAIN, Columns, columns_of
from cockpit.engine.numbers import Lane
from cockpit.profiles import Profile
from cockpit.store import Store, alerting, coverage, meta, observations
from cockpit.store.handles import Write

log = logging.getLogger(__name__)

TOLD_S = 3600.0
"""For so long a leap is told on pages and by /readyz."""


class Leap(NamedTuple):
    """At `at` (ms, by the clock after it) the clock leapt by `by_ms`; `mono` is that on the monotonic one."""

    at: int
    by_ms: int
    mono: float


class Leaps:
    """What the clock of the computer did. `count` since the start."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall = Wall(clock)
        self._last: Leap | None = None
        self.count = 0

    @property
    def recent(self) -> Leap | None:
        """The last leap, while it is news."""
        last = self._last
        return last if last is not None and self._clock.monotonic() - last.mono < TOLD_S else None

    def look(self) -> int:
        """By how much (ms) the clock leapt since the last look, 0 if it did not."""
        by_ms = self._wall.leapt()
        return self.tell(by_ms) if by_ms else 0

    def tell(self, by_ms: int) -> int:
        """Say that it leapt by so much."""
        self.count += 1
        self._last = Leap(self._clock.real_ms(), by_ms, self._clock.monotonic())
        log.error(
            "the clock of this computer leapt by %+.0f s: timers begin anew; check its time service (NTP)",
            by_ms / 1000,
        )
        return by_ms

    def mend(self, store: Store, profile: Profile, lanes: tuple[Lane, ...]) -> int:
        """Before all is read from the store anew: what a clock that was ahead has left there. By how much it
        came back since something was last written, 0 if it did not. Raises StoreError."""
        with store.read() as conn:
            written = int(meta.get(conn, "engine_real_ms") or 0)
        now = self._clock.real_ms()
        came_back = behind(written, now)
        if came_back:
            if self.recent is None:
                self.tell(came_back)
            store.mistrust_clock()
            mend(store, columns_of(profile), lanes, now)
        return came_back


def mend(store: Store, columns: Columns, lanes: tuple[Lane, ...], now_ms: int) -> int:
    """Let the newest value of every series on these time lines be the newest that is not later than the clock
    and what a source may be early. Returns of how many series it was. Raises StoreError."""
    early = max((s.early_s for s in columns.profile.sources), default=0) * 1000
    horizon = now_ms + early

    def write(conn: Write) -> int:
        rows = alerting.newest(conn)
        ahead = rows[rows[:, 1] > horizon, 0]
        at = columns.series_at(ahead)
        mine = np.isin(columns.series_lane[at], lanes) & (at >= 0)
        if DOMAIN in lanes:
            coverage.fold(conn)
        return observations.forget_future(conn, ahead[mine].tolist(), horizon)

    found = store.write(write).result()
    if found:
        log.warning("the newest values of %d series were later than the clock: they are history", found)
    return found


def behind(kept_real_ms: int, now_ms: int) -> int:
    """By how much the clock stands before the last thing written here, 0 if it does not."""
    return now_ms - kept_real_ms if kept_real_ms - now_ms >= LEAP_MS else 0
