"""Databases as earlier versions left them, made by hand where one thing alone matters. Whole ones, as those
versions wrote them themselves, lie in `old`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
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


def keeping_nothing_apart(path: Path) -> None:
    """Make a database of now one that does not count the samples that decide nothing about 4G."""
    with visit(path) as conn:
        conn.execute("DROP TABLE coverage_apart")
        conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'm004_samples_kept_apart'")
