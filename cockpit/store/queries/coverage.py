"""Reads for the coverage screen: counts per operator and hexagon, never samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from cockpit.domain.coverage import CellStats
from cockpit.domain.coverage.places import INEXACT, UNKNOWN
from cockpit.domain.coverage.technologies import GENERATIONS
from cockpit.domain.numbers import SourceId
from cockpit.domain.periods import MINUTE_MS
from cockpit.store.batch import Ints
from cockpit.store.coverage import ANY, EVER_MS, last_expired
from cockpit.store.handles import Read
from cockpit.store.sql import columns


class Apart(NamedTuple):
    """`n` samples of a source that were taken and do not count for 4G; `why` as in `store.apart`."""

    source: SourceId
    operator: str
    why: str
    n: int


class Daily(NamedTuple):
    """Sums of single days: columns of one length, a row a day, operator and cell. `place` counts in `places`
    (operator, cell); `weak` holds bad samples and merely weak ones; `devices` are those of the day."""

    places: list[tuple[str, str]]
    place: Ints
    day: Ints
    n: Ints
    groups: Ints
    devices: Ints
    weak: Ints
    bad: Ints
    rsrp_sum: Ints
    down_n: Ints
    down_sum: Ints


_DAILY = ("day", "n", "groups", "devices", "weak + bad", "bad", "rsrp_sum", "down_n", "down_sum")


def daily(conn: Read, day0: int, day1: int) -> Daily:
    """What was measured with each operator on the days day0..day1, both included."""
    found = columns(
        conn,
        ("operator || ' ' || h3", *_DAILY),
        "coverage_day WHERE day BETWEEN ? AND ? AND operator <> ?",
        (day0, day1, ANY),
    )
    if found is None:
        nothing = [np.zeros(0, np.int64)] * (1 + len(_DAILY))
        return Daily([], *nothing)
    names = found[0].split(",")
    numbers = {name: n for n, name in enumerate(dict.fromkeys(names))}
    place = np.array([numbers[name] for name in names], dtype=np.int64)
    sums = [np.fromstring(text, np.int64, sep=",") for text in found[1:]]
    places = [(operator, cell) for operator, cell in (name.rsplit(" ", 1) for name in numbers)]
    return Daily(places, place, *sums)


def first_day(conn: Read) -> int | None:
    """The first day that has samples."""
    (day,) = conn.execute("SELECT min(day) FROM coverage_day").fetchone()
    return None if day is None else int(day)


def cells(conn: Read, operators: Iterable[str], before_ms: int = EVER_MS) -> dict[str, list[CellStats]]:
    """Counts of these operators that have any, in the order of the cells' ids (H3 resolution 8), of all that
    was received before an instant of domain time, a whole minute.

    The tables keep bad samples and merely weak ones apart; here `weak` counts both.
    """
    cursor = conn.cursor()
    cursor.row_factory = None  # plain tuples: a third cheaper than rows with names
    found: dict[str, list[CellStats]] = {}
    for operator in operators:
        rows = cursor.execute(
            "SELECT h3, n, groups, devices, weak + bad, bad, rsrp_sum, rsrp_min, last FROM coverage_cell"
            " WHERE operator = ? ORDER BY h3",
            (operator,),
        )
        counted = {row[0]: CellStats._make(row) for row in rows}
        since = cursor.execute(
            "SELECT h3, sum(n), sum(groups), sum(devices), sum(weak + bad), sum(bad), sum(rsrp_sum),"
            " min(rsrp_min), max(last) FROM coverage_minute WHERE minute < ? AND operator = ? GROUP BY h3",
            (before_ms // MINUTE_MS, operator),
        )
        new = [_added(counted.get(row[0]), CellStats._make(row)) for row in since]
        if new:
            counted |= {cell.h3: cell for cell in new}
        if there := [cell for cell in (sorted(counted.values()) if new else counted.values()) if cell.n > 0]:
            found[operator] = there
    return found


class Speed(NamedTuple):
    """Downloads of a cell: how many samples told one, and their sum in kbit/s."""

    n: int
    kbps: int


_STATS = (
    "sum(n), sum(groups), max(devices), sum(weak + bad), sum(bad), sum(rsrp_sum), min(rsrp_min), max(last),"
    " sum(down_n), sum(down_sum)"
)


def of_day(conn: Read, operators: Iterable[str], day: int) -> dict[str, list[tuple[CellStats, Speed]]]:
    """What one day has brought of these operators, in the order of the cells' ids."""
    found: dict[str, list[tuple[CellStats, Speed]]] = {}
    for operator in operators:
        rows = conn.execute(
            f"SELECT h3, {_STATS} FROM coverage_day WHERE day = ? AND operator = ? GROUP BY h3 ORDER BY h3",
            (day, operator),
        )
        if there := [(CellStats._make(tuple(r)[:9]), Speed(r[9], r[10])) for r in rows]:
            found[operator] = there
    return found


def speeds(conn: Read, operator: str) -> dict[str, Speed]:
    """Downloads of the window by cell."""
    rows = conn.execute(
        "SELECT h3, sum(down_n), sum(down_sum) FROM (SELECT h3, down_n, down_sum FROM coverage_cell"
        " WHERE operator = ? UNION ALL SELECT h3, down_n, down_sum FROM coverage_minute WHERE operator = ?)"
        " GROUP BY h3",
        (operator, operator),
    )
    return {row[0]: Speed(row[1], row[2]) for row in rows}


def days(conn: Read, since: int) -> list[int]:
    """Days after `since` on which anything was measured, the newest first."""
    found: list[int] = []
    sql = "SELECT min(day) FROM coverage_day WHERE day > ?"
    while (day := conn.execute(sql, (found[-1] if found else since,)).fetchone()[0]) is not None:
        found.append(int(day))
    return found[::-1]


def _added(cell: CellStats | None, more: CellStats) -> CellStats:
    if cell is None:
        return more
    return CellStats(
        cell.h3,
        cell.n + more.n,
        cell.groups + more.groups,
        cell.devices + more.devices,
        cell.weak + more.weak,
        cell.bad + more.bad,
        cell.rsrp_sum + more.rsrp_sum,
        min(cell.rsrp_min, more.rsrp_min),
        max(cell.last, more.last),
    )


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
    return {why: found[why] for why in (*GENERATIONS, UNKNOWN, INEXACT) if found[why]}
