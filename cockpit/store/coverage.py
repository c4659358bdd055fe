"""Samples of signal, summed up per H3 cell of resolution 8 as they arrive, for each operator and "any".

`coverage_day` holds a day of measuring. The last 30 days are `coverage_cell` and, by the minute in which it
was received, what `coverage_minute` adds to it; a day that expires is taken away in the minute before the
midnight that ends it. So the sums of any instant can be told after it, as the same numbers at every speed of
a demo: those of the cells, and of the minutes before it. Whoever has looked at an instant and asks for no
earlier one folds its minutes into the cells, which keeps them few.

Samples a few metres or seconds apart say the same thing, so `groups` counts distinct (device, 50 m, hour).
`n`, `weak` and `bad` count samples: bad under the profile's bad_dbm, weak from there to under weak_dbm.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

import numpy as np

from cockpit.domain.periods import HOUR_MS, MINUTE_MS
from cockpit.store import devices
from cockpit.store.adding import ANY, GROUP_M, Rows, Summed, Taken, rows_of, summed
from cockpit.store.batch import Flags
from cockpit.store.catalogue import Lookup, Thresholds
from cockpit.store.known import PLAIN_UNTIL, Fresh, Known
from cockpit.store.sql import insert_tuples

__all__ = ["ANY", "GROUP_M", "Taken"]

WINDOW_DAYS = 30

AT_ONCE = 0
"""As the time of reception: counts at every instant. For what fills in the past, and for sources that live on
real time, whose clock says nothing about domain time."""

LONG_AGO = -(2**40)
"""A day before any."""

_COLUMNS = "n, groups, devices, weak, bad, rsrp_sum, rsrp_min, down_n, down_sum, last"
_SUMMED = (
    "sum(n), sum(groups), sum(devices), sum(weak), sum(bad), sum(rsrp_sum), min(rsrp_min), sum(down_n),"
    " sum(down_sum), max(last)"
)
EVER_MS = 2**62
_ADD = (
    "n = n + excluded.n, groups = groups + excluded.groups, devices = devices + excluded.devices,"
    " weak = weak + excluded.weak, bad = bad + excluded.bad, rsrp_sum = rsrp_sum + excluded.rsrp_sum,"
    " rsrp_min = min(rsrp_min, excluded.rsrp_min), down_n = down_n + excluded.down_n,"
    " down_sum = down_sum + excluded.down_sum, last = max(last, excluded.last)"
)


class Had:
    """What is known of days of measuring: what each has had, and which devices are within the window. On the
    writer's thread only."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.days = Known(conn, "coverage_known")
        self.window = Known(conn, devices.TABLE, placed=True)

    def committed(self, fresh: Added) -> None:
        """These are on disk."""
        self.days.committed(fresh.days)
        self.window.committed(fresh.window)


@dataclass(slots=True)
class Added:
    """What is known beside once the transaction is on disk."""

    days: Fresh = field(default_factory=Fresh)
    window: Fresh = field(default_factory=Fresh)


def write(conn: sqlite3.Connection, taken: Taken, had: Had, lookup: Lookup, limits: Thresholds) -> Added:
    """Add samples. A day already out of the window of its reception counts for its day only. `had` is to be
    told what is answered once the transaction is on disk."""
    fresh = Added()
    rows = rows_of(taken, lookup, limits, _meta_day(conn, PLAIN_UNTIL))
    keys = np.concatenate((rows.group, rows.of_day))
    groups, seen = np.split(had.days.new(conn, np.tile(rows.day, 2), keys, fresh.days), 2)
    for today in np.unique(rows.today).tolist():
        # Who was last there on a day that has expired by now is new: so that goes first.
        expire_due(conn, today, lookup.offset_hours)
        heard = rows.today == today
        _add(conn, rows.at(heard), groups[heard], seen[heard], had, fresh)
    return fresh


def _add(conn: sqlite3.Connection, rows: Rows, groups: Flags, seen: Flags, had: Had, fresh: Added) -> None:
    """Add samples in the order of their reception: what is new to its day is in `groups` and `seen`, and
    counts in the minute it is first heard of."""
    expired = last_expired(conn)
    inside = rows.day > expired
    window = rows.at(inside)
    in_window = _new_devices(conn, window, seen[inside], expired, had, fresh)
    _sum(conn, "coverage_day", "day", summed(rows.day, rows, groups, seen))
    _sum(conn, "coverage_minute", "minute", summed(window.minute, window, groups[inside], in_window))


def _sum(conn: sqlite3.Connection, table: str, key: str, found: list[Summed]) -> None:
    if found:
        head = f"INSERT INTO {table} ({key}, operator, h3, {_COLUMNS})"
        insert_tuples(conn, head, found, f"ON CONFLICT DO UPDATE SET {_ADD}")


def _new_devices(
    conn: sqlite3.Connection, rows: Rows, new: Flags, expired: int, had: Had, fresh: Added
) -> Flags:
    """The first row of every device that has not been there within the window. Who was there on the same day,
    and so is not `new` to it, was."""
    found = np.zeros(len(rows), np.bool_)
    some = np.flatnonzero(new)
    if len(some):
        who = rows.who[some]
        _, first = np.unique(who, return_index=True)
        unknown = ~had.window.on_any(conn, expired, who[first], fresh.window)
        found[some[first[unknown]]] = True
        places = devices.places_of(conn, rows.operators, rows.operator[some], rows.cell[some])
        had.window.new(conn, rows.day[some], who, fresh.window, places)
    return found


def _meta_day(conn: sqlite3.Connection, key: str) -> int:
    row = conn.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return LONG_AGO if row is None else int(row[0])


def last_expired(conn: sqlite3.Connection) -> int:
    """The youngest day that has left the window, far in the past if none has."""
    return _meta_day(conn, "coverage_expired")


def expiring(conn: sqlite3.Connection, today: int) -> list[int]:
    """Days that are to leave the window, oldest first."""
    first, end = last_expired(conn) + 1, today - WINDOW_DAYS
    rows = conn.execute(
        "SELECT DISTINCT day FROM coverage_day WHERE day >= ? AND day <= ? ORDER BY day", (first, end)
    )
    return [int(r[0]) for r in rows]


def expire_due(conn: sqlite3.Connection, today: int, offset_hours: int) -> None:
    """Take every day out of the window that has left it by the provincial day `today`."""
    for day in expiring(conn, today):
        expire(conn, day, offset_hours)


def expire(conn: sqlite3.Connection, day: int, offset_hours: int) -> None:
    """Take one day out of the window, whenever that is done, as of the midnight at which it leaves."""
    minute = ((day + WINDOW_DAYS) * 24 - offset_hours) * HOUR_MS // MINUTE_MS - 1
    taken = "operator, h3, -n, -groups, 0, -weak, -bad, -rsrp_sum, 0, -down_n, -down_sum, 0"
    conn.execute(
        f"INSERT INTO coverage_minute (minute, operator, h3, {_COLUMNS}) SELECT ?, {taken} FROM coverage_day"
        f" WHERE day = ? ON CONFLICT DO UPDATE SET {_ADD}",
        (minute, day),
    )
    left = devices.left(conn, day)
    gone: list[Summed] = [(minute, name, h3, 0, 0, -n, 0, 0, 0, 0, 0, 0, 0) for name, h3, n in left]
    _sum(conn, "coverage_minute", "minute", gone)
    devices.forget(conn, day)
    # A minimum cannot be subtracted: it is read again from the days that remain.
    conn.execute(
        "UPDATE coverage_cell AS c SET rsrp_min = d.low FROM (SELECT operator, h3, min(rsrp_min) AS low"
        " FROM coverage_day WHERE day > ? GROUP BY operator, h3) AS d"
        " WHERE d.operator = c.operator AND d.h3 = c.h3 AND c.rsrp_min <> d.low",
        (day,),
    )
    conn.execute(
        "INSERT INTO meta (key, value) VALUES ('coverage_expired', ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (str(day),),
    )


def unfolded(conn: sqlite3.Connection, before_ms: int) -> bool:
    """Whether anything that was received before an instant is not among the cells yet."""
    sql = "SELECT 1 FROM coverage_minute WHERE minute < ? LIMIT 1"
    return conn.execute(sql, (before_ms // MINUTE_MS,)).fetchone() is not None


def fold(conn: sqlite3.Connection, before_ms: int = EVER_MS) -> None:
    """Put into the cells what was received before an instant, a whole minute: nobody asks for an earlier one
    any more."""
    before = (before_ms // MINUTE_MS,)
    conn.execute(
        f"INSERT INTO coverage_cell (operator, h3, {_COLUMNS}) SELECT operator, h3, {_SUMMED}"
        f" FROM coverage_minute WHERE minute < ? GROUP BY operator, h3 ON CONFLICT DO UPDATE SET {_ADD}",
        before,
    )
    conn.execute("DELETE FROM coverage_minute WHERE minute < ?", before)
    conn.execute("DELETE FROM coverage_cell WHERE n <= 0")
