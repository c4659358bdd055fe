"""What `tools/rules.py` finds in tests that would fail on a slower machine."""

from __future__ import annotations

import ast

import pytest
from rules import timed_tests

CLOCK = "import time\ndef test_a():\n    a = time.process_time()\n    assert time.process_time() - a < 1\n"


def found(text: str, name: str = "tests/test_it.py") -> list[str]:
    return list(timed_tests(name, ast.parse(text)))


@pytest.mark.parametrize(
    "text",
    [
        CLOCK,
        "from time import perf_counter_ns\n",
        "def test_a():\n    while not ready():\n        pass\n",
        "def test_a():\n    assert child.wait(5) == 0\n",
        "def test_a():\n    subprocess.run([], timeout=60)\n",
        "def test_a():\n    expect(page).to_be_visible(timeout=20_000)\n",
    ],
)
def test_a_test_that_takes_a_time_spins_or_gives_up_soon_is_found(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize("mark", ["pytestmark = [pytest.mark.long]\n", "pytestmark = pytest.mark.long\n"])
def test_what_is_long_may_measure(mark: str) -> None:
    assert found(mark + CLOCK) == []
    assert found(CLOCK.replace("def", "@pytest.mark.long\ndef")) == []


def test_generous_waits_and_other_code_are_left_alone() -> None:
    assert found("def test_a():\n    x.result(PATIENCE_S)\n    y.wait(90)\n    ', '.join(z)\n") == []
    assert found("def test_a():\n    expect(page).to_be_visible(timeout=120_000)\n") == []
    assert found(CLOCK, "cockpit/clock.py") == []
