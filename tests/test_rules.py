"""What `tools/rules.py` finds: tests that would fail on a slower machine, kinds of rules named elsewhere."""

from __future__ import annotations

import ast

import pytest
from rules import kinds_named, rule_kinds, timed_tests

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


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cockpit/views/x.py", "SHOWN = {'source_lag': 1}"),
        ("cockpit/engine/x.py", "if slot.rule.kind == 'group': pass"),
        ("cockpit/ui/x.py", "if alert.rule_kind in ('threshold', 'other'): pass"),
        ("pages/x.py", "[r for r in rules if r.kind != 'indicator']"),
        ("simulator/x.py", "if rule.kind == 'source_silent': pass"),
    ],
)
def test_a_kind_of_rule_named_outside_its_own_files_is_found(name: str, text: str) -> None:
    assert list(kinds_named(name, ast.parse(text)))


def test_other_things_of_the_same_name_are_left_alone() -> None:
    assert len(rule_kinds()) >= 11
    for name, text in (
        ("simulator/x.py", "if episode.kind == 'source_silent': pass"),
        ("cockpit/profiles/x.py", "if rule.kind == 'group': pass"),
        ("cockpit/engine/kinds/x.py", "code = 'group'"),
        ("cockpit/ui/x.py", "live_badge('clock'), {'indicator': 1}"),
    ):
        assert list(kinds_named(name, ast.parse(text))) == []
