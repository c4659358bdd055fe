"""Windows that come back: on days of the week, from one minute of the provincial day to another.

A window is half-open, [begin, end), and belongs to the day on which it begins; one whose end is not after its
beginning goes past midnight. Instants are ms.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cockpit.domain.periods import DAY_MS, MINUTE_MS, day_number, day_start_ms

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


class Window(NamedTuple):
    """One time that it comes."""

    begin: int
    end: int


class Weekly(NamedTuple):
    """`days` from 1, Monday, to 7, Sunday; `begin` and `end` minutes of the day in a zone that is `offset_s`
    ahead of UTC."""

    days: tuple[int, ...]
    begin: int
    end: int
    offset_s: int

    def on(self, day: int) -> Window | None:
        """The window that begins on a day (since the epoch), None where there is none."""
        if (day + 3) % 7 + 1 not in self.days:  # the epoch began on a Thursday
            return None
        start = day_start_ms(day, self.offset_s)
        past = self.end if self.end > self.begin else self.end + DAY_MS // MINUTE_MS
        return Window(start + self.begin * MINUTE_MS, start + past * MINUTE_MS)

    def coming(self, t: int) -> Window:
        """The window that holds an instant, or the first after it."""
        day = day_number(t, self.offset_s) - 1
        while (found := self.on(day)) is None or found.end <= t:
            day += 1
        return found

    def holds(self, t: int) -> bool:
        """Whether an instant is within a window."""
        return self.coming(t).begin <= t

    def turns(self, after: int, upto: int) -> set[int]:
        """The instants within (after, upto] at which a window begins or ends."""
        days = range(day_number(after, self.offset_s) - 1, day_number(upto, self.offset_s) + 1)
        windows = [found for day in days if (found := self.on(day)) is not None]
        return {t for window in windows for t in window if after < t <= upto}


def minute_of(text: str) -> int | None:
    """The minute of the day that a text such as 22:00 names, None where it names none."""
    found = _CLOCK.fullmatch(text)
    return int(found[1]) * 60 + int(found[2]) if found else None


def clock_of(minute: int) -> str:
    """A minute of the day as 22:00."""
    return f"{minute // 60:02}:{minute % 60:02}"
