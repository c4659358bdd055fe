"""Forecasts: the plain method that does best on days held back, with the errors it made there."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.forecast import LEAST_DAYS, backtest, forecast, quantiles, reaches, slope_of

DAYS = 60
PASTS = st.lists(st.floats(0, 100), min_size=LEAST_DAYS, max_size=40).map(lambda v: list(enumerate(v)))


def past(value: object) -> list[tuple[int, float]]:
    return [(day, float(value(day))) for day in range(DAYS)]  # type: ignore[operator]


def test_what_rises_evenly_goes_on_rising_and_reaches_its_target_on_a_day() -> None:
    found = forecast(past(lambda d: 50 + d / 2), DAYS + 9)
    assert found is not None
    assert found.method == "slope"
    assert found.value == pytest.approx(50 + (DAYS + 9) / 2)
    assert found.low == pytest.approx(found.high), "it never erred"
    assert reaches(found, 79.5, 90, up=True) == 21
    assert reaches(found, 79.5, 60, up=True) == 0
    assert reaches(found, 79.5, 60, up=False) is None, "it rises"


def test_what_stands_still_stays_and_reaches_nothing() -> None:
    found = forecast(past(lambda _: 45.7), DAYS + 9)
    assert found is not None
    assert (found.method, found.value, found.low, found.high) == ("last", 45.7, 45.7, 45.7)
    assert reaches(found, 45.7, 100, up=True) is None


def test_a_weekly_rhythm_is_seen() -> None:
    found = forecast(past(lambda d: 10 if d % 7 in (5, 6) else 80), 61)
    assert found is not None
    assert found.method == "week"
    assert found.value == 10


def test_noise_around_a_level_is_forecast_by_its_mean_and_the_interval_holds_what_comes() -> None:
    """Over many series about four of five values fall into the interval of 80 %."""
    inside = 0
    for seed in range(200):
        draw = random.Random(seed)
        series = past(lambda _, draw=draw: 80 + draw.gauss(0, 2))
        found = forecast(series[:50], 55)
        assert found is not None
        inside += found.low <= series[55][1] <= found.high
    assert 0.7 <= inside / 200 <= 0.92


def test_a_few_odd_days_do_not_turn_the_pace() -> None:
    series = past(lambda d: 50 + d / 4)
    for day in (10, 11, 40):
        series[day] = (day, 0.0)
    assert slope_of(series) == pytest.approx(0.25, rel=0.1)


@given(PASTS, st.integers(1, 40))
def test_a_share_stays_between_its_ends_and_within_its_interval(
    series: list[tuple[int, float]], ahead: int
) -> None:
    found = forecast(series, series[-1][0] + ahead, 0, 100)
    if found is not None:
        assert 0 <= found.low <= found.value <= found.high <= 100
        assert [t.error for t in found.tried] == sorted(t.error for t in found.tried)
        assert found.method == found.tried[0].method


@given(PASTS, st.integers(1, 10))
def test_nothing_of_what_is_hidden_is_used(series: list[tuple[int, float]], ahead: int) -> None:
    """Other values after a day change no forecast made on it."""
    cut = len(series) - 3
    changed = series[:cut] + [(day, value + 50) for day, value in series[cut:]]
    before = forecast(series[:cut], series[cut - 1][0] + ahead)
    assert forecast(changed[:cut], series[cut - 1][0] + ahead) == before


@pytest.mark.parametrize("n", [0, 1, LEAST_DAYS - 1])
def test_of_too_few_days_nothing_is_said(n: int) -> None:
    assert forecast(past(lambda d: d)[:n], 100) is None


def test_a_day_that_is_over_is_not_forecast() -> None:
    assert forecast(past(lambda d: d), DAYS - 1) is None


def test_days_that_are_missing_are_neither_made_up_nor_compared() -> None:
    series = [(day, value) for day, value in past(lambda d: 50 + d / 2) if day % 3]
    found = forecast(series, 70)
    assert found is not None
    assert found.value == pytest.approx(85)
    assert all(len(errors) < len(series) for errors in backtest(series, 5).values())


def test_the_interval_is_made_of_errors_that_were_made() -> None:
    assert quantiles([-3, -2, -1, 0, 1, 2, 3, 4, 5, 6]) == (-2, 5)
