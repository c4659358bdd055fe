"""Reads for the simulator page: what every source sent lately."""

from __future__ import annotations

from typing import NamedTuple

from cockpit.domain.numbers import SourceId
from cockpit.store.handles import Read


class Sent(NamedTuple):
    """Events and observations of a source in a span of hours, and what was refused."""

    source: SourceId
    events: int
    observations: int
    rejected: int


def sent(conn: Read, hour0: int, hour1: int) -> dict[SourceId, Sent]:
    """By source, over the hours `hour0` to `hour1` since the epoch, the latter included."""
    rows = conn.execute(
        "SELECT source, sum(events), sum(observations), sum(rejected) FROM source_hour"
        " WHERE hour BETWEEN ? AND ? GROUP BY source",
        (hour0, hour1),
    )
    return {row[0]: Sent(*row) for row in rows}
