"""A day of a feed in one word."""

from __future__ import annotations

import numpy as np
import pytest

from cockpit.domain.feeds import DayClass, day_class, midmean, normal_hours, short


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "full"),
        ({"events": 0}, "silent"),
        ({"events": 0, "normal": None}, "silent"),
        ({"events": 0, "normal": 0.3}, "off"),
        ({"events": 0, "due": False}, "off"),
        ({"events": 0, "seen": False}, "blank"),
        ({"events": 0, "seen": False, "rejected": 3}, "wrong"),
        ({"events": 800}, "late"),
        ({"events": 800, "due": False}, "full"),
        ({"events": 800, "normal": None}, "full"),
        ({"late": 60}, "late"),
        ({"late": 40}, "full"),
        ({"rejected": 20}, "wrong"),
        ({"rejected": 5}, "full"),
        ({"duplicates": 1001}, "wrong"),
        ({"rejected": 20, "events": 0}, "wrong"),
    ],
)
def test_a_day_is_told_by_its_worst(changes: dict[str, object], expected: DayClass) -> None:
    usual = {"events": 1000, "normal": 1000.0, "rejected": 0, "duplicates": 0, "late": 0}
    assert day_class(**{**usual, "due": True, "seen": True, **changes}) == expected  # type: ignore[arg-type]


def test_a_few_calls_less_than_usual_are_chance() -> None:
    assert not short(4, 5)
    assert not short(950, 1000)
    assert short(850, 1000)
    assert short(0, 10)


def test_what_is_usual_outlives_an_outage_and_small_counts() -> None:
    assert midmean(np.array([10, 10, 0, 10, 10.0])) == 10
    assert 0 < midmean(np.array([0, 1, 0, 1, 0, 1, 0, 0.0])) < 1
    assert np.isnan(midmean(np.array([np.nan])))


def test_usual_hours_come_from_the_days_that_are_known() -> None:
    days = np.full((3, 24), np.nan)
    days[0, 8], days[1, 8] = 4, 6
    usual = normal_hours(days)
    assert usual[8] == 5
    assert np.isnan(usual[9])
