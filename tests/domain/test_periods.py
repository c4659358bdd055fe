"""Days, working hours and reporting periods."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain import periods
from cockpit.domain.periods import from_date, is_holiday, is_workday, period_of, to_date

VIETNAM = timezone(timedelta(hours=7))


def ms(*when: int) -> int:
    return round(datetime(*when, tzinfo=VIETNAM).timestamp() * 1000)  # type: ignore[misc,arg-type]


def bounds(label: str, basis: periods.Basis = "report") -> tuple[str, str]:
    length: periods.Length = "Y" if len(label) == 4 else "M" if label[5].isdigit() else "Q"
    length = "H" if "H" in label else length
    firsts = (from_date(date(int(label[:4]), month, 1)) for month in range(1, 13))
    (period,) = {p for day in firsts if (p := period_of(day, length, basis)).label == label}
    return to_date(period.first).isoformat(), to_date(period.last).isoformat()


def test_a_day_begins_at_midnight_of_the_province() -> None:
    assert to_date(periods.day_number(ms(2026, 11, 22, 0, 0))) == date(2026, 11, 22)
    assert to_date(periods.day_number(ms(2026, 11, 21, 23, 59))) == date(2026, 11, 21)
    assert periods.day_start_ms(from_date(date(2026, 11, 22))) == ms(2026, 11, 22)


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("2026-11", "2026-10-15", "2026-11-14"),
        ("2026-01", "2025-12-15", "2026-01-14"),
        ("2026-Q1", "2025-12-15", "2026-03-14"),
        ("2026-Q4", "2026-09-15", "2026-12-14"),
        ("2026-H1", "2025-12-15", "2026-06-14"),
        ("2026-H2", "2026-06-15", "2026-12-14"),
        ("2026", "2025-12-15", "2026-12-14"),
    ],
)
def test_reporting_periods_follow_decree_09(label: str, first: str, last: str) -> None:
    assert bounds(label) == (first, last)


def test_statistics_follow_the_calendar() -> None:
    assert bounds("2028-02", "calendar") == ("2028-02-01", "2028-02-29")
    assert bounds("2026-Q4", "calendar") == ("2026-10-01", "2026-12-31")
    assert bounds("2026", "calendar") == ("2026-01-01", "2026-12-31")


def test_the_15th_belongs_to_the_next_month() -> None:
    assert period_of(from_date(date(2026, 11, 14)), "M", "report").label == "2026-11"
    assert period_of(from_date(date(2026, 11, 15)), "M", "report").label == "2026-12"
    assert period_of(from_date(date(2026, 12, 15)), "Y", "report").label == "2027"
    assert period_of(from_date(date(2026, 12, 15)), "M", "calendar").label == "2026-12"


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["M", "Q", "H", "Y"]),
    st.sampled_from(["report", "calendar"]),
)
def test_every_day_lies_in_one_period_and_periods_join(
    when: date, length: periods.Length, basis: periods.Basis
) -> None:
    day = from_date(when)
    period = period_of(day, length, basis)
    assert period.first <= day <= period.last
    assert period_of(period.first, length, basis) == period_of(period.last, length, basis) == period
    before = period_of(period.first - 1, length, basis)
    assert before.last + 1 == period.first
    assert before.label != period.label


@pytest.mark.parametrize(
    ("when", "works"),
    [
        ("2026-11-20", True),  # a Friday
        ("2026-11-21", False),  # a Saturday
        ("2027-02-05", False),  # the eve of Tết, and its first days
        ("2027-02-08", False),
        ("2027-02-10", False),
        ("2027-02-11", True),
        ("2025-04-07", False),  # the Hùng Kings, the 10th of the third lunar month
        ("2026-04-27", False),  # on a Sunday in 2026: the Monday after is off
        ("2026-04-30", False),
        ("2026-09-01", False),  # National Day is two days since 2021
        ("2026-11-24", False),  # Culture Day, since 2026
        ("2025-11-24", True),
        ("2024-04-29", False),  # off by decision, and the Saturday worked for it
        ("2024-05-04", True),
    ],
)
def test_working_days_know_the_holidays_of_viet_nam(when: str, works: bool) -> None:
    day = from_date(date.fromisoformat(when))
    assert is_workday(day) == works
    assert not (is_holiday(day) and works)
