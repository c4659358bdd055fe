"""Samples that were taken and decide nothing about 4G, counted by day, source, operator and reason.

A reason is a generation of `technologies` other than LTE's, or one of `places`: nobody knows the place, or
not well enough.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable

Key = tuple[int, int, str, str]  # day, source, operator, reason


def write(conn: sqlite3.Connection, keys: Iterable[Key]) -> None:
    """Count one more sample for each key given."""
    conn.executemany(
        "INSERT INTO coverage_apart (day, source, operator, why, n) VALUES (?,?,?,?,?)"
        " ON CONFLICT DO UPDATE SET n = n + excluded.n",
        [(*key, n) for key, n in sorted(Counter(keys).items())],
    )
