"""Reads for the coverage screen: counts per operator and hexagon, never samples."""

from __future__ import annotations

import sqlite3

from cockpit.domain.coverage import CellStats


def cells(conn: sqlite3.Connection) -> dict[str, list[CellStats]]:
    """Counts per operator code, in the order of the cells' ids (H3 resolution 8).

    The table keeps bad samples and merely weak ones apart; here `weak` counts both.
    """
    found: dict[str, list[CellStats]] = {}
    rows = conn.execute(
        "SELECT operator, h3, n, groups, devices, weak + bad, bad, rsrp_sum, rsrp_min, last FROM coverage_cell"
        " WHERE n > 0 ORDER BY operator, h3"
    )
    for operator, h3, n, groups, devices, weak, bad, rsrp_sum, rsrp_min, last in rows:
        found.setdefault(operator, []).append(
            CellStats(h3, n, groups, devices, weak, bad, rsrp_sum, rsrp_min, last)
        )
    return found
