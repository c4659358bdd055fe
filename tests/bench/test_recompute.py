"""All indicators are computed anew from what is stored: the measurement in small, of what it computes."""

from __future__ import annotations

from pathlib import Path

from cockpit.bench import recompute
from cockpit.bench.evaluate import START_MS
from cockpit.engine import Engine
from cockpit.profiles import load
from cockpit.store import Store
from cockpit.store.queries import figures
from tests.clocks import HandClock


def test_every_unit_has_the_figures_of_the_records_that_came(tmp_path: Path) -> None:
    district, clock = load("quang_ninh", "district"), HandClock(START_MS)
    store = Store(tmp_path / "cockpit.db", district, clock, writable=True)
    store.start()
    try:
        engine = Engine(store, district, clock, played=True)
        engine.tick()
        found = recompute.measure(engine, district, store, START_MS, 54 * 80)
        with store.read() as conn:
            solved = {row.unit: row for row in figures.by_unit(conn, "I15")}
        engine.stop()
    finally:
        store.close()
    assert found["records"] == 54 * 80
    assert found["indicators"] == len(district.indicators)
    assert {unit.code for unit in district.units} <= set(solved)
    assert all(row.value is not None for row in solved.values())
