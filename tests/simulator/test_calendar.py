"""The days on which the simulated people work, rest and keep Tết: those that the cockpit knows."""

from __future__ import annotations

from datetime import date

import pytest

from cockpit.domain import periods
from simulator.calendar import add_workdays, is_holiday, is_tet, trips, work_weight, workday_table

KNOWN = {
    2024: (2, 10),
    2025: (1, 29),
    2026: (2, 17),
    2027: (2, 6),
    2028: (1, 26),
    2029: (2, 13),
    2030: (2, 2),
}
"""The first day of the lunar year in Việt Nam, whose calendar parted from the Chinese one in 2030."""


def day(text: str) -> int:
    return periods.from_date(date.fromisoformat(text))


@pytest.mark.parametrize("year", KNOWN)
def test_tet_is_the_eve_and_five_days_of_the_lunar_year(year: int) -> None:
    first = periods.from_date(date(year, *KNOWN[year]))
    assert periods.lunar_new_year(year) == first
    found = [d for d in range(periods.from_date(date(year, 1, 1)), first + 60) if is_tet(d)]
    assert found == list(range(first - 1, first + 5))
    assert all(is_holiday(d) for d in found)


def test_a_year_that_nobody_has_reckoned_has_no_tet() -> None:
    assert periods.lunar_new_year(2160) is None
    assert not is_tet(day("2160-02-08"))


@pytest.mark.parametrize("off", ["2026-04-27", "2026-08-31", "2026-09-01", "2026-11-24", "2027-02-04"])
def test_days_that_the_government_gives_are_days_off_for_everybody(off: str) -> None:
    assert not len(workday_table(day(off), day(off) + 1))
    assert is_holiday(day(off))
    assert work_weight(day(off)) < 0.2
    assert trips(day(off)) == 1.0
    assert add_workdays(day(off) - 1, 1) > day(off)
