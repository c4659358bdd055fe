"""Samples of signal, summed up per H3 cell of resolution 8 as they arrive, for each operator and "any".

`coverage_day` holds a day, `coverage_cell` the last 30 days: an expired day is subtracted. Samples a few
metres or seconds apart say the same thing, so `groups` counts distinct (device, 50 m, hour). `n`, `weak`
and `bad` count samples: bad under the profile's bad_dbm, weak from there to under weak_dbm.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import cos, radians
from typing import TypeVar

from cockpit.store.batch import Sample
from cockpit.store.catalogue import HOUR_MS, Register, Thresholds
from cockpit.store.sql import insert_tuples

WINDOW_DAYS = 30
GROUP_M = 50.0
ANY = "any"

Cell = tuple[int, str, str]  # day, operator, h3
K = TypeVar("K")
_M_PER_DEGREE = 111_320.0


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
_ADD = (
    "n = n + excluded.n, groups = groups + excluded.groups, devices = devices + excluded.devices,"
    " weak = weak + excluded.weak, bad = bad + excluded.bad, rsrp_sum = rsrp_sum + excluded.rsrp_sum,"
    " rsrp_min = min(rsrp_min, excluded.rsrp_min), down_n = down_n + excluded.down_n,"
    " down_sum = down_sum + excluded.down_sum, last = max(last, excluded.last)"
)


def write(
    conn: sqlite3.Connection, samples: Iterable[tuple[int, Sample]], register: Register, limits: Thresholds
) -> None:
    """Add samples given with their times in ms. A day already out of the window counts for its day only."""
    weak_cb, bad_cb = round(limits.weak_dbm * 10), round(limits.bad_dbm * 10)
    expired = last_expired(conn)
    days: dict[tuple[int, str, str], Sums] = {}
    cells: dict[tuple[str, str], Sums] = {}
    groups: dict[tuple[int, int], Cell] = {}
    in_days: dict[tuple[int, int], Cell] = {}
    in_window: dict[tuple[str, str, int], int] = {}
    for t, sample in samples:
        day = register.day_of(t)
        bad = sample.rsrp_cb < bad_cb
        weak = not bad and sample.rsrp_cb < weak_cb
        row, column = place(sample.lat, sample.lon)
        for operator in (sample.operator, ANY):
            cell = (day, operator, sample.h3)
            who = f"{operator}\x1f{sample.h3}\x1f{sample.device}"
            # Two kinds of keys share a table: the number of parts tells them apart.
            groups[day, _hash(f"{who}\x1f{row}\x1f{column}\x1f{t // HOUR_MS}")] = cell
            in_days[day, _hash(who)] = cell
            _sums(days, cell).add(sample, t, weak, bad)
            if day > expired:
                _sums(cells, cell[1:]).add(sample, t, weak, bad)
                name = (operator, sample.h3, _hash(sample.device))
                in_window[name] = max(day, in_window.get(name, day))
    for day, operator, h3 in _new(conn, groups):
        days[day, operator, h3].groups += 1
        if day > expired:
            cells[operator, h3].groups += 1
    for cell in _new(conn, in_days):
        days[cell].devices += 1
    for operator, h3 in _new_devices(conn, in_window):
        cells[operator, h3].devices += 1
    conn.executemany(
        f"INSERT INTO coverage_day (day, operator, h3, {_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
        f" ON CONFLICT DO UPDATE SET {_ADD}",
        [(*key, *sums.row()) for key, sums in sorted(days.items(), key=lambda i: i[0])],
    )
    conn.executemany(
        f"INSERT INTO coverage_cell (operator, h3, {_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
        f" ON CONFLICT DO UPDATE SET {_ADD}",
        [(*key, *sums.row()) for key, sums in sorted(cells.items(), key=lambda i: i[0])],
    )


def _sums(table: dict[K, Sums], key: K) -> Sums:
    found = table.get(key)
    if found is None:
        found = table[key] = Sums()
    return found


def _new(conn: sqlite3.Connection, keys: dict[tuple[int, int], Cell]) -> list[Cell]:
    """The cells of those keys that their day has not had yet."""
    rows = insert_tuples(
        conn,
        "INSERT INTO coverage_group (day, key)",
        sorted(keys),
        "ON CONFLICT DO NOTHING RETURNING day, key",
    )
    return [keys[day, key] for day, key in rows]


def _new_devices(conn: sqlite3.Connection, last: dict[tuple[str, str, int], int]) -> list[tuple[str, str]]:
    """Operator and cell for every device that has not been there within the window."""
    rows = insert_tuples(
        conn,
        "INSERT INTO coverage_device (operator, h3, device, last)",
        [(*name, day) for name, day in sorted(last.items())],
        "ON CONFLICT DO NOTHING RETURNING operator, h3, device",
    )
    known = last.keys() - {(operator, h3, device) for operator, h3, device in rows}
    conn.executemany(
        "UPDATE coverage_device SET last = ? WHERE operator = ? AND h3 = ? AND device = ? AND last < ?",
        [(last[name], *name, last[name]) for name in sorted(known)],
    )
    return [(operator, h3) for operator, h3, _ in rows]


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


def expire(conn: sqlite3.Connection, day: int) -> None:
    """Take one day out of the window: `coverage_cell` is then the sum of the days after it."""
    conn.execute(
        "UPDATE coverage_cell AS c SET n = c.n - d.n, groups = c.groups - d.groups, weak = c.weak - d.weak,"
        " bad = c.bad - d.bad, rsrp_sum = c.rsrp_sum - d.rsrp_sum, down_n = c.down_n - d.down_n,"
        " down_sum = c.down_sum - d.down_sum"
        " FROM coverage_day AS d WHERE d.day = ? AND d.operator = c.operator AND d.h3 = c.h3",
        (day,),
    )
    conn.execute("DELETE FROM coverage_cell WHERE n <= 0")
    # A minimum cannot be subtracted: it is read again from the days that remain.
    conn.execute(
        "UPDATE coverage_cell AS c SET rsrp_min = d.low FROM (SELECT operator, h3, min(rsrp_min) AS low"
        " FROM coverage_day WHERE day > ? GROUP BY operator, h3) AS d"
        " WHERE d.operator = c.operator AND d.h3 = c.h3 AND c.rsrp_min <> d.low",
        (day,),
    )
    conn.execute(
        "UPDATE coverage_cell AS c SET devices = c.devices - d.n FROM (SELECT operator, h3, count(*) AS n"
        " FROM coverage_device WHERE last <= ? GROUP BY operator, h3) AS d"
        " WHERE d.operator = c.operator AND d.h3 = c.h3",
        (day,),
    )
    conn.execute("DELETE FROM coverage_device WHERE last <= ?", (day,))
    conn.execute(
        "INSERT INTO meta (key, value) VALUES ('coverage_expired', ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (str(day),),
    )
