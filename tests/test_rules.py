"""What `tools/rules.py` finds: tests that would fail on a slower machine, code and tests that know the
tables, and kinds of rules named elsewhere."""

from __future__ import annotations

import ast

import pytest
from rules import (
    ROOT,
    SQL_TESTS,
    demo_asked,
    kinds_named,
    rule_kinds,
    sql_in_tests,
    sql_outside_store,
    timed_tests,
)

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
    "text",
    [
        "WHAT = 'SELECT id FROM alert'",
        "def test_a():\n    world.rows(f'SELECT value FROM {table}')\n",
        "PUT = 'INSERT INTO meta VALUES (?, ?)'",
        "UNDO = '  DELETE FROM command'",
        "def test_a():\n    conn.execute(what)\n",
        "def test_a():\n    store.write(lambda conn: conn.executemany(sql, rows))\n",
    ],
)
def test_a_test_that_speaks_sql_is_found_but_where_the_tables_are_its_subject(text: str) -> None:
    tree = ast.parse(text)
    assert list(sql_in_tests("tests/views/test_it.py", tree))
    assert [found for name in SQL_TESTS for found in sql_in_tests(name, tree)] == []
    assert list(sql_in_tests("cockpit/store/x.py", tree)) == []


@pytest.mark.parametrize(
    "text", ["conn.execute(what)", "conn.executemany(f(), rows)", "A = 'SELECT id FROM b'"]
)
def test_code_that_speaks_sql_outside_the_store_is_found(text: str) -> None:
    tree = ast.parse(text)
    for name in (
        "cockpit/views/x.py",
        "cockpit/engine/x.py",
        "cockpit/cli/x.py",
        "pages/x.py",
        "simulator/x.py",
    ):
        assert list(sql_outside_store(name, tree)), name
    assert list(sql_outside_store("cockpit/store/queries/x.py", tree)) == []


def test_commands_are_executed_and_sentences_may_select() -> None:
    text = "execute(demo, Command(actor, asked))\nSAID = ('DELETE /healthz', 'Select one', 'UPDATE')\n"
    assert list(sql_in_tests("tests/commands/test_it.py", ast.parse(text))) == []


def test_every_test_that_may_speak_sql_does() -> None:
    for name in SQL_TESTS:
        tree = ast.parse((ROOT / name).read_text("utf-8"))
        assert list(sql_in_tests("tests/another.py", tree)), name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cockpit/views/x.py", "SHOWN = {'source_lag': 1}"),
        ("cockpit/engine/x.py", "if slot.rule.kind == 'group': pass"),
        ("cockpit/ui/x.py", "if alert.rule_kind in ('threshold', 'other'): pass"),
        ("pages/x.py", "[r for r in rules if r.kind != 'indicator']"),
        ("simulator/x.py", "if rule.kind == 'source_silent': pass"),
        ("cockpit/engine/x.py", "from cockpit.engine.kinds.change import Change as C"),
        ("cockpit/views/x.py", "def f():\n    from cockpit.engine.kinds import threshold"),
        ("cockpit/bench/x.py", "import cockpit.engine.kinds.asset_silent"),
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
        ("cockpit/engine/x.py", "from cockpit.engine.kinds.kind import Kind"),
        ("cockpit/engine/x.py", "from cockpit.engine.kinds.combination import Combination"),
    ):
        assert list(kinds_named(name, ast.parse(text))) == []


@pytest.mark.parametrize(
    "text", ["if cockpit().config.demo: pass", "x = self._config.demo", "if here.config.mode == 'demo': pass"]
)
def test_who_asks_the_settings_whether_this_is_a_demo_is_found(text: str) -> None:
    tree = ast.parse(text)
    assert list(demo_asked("cockpit/ui/x.py", tree))
    assert list(demo_asked("pages/x.py", tree))
    assert list(demo_asked("cockpit/boot.py", tree)) == []
    other = ast.parse("here.is_demo, here.demo, head.mode == 'demo'")
    assert list(demo_asked("cockpit/ui/x.py", other)) == []
