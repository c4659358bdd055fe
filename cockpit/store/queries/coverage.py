"""Reads for the coverage screen: counts per operator and hexagon, never samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from cockpit.domain.coverage import CellStats
from cockpit.domain.coverage.technologies import GENERATIONS
from cockpit.store.apart import ACCURACY
from cockpit.store.coverage import last_expired
from cockpit.store.handles import Read


class Apart(NamedTuple):
    """`n` samples of a source that were taken and do not count for 4G; `why` as in `store.apart`."""

    source: int
    operator: str
    why: str
    n: int


def cells(conn: Read, operators: Iterable[str]) -> dict[str, list[CellStats]]:
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


def kept_apart(conn: Read) -> list[Apart]:
    """Samples of the window that decide nothing, by source, operator and reason, in this order."""
    rows = conn.execute(
        "SELECT source, operator, why, sum(n) FROM coverage_apart WHERE day > ?"
        " GROUP BY source, operator, why",
        (last_expired(conn),),
    )
    return [Apart(*row) for row in rows]


def by_reason(rows: Iterable[Apart]) -> dict[str, int]:
    """How many samples are kept apart for each reason that there is."""
    found: Counter[str] = Counter()
    for row in rows:
        found[row.why] += row.n
    return {why: found[why] for why in (*GENERATIONS, ACCURACY) if found[why]}
