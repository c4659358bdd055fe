"""Since when alerts wait for somebody, and how far up they were brought."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from cockpit.domain.numbers import AlertId
from cockpit.store.handles import Read


class Wait(NamedTuple):
    """An open alert. It waits since `since` (ms), as the line `by` of its log says: since it opened, was
    shown again, or an acknowledgement ended. One that was a slip is as if it had not been."""

    id: AlertId
    key: str
    escalated: str
    acknowledged: bool
    since: int
    by: str


_BEGIN = (
    "l.what IN ('unmuted', 'unfolded', 'ack_expired')"
    " OR l.what = 'unacknowledged' AND json_extract(l.data, '$.of') IS NOT NULL"
)
_WAITS = (
    "SELECT id, key, escalated, ack_at IS NOT NULL, coalesce(l.t, opened), coalesce(l.what, 'opened')"
    " FROM alert LEFT JOIN event_log l ON l.seq = (SELECT max(l.seq) FROM event_log l"
    f" WHERE l.alert = alert.id AND ({_BEGIN})) WHERE closed IS NULL"
)


def waits(conn: Read, only: Collection[AlertId] | None = None) -> list[Wait]:
    """All open alerts, or the open ones of these."""
    if only is None:
        rows = conn.execute(_WAITS)
    else:
        wanted = json.dumps(sorted(only))
        rows = conn.execute(f"{_WAITS} AND id IN (SELECT value FROM json_each(?))", (wanted,))
    return [Wait(row[0], row[1], row[2], bool(row[3]), row[4], row[5]) for row in rows]


def last_line(conn: Read) -> int:
    """The number of the log's last line, 0 where there is none."""
    (last,) = conn.execute("SELECT coalesce(max(seq), 0) FROM event_log").fetchone()
    return int(last)


def touched(conn: Read, after: int) -> set[AlertId]:
    """The alerts that somebody has acknowledged, has let go or has brought higher up, in the lines of the log
    after one."""
    rows = conn.execute(
        "SELECT DISTINCT alert FROM event_log WHERE seq > ? AND alert IS NOT NULL"
        " AND what IN ('acknowledged', 'unacknowledged', 'escalated')",
        (after,),
    )
    return {AlertId(row[0]) for row in rows}


class HowFar(NamedTuple):
    """How far an alert was brought, and until when it is acknowledged: None for ever."""

    escalated: str
    acknowledged: bool
    until: int | None


def brought(conn: Read, alerts: Collection[AlertId]) -> dict[AlertId, HowFar]:
    """Of these alerts, as they are on the disk."""
    rows = conn.execute(
        "SELECT id, escalated, ack_at IS NOT NULL, ack_until FROM alert"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(alerts)),),
    )
    return {AlertId(row[0]): HowFar(row[1], bool(row[2]), row[3]) for row in rows}
