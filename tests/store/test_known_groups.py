"""Groups and devices that an earlier version has counted are known, and leave the window when they should."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

import numpy as np
from sqlite_utils import Database

from cockpit.store import Store
from cockpit.store.adding import squares
from cockpit.store.database import APPLICATION_ID
from cockpit.store.migrations import steps
from tests.store.inside import Rows, coverage
from tests.store.test_coverage import CELL
from tests.store.world import DAY, HOUR, T0, World, clock_at, sampled

DAY0 = (T0 + 7 * HOUR) // DAY


def old_key(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)


def of_before(path: Path, device: str, lat: float, lon: float) -> None:
    """A database with one sample of viettel, as the version before wrote it."""
    (row,), (column,) = squares(np.array([lat]), np.array([lon]))
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        steps.apply(Database(conn, execute_plugins=False), stop_before="m052_groups_of_samples_by_day")
        for operator in ("viettel", "any"):
            who = f"{operator}\x1f{CELL}\x1f{device}"
            keys = (old_key(who), old_key(f"{who}\x1f{row}\x1f{column}\x1f{T0 // HOUR}"))
            conn.executemany("INSERT INTO coverage_group VALUES (?, ?)", [(DAY0, key) for key in keys])
            conn.execute(
                "INSERT INTO coverage_device VALUES (?, ?, ?, ?)", (operator, CELL, old_key(device), DAY0)
            )
            sums = (operator, CELL, 1, 1, 1, 0, 0, -900, -900, 0, 0, T0)
            conn.execute(f"INSERT INTO coverage_day VALUES ({DAY0}, {', '.join('?' * 12)})", sums)
            conn.execute(f"INSERT INTO coverage_cell VALUES ({', '.join('?' * 12)})", sums)


def test_a_group_and_a_device_of_before_are_known(tmp_path: Path) -> None:
    first = sampled("known", T0 + 1).samples[0][1]
    of_before(tmp_path / "cockpit.db", first.device, first.lat, first.lon)
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
