"""What was measured on some days, operator by operator: on the ground of a gap, or everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterable

from cockpit.domain.coverage import CellStats
from cockpit.store.handles import Read


def measured(
    conn: Read, operators: Iterable[str], cells: Iterable[str], day0: int, day1: int
) -> dict[tuple[str, str], CellStats]:
    """By operator and cell what the days day0..day1 have brought by now, both included."""
    # Days and operators one by one: so it is looked up, and not searched through all of the province.
    rows = conn.execute(
        "SELECT operator, h3, sum(n), sum(groups), max(devices), sum(weak + bad), sum(bad), sum(rsrp_sum),"
        " min(rsrp_min), max(last) FROM coverage_day WHERE day IN (SELECT value FROM json_each(?))"
        " AND operator IN (SELECT value FROM json_each(?)) AND h3 IN (SELECT value FROM json_each(?))"
        " GROUP BY operator, h3 ORDER BY operator, h3",
        (json.dumps(list(range(day0, day1 + 1))), json.dumps(list(operators)), json.dumps(list(cells))),
    )
    return {(row[0], row[1]): CellStats._make(tuple(row)[1:]) for row in rows}


def everywhere(conn: Read, operators: Iterable[str], day0: int, day1: int) -> dict[str, list[CellStats]]:
    """By operator, cell by cell, what the days day0..day1 have brought, both included."""
    rows = conn.execute(
        "SELECT operator, h3, sum(n), sum(groups), max(devices), sum(weak + bad), sum(bad), sum(rsrp_sum),"
        " min(rsrp_min), max(last) FROM coverage_day WHERE day BETWEEN ? AND ?"
        " AND operator IN (SELECT value FROM json_each(?)) GROUP BY operator, h3 ORDER BY operator, h3",
        (day0, day1, json.dumps(list(operators))),
    )
    found: dict[str, list[CellStats]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(CellStats._make(tuple(row)[1:]))
    return found
