"""People without coverage over time, and when the last gap closes."""

from __future__ import annotations

import itertools

from cockpit.domain.coverage.outlook import SPAN_DAYS, Lived, open_at, outlook, trend, without
from cockpit.domain.registers import Step

DAY = 86_400_000
NOW = 20_000 * DAY


def lived(people: int, *steps: tuple[int, str, str]) -> Lived:
    """Steps as (days ago, what, state after it)."""
    return Lived(people, [Step(NOW - ago * DAY, "p", what, "", after, {}) for ago, what, after in steps])


FOUND = (80, "found", "reported")
CLOSED = lived(300, FOUND, (40, "proved", "closed"))
GOOD = lived(61, FOUND, (20, "measured_good", "closed"))
AGAIN = lived(90, FOUND, (40, "proved", "closed"), (5, "reopened", "verified"))
LEFT = lived(100, FOUND)


def test_people_are_without_coverage_while_their_gap_is_open() -> None:
    found = [CLOSED, AGAIN, LEFT]
    assert [without(found, NOW - ago * DAY) for ago in (81, 80, 41, 40, 6, 5, 0)] == [
        0, 490, 490, 100, 100, 190, 190,
    ]  # fmt: skip
    assert not open_at(CLOSED, NOW)


def test_the_trend_goes_by_weeks_from_the_first_gap_to_now() -> None:
    points = trend([CLOSED, LEFT], NOW)
    assert points[-1] == (NOW, 100)
    assert {b - a for (a, _), (b, _) in itertools.pairwise(points)} == {7 * DAY}
    assert points[0][0] > NOW - 80 * DAY
    assert points[0][1] == 400
    assert trend([], NOW) == []


def test_the_date_is_the_people_left_divided_by_the_pace() -> None:
    found = outlook([CLOSED, GOOD, AGAIN, LEFT], NOW)
    gained = 300 + 61 + 90 - 90
    assert (found.gaps, found.people, found.closed, found.reopened) == (2, 190, 3, 1)
    assert found.a_week == round(gained * 7 / SPAN_DAYS, 1)
    assert found.why == ""
    assert found.at is not None
    days = (found.at - NOW) / DAY
    assert abs(days - 190 * SPAN_DAYS / gained) < 0.01


def test_what_cannot_be_told_is_said_and_no_date_is_made_up() -> None:
    assert outlook([CLOSED, GOOD], NOW).why == "none_open"
    assert outlook([CLOSED, LEFT], NOW).why == "few_closed"
    sunk = lived(1000, FOUND, (40, "proved", "closed"), (5, "reopened", "verified"))
    lost = lived(50, (200, "found", "reported"), (120, "proved", "closed"), (5, "reopened", "verified"))
    assert outlook([sunk, GOOD, lost, lost], NOW).why == "no_gain"
    few = lived(1, FOUND, (40, "proved", "closed"))
    assert outlook([few, few, lived(10**6, FOUND)], NOW).why == "too_far"
    for told in (outlook([CLOSED, LEFT], NOW), outlook([sunk, GOOD, lost, lost], NOW)):
        assert told.at is None


def test_what_was_merged_or_closed_long_ago_makes_no_pace() -> None:
    merged = lived(500, FOUND, (30, "merged", "closed"))
    old = lived(500, (300, "found", "reported"), (SPAN_DAYS + 1, "proved", "closed"))
    found = outlook([merged, old, LEFT], NOW)
    assert (found.closed, found.a_week, found.why) == (0, 0.0, "few_closed")
