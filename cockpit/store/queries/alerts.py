"""Reads for the alert desk. Everything goes by the partial index on open alerts or by a key."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from cockpit.store.alerts import COLUMNS, Alert
from cockpit.store.handles import Read

_SELECT = f"SELECT {', '.join(COLUMNS)} FROM alert"

STANDS = "closed IS NULL AND cause IS NULL AND muted = ''"
"""What is shown as a matter of its own: open, folded under nothing, hidden by nothing."""


class Logged(NamedTuple):
    """A line of the event log: `what` is a code, `data` JSON."""

    seq: int
    t: int
    what: str
    actor: str
    data: str


class Off(NamedTuple):
    """A rule that is switched off. Times in ms."""

    rule: str
    since: int
    until: int
    actor: str
    reason: str


class Waiting(NamedTuple):
    """Open causes, those of them that nobody has acknowledged, and symptoms; what is muted counts apart."""

    open: int
    waiting: int
    symptoms: int
    muted: int


def alerts(conn: Read, where: str, args: tuple[object, ...]) -> list[Alert]:
    """The alerts of a condition; for the queries of this folder."""
    return [Alert(*row) for row in conn.execute(f"{_SELECT} WHERE {where}", args)]


def rules_kept(conn: Read, digests: Collection[str]) -> dict[str, str]:
    """Rules as they were when alerts opened: JSON by digest."""
    rows = conn.execute(
        "SELECT digest, body FROM rule_kept WHERE digest IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(set(digests))),),
    )
    return dict(rows.fetchall())


def causes(conn: Read, *, acknowledged: bool, limit: int) -> list[Alert]:
    """Open alerts that are not folded into another: most urgent first, then the oldest."""
    return alerts(
        conn,
        f"{STANDS} AND ack_at IS {'NOT' if acknowledged else ''} NULL"
        " ORDER BY CASE priority WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,"
        " opened, id LIMIT ?",
        (limit,),
    )


def muted(conn: Read, limit: int) -> list[Alert]:
    """Open alerts that are hidden, folded ones too: oldest first."""
    return alerts(conn, "closed IS NULL AND muted <> '' ORDER BY opened, id LIMIT ?", (limit,))


def counts(conn: Read) -> Waiting:
    """Open causes, unacknowledged causes and folded symptoms, and all that is muted."""
    row = conn.execute(
        "SELECT count(*) FILTER (WHERE cause IS NULL AND muted = ''),"
        " count(*) FILTER (WHERE cause IS NULL AND muted = '' AND ack_at IS NULL),"
        " count(*) FILTER (WHERE cause IS NOT NULL AND muted = ''),"
        " count(*) FILTER (WHERE muted <> '') FROM alert WHERE closed IS NULL"
    ).fetchone()
    return Waiting(*row)


_NOW = "CASE WHEN source IN (SELECT value FROM json_each(?)) THEN ? ELSE ? END"
"""The instant on the clock that an alert's source lives on: JSON list of real-time sources, real, domain."""


OVER = "cleared"
"""Why an alert is closed whose condition was over; every other reason says nothing about it."""

_OVER = f"coalesce(close_reason, '{OVER}') = '{OVER}'"


class Instants(NamedTuple):
    """The present on both clocks in ms, and as JSON the codes of the sources that live on the real one."""

    real_sources: str
    real: int
    domain: int


def overdue(conn: Read, now: Instants) -> int:
    """Open causes whose due time has passed."""
    (n,) = conn.execute(
        f"SELECT count(*) FROM alert WHERE {STANDS} AND due < {_NOW}",
        tuple(now),
    ).fetchone()
    return int(n)


def closed_since(conn: Read, since: Instants, limit: int) -> list[Alert]:
    """Causes closed after `since`, newest first."""
    return alerts(
        conn,
        f"closed > min(?, ?) AND closed > {_NOW} AND cause IS NULL ORDER BY closed DESC LIMIT ?",
        (since.real, since.domain, *since, limit),
    )


class Closed(NamedTuple):
    """Causes closed since an instant: those whose condition was over, and those that are only watched no
    longer, because their rule was switched off or changed or their subject left the register."""

    over: int
    unwatched: int


def closed_count(conn: Read, since: Instants) -> Closed:
    """How many causes were closed after `since`."""
    row = conn.execute(
        f"SELECT coalesce(sum({_OVER}), 0), coalesce(sum(NOT {_OVER}), 0) FROM alert"
        f" WHERE closed > min(?, ?) AND closed > {_NOW} AND cause IS NULL",
        (since.real, since.domain, *since),
    ).fetchone()
    return Closed(*row)


def last_closed(conn: Read) -> int | None:
    """When the last alert was closed whose condition was over."""
    (t,) = conn.execute(f"SELECT max(closed) FROM alert WHERE closed IS NOT NULL AND {_OVER}").fetchone()
    return None if t is None else int(t)


def one(conn: Read, alert: int) -> Alert | None:
    """The alert with this id."""
    found = alerts(conn, "id = ?", (alert,))
    return found[0] if found else None


def open_of(conn: Read, asset: str, limit: int) -> list[Alert]:
    """Open alerts of one asset that are shown, folded ones too."""
    return alerts(conn, "closed IS NULL AND muted = '' AND asset = ? ORDER BY opened LIMIT ?", (asset, limit))


def symptoms(conn: Read, alert: int, limit: int) -> list[Alert]:
    """Alerts folded into this one, oldest first."""
    return alerts(conn, "cause = ? ORDER BY opened, id LIMIT ?", (alert, limit))


def log(conn: Read, alert: int, limit: int) -> list[Logged]:
    """What happened to an alert, newest first."""
    rows = conn.execute(
        "SELECT seq, t, what, actor, data FROM event_log WHERE alert = ? ORDER BY seq DESC LIMIT ?",
        (alert, limit),
    )
    return [Logged(*row) for row in rows]


def rules_off(conn: Read, now: int) -> list[Off]:
    """Rules switched off at `now`, the one that ends first at the top."""
    rows = conn.execute(
        "SELECT rule, since, until, actor, reason FROM rule_off WHERE until > ? ORDER BY until, rule", (now,)
    )
    return [Off(*row) for row in rows]


def open_by_rule(conn: Read) -> dict[str, int]:
    """Open alerts per rule, folded ones too."""
    return dict(
        conn.execute("SELECT rule, count(*) FROM alert WHERE closed IS NULL GROUP BY rule").fetchall()
    )
