"""Raw observations into the table of their hour, and the newest of every series into `latest`."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import numpy as np

from cockpit.domain.periods import HOUR_MS
from cockpit.store.batch import Ints
from cockpit.store.sql import insert_rows

KEPT_MS = 36 * HOUR_MS
"""How long observations are kept one by one: so far the past can be read again."""

HOURS_BACK = 3
"""So many hours with raw observations are searched for the newest value before an instant."""


@dataclass(slots=True)
class Chunk:
    """What one commit added to the raw table of one hour. `top` is the greatest rowid there now."""

    hour: int
    series: Ints
    value: Ints
    top: int


def raw_table(hour: int) -> str:
    return f"raw_{int(hour)}"


class RawTables:
    """Knows which raw tables exist, so that a commit need not ask. Used on the writer's thread only."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.top: dict[int, int] = {}
        for (hour,) in conn.execute("SELECT hour FROM raw_part").fetchall():
            row = conn.execute(f"SELECT max(rowid) FROM {raw_table(hour)}").fetchone()
            self.top[int(hour)] = int(row[0] or 0)

    def insert(self, conn: sqlite3.Connection, series: Ints, t: Ints, value: Ints) -> list[Chunk]:
        """Append observations. Call `committed` with the answer once the transaction is on disk."""
        if not len(t):
            return []
        hours = t // HOUR_MS
        low, high = int(hours.min()), int(hours.max())
        chunks = []
        for hour in [low] if low == high else np.unique(hours).tolist():
            if low == high:
                s, d, v = series, t - hour * HOUR_MS, value
            else:
                at = np.flatnonzero(hours == hour)
                s, d, v = series[at], t[at] - hour * HOUR_MS, value[at]
            table = raw_table(hour)
            top = self.top.get(hour)
            if top is None:
                top = 0
                conn.execute(
                    f"CREATE TABLE {table} (series INTEGER NOT NULL, dt INTEGER NOT NULL,"
                    " v INTEGER NOT NULL) STRICT"
                )
                conn.execute("INSERT INTO raw_part (hour) VALUES (?)", (hour,))
            insert_rows(conn, f"INSERT INTO {table} (series, dt, v)", np.stack((s, d, v), axis=1))
            chunks.append(Chunk(hour, s, v, top + len(s)))
        return chunks

    def committed(self, chunks: list[Chunk]) -> None:
        for chunk in chunks:
            self.top[chunk.hour] = chunk.top

    def dropped(self, hour: int) -> None:
        self.top.pop(hour, None)


def write_latest(conn: sqlite3.Connection, series: Ints, t: Ints, received: Ints, value: Ints) -> None:
    """Keep the newest observation of each series. At the same instant the greater value stays, so
    that the order of arrival decides nothing."""
    if not len(series):
        return
    order = np.lexsort((value, t, series))
    s = series[order]
    last = order[np.concatenate((s[1:] != s[:-1], [True]))]
    insert_rows(
        conn,
        "INSERT INTO latest (series, t, received, v)",
        np.stack((series[last], t[last], received[last], value[last]), axis=1),
        "ON CONFLICT (series) DO UPDATE SET t = excluded.t, received = excluded.received, v = excluded.v"
        " WHERE excluded.t > t OR (excluded.t = t AND excluded.v > v)",
    )


def forget_future(conn: sqlite3.Connection, series: list[int], horizon: int) -> int:
    """Take out the newest values of these series, which are later than `horizon` (ms), and put in their place
    the newest of the last hours that are not; where there is none, nothing is known. How many there were."""
    for first in range(0, len(series), 500):
        part = series[first : first + 500]
        marks = ", ".join("?" * len(part))
        conn.execute(f"DELETE FROM latest WHERE t > ? AND series IN ({marks})", (horizon, *part))
        hours = conn.execute(
            "SELECT hour FROM raw_part WHERE hour <= ? ORDER BY hour DESC LIMIT ?",
            (horizon // HOUR_MS, HOURS_BACK),
        ).fetchall()
        for (hour,) in hours:
            found = conn.execute(
                f"SELECT series, dt + ?, v FROM {raw_table(hour)} WHERE series IN ({marks}) AND dt <= ?",
                (hour * HOUR_MS, *part, horizon - hour * HOUR_MS),
            ).fetchall()
            s, t, v = np.array(found, dtype=np.int64).reshape(-1, 3).T
            write_latest(conn, s, t, t, v)
    return len(series)
