"""How long what is kept, and taking out what is older, a small piece at a time.

Two clocks live in one store: domain time, and real time for real sources. An instant is past only if
it is past for every clock it can belong to: an instant a day ahead of a clock cannot belong to it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.domain.visits import GONE_MS
from cockpit.store import coverage
from cockpit.store.catalogue import Lookup
from cockpit.store.identity import TERMS
from cockpit.store.observations import KEPT_MS

ROLLUP_DAYS = 400  # roll-ups, source_hour, coverage by day, closed records
LOG_DAYS = 1_200  # alerts closed, event log, commands, typed reports
GROUP_DAYS = 9  # which groups and devices a day has had: as long as phones may be late, and some
SEAL_MS = 2 * HOUR_MS  # after that an hour's raw table and a minute's identities are sealed
CLOSE_MS = 10 * 60_000  # after that an ended hour moves into the days of its assets
MARGIN_MS = HOUR_MS
ROWS = 500

Piece = Callable[[sqlite3.Connection], object]


@dataclass(frozen=True, slots=True)
class Now:
    """The instants of all clocks in ms, domain time first."""

    clocks: tuple[int, ...]

    def past(self, t: int, age: int) -> bool:
        """Is `t` more than `age` ago, on every clock it can belong to?"""
        mine = [now for now in self.clocks if t <= now + DAY_MS]
        return bool(mine) and all(t < now - age for now in mine)

    @property
    def domain(self) -> int:
        return self.clocks[0]

    @property
    def least(self) -> int:
        return min(self.clocks)


def expired_lots(conn: sqlite3.Connection, table: str, lookup: Lookup, now: Now) -> list[int]:
    """Lots of identities that no accepted event can belong to any more."""
    return [
        lot
        for lot in distinct(conn, table, "slot")
        if now.past(end_of_lot(lot), MARGIN_MS + lookup.windows_ms[lot % TERMS])
    ]


def end_of_lot(lot: int) -> int:
    """End of a lot's minute, in ms."""
    return (lot // TERMS + 1) * 60_000


def distinct(conn: sqlite3.Connection, table: str, column: str) -> list[int]:
    """The values of the first key column, by a seek each."""
    found: list[int] = []
    row = conn.execute(f"SELECT min({column}) FROM {table}").fetchone()
    while row[0] is not None:
        found.append(int(row[0]))
        row = conn.execute(f"SELECT min({column}) FROM {table} WHERE {column} > ?", (row[0],)).fetchone()
    return found


def pieces(conn: sqlite3.Connection, lookup: Lookup, now: Now) -> Iterator[Piece]:
    """Deletions to be done, each short. `conn` reads; what is yielded gets the writing connection."""
    for hour in distinct(conn, "block", "hour"):
        if now.past((hour + 1) * HOUR_MS, KEPT_MS):
            yield _delete("DELETE FROM block WHERE hour = ?", hour)
    today = lookup.day_of(now.least)
    for table in ("rollup_1h", "rollup_group", "coverage_day", "coverage_apart"):
        for day in distinct(conn, table, "day"):
            if day < today - ROLLUP_DAYS:
                yield _delete(f"DELETE FROM {table} WHERE day = ?", day)
    for day in distinct(conn, "coverage_known", "day"):
        if day < today - GROUP_DAYS:
            yield _delete("DELETE FROM coverage_known WHERE day = ?", day)
    for day in distinct(conn, "coverage_here", "day"):
        if day < today - coverage.WINDOW_DAYS - GROUP_DAYS:  # came after it had left the window
            yield _delete("DELETE FROM coverage_here WHERE day = ?", day)
    if coverage.unfolded(conn, now.domain - DAY_MS):  # nobody looks
        yield partial(coverage.fold, before_ms=now.domain - DAY_MS)
    for day in coverage.expiring(conn, lookup.day_of(now.domain)):
        yield partial(coverage.expire, day=day, offset_hours=lookup.offset_hours)
    hour = now.least // HOUR_MS - ROLLUP_DAYS * 24
    if conn.execute("SELECT 1 FROM source_hour WHERE hour < ? LIMIT 1", (hour,)).fetchone():
        yield _delete("DELETE FROM source_hour WHERE hour < ?", hour)
    gone = now.domain - GONE_MS
    if conn.execute("SELECT 1 FROM visit WHERE last < ? LIMIT 1", (gone,)).fetchone():
        yield _delete("DELETE FROM visit WHERE last < ?", gone)
    yield from _old_rows(conn, now.least - ROLLUP_DAYS * DAY_MS, now.least - LOG_DAYS * DAY_MS)


def _delete(sql: str, value: int) -> Piece:
    return lambda conn: conn.execute(sql, (value,))


def _old_rows(conn: sqlite3.Connection, records_before: int, logs_before: int) -> Iterator[Piece]:
    kinds = [r[0] for r in conn.execute("SELECT DISTINCT kind FROM record")]
    for kind in kinds:
        rows = conn.execute(
            "SELECT kind, key FROM record WHERE kind = ? AND updated < ? AND closed IS NOT NULL LIMIT ?",
            (kind, records_before, ROWS),
        ).fetchall()
        if rows:
            yield _forget([tuple(r) for r in rows])
    for sql in (
        "DELETE FROM event_log WHERE seq IN (SELECT seq FROM event_log WHERE t < ? ORDER BY seq LIMIT 500)",
        "DELETE FROM command WHERE seq IN (SELECT seq FROM command WHERE t < ? ORDER BY seq LIMIT 500)",
        "DELETE FROM notice WHERE number IN (SELECT number FROM notice WHERE t < ? ORDER BY t LIMIT 500)",
        "DELETE FROM alert WHERE id IN (SELECT id FROM alert WHERE closed < ? LIMIT 500)",
    ):
        table = sql.split()[2]
        first = conn.execute(f"SELECT min({'closed' if table == 'alert' else 't'}) FROM {table}").fetchone()[
            0
        ]
        if first is not None and first < logs_before:
            yield _delete(sql, logs_before)


def _forget(keys: list[tuple[str, str]]) -> Piece:
    def piece(conn: sqlite3.Connection) -> None:
        for table in ("record_event", "record"):
            conn.executemany(f"DELETE FROM {table} WHERE kind = ? AND key = ?", keys)

    return piece
