"""What the engine writes about alerts, and what people's commands change about them.

All functions take the writer's connection and run inside its transaction. The engine alone opens and
closes alerts and numbers them; commands touch only the columns of acknowledgement and `rule_off`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from cockpit.domain.catalog import Priority
from cockpit.domain.numbers import AlertId, AssetId, SourceId
from cockpit.store import meta
from cockpit.store.alerts import OF_ENGINE, Alert
from cockpit.store.batch import Ints
from cockpit.store.handles import Read, Write
from cockpit.store.rows import Off, SourceNow, columns
from cockpit.store.sql import integers

AGAIN_MS = 600_000
"""An alert that opens again within this time of having cleared is still the same matter."""


class Line(NamedTuple):
    """A line of the event log: `alert` is None where no alert is open yet."""

    t: int
    alert: AlertId | None
    what: str
    actor: str
    data: dict[str, Any]


StreakRow = tuple[int, int, int, int]
"""A streak of events with a wrong time: events, offset in ms, when the last was heard, whether refused."""


@dataclass(slots=True)
class Changes:
    """All that one tick changes. Writing it twice does no harm except to the log, so it is written once."""

    alerts: dict[AlertId, Alert] = field(default_factory=dict)
    conditions: dict[str, tuple[str, int] | None] = field(default_factory=dict)  # None: clear
    log: list[Line] = field(default_factory=list)
    assets: dict[AssetId, tuple[str, int]] = field(default_factory=dict)  # state, since
    sources: dict[SourceId, SourceNow] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)  # switch-offs that ran out: rule -> until
    clocks: dict[AssetId, StreakRow | None] = field(default_factory=dict)  # wrong clocks; None: right
    rules: dict[str, str] = field(default_factory=dict)  # rules that alerts were born under: digest -> body

    def __bool__(self) -> bool:
        parts = (self.alerts, self.conditions, self.log, self.assets, self.sources, self.clocks)
        return any(bool(part) for part in parts)

    def clear(self) -> None:
        for part in (self.alerts, self.conditions, self.assets, self.sources, self.meta, self.ended):
            part.clear()
        self.log.clear()
        self.clocks.clear()
        self.rules.clear()


_LIVE = ("updated", "closed", "close_reason", "value", "peak", "facts", "cause", "folded", "due", "muted")
_SAVE_ALERT = (
    f"INSERT INTO alert ({', '.join(OF_ENGINE)}, version) VALUES ({', '.join('?' * len(OF_ENGINE))}, ?)"
    " ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(f"{c} = excluded.{c}" for c in _LIVE)
    # People's commands compare versions: what they saw is no longer so once an alert has closed.
    + ", version = version + (closed IS NULL AND excluded.closed IS NOT NULL)"
)


_NOT_REPAIRED = "UPDATE alert SET outcome = '', version = version + 1 WHERE id = ? AND outcome = 'repaired'"
"""What somebody called repaired is bad again, also where it has closed since, within the same tick."""


def save(conn: Write, changes: Changes) -> None:
    """Write everything of a tick. Alerts go in order of their number, so that a key closes before it
    opens again."""
    conn.executemany(
        "INSERT OR IGNORE INTO rule_kept (digest, body) VALUES (?, ?)", list(changes.rules.items())
    )
    conn.executemany(_SAVE_ALERT, [_row(changes.alerts[i]) for i in sorted(changes.alerts)])
    gone = [(key,) for key, value in changes.conditions.items() if value is None]
    conn.executemany("DELETE FROM condition WHERE key = ?", gone)
    conn.executemany(
        "INSERT INTO condition (key, state, since) VALUES (?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET state = excluded.state, since = excluded.since",
        [(key, *value) for key, value in changes.conditions.items() if value is not None],
    )
    append(conn, changes.log)
    append(conn, _carried(conn, changes))
    again = [(line.alert,) for line in changes.log if line.what == "again"]
    conn.executemany(_NOT_REPAIRED, again)
    conn.executemany(
        "INSERT INTO asset_now (asset, state, since) VALUES (?, ?, ?)"
        " ON CONFLICT (asset) DO UPDATE SET state = excluded.state, since = excluded.since",
        [(asset, *value) for asset, value in changes.assets.items()],
    )
    conn.executemany(
        f"INSERT INTO source_now ({columns(SourceNow)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (source) DO UPDATE SET state = excluded.state,"
        " since = excluded.since, last = excluded.last, late = excluded.late, silent = excluded.silent,"
        " never = excluded.never, fresh = excluded.fresh",
        list(changes.sources.values()),
    )
    conn.executemany(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        list(changes.meta.items()),
    )
    conn.executemany("DELETE FROM rule_off WHERE rule = ? AND until = ?", list(changes.ended.items()))
    right = [(asset,) for asset, clock in changes.clocks.items() if clock is None]
    conn.executemany("DELETE FROM asset_clock WHERE asset = ?", right)
    conn.executemany(
        "INSERT INTO asset_clock (asset, n, off, last, refused) VALUES (?, ?, ?, ?, ?) ON CONFLICT (asset)"
        " DO UPDATE SET n = excluded.n, off = excluded.off, last = excluded.last, refused = excluded.refused",
        [(asset, *clock) for asset, clock in changes.clocks.items() if clock is not None],
    )


class Carry(NamedTuple):
    """The acknowledgement of an alert that had cleared, which the one after it takes over."""

    line: Line
    by: str
    at: int
    note: str | None


def carries(conn: Read, changes: Changes) -> list[Carry]:
    """An alert that opens again soon after it had cleared is the same matter: whoever took it up need not
    do so twice. Not if it is critical, which somebody must see every time,
    and not for what is left of a while."""
    opened = [x for x in changes.log if x.what == "opened" and x.alert in changes.alerts]
    if not opened:
        return []
    rows = conn.execute(
        "SELECT key, id, closed, ack_by, ack_at, ack_note FROM alert WHERE closed >= ? AND ack_until IS NULL"
        " AND close_reason = 'cleared' AND priority <> 'critical' ORDER BY closed, id",
        (min(x.t for x in opened) - AGAIN_MS,),
    )
    before = {row[0]: row[1:] for row in rows}
    found = []
    for x in opened:
        alert = AlertId(x.alert or 0)
        last, closed, by, at, note = before.get(changes.alerts[alert].key, (0, 0, None, None, None))
        if at is not None and last < alert and 0 <= x.t - closed <= AGAIN_MS:
            data = {"reason": "carried", "from": last, "by": by}
            found.append(Carry(Line(x.t, alert, "acknowledged", x.actor, data), by, at, note))
    return found


def _carried(conn: Write, changes: Changes) -> list[Line]:
    found = carries(conn, changes)
    conn.executemany(
        "UPDATE alert SET ack_by = ?, ack_at = ?, ack_note = ? WHERE id = ? AND ack_at IS NULL",
        [(one.by, one.at, one.note, one.line.alert) for one in found],
    )
    return [one.line for one in found]


_columns = attrgetter(*OF_ENGINE)


def _row(alert: Alert) -> tuple[object, ...]:
    """Its columns and its first version: what people saw open is no longer so once it has closed."""
    return (*_columns(alert), 1 + (alert.closed is not None))


def append(conn: Write, lines: list[Line]) -> None:
    """Append to the event log, in this order."""
    conn.executemany(
        "INSERT INTO event_log (t, alert, what, actor, data) VALUES (?, ?, ?, ?, ?)",
        [(x.t, x.alert, x.what, x.actor, dump(x.data)) for x in lines],
    )


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def dump(data: dict[str, Any]) -> str:
    """Compact JSON with sorted keys: equal data gives equal text."""
    return _encode(data)


class Kept(NamedTuple):
    """What an engine finds when it starts."""

    alerts: list[Alert]
    conditions: dict[str, tuple[str, int]]
    closed_causes: dict[AlertId, int]  # closed alerts that open ones are still folded under, and when
    next_alert: AlertId
    assets: dict[AssetId, tuple[str, int]]
    sources: dict[SourceId, SourceNow]
    meta: dict[str, str]
    clocks: dict[AssetId, StreakRow]


def kept(conn: Read) -> Kept:
    """Read back what `save` wrote."""
    names = ", ".join(OF_ENGINE)
    alerts = [
        Alert(*row) for row in conn.execute(f"SELECT {names} FROM alert WHERE closed IS NULL ORDER BY id")
    ]
    held = conn.execute(
        "SELECT DISTINCT c.id, c.closed FROM alert a JOIN alert c ON c.id = a.cause"
        " WHERE a.closed IS NULL AND c.closed IS NOT NULL"
    )
    (last,) = conn.execute(
        "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'alert'), 0),"
        " coalesce((SELECT max(id) FROM alert), 0))"
    ).fetchone()
    return Kept(
        alerts=alerts,
        conditions={r[0]: (r[1], r[2]) for r in conn.execute("SELECT key, state, since FROM condition")},
        closed_causes={r[0]: r[1] for r in held},
        next_alert=AlertId(int(last) + 1),
        assets={r[0]: (r[1], r[2]) for r in conn.execute("SELECT asset, state, since FROM asset_now")},
        sources={r[0]: SourceNow(*r) for r in conn.execute(f"SELECT {columns(SourceNow)} FROM source_now")},
        meta={r[0]: r[1] for r in conn.execute("SELECT key, value FROM meta WHERE key LIKE 'engine%'")},
        clocks={
            r[0]: (r[1], r[2], r[3], r[4])
            for r in conn.execute("SELECT asset, n, off, last, refused FROM asset_clock")
        },
    )


def newest(conn: Read) -> Ints:
    """series, event time, received, value (n, 4): the newest value of every series."""
    return integers(conn, ("series", "t", "received", "v"), "latest")


def evaluated(conn: Read, clock: Literal["domain", "real"]) -> int:
    """Up to when (ms of that time) an engine has evaluated; 0 where none has."""
    return int(meta.get(conn, f"engine_{clock}_ms") or 0)


REFUSED = "engine_refused"
"""Key of the devices whose newest event was refused: id of the asset -> when it was received (ms)."""


def refused_now(conn: Read) -> dict[AssetId, int]:
    """When the devices whose newest event was refused sent it."""
    found = meta.get(conn, REFUSED)
    return {AssetId(int(asset)): int(at) for asset, at in json.loads(found).items()} if found else {}


def source_last(conn: Read) -> dict[SourceId, int]:
    """When the last event of each source was received."""
    return {
        r[0]: r[1] for r in conn.execute("SELECT source, max(last) FROM source_hour GROUP BY source") if r[1]
    }


def rules_off(conn: Read) -> list[Off]:
    """Every switch-off on record, ended ones too until the engine has taken note."""
    return [Off(*row) for row in conn.execute(f"SELECT {columns(Off)} FROM rule_off ORDER BY since, rule")]


class Held(NamedTuple):
    """Acknowledgement of an alert as it stands."""

    closed: int | None
    ack_by: str | None
    ack_at: int | None
    ack_real: int | None
    version: int
    priority: Priority


def held(conn: Read, alert: AlertId) -> Held | None:
    row = conn.execute(
        "SELECT closed, ack_by, ack_at, ack_real, version, priority FROM alert WHERE id = ?", (alert,)
    ).fetchone()
    return None if row is None else Held(*row)


def acknowledge(
    conn: Write,
    alert: AlertId,
    version: int,
    actor: str,
    t: int,
    note: str,
    real: int | None = None,
    until: int | None = None,
) -> bool:
    """Compare and set: False where the alert is no longer as it was at `version`. `t` and `until` are domain
    time, `real` real time."""
    done = conn.execute(
        "UPDATE alert SET ack_by = ?, ack_at = ?, ack_note = ?, ack_real = ?, ack_until = ?,"
        " version = version + 1 WHERE id = ? AND version = ? AND closed IS NULL AND ack_at IS NULL",
        (actor, t, note, real, until, alert, version),
    ).rowcount
    if done:
        data = {"note": note, "version": version + 1} | ({} if until is None else {"until": until})
        append(conn, [Line(t, alert, "acknowledged", actor, data)])
    return bool(done)


def take_back(conn: Write, alert: AlertId, version: int, actor: str, t: int) -> bool:
    """Compare and set: the acknowledgement of `actor` is gone, and the log says so; False where the alert is
    no longer as it was at `version`, or not acknowledged by this person."""
    done = conn.execute(
        "UPDATE alert SET ack_by = NULL, ack_at = NULL, ack_note = NULL, ack_real = NULL, ack_until = NULL,"
        " version = version + 1 WHERE id = ? AND version = ? AND closed IS NULL AND ack_by = ?",
        (alert, version, actor),
    ).rowcount
    if done:
        append(conn, [Line(t, alert, "unacknowledged", actor, {"version": version + 1})])
    return bool(done)


def off(conn: Read, rule: str) -> Off | None:
    row = conn.execute(f"SELECT {columns(Off)} FROM rule_off WHERE rule = ?", (rule,)).fetchone()
    return None if row is None else Off(*row)


def switch_off(conn: Write, wanted: Off, t: int) -> None:
    """Record a switch-off ordered at `t`; the engine takes note at its next tick."""
    conn.execute(
        f"INSERT INTO rule_off ({columns(Off)}) VALUES (?, ?, ?, ?, ?) ON CONFLICT (rule)"
        " DO UPDATE SET since = excluded.since, until = excluded.until, actor = excluded.actor,"
        " reason = excluded.reason",
        wanted,
    )
    data = {"rule": wanted.rule, "until": wanted.until, "reason": wanted.reason}
    append(conn, [Line(t, None, "rule_off", wanted.actor, data)])


def switch_on(conn: Write, rule: str, actor: str, t: int, reason: str) -> None:
    """End a switch-off now."""
    conn.execute("DELETE FROM rule_off WHERE rule = ?", (rule,))
    append(conn, [Line(t, None, "rule_on", actor, {"rule": rule, "reason": reason})])


def record_command(
    conn: Write,
    t: int,
    real: int,
    actor: str,
    role: str,
    name: str,
    args: dict[str, Any],
    outcome: str,
    unit: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Append to the log of commands, refused ones too. `unit`: whose the actor is; `facts`: what became of
    it, where its code does not say all."""
    conn.execute(
        "INSERT INTO command (t, real, actor, role, name, args, outcome, unit, facts)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (t, real, actor, role, name, dump(args), outcome, unit, dump(dict(facts or {}))),
    )
