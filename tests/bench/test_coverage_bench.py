"""The measurement of coverage in small: of what it computes, not of how long it takes."""

from __future__ import annotations

import csv

import pytest

from cockpit.bench import coverage
from cockpit.profiles import load


def test_a_file_of_the_measurement_becomes_classes_gaps_and_sites() -> None:
    n = 200_000
    found = coverage.measure(n, page=False)
    assert found["stored"] == n
    assert found["cells"] > 5_000
    assert found["gaps"] > 0
    assert found["sites"] == coverage.SITES
    assert 0.6 < found["of_optimum"] <= 1
    assert {*coverage.LIMITS} - {"page_cpu_ms"} <= set(found)


def test_rows_are_a_function_of_their_number() -> None:
    profile = load("quang_ninh")
    whole = list(coverage.rows(profile, 0, 400, 1_795_330_800_000))
    assert whole[20:30] == list(coverage.rows(profile, 20, 10, 1_795_330_800_000))
    table = list(csv.DictReader([coverage.HEADER, *whole]))
    assert len({row["device_hash"] for row in table}) > 20
    assert {row["operator"] for row in table} == set(profile.operators)


@pytest.mark.parametrize(("samples", "total", "broken"), [
    (1_000_000, 6.5, True), (1_000_000, 5.9, False), (10_000_000, 59.0, False), (10_000_000, 61.0, True),
])  # fmt: skip
def test_the_promise_grows_with_the_file(samples: int, total: float, *, broken: bool) -> None:
    told = coverage.over_limits({"samples": samples, "total_s": total, "peak_mb": 10.0})
    assert bool(told) == broken
