"""Scores: capped, the same under any order, and explained by what each figure costs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.catalog import Direction
from cockpit.domain.indicators import Status
from cockpit.domain.scoring import reached, score

STATUSES: st.SearchStrategy[Status] = st.sampled_from(
    ["red", "orange", "green", "stale", "suspect", "unjudged"]
)
FOUND = st.lists(
    st.tuples(st.text("abc", min_size=1, max_size=3), STATUSES, st.one_of(st.none(), st.floats(0, 100))),
    max_size=12,
    unique_by=lambda row: row[0],
)


@pytest.mark.parametrize(
    ("value", "target", "watch", "direction", "expected"),
    [
        (45.7, 100, 90, "up", 45.7), (120, 100, 90, "up", 100), (0, 100, 90, "up", 0),
        (8, 4, 6, "down", 50), (3, 4, 6, "down", 100),
        (0, 0, 50, "down", 100), (50, 0, 50, "down", 50), (200, 0, 50, "down", 0),
        (5, 0, None, "down", None), (5, None, None, "up", None), (5, 10, 8, "none", None),
        (5, 0, 0, "up", None),
    ],
)  # fmt: skip
def test_a_figure_reaches_so_much_of_its_target_and_never_more_than_all(
    value: float, target: float | None, watch: float | None, direction: Direction, expected: float | None
) -> None:
    assert reached(value, target, watch, direction) == expected


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0.1, 1e6), st.sampled_from(["up", "down"]))
def test_better_is_never_worse(a: float, b: float, target: float, direction: Direction) -> None:
    low, high = sorted((a, b))
    worse, better = (low, high) if direction == "up" else (high, low)
    first, second = (reached(v, target, target, direction) for v in (worse, better))
    assert first is not None
    assert second is not None
    assert 0 <= first <= second + 1e-9
    assert second <= 100


@given(FOUND)
def test_what_each_costs_adds_up_to_what_is_missing(found: list[tuple[str, Status, float | None]]) -> None:
    made = score(found)
    assert score(reversed(found)) == made
    judged = [row for row in found if row[1] in ("red", "orange", "green") and row[2] is not None]
    assert made.left_out == len(found) - len(judged)
    if made.value is None:
        assert 2 * len(judged) < len(found) or not judged
    else:
        assert made.value + sum(part.costs for part in made.parts) == pytest.approx(100)
        assert [part.costs for part in made.parts] == sorted((p.costs for p in made.parts), reverse=True)


def test_what_is_in_doubt_lifts_no_score() -> None:
    doubtful: list[tuple[str, Status, float | None]] = [
        ("a", "red", 50.0),
        ("b", "stale", 100.0),
    ]
    assert score(doubtful).value == 50
    assert [part.code for part in score(doubtful).drivers] == ["a"]
    assert score([("a", "green", 100.0)]).drivers == ()


def test_of_one_figure_in_four_no_score_is_made() -> None:
    one: list[tuple[str, Status, float | None]] = [
        ("a", "green", 100.0),
        ("b", "unjudged", None),
        ("c", "nodata", None),
    ]
    assert score(one).value is None
    assert score(one[:2]).value == 100
