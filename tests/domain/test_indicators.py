"""Judging indicators, with worked numbers."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.domain.indicators import due_now, judged, middle, refuses_too_much, share, status
from cockpit.domain.targets import Aim, TargetVersion
from tests.engine.world import indicator


@pytest.mark.parametrize(
    ("direction", "target", "watch", "value", "expected"),
    [
        ("up", 95.0, 85.5, 95.0, "green"),
        ("up", 95.0, 85.5, 94.9, "orange"),
        ("up", 95.0, 85.5, 85.5, "orange"),
        ("up", 95.0, 85.5, 85.4, "red"),
        ("up", 100.0, None, 40.0, "unjudged"),
        ("down", 0.0, 20.0, 0.0, "green"),
        ("down", 0.0, 20.0, 20.0, "orange"),
        ("down", 0.0, 20.0, 21.0, "red"),
        ("down", 45.0, None, 50.1, "unjudged"),
        ("none", 45.0, None, 50.1, "unjudged"),
        ("up", None, None, 50.1, "unjudged"),
    ],
)
def test_a_figure_is_judged_by_target_and_watch(
    direction: str, target: float | None, watch: float | None, value: float, expected: str
) -> None:
    one = indicator("I01", {"kind": "report"}, direction=direction, target=target, watch=watch)
    assert judged(one, value) == expected


@pytest.mark.parametrize(("value", "expected"), [(50.0, "green"), (45.0, "orange"), (44.9, "red")])
def test_a_target_for_the_end_of_the_year_counts_by_the_part_that_is_due(value: float, expected: str) -> None:
    more: dict[str, Any] = {"target": 100.0, "watch": 90.0, "prorated": True}
    one = indicator("I28", {"kind": "report"}, **more)
    assert judged(one, value, due=0.5) == expected
    assert judged(indicator("I28", {"kind": "report"}, **more | {"prorated": False}), value, due=0.5) == "red"


@pytest.mark.parametrize(
    ("value", "states", "more", "expected"),
    [
        (None, {"silent"}, {}, "nodata"),
        (50.0, {"silent", "late"}, {}, "suspect"),
        (50.0, {"fresh"}, {"wrong": True}, "suspect"),
        (50.0, {"late"}, {}, "stale"),
        (50.0, {"fresh"}, {"aged": True}, "stale"),
        (50.0, {"fresh"}, {"enough": False}, "samples"),
        (50.0, {"late"}, {"enough": False}, "stale"),
        (50.0, {"fresh"}, {}, "red"),
        (99.0, {"fresh", "never"}, {}, "green"),
    ],
)
def test_doubt_comes_before_judgement(
    value: float | None, states: set[str], more: dict[str, Any], expected: str
) -> None:
    assert status(indicator("I01", {"kind": "report"}), value, states, **more) == expected


@pytest.mark.parametrize(("each", "expected"), [(True, "red"), (False, "unjudged")])
def test_a_figure_of_one_unit_is_judged_only_by_a_target_that_is_asked_of_each(
    each: bool, expected: str
) -> None:
    one = indicator("I01", {"kind": "report"}, each_unit=each)
    assert status(one, 50.0, {"fresh"}, of_unit=True) == expected
    assert status(one, 50.0, {"fresh"}) == "red"
    assert status(one, 50.0, {"silent"}, of_unit=True) == "suspect"
    assert status(one, 50.0, {"fresh"}, of_unit=True, enough=False) == "samples"


def test_a_share_of_nothing_is_no_number() -> None:
    assert share(11, 27) == pytest.approx(40.7407, abs=1e-4)
    assert share(0, 0) is None
    assert middle([]) is None
    assert middle([4, 1, 7, 2]) == 3.0


def test_a_feed_is_in_doubt_when_it_refuses_more_than_a_twentieth_of_enough_events() -> None:
    assert not refuses_too_much(95, 5)
    assert refuses_too_much(94, 6)
    assert not refuses_too_much(0, 19)


def test_only_what_is_asked_for_by_the_end_of_a_year_counts_in_part() -> None:
    one = indicator("I28", {"kind": "report"}, target=100.0, watch=90.0, prorated=True)
    assert due_now(one, 0.5, Aim(100.0, 90.0)) == (50.0, 45.0)
    month = TargetVersion(1, "I28", "", "2026-11", 1, 50.0, 100.0, 0, 0, "Lan", "leader", "")
    assert due_now(one, 0.5, Aim(50.0, 45.0, month)) == (50.0, 45.0)
    assert due_now(one, 0.5, Aim(None, None)) == (None, None)
