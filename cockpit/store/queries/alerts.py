"""Reads for the alert desk. Everything goes by the partial index on open alerts or by a key."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from cockpit.domain.alerting.together import Begun
from cockpit.domain.catalog import Priority
from cockpit.domain.numbers import AlertId
from cockpit.store.alerts import COLUMNS, LIVED, Alert
from cockpit.store.handles import Read
from cockpit.store.rows import Logged, Off, columns, logged

_SELECT = f"SELECT {', '.join(COLUMNS)} FROM alert"

STANDS = "closed IS NULL AND cause IS NULL AND muted = ''"
"""What is shown as a matter of its own: open, folded under nothing, hidden by nothing."""


_STANDING = (
    "SELECT id, rule, born, priority, asset, source, indicator, subject_kind, subject, unit, owner, owner_en,"
    " min(first_seen, coalesce(nullif(json_extract(facts, '$.last'), 0), first_seen)), opened, due, folded,"
    " ack_by, ack_at, version, coalesce(json_extract(facts, '$.name'), ''), escalated FROM alert"
    " WHERE id IN (SELECT value FROM json_each(?))"
)


class Standing(NamedTuple):
    """An open cause as a list shows it. `since` is when it began, as far back as its evidence reaches; times
    in ms on the clock of its source."""

    id: AlertId
    rule: str
    born: str
    priority: Priority
    asset: str
    source: str
    indicator: str
    subject_kind: str
    subject: str
    unit: str
    owner: str
    owner_en: str
    since: int
    opened: int
    due: int
    folded: int
    ack_by: str | None
    ack_at: int | None
    version: int
    named: str  # what it is about by name as JSON, where its facts say that
    escalated: str


class Version(NamedTuple):
    """What of an open cause may change while it is open, but for its figures."""

    id: AlertId
    version: int
    folded: int
    due: int
    ack_at: int | None
    escalated: str


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


_URGENT_FIRST = (
    " ORDER BY CASE priority WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,"
    " opened, id LIMIT ?"
)


def causes(conn: Read, *, acknowledged: bool, limit: int) -> list[Alert]:
    """Open alerts that are not folded into another: most urgent first, then the oldest."""
    where = f"{STANDS} AND ack_at IS {'NOT' if acknowledged else ''} NULL"
    return alerts(conn, where + _URGENT_FIRST, (limit,))


def standing_causes(conn: Read, limit: int) -> list[Alert]:
    """All that is shown as a matter of its own, acknowledged or not."""
    return alerts(conn, STANDS + _URGENT_FIRST, (limit,))


_OF = "(unit = ? OR assigned = ? OR owner = ?)"
"""In a unit, given to it, or its own by the rule: an owner is kept by name."""


def causes_in(conn: Read, unit: str, limit: int, owner: str = "") -> list[Alert]:
    """Those of a unit or department, acknowledged or not; `owner` is the name by which rules have it."""
    return alerts(conn, f"{STANDS} AND {_OF}{_URGENT_FIRST}", (unit, unit, owner or None, limit))


class Within(NamedTuple):
    """Which alerts are looked at: those of a unit or department, `owner` as in `causes_in`; "": all."""

    unit: str = ""
    owner: str = ""

    @property
    def args(self) -> tuple[str | None, ...]:
        """What `_WITHIN` asks for."""
        return self.unit, self.unit, self.unit, self.owner or None


EVERYWHERE = Within()
_WITHIN = f"(? = '' OR {_OF})"


def numbers_in(conn: Read, within: Within) -> frozenset[AlertId]:
    """The causes there that stand."""
    rows = conn.execute(f"SELECT id FROM alert WHERE {STANDS} AND {_WITHIN}", within.args)
    return frozenset(AlertId(number) for (number,) in rows)


class InUnit(NamedTuple):
    """Open causes of a unit, and those of them that nobody has acknowledged."""

    open: int
    waiting: int


def counts_in(conn: Read, unit: str, owner: str = "") -> InUnit:
    """How many alerts a unit or department has; `owner` as in `causes_in`."""
    row = conn.execute(
        f"SELECT count(*), count(*) FILTER (WHERE ack_at IS NULL) FROM alert WHERE {STANDS} AND {_OF}",
        (unit, unit, owner or None),
    ).fetchone()
    return InUnit(*row)


def changed(conn: Read) -> tuple[int, ...]:
    """Another value whenever the open causes that are shown are others, or one of them is acknowledged, due,
    folded or brought up otherwise than before. Newer figures of one make none."""
    row = conn.execute(
        "SELECT count(*), sum(id), sum(id * version), sum(id * folded), sum(id * (due / 1000 % 86400)),"
        f" count(ack_at), sum(id * length(escalated)) FROM alert WHERE {STANDS}"
    ).fetchone()
    return tuple(n or 0 for n in row)


def versions(conn: Read) -> list[Version]:
    """Every open cause that is shown, in no order, as far as it may change."""
    rows = conn.execute(f"SELECT id, version, folded, due, ack_at, escalated FROM alert WHERE {STANDS}")
    return [Version._make(row) for row in rows]


def standing(conn: Read, numbers: Collection[AlertId]) -> list[Standing]:
    """These alerts, in no order."""
    wanted = json.dumps(sorted(numbers))
    return [Standing._make(row) for row in conn.execute(_STANDING, (wanted,))]


def closed_causes(conn: Read, since: Instants, rules: Collection[str]) -> list[Begun]:
    """Causes of these rules that were raised and closed after `since`."""
    rows = conn.execute(
        f"SELECT id, rule, unit, first_seen FROM alert WHERE closed > min(?, ?) AND closed > {_NOW}"
        f" AND {LIVED} AND cause IS NULL AND rule IN (SELECT value FROM json_each(?))",
        (since.real, since.domain, *since, json.dumps(sorted(rules))),
    )
    return [Begun._make(row) for row in rows]


def by_number(conn: Read, numbers: Collection[AlertId]) -> dict[AlertId, Alert]:
    """The alerts with these numbers."""
    wanted = json.dumps(sorted(numbers))
    return {a.id: a for a in alerts(conn, "id IN (SELECT value FROM json_each(?))", (wanted,))}


def critical(conn: Read, limit: int) -> list[AlertId]:
    """Critical ones that nobody has: not acknowledged and given to nobody; due first. One that went up is
    still nobody's."""
    rows = conn.execute(
        f"SELECT id FROM alert WHERE {STANDS} AND priority = 'critical' AND ack_at IS NULL AND assigned = ''"
        " ORDER BY due, id LIMIT ?",
        (limit,),
    )
    return [AlertId(row[0]) for row in rows]


def muted(conn: Read, limit: int, within: Within = EVERYWHERE) -> list[Alert]:
    """Open alerts that are hidden, folded ones too: oldest first."""
    where = f"closed IS NULL AND muted <> '' AND {_WITHIN} ORDER BY opened, id LIMIT ?"
    return alerts(conn, where, (*within.args, limit))


def counts(conn: Read, within: Within = EVERYWHERE) -> Waiting:
    """Open causes, unacknowledged causes and folded symptoms, and all that is muted."""
    row = conn.execute(
        "SELECT count(*) FILTER (WHERE cause IS NULL AND muted = ''),"
        " count(*) FILTER (WHERE cause IS NULL AND muted = '' AND ack_at IS NULL),"
        " count(*) FILTER (WHERE cause IS NOT NULL AND muted = ''),"
        f" count(*) FILTER (WHERE muted <> '') FROM alert WHERE closed IS NULL AND {_WITHIN}",
        within.args,
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


def closed_since(
    conn: Read, since: Instants, limit: int, within: Within = EVERYWHERE, *, reckoned: bool = True
) -> list[Alert]:
    """Causes closed after `since`, newest first; without those that were only `reckoned` afterwards."""
    which = "" if reckoned else f"{LIVED} AND "
    return alerts(
        conn,
        f"{which}closed > min(?, ?) AND closed > {_NOW} AND cause IS NULL AND {_WITHIN}"
        " ORDER BY closed DESC LIMIT ?",
        (since.real, since.domain, *since, *within.args, limit),
    )


def closed_count(conn: Read, since: Instants, within: Within = EVERYWHERE) -> int:
    """How many causes were closed after `since`, for whatever reason."""
    (n,) = conn.execute(
        f"SELECT count(*) FROM alert WHERE closed > min(?, ?) AND closed > {_NOW} AND cause IS NULL"
        f" AND {_WITHIN}",
        (since.real, since.domain, *since, *within.args),
    ).fetchone()
    return int(n)


class Changed(NamedTuple):
    """Causes since an instant: those that opened, open still or closed again; those whose condition was over;
    and those that are only watched no longer, because their rule was switched off or changed or their subject
    left the catalogue."""

    opened: int
    over: int
    unwatched: int


def changed_since(conn: Read, since: Instants) -> Changed:
    """How many causes were raised and closed after `since`: an index holds those that have closed."""
    (standing,) = conn.execute(
        f"SELECT count(*) FROM alert WHERE {STANDS} AND opened > {_NOW}", since
    ).fetchone()
    opened, over, unwatched = conn.execute(
        f"SELECT count(*) FILTER (WHERE opened > since), count(*) FILTER (WHERE {_OVER}),"
        f" count(*) FILTER (WHERE NOT {_OVER}) FROM (SELECT opened, closed, close_reason, {_NOW} since"
        f" FROM alert WHERE closed > min(?, ?) AND {LIVED} AND cause IS NULL) WHERE closed > since",
        (*since, since.real, since.domain),
    ).fetchone()
    return Changed(standing + opened, over, unwatched)


def last_closed(conn: Read, within: Within = EVERYWHERE) -> int | None:
    """When the last alert was closed that was raised and whose condition was over."""
    sql = f"SELECT max(closed) FROM alert WHERE closed IS NOT NULL AND {LIVED} AND {_OVER}"
    if within.unit:  # the province's is in an index
        (t,) = conn.execute(f"{sql} AND {_WITHIN}", within.args).fetchone()
    else:
        (t,) = conn.execute(sql).fetchone()
    return None if t is None else int(t)


def similar(conn: Read, alert: Alert, limit: int) -> list[Alert]:
    """Alerts that have closed: those on the same matter, then others of the same rule, each the newest first,
    but for `alert` itself. Indexes hold both."""
    newest = "closed IS NOT NULL AND id <> ? ORDER BY closed DESC, id DESC LIMIT ?"
    same = alerts(conn, f"key = ? AND {newest}", (alert.key, alert.id, limit))
    others = f"rule = ? AND key <> ? AND {newest}"
    left = limit - len(same)
    return same + (alerts(conn, others, (alert.rule, alert.key, alert.id, left)) if left else [])


def one(conn: Read, alert: AlertId) -> Alert | None:
    """The alert with this id."""
    found = alerts(conn, "id = ?", (alert,))
    return found[0] if found else None


def state_of(conn: Read, key: str) -> str:
    """Where a condition stands: pending, firing or recovering, "" where it is clear."""
    row = conn.execute("SELECT state FROM condition WHERE key = ?", (key,)).fetchone()
    return "" if row is None else str(row[0])


def open_of(conn: Read, asset: str, limit: int) -> list[Alert]:
    """Open alerts of one asset that are shown, folded ones too."""
    return alerts(conn, "closed IS NULL AND muted = '' AND asset = ? ORDER BY opened LIMIT ?", (asset, limit))


def symptoms(conn: Read, alert: AlertId, limit: int) -> list[Alert]:
    """Alerts folded into this one, oldest first."""
    return alerts(conn, "cause = ? ORDER BY opened, id LIMIT ?", (alert, limit))


def log(conn: Read, alert: AlertId, limit: int) -> list[Logged]:
    """What happened to an alert, newest first."""
    rows = conn.execute(
        f"SELECT {columns(Logged)} FROM event_log WHERE alert = ? ORDER BY seq DESC LIMIT ?",
        (alert, limit),
    )
    return [logged(row) for row in rows]


def rules_off(conn: Read, now: int) -> list[Off]:
    """Rules switched off at `now`, the one that ends first at the top."""
    rows = conn.execute(f"SELECT {columns(Off)} FROM rule_off WHERE until > ? ORDER BY until, rule", (now,))
    return [Off(*row) for row in rows]


def open_by_rule(conn: Read) -> dict[str, int]:
    """Open alerts per rule, folded ones too."""
    return dict(
        conn.execute("SELECT rule, count(*) FROM alert WHERE closed IS NULL GROUP BY rule").fetchall()
    )
