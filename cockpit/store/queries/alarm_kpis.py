"""What the figures about alerts are reckoned from."""

from __future__ import annotations

import json
from collections.abc import Iterable

from cockpit.domain.alerting.kpis import Episode
from cockpit.store.handles import Read

_COLUMNS = (
    "key, rule, priority, opened, closed, coalesce((SELECT min(t) FROM event_log WHERE event_log.alert ="
    " alert.id AND what = 'acknowledged'), ack_at), id < 0"
)
"""When somebody took it first: what a person did stays true when it has run out or was taken back."""
_OTHERS = "cause IS NULL AND muted = '' AND source NOT IN (SELECT value FROM json_each(?))"


def episodes(conn: Read, since: int, but: Iterable[str]) -> list[Episode]:
    """Alerts that reached people and are open, or were closed at `since` (ms) or later; of no source in
    `but`. An index holds when they were closed."""
    sources = json.dumps(sorted(but))
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM alert WHERE closed IS NULL AND {_OTHERS}"
        f" UNION ALL SELECT {_COLUMNS} FROM alert WHERE closed >= ? AND {_OTHERS}",
        (sources, since, sources),
    )
    return [Episode._make((*known, bool(reckoned))) for *known, reckoned in rows]


def begun(conn: Read) -> int | None:
    """When the first line of the log was written, or the first alert opened (ms of domain time): nothing is
    known of before."""
    (t,) = conn.execute(
        "SELECT min(t) FROM (SELECT * FROM (SELECT t FROM event_log ORDER BY seq LIMIT 1)"
        " UNION ALL SELECT * FROM (SELECT opened t FROM alert ORDER BY id LIMIT 1))"
    ).fetchone()
    return None if t is None else int(t)
