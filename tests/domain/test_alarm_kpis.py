"""The figures about alerts, on spans whose figures are known by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.alerting.kpis import WINDOW_MS, Busy, Episode, Taken, reckon
from cockpit.domain.catalog import Priority
from cockpit.domain.periods import DAY_MS, HOUR_MS, MINUTE_MS

SECOND = 1000


def one(
    at: int, lasts: int | None = HOUR_MS, taken: int | None = None, key: str = "", priority: Priority = "low"
) -> Episode:
    name = key or f"k{at}"
    closed = None if lasts is None else at + lasts
    return Episode(name, name[:1], priority, at, closed, None if taken is None else at + taken)


def test_an_hour_without_alerts_is_calm_and_divides_nothing_by_zero() -> None:
    k = reckon([], 0, HOUR_MS)
    assert (k.n, k.windows, k.mean, k.peak, k.peak_at, k.flooded, k.floods) == (0, 6, 0.0, 0, None, 0.0, 0)
    assert (k.top, k.top_share, k.taken, k.spread) == ((), 0.0, (), ((0, 6),))
    assert reckon([], 5, 5).mean == 0.0


def test_rate_peak_and_spread_by_windows_of_ten_minutes() -> None:
    found = [one(n * MINUTE_MS) for n in (0, 1, 2, 25, 59)]
    k = reckon(found, 0, HOUR_MS)
    assert (k.n, k.windows, k.mean, k.peak, k.peak_at) == (5, 6, 5 / 6, 3, 0)
    assert k.spread == ((0, 3), (1, 2), (3, 1))
    assert reckon(found, 0, HOUR_MS - 1).windows == 6, "the last window may be shorter"


def test_a_flood_begins_over_ten_and_ends_under_five_in_ten_minutes() -> None:
    def windows(*counts: int) -> list[Episode]:
        return [one(w * WINDOW_MS + n * SECOND) for w, count in enumerate(counts) for n in range(count)]

    assert reckon(windows(10, 10), 0, HOUR_MS).floods == 0
    assert reckon(windows(11, 7, 11, 4, 11, 0), 0, HOUR_MS).floods == 2
    assert reckon(windows(11, 0, 11), 0, HOUR_MS).floods == 2
    assert reckon(windows(11, 0, 0, 0, 0, 0), 0, HOUR_MS).flooded == 1 / 6


def test_what_stands_for_more_than_a_day_whenever_it_began() -> None:
    old = [one(-3 * DAY_MS, None), one(0, None), one(1, 2 * DAY_MS), one(DAY_MS, None), one(-9 * DAY_MS)]
    assert reckon(old, DAY_MS, DAY_MS + HOUR_MS).standing == 3


def test_fleeting_is_over_within_a_minute_with_nobody_at_it() -> None:
    found = [one(0, MINUTE_MS - 1), one(1, MINUTE_MS), one(2, 30 * SECOND, taken=5 * SECOND), one(3, None)]
    assert reckon(found, 0, HOUR_MS).fleeting == 1


def test_the_same_three_times_within_ten_minutes_chatters() -> None:
    often = [one(n * 5 * MINUTE_MS, MINUTE_MS, key="a") for n in range(3)]
    seldom = [one(n * 6 * MINUTE_MS, MINUTE_MS, key="b") for n in range(3)]
    assert reckon([*often, *seldom], 0, HOUR_MS).chattering == (Busy("a", "a", 3),)


def test_the_ten_busiest_and_their_share() -> None:
    found = [one(n * MINUTE_MS, key="x") for n in range(8)] + [
        one(n * SECOND + 1, key=f"y{n}") for n in range(12)
    ]
    k = reckon(found, 0, HOUR_MS)
    assert (k.top[0], len(k.top), k.top_share) == (Busy("x", "x", 8), 10, 17 / 20)


def test_how_soon_by_priority_and_critical_counts_with_the_high() -> None:
    high = [one(n, taken=(n + 1) * MINUTE_MS, priority="high") for n in range(20)]
    found = [*high, one(50, priority="critical"), one(60, taken=-5, priority="medium")]
    k = reckon(found, 0, HOUR_MS)
    assert k.taken == (
        Taken("critical", 1, 0, None, None),
        Taken("high", 20, 20, 10 * MINUTE_MS, 19 * MINUTE_MS),
        Taken("medium", 1, 1, 0, 0),
    )
    assert k.mix == {"low": 0, "medium": 1, "high": 21}


@given(st.lists(st.builds(one, st.integers(-DAY_MS, 2 * DAY_MS), key=st.sampled_from("abc")), max_size=60))
def test_windows_and_spread_add_up_whatever_the_order(found: list[Episode]) -> None:
    k = reckon(found, 0, DAY_MS)
    assert sum(n for _, n in k.spread) == k.windows == 144
    assert sum(count * n for count, n in k.spread) == k.n == sum(k.mix.values())
    assert k == reckon(found[::-1], 0, DAY_MS)
