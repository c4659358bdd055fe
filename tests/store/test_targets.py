"""Targets on disk, in databases of earlier versions too: each setting is a row, the newest is found for each
period."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cockpit.commands import Actor, Command, execute
from cockpit.commands.targets import TargetSet
from cockpit.domain.instants import iso
from cockpit.store.queries import targets
from tests.store import inside
from tests.store.old_files import Old, every
from tests.store.test_old_databases import clock_of, opened


@pytest.mark.parametrize("old", every(), ids=str)
def test_a_database_of_an_earlier_version_takes_targets(old: Old, tmp_path: Path) -> None:
    year = iso(old.at_ms)[:4]
    with opened(old.put(tmp_path), old) as made:
        clock = clock_of(old)
        seen = {"store": made, "profile": made.profile, "clock": clock, "demo": None, "forward": None}
        here: Any = SimpleNamespace(**seen, writable=True, is_demo=old.mode == "demo")

        def put(value: float, **more: Any) -> str:
            order = TargetSet(indicator="I10", period=f"{year}-Q4", value=value, **more)
            return execute(here, Command(Actor("Lan", "leader"), order, "nghị quyết")).code

        with made.read() as conn:
            assert targets.since(conn, 0) == []
        assert [put(60), put(70), put(70), put(50, unit="06652"), put(40, version=1)] == [
            "done", "done", "already", "done", "changed",
        ]  # fmt: skip
        with made.read() as conn:
            kept = targets.since(conn, 0)
            assert [(v.number, v.version, v.unit, v.value, v.before) for v in kept] == [
                (1, 1, "", 60, 83.4), (2, 2, "", 70, 60), (3, 1, "06652", 50, 70),
            ]  # fmt: skip
            assert targets.newest(conn, "I10", 2) == kept[:0:-1]
            assert targets.path(conn, "I10", "") == [kept[1]]
            assert targets.standing(conn, "I10", [f"{year}-Q4"]) == kept[1:]
            assert targets.of_periods(conn, [f"{year}-Q4"]) == kept[:2]
            assert targets.since(conn, 2) == kept[2:]
            assert targets.newest(conn, "I11", 2) == targets.standing(conn, "I10", [year]) == []
    assert inside.count(made.path, inside.Rows.TARGETS) == 3
