"""The path of targets: which one holds for whom and when, and that what is over stays judged as it was."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.indicators import judged, status
from cockpit.domain.periods import OFFSET_S, day_start_ms, from_date, report_days
from cockpit.domain.spans import SPANS, stretch
from cockpit.domain.targets import (
    Aim,
    Paths,
    TargetVersion,
    has_ended,
    is_target_period,
    labels,
    of_day,
    of_figure,
    of_stretch,
    open_periods,
    watch_of,
)
from tests.engine.world import indicator

DAY = 86_400_000
ONE = indicator("I08", {"kind": "report"}, target=90.0, watch=81.0)


def day(text: str) -> int:
    return from_date(date.fromisoformat(text))


def at(text: str) -> int:
    """The first instant of a day."""
    return day_start_ms(day(text))


def setting(period: str, value: float, t: int, unit: str = "", number: int = 1) -> TargetVersion:
    return TargetVersion(number, "I08", unit, period, number, value, None, t, t, "Lan", "leader", "vì sao")


def target(paths: Paths, when: str, now: str, unit: str = "") -> float | None:
    return paths.asked(ONE, unit, of_day(day(when)), at(now), OFFSET_S).target


def test_the_shortest_period_holds_and_a_unit_goes_before_the_province() -> None:
    paths = Paths(
        [
            setting("2026", 60, at("2026-01-01")), setting("2026-Q4", 70, at("2026-01-01")),
            setting("2026-11", 80, at("2026-01-01")), setting("2026", 10, at("2026-01-01"), "u1"),
            setting("2026-12", 20, at("2026-01-01"), "u1"),
        ]
    )  # fmt: skip
    assert [target(paths, f"2026-{m}-15", "2026-12-20") for m in ("09", "10", "11", "12")] == [60, 70, 80, 70]
    assert [target(paths, f"2026-{m}-15", "2026-12-20", "u1") for m in ("11", "12")] == [10, 20]
    assert target(paths, "2026-11-15", "2026-12-20", "u2") == 80, "what is asked of the province"
    assert target(paths, "2027-01-15", "2026-12-20") == 90, "the profile's where none is set"


@pytest.mark.parametrize(
    ("span", "when", "expected"),
    [
        ("day", "2026-11-30", 80), ("week", "2026-12-01", 20), ("week", "2026-11-25", 80),
        ("report_month", "2026-10-20", 80), ("report_month", "2026-11-20", 20), ("month", "2026-11-01", 80),
        ("quarter", "2026-11-15", 70), ("half", "2026-11-15", 60), ("year", "2026-11-15", 60),
    ],
)  # fmt: skip
def test_every_span_has_the_target_of_the_period_that_it_belongs_to(
    span: Any, when: str, expected: float
) -> None:
    first = at("2026-01-01")
    of = {"2026": 60.0, "2026-Q4": 70.0, "2026-11": 80.0, "2026-12": 20.0}
    paths = Paths(setting(period, value, first) for period, value in of.items())
    days = of_stretch(stretch(span, day(when)))
    assert paths.asked(ONE, "", days, at("2026-11-20"), OFFSET_S).target == expected


def test_a_figure_that_was_reported_for_a_period_answers_for_that_period() -> None:
    paths = Paths([setting("2026-Q3", 70, at("2026-08-01")), setting("2026-Q4", 80, at("2026-08-01"))])
    now, today = at("2026-11-22"), day("2026-11-22")
    assert paths.asked(ONE, "", of_figure("2026-Q3", today), now, OFFSET_S).target == 70
    assert paths.asked(ONE, "", of_figure(None, today), now, OFFSET_S).target == 80
    assert paths.asked(ONE, "", of_figure("unreadable", today), now, OFFSET_S).target == 80


PERIODS = ("2026", "2026-Q3", "2026-Q4", "2026-09", "2026-10", "2026-11", "2026-12", "2027")
SETTINGS = st.lists(
    st.tuples(
        st.sampled_from(PERIODS), st.floats(0, 100), st.sampled_from(("", "u1")), st.integers(0, 500 * 24)
    ),
    max_size=30,
)


@given(SETTINGS, st.sampled_from(SPANS), st.integers(0, 499), st.sampled_from(("", "u1", "u2")))
def test_no_later_version_changes_how_a_closed_period_is_judged(
    made: list[tuple[str, float, str, int]], span: Any, back: int, unit: str
) -> None:
    """Settings as the command takes them, in order of time: of any stretch that has ended, target and verdict
    stay for ever what they were at its end."""
    begin = at("2026-07-01")
    taken = []
    for number, (period, value, whose, hour) in enumerate(sorted(made, key=lambda one: one[3])):
        t = begin + hour * DAY // 24
        if not has_ended(period, t, OFFSET_S):
            taken.append(setting(period, value, t, whose, number + 1))
    found = stretch(span, day("2026-07-01") + back)
    end = day_start_ms(found.last + 1)
    then = Paths(one for one in taken if one.t < end).asked(ONE, unit, of_stretch(found), end, OFFSET_S)
    later = Paths(taken)
    for days_on in (0, 1, 40, 700):
        aim = later.asked(ONE, unit, of_stretch(found), end + days_on * DAY, OFFSET_S)
        assert aim == then
        assert all(judged(ONE, v, 1.0, aim) == judged(ONE, v, 1.0, then) for v in (0.0, 50.0, 85.0, 100.0))


def test_what_was_asked_at_an_earlier_instant_is_known() -> None:
    paths = Paths(
        [
            setting("2026-11", 80, at("2026-11-05"), number=1),
            setting("2026-11", 70, at("2026-11-20"), number=2),
        ]
    )
    held = [target(paths, f"2026-11-{d}", "2026-11-25") for d in ("04", "05", "19", "20", "25")]
    assert held == [90, 80, 80, 70, 70], "days gone by keep what was asked on them"
    assert [target(paths, "2026-11-25", now) for now in ("2026-11-01", "2026-11-06", "2026-11-21")] == [
        90,
        80,
        70,
    ]


@pytest.mark.parametrize(
    ("direction", "target", "watch", "new", "expected"),
    [
        ("up", 90.0, 81.0, 60.0, 54.0),
        ("up", 90.0, 81.0, 100.0, 90.0),
        ("up", 98.0, 88.2, 0.0, 0.0),
        ("up", 0.0, -5.0, 10.0, 5.0),
        ("down", 0.0, 20.0, 5.0, 25.0),
        ("down", 72.0, 120.0, 48.0, 96.0),
        ("down", 72.0, 120.0, 0.0, 48.0),
        ("up", 99.0, None, 80.0, None),
        ("up", None, None, 80.0, None),
    ],
)
def test_the_limit_of_red_goes_with_the_target(
    direction: str, target: float | None, watch: float | None, new: float, expected: float | None
) -> None:
    one = indicator("I08", {"kind": "report"}, direction=direction, target=target, watch=watch)
    assert watch_of(one, new) == expected


def test_a_target_of_a_month_is_no_part_of_the_years() -> None:
    one = indicator("I28", {"kind": "report"}, target=100.0, watch=90.0, prorated=True)
    november = Aim(50.0, 45.0, setting("2026-11", 50, 0))
    year = Aim(50.0, 45.0, setting("2026", 50, 0))
    assert judged(one, 30.0, 0.5, november) == "red"
    assert judged(one, 30.0, 0.5, year) == "green", "25 are due by now"


def test_a_unit_with_a_target_of_its_own_answers_for_it() -> None:
    one = indicator("I10", {"kind": "report"}, each_unit=False)
    own, general = Aim(50.0, 45.0, setting("2026", 50, 0, "u1")), Aim(50.0, 45.0, setting("2026", 50, 0))
    assert status(one, 40.0, set(), of_unit=True, aim=own) == "red"
    assert status(one, 40.0, set(), of_unit=True, aim=general) == "unjudged"
    assert status(one, 40.0, set(), of_unit=True) == "unjudged"


def test_periods_are_those_that_suit_the_pace_of_the_indicator() -> None:
    every = ("2026-11-22", "2026-11", "2026-Q4", "2026-H2", "2026-W47", "2026", "2026-13", "26", "0000", "")
    assert [p for p in every if is_target_period(p, "RT")] == ["2026-11", "2026-Q4", "2026"]
    assert [p for p in every if is_target_period(p, "Q")] == ["2026-Q4", "2026"]
    assert [p for p in every if is_target_period(p, "Y")] == ["2026"]
    assert labels(*report_days("2026-Q4")) == ("2026-Q4", "2026")
    offered = open_periods("Q", day("2026-11-22"))
    assert offered == ("2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3", "2026", "2027", "2028", "2029", "2030")
    assert open_periods("RT", day("2026-12-31"))[:3] == ("2026-12", "2027-01", "2027-02")


def test_a_period_ends_with_its_last_day_in_the_province() -> None:
    assert not has_ended("2026-11", at("2026-12-01") - 1, OFFSET_S)
    assert has_ended("2026-11", at("2026-12-01"), OFFSET_S)
