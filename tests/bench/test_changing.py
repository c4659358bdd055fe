"""Conditions that change by the hundred: the measurement in small, of what it counts and never of a time."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.bench import changing, report


@pytest.fixture(scope="module")
def some() -> dict[str, Any]:
    return changing.changing(1_000, every=10, rounds=1)


def test_only_what_changed_is_written(some: dict[str, Any]) -> None:
    assert some["changes"] == 2 * changing.RULES
    assert some["lines_written"] == some["alerts"] == some["changes"]


def test_every_symptom_folds_however_many_causes_there_are() -> None:
    for causes in (2, 40):
        found = changing.inhibited(causes, symptoms=80)
        assert found["alerts"] - found["folded"] == causes
        assert found["folded"] == 80


def test_the_tables_show_what_was_measured_and_what_was_promised(some: dict[str, Any]) -> None:
    by = {
        str(n): {"some": some | {"conditions": n}, "all": some | {"conditions": n}}
        for n in changing.LIMITS_MS
    }
    one = {"causes": 10, "alerts": 90, "folded": 80, "us_per_alert": 70.0}
    figures = {"changing": by, "inhibition": {"10": one, "1000": one, "ratio": 1.0}}
    told = "\n".join(report.evaluate(figures))
    assert "| 10,000 | 100 |" in told
    assert "< 200" in told
    assert "< 2,000" in told
    assert "costs 1.00 times" in told


def test_a_broken_promise_is_said(some: dict[str, Any]) -> None:
    slow = some | {"p95_ms": 2_500.0, "lines_written": 7}
    result = {
        "changing": {str(n): {"some": slow} for n in changing.LIMITS_MS},
        "inhibition": {"ratio": 9.0},
    }
    assert len(changing.over_limits(result)) == 5


def test_ten_thousand_that_fall_silent_behind_one_cause_are_one_matter() -> None:
    found = changing.inhibited(1, symptoms=10_000)
    assert found["alerts"] == 10_001, "none is lost"
    assert found["folded"] == 10_000
