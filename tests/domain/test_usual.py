"""What is usual in an hour: the median of past weeks, with a spread that one bad week does not widen."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.alerting.usual import apart, days_before, ordinary, usual
from cockpit.domain.periods import from_date
from tests.engine.world import rule

ABOVE = rule("x", "usual", "camera", metric="fps", op=">", by="percent", raise_at=50.0, clear_at=20.0)


def weeks(*rows: tuple[float, float, float, float]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """(n, mean, least, greatest) of one hour of one series in each week, at a resolution of a tenth."""
    found = np.zeros((len(rows), 1, 4, 24), np.int64)
    for week, (n, mean, low, high) in enumerate(rows):
        found[week, 0] = np.array([n, round(n * mean * 10), round(low * 10), round(high * 10)])[:, None]
    return found


def of(*rows: tuple[float, float, float, float], due: float = 240.0) -> tuple[float, float, int]:
    centre, spread, n = usual(weeks(*rows), np.array([due]), 10)
    return float(centre[0, 9]), float(spread[0, 9]), int(n[0, 9])


def flat(mean: float, n: float = 240) -> tuple[float, float, float, float]:
    return n, mean, mean, mean


def test_one_bad_week_moves_neither_centre_nor_spread_much() -> None:
    centre, spread, n = of(flat(20), flat(21), flat(19), flat(0))
    assert (centre, n) == (19.5, 4)
    # Deviations 0.5, 0.5, 1.5, 19.5: their median is 1.
    assert spread == pytest.approx(1.4826 * 1.0)


def test_the_spread_is_at_least_half_of_what_values_range_over_and_a_step_of_the_resolution() -> None:
    assert of((240, 20, 15, 25), (240, 20, 16, 24), (240, 20, 14, 26))[:2] == (20.0, 5.0)
    assert of(flat(20), flat(20))[:2] == (20.0, 0.1)


@pytest.mark.parametrize("rows", [(), (flat(20),), (flat(20), flat(20, 119)), (flat(20), flat(0, 0))])
def test_fewer_than_two_weeks_with_half_of_what_is_due_say_nothing(
    rows: tuple[tuple[float, float, float, float], ...],
) -> None:
    centre, spread, _ = of(*rows)
    assert np.isnan([centre, spread]).all()


def test_what_sends_when_it_likes_has_an_hour_with_a_single_value() -> None:
    assert of(flat(20, 1), flat(22, 1), due=0)[0] == 21


def test_how_far_apart_in_per_cent_in_spreads_and_not_at_all_within_the_least() -> None:
    values, centre, spread = np.array([30.0, 10.0, 21.0]), np.full(3, 20.0), np.full(3, 2.0)
    assert apart(ABOVE, values, centre, spread).tolist() == [50.0, -50.0, 5.0]
    by_spread = rule("x", "usual", "camera", op=">", by="spread", raise_at=4.0, clear_at=2.0)
    assert apart(by_spread, values, centre, spread).tolist() == [5.0, -5.0, 0.5]
    at_least = rule("x", "usual", "camera", op=">", raise_at=4.0, clear_at=2.0, least=2)
    assert apart(at_least, values, centre, spread).tolist() == [50.0, -50.0, 0.0]


def test_no_per_cent_of_nothing_is_known() -> None:
    told = apart(ABOVE, np.array([5.0, 5.0]), np.array([0.0, np.nan]), np.array([1.0, 1.0]))
    assert np.isnan(told).all()


def day(year: int, month: int, date: int) -> int:
    return from_date(dt.date(year, month, date))


def test_holidays_and_worked_saturdays_are_compared_with_nothing_and_nothing_with_them() -> None:
    national = day(2025, 9, 2)  # a Tuesday
    assert not ordinary(national)
    assert days_before(national, 4) == ()
    after = day(2025, 9, 16)
    assert days_before(after, 4) == (day(2025, 9, 9), day(2025, 8, 26), day(2025, 8, 19))


def test_days_before_are_of_the_same_weekday_newest_first() -> None:
    wednesday = day(2026, 7, 22)
    assert days_before(wednesday, 3) == (wednesday - 7, wednesday - 14, wednesday - 21)


@given(
    st.lists(st.integers(0, 1000), min_size=2, max_size=9),
    st.integers(0, 8),
    st.integers(-(10**6), 10**6),
)
def test_the_centre_lies_among_most_weeks_whatever_one_of_them_says(
    means: list[int], at: int, wrong: int
) -> None:
    """Of three or more weeks one that lies anywhere leaves it between least and greatest of the rest."""
    told = [float(m) for m in means]
    told[at % len(told)] = float(wrong)
    rest = told[: at % len(told)] + told[at % len(told) + 1 :]
    centre, spread, n = of(*(flat(m) for m in told))
    assert n == len(told)
    assert spread > 0
    if len(told) >= 3:
        assert min(rest) <= centre <= max(rest)
