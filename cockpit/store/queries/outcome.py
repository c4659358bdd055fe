"""Everything that became of alerts in a store: the alert log of a run, as the score needs it."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from cockpit.domain.numbers import AlertId
from cockpit.store.alerts import LIVED
from cockpit.store.handles import Read
from cockpit.store.rows import Logged, columns, logged


class Row(NamedTuple):
    """One alert, open or closed. Times in ms."""

    id: AlertId
    key: str
    rule: str
    opened: int
    closed: int | None
    reason: str


_COLUMNS = "id, key, rule, opened, closed, coalesce(close_reason, '')"


def alerts(conn: Read) -> list[Row]:
    """Every alert that was raised, by its number, which follows the order of opening."""
    return [Row(*row) for row in conn.execute(f"SELECT {_COLUMNS} FROM alert WHERE {LIVED} ORDER BY id")]


def log(conn: Read) -> list[Logged]:
    """The whole event log in its order."""
    return [logged(row) for row in conn.execute(f"SELECT {columns(Logged)} FROM event_log ORDER BY seq")]


def between(conn: Read, since: int, but: Collection[str]) -> list[Row]:
    """The alerts that were raised and open at `since` (ms) or later, of no source in `but`. An index holds
    when they were closed."""
    others = f"{LIVED} AND source NOT IN (SELECT value FROM json_each(?))"
    sources = json.dumps(sorted(but))
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM alert WHERE closed IS NULL AND {others}"
        f" UNION ALL SELECT {_COLUMNS} FROM alert WHERE closed >= ? AND {others} ORDER BY 1",
        (sources, since, sources),
    )
    return [Row(*row) for row in rows]


def folds(conn: Read, alerts: Collection[AlertId]) -> list[Logged]:
    """What the log says of these alerts being folded and standing by themselves, in its order."""
    rows = conn.execute(
        f"SELECT {columns(Logged)} FROM event_log WHERE what IN ('folded', 'unfolded')"
        " AND alert IN (SELECT value FROM json_each(?)) ORDER BY seq",
        (json.dumps(sorted(alerts)),),
    )
    return [logged(row) for row in rows]


def begun(conn: Read) -> int | None:
    """When the first line of the log was written, ms of domain time."""
    row = conn.execute("SELECT t FROM event_log ORDER BY seq LIMIT 1").fetchone()
    return None if row is None else int(row[0])
