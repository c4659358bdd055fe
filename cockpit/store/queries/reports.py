"""Which report stands: the one place that says so, for the engine, every screen and the API.

Of the reports of an indicator in a unit that of the period that ends last stands, and of several that end
alike the one received last; at the same instant the one stored last. Withdrawn ones do not count, nor do
those of a period that has not begun.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from cockpit.domain.numbers import SourceId
from cockpit.domain.periods import report_days
from cockpit.store.handles import Read

AT_MOST = 60
"""Reports listed of an indicator: a month of all units, and a few."""
AHEAD_AT_MOST = 20


class Report(NamedTuple):
    """A figure that people reported. Times in ms; `withdrawn` says when it was, None for one that counts."""

    number: int
    indicator: str
    unit: str  # "" for the province
    period: str
    begins: int  # first and last day of the period
    ends: int
    t: int
    received: int
    value: float
    person: str
    note: str
    source: SourceId
    withdrawn: int | None
    withdrawn_by: str | None
    withdrawn_why: str | None
    numerator: float | None
    denominator: float | None
    department: str  # "" for the province or a unit
    of_unit: str  # of who typed it into the cockpit, "" over the wire
    way: str  # "form", "file", "" over the wire


_COLUMNS = ", ".join(Report._fields)
_NEWEST = "ends DESC, received DESC, number DESC"


def standing(
    conn: Read,
    indicator: str,
    day: int,
    unit: str = "",
    department: str = "",
    *,
    of: Collection[SourceId] | None = None,
    but: Collection[SourceId] = (),
    until: int | None = None,
) -> Report | None:
    """The report that stands on a day: one seek, whatever the number of reports. `of` some sources alone, or
    of all `but` some; `until`: of those received before that instant."""
    which = of if of is not None else but
    row = conn.execute(
        f"SELECT {_COLUMNS} FROM report WHERE indicator = ? AND unit = ? AND department = ? AND begins <= ?"
        f" AND withdrawn IS NULL AND received < ? AND source {'NOT ' * (of is None)}IN"
        f" (SELECT value FROM json_each(?)) ORDER BY {_NEWEST} LIMIT 1",
        (indicator, unit, department, day, 2**62 if until is None else until, json.dumps(list(which))),
    ).fetchone()
    return None if row is None else Report(*row)


def of_period(
    conn: Read, indicator: str, unit: str, period: str, of: Collection[SourceId], department: str = ""
) -> Report | None:
    """The report of one period that stands among those of some sources."""
    begins, _ = report_days(period)
    row = conn.execute(
        f"SELECT {_COLUMNS} FROM report WHERE indicator = ? AND unit = ? AND department = ? AND period = ?"
        " AND begins = ? AND withdrawn IS NULL AND source IN (SELECT value FROM json_each(?))"
        f" ORDER BY {_NEWEST} LIMIT 1",
        (indicator, unit, department, period, begins, json.dumps(list(of))),
    ).fetchone()
    return None if row is None else Report(*row)


def told_apart(conn: Read, indicator: str) -> list[tuple[str, str]]:
    """Units and departments that have ever reported this indicator, as pairs of which one is "": a seek
    each, since the index is skipped along."""
    found: list[tuple[str, str]] = []
    at = ("", "")
    while True:
        row = conn.execute(
            "SELECT unit, department FROM report WHERE indicator = ? AND (unit, department) > (?, ?)"
            " ORDER BY unit, department LIMIT 1",
            (indicator, *at),
        ).fetchone()
        if row is None:
            return found
        at = (row[0], row[1])
        found.append(at)


def newest(conn: Read, indicator: str, day: int, but: Collection[SourceId] = ()) -> list[Report]:
    """The newest reports of the province and its units, withdrawn ones among them, of all sources `but` some:
    first the period that ends last, in it the province before its units. Of a unit the first that is not
    withdrawn stands."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM report WHERE indicator = ? AND begins <= ?"
        " AND source NOT IN (SELECT value FROM json_each(?))"
        " ORDER BY ends DESC, unit <> '', received DESC, number DESC LIMIT ?",
        (indicator, day, json.dumps(list(but)), AT_MOST),
    )
    return [Report(*row) for row in rows]


def ahead(conn: Read, indicator: str, day: int) -> list[Report]:
    """Reports of periods that have not begun on `day`, as older versions took them."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM report WHERE indicator = ? AND begins > ? ORDER BY {_NEWEST} LIMIT ?",
        (indicator, day, AHEAD_AT_MOST),
    )
    return [Report(*row) for row in rows]


def counted(conn: Read, indicator: str, since: int, day: int, but: Collection[SourceId] = ()) -> int:
    """How many reports stand of periods that ended after the day `since` and have begun by `day`, of all
    sources `but` some: of several of one unit and period one."""
    row = conn.execute(
        "SELECT count(*) FROM (SELECT DISTINCT unit, department, period FROM report WHERE indicator = ?"
        " AND ends > ? AND begins <= ? AND withdrawn IS NULL"
        " AND source NOT IN (SELECT value FROM json_each(?)))",
        (indicator, since, day, json.dumps(list(but))),
    ).fetchone()
    return int(row[0])


def find(conn: Read, number: int) -> Report | None:
    """A report by its number."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM report WHERE number = ?", (number,)).fetchone()
    return None if row is None else Report(*row)


def columns_of(conn: Read, unit: str) -> dict[str, str]:
    """How the workbooks of a unit or department name the columns of reports, by member; none where nobody has
    brought any."""
    row = conn.execute("SELECT columns FROM report_columns WHERE unit = ?", (unit,)).fetchone()
    return {} if row is None else json.loads(row[0])


def by_period(
    conn: Read,
    indicator: str,
    unit: str,
    department: str,
    but: Collection[SourceId],
    limit: int,
    *,
    until: int = 2**62,
) -> list[Report]:
    """The reports that stand, one a period, the period that ends last first; `until`: of those received
    before that instant."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM (SELECT *, row_number() OVER (PARTITION BY period ORDER BY received DESC,"
        " number DESC) AS nth FROM report WHERE indicator = ? AND unit = ? AND department = ?"
        " AND withdrawn IS NULL AND received < ? AND source NOT IN (SELECT value FROM json_each(?)))"
        " WHERE nth = 1"
        " ORDER BY ends DESC, begins DESC LIMIT ?",
        (indicator, unit, department, until, json.dumps(list(but)), limit),
    )
    return [Report(*row) for row in rows]


def received_within(conn: Read, after: int, until: int) -> bool:
    """Whether any report was received after an instant and up to another."""
    row = conn.execute(
        "SELECT 1 FROM report WHERE received > ? AND received <= ? LIMIT 1", (after, until)
    ).fetchone()
    return row is not None
