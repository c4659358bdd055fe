"""Groups and devices that an earlier version has counted are known, and leave the window when they should."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cockpit.store import Store
from cockpit.store.adding import squares
from tests.store import earlier
from tests.store.inside import Rows, coverage
from tests.store.test_coverage import CELL
from tests.store.world import DAY, HOUR, T0, World, clock_at, sampled

DAY0 = (T0 + 7 * HOUR) // DAY


def test_a_group_and_a_device_of_before_are_known(tmp_path: Path) -> None:
    first = sampled("known", T0 + 1).samples[0][1]
    (row,), (column,) = squares(np.array([first.lat]), np.array([first.lon]))
    who, where = f"{CELL}\x1f{first.device}", f"{row}\x1f{column}\x1f{T0 // HOUR}"
    earlier.with_a_sample(tmp_path / "cockpit.db", DAY0, CELL, who, where, T0)
    store = Store(tmp_path / "cockpit.db", World(), clock_at(), writable=True)
    store.start()
    try:
        store.append(sampled("a", T0 + 1)).result()
        store.append(sampled("b", T0 + HOUR)).result()
        store.append(sampled("c", T0 + DAY)).result()
        for operator in ("viettel", "any"):
            (window,) = coverage(store, Rows.CELLS, operator, CELL)
            assert (window["n"], window["groups"], window["devices"]) == (4, 3, 1)
            today, tomorrow = coverage(store, Rows.COVERAGE_DAYS, operator, CELL)
            assert (today["n"], today["groups"], today["devices"]) == (3, 2, 1)
            assert (tomorrow["n"], tomorrow["groups"], tomorrow["devices"]) == (1, 1, 1)
        store.maintain(T0 + 30 * DAY).result()
        (window,) = coverage(store, Rows.CELLS, "any", CELL)
        assert (window["n"], window["devices"]) == (1, 1)
        store.maintain(T0 + 31 * DAY).result()
        assert coverage(store, Rows.CELLS, "any", CELL) == []
    finally:
        store.close()


def test_what_days_have_had_is_read_again_after_a_restart(tmp_path: Path) -> None:
    for turn in range(2):
        store = Store(tmp_path / "cockpit.db", World(), clock_at(), writable=True)
        store.start()
        for n in range(20):
            store.append(sampled(f"{turn}-{n}", T0 + n, device=f"phone-{n % 7}")).result()
        (window,) = coverage(store, Rows.CELLS, "any", CELL)
        assert (window["n"], window["groups"], window["devices"]) == (20 * (turn + 1), 7, 7)
        store.close()
