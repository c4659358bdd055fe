"""Reads for the coverage screen: counts per operator and hexagon, never samples."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from cockpit.domain.coverage import CellStats


def cells(conn: sqlite3.Connection, operators: Iterable[str]) -> dict[str, list[CellStats]]:
    """Counts of these operators that have any, in the order of the cells' ids (H3 resolution 8).

    The table keeps bad samples and merely weak ones apart; here `weak` counts both.
    """
    cursor = conn.cursor()
    cursor.row_factory = None  # plain tuples: a third cheaper than rows with names
    found: dict[str, list[CellStats]] = {}
    for operator in operators:
        rows = cursor.execute(
            "SELECT h3, n, groups, devices, weak + bad, bad, rsrp_sum, rsrp_min, last FROM coverage_cell"
            " WHERE operator = ? AND n > 0 ORDER BY h3",
            (operator,),
        )
        if counted := [CellStats._make(row) for row in rows]:
            found[operator] = counted
    return found
