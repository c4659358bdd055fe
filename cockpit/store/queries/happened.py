"""Reads of what happened around a figure: alerts about it, and those of the feeds that it rests on."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from cockpit.domain.numbers import AlertId
from cockpit.store.alerts import LIVED
from cockpit.store.handles import Read


class Cause(NamedTuple):
    """An alert that was raised and stood for itself; times in ms on the clock of its source, `closed` None
    while it is open. `folded` others followed from it, open or closed; `asset` is "" where it is about a
    whole feed."""

    alert: AlertId
    rule: str
    unit: str
    since: int
    closed: int | None
    value: float | None
    folded: int
    asset: str


_OF = (
    "SELECT id, rule, unit, first_seen, closed, value,"
    " (SELECT count(*) FROM alert AS other WHERE other.cause = alert.id), asset FROM alert"
    f" WHERE {LIVED} AND cause IS NULL AND muted = '' AND (closed IS NULL OR closed >= ?)"
    " AND {} ORDER BY id DESC LIMIT ?"
)


def of_indicator(conn: Read, code: str, since: int, limit: int) -> list[Cause]:
    """Alerts about a figure of the province or of a unit that were open at or after `since`, newest first."""
    rows = conn.execute(_OF.format("indicator = ?"), (since, code, limit))
    return [Cause._make(row) for row in rows]


def of_sources(conn: Read, sources: Collection[str], since: int, limit: int) -> list[Cause]:
    """Alerts about feeds and about their devices that were open at or after `since`, newest first."""
    rows = conn.execute(
        _OF.format("indicator = '' AND source IN (SELECT value FROM json_each(?))"),
        (since, json.dumps(sorted(sources)), limit),
    )
    return [Cause._make(row) for row in rows]
