"""Places: stable under renaming, fair under equals, and honest about shares of few."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.catalog import Direction
from cockpit.domain.ranking import bounds, places, surely_apart

VALUES = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=4),
    st.one_of(st.none(), st.integers(0, 20).map(float)),
    max_size=20,
)
WAYS: st.SearchStrategy[Direction] = st.sampled_from(["up", "down"])


def test_equals_share_a_place_and_the_next_is_as_much_further_down() -> None:
    found = places({"a": 98.0, "b": 99.5, "c": 98.0, "d": 97.0, "e": None}, "up")
    assert {code: place.rank for code, place in found.items()} == {"b": 1, "a": 2, "c": 2, "d": 4}
    assert {place.of for place in found.values()} == {4}
    assert places({"a": 3.0, "b": 0.0}, "down")["b"].rank == 1
    assert places({"a": 3.0}, "none") == {}


@given(VALUES, WAYS)
def test_another_name_changes_no_place(values: dict[str, float | None], way: Direction) -> None:
    renamed = {code[::-1] + "_": value for code, value in reversed(values.items())}
    there = places(renamed, way)
    assert {code[::-1] + "_": place for code, place in places(values, way).items()} == there


@given(VALUES, WAYS)
def test_who_is_better_stands_before_and_equals_stand_alike(
    values: dict[str, float | None], way: Direction
) -> None:
    known = {code: value for code, value in values.items() if value is not None}
    found = places(values, way)
    assert set(found) == set(known)
    for code, place in found.items():
        ahead = sum(
            (other > known[code]) if way == "up" else (other < known[code]) for other in known.values()
        )
        assert place.rank == ahead + 1


@given(VALUES, WAYS, st.sampled_from([0.5, 2.0, 4.0]))
def test_a_scale_changes_no_place(values: dict[str, float | None], way: Direction, by: float) -> None:
    scaled = {code: None if value is None else value * by for code, value in values.items()}
    assert places(scaled, way) == places(values, way)


@given(st.integers(1, 400), st.data())
def test_the_share_lies_within_its_bounds_which_narrow_with_more(n: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, n))
    few, many = bounds(part, n), bounds(part * 10, n * 10)
    assert few is not None
    assert many is not None
    assert -1e-9 <= few.low <= 100 * part / n + 1e-9
    assert 100 * part / n - 1e-9 <= few.high <= 100 + 1e-9
    assert many.high - many.low < few.high - few.low


@pytest.mark.parametrize(("part", "whole"), [(None, 10), (3, None), (3, 0), (11, 10), (-1, 10)])
def test_what_is_no_share_has_no_bounds(part: float | None, whole: float | None) -> None:
    assert bounds(part, whole) is None


def test_three_of_four_may_be_chance_where_three_hundred_of_four_hundred_are_not() -> None:
    assert not surely_apart(bounds(3, 4), bounds(1, 4))
    assert surely_apart(bounds(300, 400), bounds(100, 400))
    assert not surely_apart(None, bounds(1, 4))
