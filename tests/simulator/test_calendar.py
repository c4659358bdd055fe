"""The simulator's working days against those that the cockpit expects feeds on."""

from __future__ import annotations

from datetime import date

import pytest

from cockpit.domain import periods
from simulator import calendar


@pytest.mark.parametrize("year", range(2024, 2031))
def test_the_province_works_on_every_day_on_which_the_cockpit_expects_it(year: int) -> None:
    first, after = (periods.from_date(date(y, 1, 1)) for y in (year, year + 1))
    missed = [
        periods.to_date(day).isoformat()
        for day in range(first, after)
        if periods.is_workday(day) and not calendar.is_workday(day)
    ]
    assert missed == []
