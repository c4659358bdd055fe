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
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from math import cos, radians
from typing import NamedTuple, TypeVar

from cockpit.domain.periods import HOUR_MS, MINUTE_MS
from cockpit.store.batch import Sample
from cockpit.store.catalogue import Lookup, Thresholds
from cockpit.store.sql import insert_tuples

WINDOW_DAYS = 30
GROUP_M = 50.0
ANY = "any"

AT_ONCE = 0
"""As the time of reception: counts at every instant. For what fills in the past, and for sources that live on
real time, whose clock says nothing about domain time."""

Cell = tuple[int, str, str]  # day, operator, h3
K = TypeVar("K")
_M_PER_DEGREE = 111_320.0


class Taken(NamedTuple):
    """A sample that counts, with its own time and that of its reception on the domain clock, in ms."""

    t: int
    received: int
    sample: Sample


@dataclass(slots=True)
class Sums:
    """What samples add to a cell. `rsrp_sum` and `rsrp_min` in 0.1 dBm, `down_sum` in kbit/s."""

    n: int = 0
    groups: int = 0
    devices: int = 0
    weak: int = 0
    bad: int = 0
    rsrp_sum: int = 0
    rsrp_min: int = 0
    down_n: int = 0
    down_sum: int = 0
    last: int = 0

    def add(self, sample: Sample, t: int, weak: bool, bad: bool) -> None:
        if not self.n or sample.rsrp_cb < self.rsrp_min:
            self.rsrp_min = sample.rsrp_cb
        self.n += 1
        self.weak += weak
        self.bad += bad
        self.rsrp_sum += sample.rsrp_cb
        if t > self.last:
            self.last = t
        if sample.down_kbps is not None:
            self.down_n += 1
            self.down_sum += sample.down_kbps

    def row(self) -> tuple[int, ...]:
        return (
            self.n, self.groups, self.devices, self.weak, self.bad,
            self.rsrp_sum, self.rsrp_min, self.down_n, self.down_sum, self.last,
        )  # fmt: skip


@lru_cache(maxsize=4096)
def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)


def place(lat: float, lon: float) -> tuple[int, int]:
    """The square of about 50 m a point lies in."""
    row = int(lat * _M_PER_DEGREE // GROUP_M)
    # The width of a square follows from its row, so that a square has one width everywhere.
    width = GROUP_M / (_M_PER_DEGREE * cos(radians(row * GROUP_M / _M_PER_DEGREE)))
    return row, int(lon // width)


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


def write(conn: sqlite3.Connection, taken: Iterable[Taken], lookup: Lookup, limits: Thresholds) -> None:
    """Add samples. A day already out of the window of its reception counts for its day only."""
    ordered = sorted(taken, key=lambda one: one.received)
    for today, some in groupby(ordered, key=lambda one: lookup.day_of(one.received)):
        # Who was last there on a day that has expired by now is new: so that goes first.
        expire_due(conn, today, lookup.offset_hours)
        _add(conn, some, lookup, limits)


def _add(conn: sqlite3.Connection, taken: Iterable[Taken], lookup: Lookup, limits: Thresholds) -> None:
    """Add samples in the order of their reception: what is new counts in the minute it is first heard of."""
    weak_cb, bad_cb = round(limits.weak_dbm * 10), round(limits.bad_dbm * 10)
    expired = last_expired(conn)
    days: dict[Cell, Sums] = {}
    minutes: dict[Cell, Sums] = {}  # by the minute in place of the day
    groups: dict[tuple[int, int], tuple[Cell, int]] = {}
    in_days: dict[tuple[int, int], tuple[Cell, int]] = {}
    in_window: dict[tuple[str, str, int], tuple[int, int]] = {}  # the last day, the first minute
    for t, received, sample in taken:
        day, minute = lookup.day_of(t), received // MINUTE_MS
        bad = sample.rsrp_cb < bad_cb
        weak = not bad and sample.rsrp_cb < weak_cb
        row, column = place(sample.lat, sample.lon)
        for operator in (sample.operator, ANY):
            cell = (day, operator, sample.h3)
            who = f"{operator}\x1f{sample.h3}\x1f{sample.device}"
            # Two kinds of keys share a table: the number of parts tells them apart.
            groups.setdefault((day, _hash(f"{who}\x1f{row}\x1f{column}\x1f{t // HOUR_MS}")), (cell, minute))
            in_days.setdefault((day, _hash(who)), (cell, minute))
            _sums(days, cell).add(sample, t, weak, bad)
            if day > expired:
                _sums(minutes, (minute, operator, sample.h3)).add(sample, t, weak, bad)
                name = (operator, sample.h3, _hash(sample.device))
                last, first = in_window.get(name, (day, minute))
                in_window[name] = max(day, last), first
    for (day, operator, h3), minute in _new(conn, groups):
        days[day, operator, h3].groups += 1
        if day > expired:
            minutes[minute, operator, h3].groups += 1
    for cell, _ in _new(conn, in_days):
        days[cell].devices += 1
    for operator, h3, minute in _new_devices(conn, in_window):
        minutes[minute, operator, h3].devices += 1
    for table, key, sums in (("coverage_day", "day", days), ("coverage_minute", "minute", minutes)):
        conn.executemany(
            f"INSERT INTO {table} ({key}, operator, h3, {_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
            f" ON CONFLICT DO UPDATE SET {_ADD}",
            [(*cell, *found.row()) for cell, found in sorted(sums.items(), key=lambda i: i[0])],
        )


def _sums(table: dict[K, Sums], key: K) -> Sums:
    found = table.get(key)
    if found is None:
        found = table[key] = Sums()
    return found


def _new(conn: sqlite3.Connection, keys: dict[tuple[int, int], tuple[Cell, int]]) -> list[tuple[Cell, int]]:
    """Cell and minute of those keys that their day has not had yet."""
    rows = insert_tuples(
        conn,
        "INSERT INTO coverage_group (day, key)",
        sorted(keys),
        "ON CONFLICT DO NOTHING RETURNING day, key",
    )
    return [keys[day, key] for day, key in rows]


def _new_devices(
    conn: sqlite3.Connection, heard: dict[tuple[str, str, int], tuple[int, int]]
) -> list[tuple[str, str, int]]:
    """Operator, cell and minute of every device that has not been there within the window."""
    rows = insert_tuples(
        conn,
        "INSERT INTO coverage_device (operator, h3, device, last)",
        [(*name, day) for name, (day, _) in sorted(heard.items())],
        "ON CONFLICT DO NOTHING RETURNING operator, h3, device",
    )
    new = {(operator, h3, device) for operator, h3, device in rows}
    conn.executemany(
        "UPDATE coverage_device SET last = ? WHERE operator = ? AND h3 = ? AND device = ? AND last < ?",
        [(heard[name][0], *name, heard[name][0]) for name in sorted(heard.keys() - new)],
    )
    return [(operator, h3, heard[operator, h3, device][1]) for operator, h3, device in new]


def last_expired(conn: sqlite3.Connection) -> int:
    """The youngest day that has left the window, far in the past if none has."""
    row = conn.execute("SELECT value FROM meta WHERE key = 'coverage_expired'").fetchone()
    return -(2**40) if row is None else int(row[0])


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
    left = "operator, h3, -n, -groups, 0, -weak, -bad, -rsrp_sum, 0, -down_n, -down_sum, 0 FROM coverage_day"
    gone = "operator, h3, 0, 0, -count(*), 0, 0, 0, 0, 0, 0, 0 FROM coverage_device"
    for rows in (f"{left} WHERE day = ?", f"{gone} WHERE last <= ? GROUP BY operator, h3"):
        conn.execute(
            f"INSERT INTO coverage_minute (minute, operator, h3, {_COLUMNS}) SELECT ?, {rows}"
            f" ON CONFLICT DO UPDATE SET {_ADD}",
            (minute, day),
        )
    conn.execute("DELETE FROM coverage_device WHERE last <= ?", (day,))
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
