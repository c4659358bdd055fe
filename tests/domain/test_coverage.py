"""Classes of cells against the reference table, and what must not change them."""

from __future__ import annotations

from dataclasses import replace

import h3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.coverage import (
    CellStats,
    Limits,
    best_of,
    classify,
    components,
    merged,
    parents,
    share,
    wilson,
)

LIMITS = Limits()
HERE = h3.latlng_to_cell(21.0, 107.2, 8)
AREA = sorted(h3.grid_disk(HERE, 6))


def cell(
    n: int, bad: int, *, weak: int | None = None, groups: int | None = None, devices: int = 9
) -> CellStats:
    looks = n if groups is None else groups
    return CellStats(HERE, n, looks, devices, bad if weak is None else weak, bad, -1050 * n, -1250, 0)


counts = st.integers(1, 400).flatmap(
    lambda n: st.tuples(
        st.just(n), st.integers(0, n), st.integers(0, n), st.integers(1, n), st.integers(1, 9)
    )
)


@pytest.mark.parametrize(
    ("n", "least"), [(4, 4), (5, 5), (8, 7), (10, 9), (20, 15), (30, 21), (50, 32), (100, 60)]
)
def test_the_least_bad_samples_that_make_a_cell_bad(n: int, least: int) -> None:
    limits = replace(LIMITS, min_groups=1)
    assert classify(cell(n, least), limits) == "bad"
    assert classify(cell(n, least - 1), limits) != "bad"


def test_three_samples_can_never_make_a_cell_bad() -> None:
    assert classify(cell(3, 3), replace(LIMITS, min_groups=1)) == "good"


@pytest.mark.parametrize(
    ("n", "upper"),
    [
        (3, 0.562),
        (4, 0.490),
        (5, 0.434),
        (8, 0.324),
        (10, 0.278),
        (20, 0.161),
        (30, 0.114),
        (50, 0.071),
        (100, 0.037),
    ],
)
def test_the_upper_bound_when_nothing_was_bad(n: int, upper: float) -> None:
    # The table rounds the quantile to 1.96, which shows in the third digit for n = 3.
    assert wilson(0, n, z=1.96)[1] == pytest.approx(upper, abs=0.0005)
    assert wilson(0, n)[1] == pytest.approx(upper, abs=0.001)


def test_nothing_measured_tells_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert share(0, cell(0, 0)) == (0.0, 0.0, 1.0)
    assert classify(cell(0, 0), LIMITS) == "samples"


@pytest.mark.parametrize(("hits", "n"), [(-1, 3), (4, 3)])
def test_impossible_counts_are_refused(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="hits of"):
        wilson(hits, n)


def test_too_few_groups_or_devices_are_not_enough() -> None:
    assert classify(cell(400, 400, groups=4), LIMITS) == "samples"
    assert classify(cell(400, 400, devices=1), LIMITS) == "samples"
    assert classify(cell(400, 400, groups=5, devices=2), LIMITS) == "bad"


def test_weak_counts_the_bad_samples_too() -> None:
    assert classify(cell(30, 10, weak=25), LIMITS) == "weak"
    assert classify(cell(30, 21, weak=25), LIMITS) == "bad"
    assert classify(cell(30, 2, weak=10), LIMITS) == "good"


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_interval_holds_the_share_and_lies_in_its_range(hits: int, more: int) -> None:
    n = hits + more
    low, high = wilson(hits, n)
    assert 0 <= low <= high <= 1
    if n:
        assert low - 1e-12 <= hits / n <= high + 1e-12


@given(counts, st.integers(2, 20))
def test_duplicated_rows_do_not_change_a_class(numbers: tuple[int, int, int, int, int], times: int) -> None:
    n, a, b, groups, devices = numbers
    once = CellStats(HERE, n, groups, devices, max(a, b), min(a, b), -1000 * n, -1200, 5)
    again = once._replace(
        n=n * times, weak=once.weak * times, bad=once.bad * times, rsrp_sum=once.rsrp_sum * times
    )
    assert classify(again, LIMITS) == classify(once, LIMITS)
    assert again.mean_dbm == once.mean_dbm


@given(st.lists(st.sampled_from(AREA), min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_order_and_repeats_do_not_change_patches(cells: list[str], random: object) -> None:
    shuffled = [*cells, *cells[:3]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    patches = components(cells)
    assert components(shuffled) == patches
    assert sorted(c for p in patches for c in p) == sorted(set(cells))
    assert [len(p) for p in patches] == sorted((len(p) for p in patches), reverse=True)
    for patch in patches:
        near = {n for c in patch for n in h3.grid_disk(c, 1)}
        assert not any(near & set(other) for other in patches if other is not patch)


def test_one_unmeasured_cell_joins_two_patches_but_two_do_not() -> None:
    line = h3.grid_path_cells(HERE, sorted(h3.grid_ring(HERE, 5))[0])
    a, gap, b = line[0], line[1], line[2]
    assert components([a, b]) == tuple(sorted([(a,), (b,)]))
    assert components([a, b], bridges=[gap]) == (tuple(sorted([a, b])),)
    far = line[3]
    assert len(components([a, far], bridges=[line[1], line[2]])) == 2


def test_a_parent_sums_its_children_and_keeps_devices_as_a_lower_bound() -> None:
    children = sorted(h3.cell_to_children(h3.cell_to_parent(HERE, 7), 8))
    stats = [CellStats(c, 10, 4, i, 6, 3, -10500, -1200 - i, i) for i, c in enumerate(children)]
    (parent,) = parents(reversed(stats), 7)
    assert parent.h3 == h3.cell_to_parent(HERE, 7)
    assert (parent.n, parent.groups, parent.devices, parent.weak, parent.bad) == (70, 28, 6, 42, 21)
    assert (parent.rsrp_min, parent.last, parent.mean_dbm) == (-1206, 6, -105.0)
    with pytest.raises(ValueError, match="no cells"):
        merged("x", [])


def test_a_phone_of_any_operator_has_the_best_one_measured_enough() -> None:
    bad, good, unknown = cell(100, 90), cell(40, 1), cell(2, 0)
    assert best_of([bad, good, unknown], LIMITS) is good
    assert best_of([bad, unknown], LIMITS) is bad
    assert best_of([unknown], LIMITS) is unknown
    with pytest.raises(ValueError, match="no operator"):
        best_of([], LIMITS)
