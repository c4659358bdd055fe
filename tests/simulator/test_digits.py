"""Numbers by tables read back as the numbers they were."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.digits import rows

EDGES = [0, 1, 9, 10, 99, 100, 999, 9_999, 10_000, 10_001, 99_999, 720_000, 99_999_999]


def back(q: list[list[int]], scale: int) -> list[list[float]]:
    return [json.loads(b"[" + row + b"]") for row in rows(np.array(q, dtype=np.int64), scale)]


@pytest.mark.parametrize("scale", [1, 10, 100, 1000])
def test_the_edges_of_the_tables(scale: int) -> None:
    for top in range(len(EDGES)):
        q = [EDGES[: top + 1], EDGES[top::-1]]
        assert back(q, scale) == [[n / scale for n in row] for row in q]


@given(st.lists(st.integers(-50, 200_000_000), min_size=3, max_size=3), st.sampled_from([1, 10, 100]))
def test_any_number_reads_back(numbers: list[int], scale: int) -> None:
    assert back([numbers, numbers[::-1]], scale)[0] == [n / scale for n in numbers]


def test_whole_numbers_stay_whole() -> None:
    assert rows(np.array([[1, 0]]), 1) == [b"1,0"]
