"""Reads from which indicators are computed. Days are provincial, counted from the epoch; times in ms."""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from cockpit.domain.numbers import SourceId
from cockpit.store.coverage import ANY
from cockpit.store.handles import Read
from cockpit.store.rows import IndicatorNow, columns
from cockpit.store.sql import integers

Ints = npt.NDArray[np.int64]

Counts = dict[tuple[str, str], int]
"""(unit, name) -> count; the unit is "" for the province."""


def tally_counts(conn: Read, kind: str, day0: int, day1: int, unit: str | None = None) -> Counts:
    """Counts of a kind of record over the days day0..day1, both included: one seek a day. Of a unit alone
    ("": of the province), where one is told."""
    days = str(list(range(day0, day1 + 1)))
    rows = conn.execute(
        "SELECT unit, name, sum(n) FROM tally WHERE day IN (SELECT value FROM json_each(?)) AND kind = ?"
        f" {'' if unit is None else 'AND unit = ?'} GROUP BY unit, name",
        (days, kind) if unit is None else (days, kind, unit),
    )
    return {(unit, name): int(n) for unit, name, n in rows}


def tallied_days(conn: Read, kind: str, day0: int, day1: int) -> dict[str, dict[int, int]]:
    """What was counted of a kind of record in the province, by name and day, on the days day0..day1."""
    found: dict[str, dict[int, int]] = {}
    rows = conn.execute(
        "SELECT name, day, n FROM tally WHERE day IN (SELECT value FROM json_each(?)) AND kind = ?"
        " AND unit = ''",
        (str(list(range(day0, day1 + 1))), kind),
    )
    for name, day, n in rows:
        found.setdefault(name, {})[day] = n
    return found


def overdue(conn: Read, kind: str, now: int) -> dict[str, int]:
    """Open records past their due time, by unit."""
    rows = conn.execute(
        "SELECT unit, count(*) FROM record WHERE kind = ? AND closed IS NULL AND due < ? GROUP BY unit",
        (kind, now),
    )
    return {unit: int(n) for unit, n in rows}


def overdue_at(conn: Read, kind: str, t: int) -> int:
    """Records that were open and past their due time at `t`: reads all of the kind, for days gone by."""
    (n,) = conn.execute(
        "SELECT count(*) FROM record WHERE kind = ? AND opened < ? AND due < ?"
        " AND (closed IS NULL OR closed >= ?)",
        (kind, t, t, t),
    ).fetchone()
    return int(n)


def handled(conn: Read, kind: str, t0: int, t1: int, limit: int = 20_000) -> list[int]:
    """How long the records closed within [t0, t1) were open, in ms; at most the newest `limit`."""
    rows = conn.execute(
        "SELECT closed - opened FROM record WHERE kind = ? AND updated >= ? AND closed >= ? AND closed < ?"
        " ORDER BY updated DESC LIMIT ?",
        (kind, t0, t0, t1, limit),
    )
    return [int(r[0]) for r in rows]


def source_hours(conn: Read, hour0: int, hour1: int) -> list[tuple[int, SourceId, int, int]]:
    """hour, source, events, rejected for UTC hours hour0..hour1, the end excluded."""
    rows = conn.execute(
        "SELECT hour, source, events, rejected FROM source_hour WHERE hour >= ? AND hour < ?", (hour0, hour1)
    )
    return [tuple(row) for row in rows]


def heard(conn: Read, hour0: int, hour1: int) -> Ints:
    """hour, source and the newest event's time in it (ms) for UTC hours hour0..hour1, the end excluded, of
    those in which a source sent anything."""
    return integers(
        conn,
        ("hour", "source", "last"),
        "source_hour WHERE hour >= ? AND hour < ? AND events > 0",
        (hour0, hour1),
    )


def first_hours(conn: Read) -> dict[SourceId, int]:
    """The UTC hour in which each source first sent anything."""
    return dict(
        conn.execute("SELECT source, min(hour) FROM source_hour WHERE events > 0 GROUP BY source").fetchall()
    )


_WINDOW = " UNION ALL ".join(
    f"SELECT operator, h3, n, weak, bad, down_n, down_sum, last FROM {table}"
    for table in ("coverage_cell", "coverage_minute")
)


def coverage_sums(conn: Read) -> tuple[int, int, int]:
    """Samples, those under the weak threshold (bad ones among them), and the newest instant (0: none)."""
    row = conn.execute(
        "SELECT coalesce(sum(n), 0), coalesce(sum(weak + bad), 0), coalesce(max(last), 0) FROM"
        f" ({_WINDOW}) WHERE operator <> ?",
        (ANY,),
    ).fetchone()
    return int(row[0]), int(row[1]), int(row[2])


def downloads(conn: Read) -> Ints:
    """Per cell and operator with measured downloads: their number and sum in kbit/s, shape (k, 2)."""
    rows = conn.execute(
        f"SELECT sum(down_n), sum(down_sum) FROM ({_WINDOW}) WHERE operator <> ?"
        " GROUP BY operator, h3 HAVING sum(down_n) > 0",
        (ANY,),
    ).fetchall()
    return np.array([tuple(r) for r in rows], dtype=np.int64).reshape(-1, 2)


def now(conn: Read) -> list[IndicatorNow]:
    """Everything as it was written last."""
    rows = conn.execute(f"SELECT {columns(IndicatorNow)} FROM indicator_now")
    return [IndicatorNow(*row) for row in rows]


def days_known(conn: Read) -> dict[int, set[str]]:
    """Which indicators have a daily figure, by day."""
    rows = conn.execute("SELECT day, group_concat(indicator) FROM indicator_day GROUP BY day")
    return {int(day): set(codes.split(",")) for day, codes in rows}


def of_day(conn: Read, indicator: str, day: int) -> float | None:
    """The figure of a day that is over."""
    row = conn.execute(
        "SELECT value FROM indicator_day WHERE day = ? AND indicator = ?", (day, indicator)
    ).fetchone()
    return None if row is None else float(row[0])


def of_province(conn: Read, codes: Iterable[str]) -> dict[str, IndicatorNow]:
    """The province's own figures of these indicators, by code; without those that have none yet."""
    rows = conn.execute(
        f"SELECT {columns(IndicatorNow)} FROM indicator_now"
        " WHERE indicator IN (SELECT value FROM json_each(?)) AND unit = ''",
        (json.dumps(sorted(codes)),),
    )
    return {row.indicator: row for row in map(IndicatorNow._make, rows)}


def first_day(conn: Read) -> int | None:
    """The first day with roll-ups, or with tallies where there are none: records that were opened before
    the history begins are only those that took long, and would tell a wrong story of their days."""
    (day,) = conn.execute(
        "SELECT coalesce((SELECT min(day) FROM rollup_group), (SELECT min(day) FROM tally))"
    ).fetchone()
    return None if day is None else int(day)
