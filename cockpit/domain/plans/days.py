"""Days and months of plans as text, and the instants they stand for in provincial time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from cockpit.domain import periods

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def is_day(text: str) -> bool:
    """Whether it names a day, as `2026-03-31`."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_month(text: str) -> bool:
    """Whether it names a month, as `2026-03`."""
    return _MONTH.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Whether it names a year, a month or a day: as much as a source tells."""
    return is_day(text) or is_month(text) or (len(text) == 4 and text.isascii() and text.isdigit())


def number_of(day: str) -> int:
    """The day number of a day."""
    return periods.from_date(date.fromisoformat(day))


@dataclass(frozen=True, slots=True)
class Days:
    """Days of a province `offset_s` ahead of UTC."""

    offset_s: int = periods.OFFSET_S

    def end(self, day: str) -> int:
        """The instant at which a day is over: what is due on it is late from then on."""
        return periods.end_of(day, self.offset_s)

    def within(self, day: str) -> int:
        """An instant on a day whose hour nobody has told."""
        return periods.day_start_ms(number_of(day), self.offset_s) + 12 * periods.HOUR_MS

    def closing(self, day: str) -> int:
        """The end of office hours on a day."""
        closes = periods.WORK_HOURS[-1][1] * periods.MINUTE_MS
        return periods.day_start_ms(number_of(day), self.offset_s) + closes

    def told(self, when: str) -> int:
        """The last instant of a year, a month or a day of which a source tells."""
        return periods.end_of(when, self.offset_s) - 1

    def of(self, ms: int) -> str:
        """The day of an instant."""
        return periods.to_date(periods.day_number(ms, self.offset_s)).isoformat()
