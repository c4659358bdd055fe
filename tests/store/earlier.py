"""Databases as earlier versions left them, made by hand where one thing alone matters. Whole ones, as those
versions wrote them themselves, lie in `old`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

from sqlite_utils import Database

from cockpit.store import visit
from cockpit.store.database import APPLICATION_ID
from cockpit.store.migrations import steps

HashedReport = tuple[str, str, str, int, int, int, float, str, str, int]
"""Indicator, unit, period, hash, time, when received, value, person, note, source."""


def with_hashed_reports(path: Path, rows: list[HashedReport]) -> None:
    """Of a version whose reports had a hash for a key, and no number."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        steps.apply(Database(conn, execute_plugins=False), stop_before="m003_reports_in_order")
        conn.executemany("INSERT INTO report VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def with_a_sample(path: Path, day: int, cell: str, who: str, where: str, t: int) -> None:
    """Of a version that kept a row for each group and device: one sample of viettel in a cell. `who` is cell
    and device, `where` square and hour, as they went into its keys."""

    def key(text: str) -> int:
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)

    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        steps.apply(Database(conn, execute_plugins=False), stop_before="m052_groups_of_samples_by_day")
        for operator in ("viettel", "any"):
            keys = key(f"{operator}\x1f{who}"), key(f"{operator}\x1f{who}\x1f{where}")
            conn.executemany("INSERT INTO coverage_group VALUES (?, ?)", [(day, one) for one in keys])
            device = key(who.rsplit("\x1f", 1)[1])
            conn.execute("INSERT INTO coverage_device VALUES (?, ?, ?, ?)", (operator, cell, device, day))
            sums = (operator, cell, 1, 1, 1, 0, 0, -900, -900, 0, 0, t)
            conn.execute(f"INSERT INTO coverage_day VALUES ({day}, {', '.join('?' * 12)})", sums)
            conn.execute(f"INSERT INTO coverage_cell VALUES ({', '.join('?' * 12)})", sums)


def keeping_nothing_apart(path: Path) -> None:
    """Make a database of now one that does not count the samples that decide nothing about 4G."""
    with visit(path) as conn:
        conn.execute("DROP TABLE coverage_apart")
        conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'm004_samples_kept_apart'")
