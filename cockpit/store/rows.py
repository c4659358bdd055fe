"""Rows of tables that several read or write: one type a table, its members in the order of `COLUMNS`."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from cockpit.domain.freshness import State
from cockpit.domain.numbers import AlertId, SourceId


class Logged(NamedTuple):
    """A line of the event log. `t` in ms on the clock of the alert's source; `what` is a code."""

    seq: int
    t: int
    what: str
    alert: AlertId | None
    actor: str
    data: dict[str, Any]


class Off(NamedTuple):
    """A rule that is switched off within [since, until), ms."""

    rule: str
    since: int
    until: int
    actor: str
    reason: str


class SourceNow(NamedTuple):
    """Freshness of a source, its last event (ms), and how many of its assets are late, silent, never seen,
    fresh."""

    source: SourceId
    state: State
    since: int
    last: int
    late: int
    silent: int
    never: int
    fresh: int


class Quarantined(NamedTuple):
    """An event that was refused and kept, with the id of its source (0: none known). `payload` is what came,
    cut at its bound."""

    seq: int
    source: SourceId
    received: int
    code: str
    reason: str
    id: str
    size: int
    payload: bytes


class IndicatorNow(NamedTuple):
    """A computed figure: `unit` "" for the province, `detail` JSON, times in ms, `asof` None where nothing
    ever arrived."""

    indicator: str
    unit: str
    value: float | None
    asof: int | None
    n: int | None
    status: str
    detail: str
    computed: int


def columns(row: type[NamedTuple]) -> str:
    """The columns of a row, as a query names them."""
    return ", ".join(row._fields)


def logged(row: Any) -> Logged:
    """A line of the log as its columns have it."""
    seq, t, what, alert, actor, data = row
    return Logged(seq, t, what, alert, actor, json.loads(data or "{}"))
