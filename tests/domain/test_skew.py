"""Whether a clock is wrong: what says so, what says nothing, and what says that it is right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.alerting.skew import Streak, follow, zone_behind

AHEAD, GOOD = 120_000, 60_000
HOUR = 3_600_000


def played(rows: list[tuple[int, int]], newest: int = 0) -> list[bool]:
    """Of events (received, time): after which ones the clock counts as wrong."""
    streak: Streak | None = None
    out = []
    for received, time in rows:
        streak, _ = follow(streak, time, received, newest, AHEAD, GOOD, refused=False)
        newest = max(newest, time)
        out.append(streak is not None and streak.wrong)
    return out


def test_two_events_from_the_future_are_a_wrong_clock_one_is_a_slip() -> None:
    assert played([(0, HOUR), (15_000, 15_000 + HOUR)]) == [False, True]
    assert played([(0, HOUR), (15_000, 15_000), (30_000, 30_000 + HOUR)]) == [False, False, False]


@pytest.mark.parametrize("hours", [0.5, 1, 7, 8, 13.5])
def test_whole_half_hours_behind_are_a_zone_if_time_went_back(hours: float) -> None:
    back = int(hours * HOUR)
    start = 10**12
    rows = [(start + s * 15_000, start + s * 15_000 - back) for s in range(1, 5)]
    assert played(rows, newest=start) == [False, True, True, True]


@given(st.integers(0, 48), st.lists(st.integers(1, 600_000), min_size=2, max_size=40), st.integers(0, 900))
def test_a_feed_that_goes_on_where_it_stopped_is_late_and_nothing_else(
    half_hours: int, gaps: list[int], jitter: int
) -> None:
    """Whatever the delay: times that go forward are no zone."""
    delay, t = half_hours * 1_800_000 + jitter, 10**12
    rows = []
    for gap in gaps:
        t += gap
        rows.append((t + delay, t))
    assert not any(played(rows, newest=10**12))


@given(st.permutations(range(1, 20)))
def test_a_burst_out_of_order_is_no_wrong_clock(order: list[int]) -> None:
    """Twenty minutes, a minute apart, all handed in at once."""
    now = 10**12 + 20 * 60_000
    assert not any(played([(now, 10**12 + n * 60_000) for n in order], newest=10**12))


def test_lateness_says_neither_that_a_clock_is_right_nor_that_it_is_wrong() -> None:
    start = 10**12
    rows = [(start, start + HOUR), (start + 15_000, start - 500_000), (start + 30_000, start + 30_000 + HOUR)]
    assert played(rows) == [False, False, True]


def test_ahead_a_little_is_right_enough_and_between_the_limits_nothing_changes() -> None:
    start = 10**12
    wrong = [(start, start + HOUR), (start + 1, start + HOUR)]
    assert played([*wrong, (start + 2, start + 90_000)]) == [False, True, True]
    assert played([*wrong, (start + 2, start + 59_000)]) == [False, True, False]


@pytest.mark.parametrize(
    ("minutes", "zone"), [(30, True), (31, True), (32, False), (59, True), (0, False), (420, True)]
)
def test_a_zone_is_whole_half_hours_give_or_take_a_minute_and_a_half(minutes: int, zone: bool) -> None:
    assert zone_behind(-minutes * 60_000) is zone


def test_a_device_heard_first_must_be_two_hours_behind_to_be_in_a_wrong_zone() -> None:
    start = 10**12
    for hours, wrong in ((1, False), (7, True)):
        rows = [(start + s * 15_000, start + s * 15_000 - hours * HOUR) for s in range(3)]
        assert played(rows)[-1] is wrong
