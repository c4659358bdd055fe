"""Days, hours and reporting periods in provincial time. Instants are milliseconds since the epoch (UTC).

A province has one fixed offset from UTC and no summer time. Reports of authorities follow Decree
09/2019/NĐ-CP: the data of a month end on its 14th. Statistics follow calendar periods.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
DAY_S = DAY_MS // 1000
OFFSET_S = 25_200
"""Viet Nam is at UTC+7."""

Basis = Literal["report", "calendar"]
Length = Literal["M", "Q", "H", "Y"]
"""Month, quarter, half year, year."""

_MONTHS = {"M": 1, "Q": 3, "H": 6, "Y": 12}
_EPOCH = date(1970, 1, 1)
_REPORTED = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d\d)(?:-(\d\d))?))?", re.ASCII)

_TET = "Lunar New Year"  # as `holidays` calls its first day
_AGED_DAYS = {"D": 3, "M": 62, "Q": 185, "Y": 730}

WORK_HOURS = ((8 * 60, 12 * 60), (13 * 60, 17 * 60))
"""Office hours of a working day, in minutes after midnight; ends are exclusive."""


def day_number(ms: int, offset_s: int = OFFSET_S) -> int:
    """Days since 1 January 1970 in provincial time."""
    return (ms + offset_s * 1000) // DAY_MS


def day_start_ms(day: int, offset_s: int = OFFSET_S) -> int:
    """The instant at which a day begins."""
    return day * DAY_MS - offset_s * 1000


def to_date(day: int) -> date:
    """The calendar date of a day number."""
    return _EPOCH + timedelta(days=day)


def from_date(when: date) -> int:
    """The day number of a calendar date."""
    return (when - _EPOCH).days


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting period. `first` and `last` are day numbers, both inside."""

    label: str  # "2026-11", "2026-Q4", "2026-H2", "2026"
    length: Length
    basis: Basis
    first: int
    last: int

    @property
    def days(self) -> int:
        return self.last - self.first + 1


def period_of(day: int, length: Length, basis: Basis) -> Period:
    """The period a day belongs to. On basis "report" the 15th already belongs to the next month."""
    when = to_date(day)
    year, month = when.year, when.month
    if basis == "report" and when.day >= 15:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    step = _MONTHS[length]
    return _period(year, (month - 1) // step, length, basis)


def is_report_period(label: str) -> bool:
    """Whether this names a day, month, quarter or year that a figure can be reported for."""
    try:
        report_days(label)
    except ValueError:
        return False
    return True


def report_days(label: str) -> tuple[int, int]:
    """First and last day of the period of a reported figure: "2026-11-22", "2026-11", "2026-Q4", "2026",
    by the calendar. Raises ValueError."""
    found = _REPORTED.fullmatch(label)
    if found is None:
        raise ValueError(f"period {label!r}: expected 2026-11-22, 2026-11, 2026-Q4 or 2026")
    year, quarter, month, day = (int(part or 0) for part in found.groups())
    if day:
        first = from_date(date(year, month, day))
        return first, first
    start = 3 * (quarter - 1) if quarter else month - 1 if month else 0
    first = from_date(date(year, start + 1, 1))
    after = start + (3 if quarter else 1 if month else 12)
    if year == date.max.year and after == 12:
        return first, from_date(date.max)
    return first, _day(year, after, 1) - 1


def _period(year: int, number: int, length: Length, basis: Basis) -> Period:
    """Period `number` (from 0) of a year."""
    step = _MONTHS[length]
    start, end = number * step, (number + 1) * step  # months from 0, end exclusive
    label = str(year)
    if length == "M":
        label += f"-{number + 1:02d}"
    elif length != "Y":
        label += f"-{length}{number + 1}"
    if basis == "report":
        return Period(label, length, basis, _day(year, start - 1, 15), _day(year, end - 1, 14))
    return Period(label, length, basis, _day(year, start, 1), _day(year, end, 1) - 1)


def _day(year: int, month: int, day: int) -> int:
    """The day number of a day in a month counted from 0, which may lie in a year beside."""
    return from_date(date(year + month // 12, month % 12 + 1, day))


def is_workday(day: int) -> bool:
    """Monday to Friday but public holidays, and the Saturdays that are worked for a day off."""
    year = _calendar(to_date(day).year)
    return day in year.worked or ((day + 3) % 7 < 5 and day not in year.off)  # 1 January 1970 was a Thursday


def is_holiday(day: int) -> bool:
    """Whether a day is a public holiday of Việt Nam, or a day off in place of one or of a worked Saturday."""
    return day in _calendar(to_date(day).year).off


def lunar_new_year(year: int) -> int | None:
    """The first day of Tết in a year of our calendar; None before and after the years that are reckoned."""
    return _calendar(year).tet


class _Year(NamedTuple):
    """Days off, days at weekends that are worked, and the first day of the lunar year."""

    off: frozenset[int]
    worked: frozenset[int]
    tet: int | None


@lru_cache(maxsize=64)
def _calendar(year: int) -> _Year:
    """The Labour Code, Tết and the Hùng Kings by the lunar calendar, and what the government has decided for
    single years, as `holidays` has them."""
    from holidays.countries.vietnam import Vietnam  # a tenth of a second, for those who ask

    found = Vietnam(years=year, language="en_US")  # type: ignore[no-untyped-call]
    worked = {from_date(day) for day in getattr(found, "weekend_workdays", ()) if day.year == year}
    tet = [day for day, names in found.items() if _TET in (n.split(" (")[0] for n in names.split("; "))]
    return _Year(frozenset(map(from_date, found)), frozenset(worked), from_date(tet[0]) if tet else None)


def aged(pace: str, asof_ms: int, now_ms: int) -> bool:
    """Whether a figure of this pace (D day, M month, Q quarter, Y year) is stale by its own age, whatever its
    source says. What is counted as it comes (RT) has no age of its own."""
    days = _AGED_DAYS.get(pace)
    return days is not None and now_ms - asof_ms > days * DAY_MS


def year_gone(day: int) -> float:
    """Share of its calendar year that is over at the end of a day: 0 < share ≤ 1."""
    when = to_date(day)
    start = from_date(date(when.year, 1, 1))
    return (day - start + 1) / (from_date(date(when.year + 1, 1, 1)) - start)


def end_of(text: str, offset_s: int = OFFSET_S) -> int:
    """End of a year, month or day, as `2022`, `2022-09`, `2024-06-28`, in provincial time: an instant. Raises
    ValueError for anything else."""
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    if not month:
        after = datetime(year + 1, 1, 1, tzinfo=UTC)
    elif not day:
        after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    else:
        after = datetime(year, month, day, tzinfo=UTC) + timedelta(days=1)
    return int(after.timestamp() * 1000) - offset_s * 1000
