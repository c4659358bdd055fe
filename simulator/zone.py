"""Provincial time: a fixed number of whole hours off UTC, without summer time. Instants are milliseconds
since the epoch (UTC).
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

import numpy as np

from cockpit.domain.periods import DAY_MS
from simulator.rng import I64, Bools

_CLOCK = [f"T{h:02d}:{m:02d}:{s:02d}" for h in range(24) for m in range(60) for s in range(60)]
_EPOCH = dt.date(1970, 1, 1)


class Zone:
    """The time of a province, `offset_s` seconds ahead of UTC."""

    def __init__(self, offset_s: int) -> None:
        self.offset_ms = offset_s * 1000
        hours, minutes = divmod(abs(offset_s) // 60, 60)
        tail = f"{'-' if offset_s < 0 else '+'}{hours:02d}:{minutes:02d}"
        self._ms = [f".{i:03d}{tail}" for i in range(1000)]

    def minute_of_day(self, t: I64) -> I64:
        return np.asarray((t + self.offset_ms) // 60_000 % 1440)

    def day_of(self, t: Any) -> Any:
        """Day number since the epoch, of a number or an array."""
        return (t + self.offset_ms) // DAY_MS

    def day_start(self, day: Any) -> Any:
        """First millisecond of a day number."""
        return day * DAY_MS - self.offset_ms

    def weekend(self, t: I64) -> Bools:
        return np.asarray(weekday(self.day_of(t)) >= 5)

    def iso(self, ms: int) -> str:
        """An instant with milliseconds and offset."""
        second, rest = divmod(ms + self.offset_ms, 1000)
        day, clock = divmod(second, 86_400)
        return _date(day) + _CLOCK[clock] + self._ms[rest]

    def isos(self, times: I64) -> list[str]:
        """The same for many instants."""
        second, rest = np.divmod(times + self.offset_ms, 1000)
        day, clock = np.divmod(second, 86_400)
        rows = zip(day.tolist(), clock.tolist(), rest.tolist(), strict=True)
        return [_date(d) + _CLOCK[c] + self._ms[m] for d, c, m in rows]


def weekday(day: Any) -> Any:
    """0 for Monday … 6 for Sunday (1 January 1970 was a Thursday)."""
    return (day + 3) % 7


@lru_cache(maxsize=512)
def _date(day: int) -> str:
    return (_EPOCH + dt.timedelta(days=day)).isoformat()
