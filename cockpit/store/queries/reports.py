"""Which report stands: the one place that says so, for the engine, every screen and the API.

Of the reports of an indicator in a unit that of the period that ends last stands, and of several that end
alike the one received last; at the same instant the one stored last. Withdrawn ones do not count, nor do
those of a period that has not begun.
"""

from __future__ import annotations

from typing import NamedTuple

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
    source: int
    withdrawn: int | None
    withdrawn_by: str | None
    withdrawn_why: str | None


_COLUMNS = ", ".join(Report._fields)
_NEWEST = "ends DESC, received DESC, number DESC"


def standing(conn: Read, indicator: str, day: int, unit: str = "") -> Report | None:
    """The report that stands on a day: one seek, whatever the number of reports."""
    row = conn.execute(
        f"SELECT {_COLUMNS} FROM report WHERE indicator = ? AND unit = ? AND begins <= ?"
        f" AND withdrawn IS NULL ORDER BY {_NEWEST} LIMIT 1",
        (indicator, unit, day),
    ).fetchone()
    return None if row is None else Report(*row)


def newest(conn: Read, indicator: str, day: int) -> list[Report]:
    """The newest reports of the province and its units, withdrawn ones among them: first the period that ends
    last, in it the province before its units. Of a unit the first that is not withdrawn stands."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM report WHERE indicator = ? AND begins <= ?"
        " ORDER BY ends DESC, unit <> '', received DESC, number DESC LIMIT ?",
        (indicator, day, AT_MOST),
    )
    return [Report(*row) for row in rows]


def ahead(conn: Read, indicator: str, day: int) -> list[Report]:
    """Reports of periods that have not begun on `day`, as older versions took them."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM report WHERE indicator = ? AND begins > ? ORDER BY {_NEWEST} LIMIT ?",
        (indicator, day, AHEAD_AT_MOST),
    )
    return [Report(*row) for row in rows]


def find(conn: Read, number: int) -> Report | None:
    """A report by its number."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM report WHERE number = ?", (number,)).fetchone()
    return None if row is None else Report(*row)
