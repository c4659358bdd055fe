"""Notices that wait to be sent, those that were, and those that could not be: a row a channel and matter."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, NamedTuple

from cockpit.domain.catalog import Priority
from cockpit.domain.notices import TRIES, wait_ms
from cockpit.store.handles import Read, Write

URGENT: Priority = "critical"
"""What quiet hours do not hold back."""


CURSOR = "notice:"
"""Before the name of a channel, where the outbox notes how far it has been told."""


class Draft(NamedTuple):
    """A notice to be sent. `id` is the same whenever it is made; `t` in domain time; `body` becomes JSON."""

    id: str
    alert: int | None
    what: str
    priority: Priority
    t: int
    body: dict[str, Any]


class Notice(NamedTuple):
    """A notice as it stands. `made`, `due` and `sent` in real time (ms); `state`: waiting, sent, dead."""

    number: int
    channel: str
    id: str
    alert: int | None
    what: str
    priority: str
    t: int
    made: int
    state: str
    tries: int
    due: int
    sent: int | None
    error: str
    body: dict[str, Any]


class ChannelNow(NamedTuple):
    """How it is with a channel: what waits, what was sent, what is dead, when it was last sent to (real, ms),
    and the last failure of what waits or is dead."""

    channel: str
    waiting: int
    sent: int
    dead: int
    last: int | None
    error: str


_COLUMNS = ", ".join(Notice._fields)


def put(conn: Write, channel: str, drafts: list[Draft], made: int) -> None:
    """Let them wait. One that is there already is left as it is."""
    conn.executemany(
        "INSERT OR IGNORE INTO notice (channel, id, alert, what, priority, t, made, state, tries, due, error,"
        " body) VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?, '', ?)",
        [
            (channel, d.id, d.alert, d.what, d.priority, d.t, made, made,
             json.dumps(d.body, ensure_ascii=False))
            for d in drafts
        ],
    )  # fmt: skip


def told(conn: Read, channel: str, alert: int) -> bool:
    """Whether a channel was or is to be told that an alert stands."""
    row = conn.execute(
        "SELECT 1 FROM notice WHERE channel = ? AND alert = ? AND what IN ('firing', 'escalated') LIMIT 1",
        (channel, alert),
    ).fetchone()
    return row is not None


def due(conn: Read, channel: str, now: int, limit: int, *, urgent: bool = False) -> list[Notice]:
    """What may be sent now, in order; what failed before comes after what did not. Of one alert nothing
    overtakes what waits. `urgent`: only what is critical, and trials."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM notice AS n WHERE channel = ? AND state = 'waiting' AND due <= ?"
        " AND (NOT ? OR priority = ? OR what = 'test')"
        " AND NOT EXISTS (SELECT 1 FROM notice AS e WHERE e.channel = n.channel AND e.state = 'waiting'"
        " AND e.alert = n.alert AND e.number < n.number) ORDER BY tries, number LIMIT ?",
        (channel, now, urgent, URGENT, limit),
    )
    return [_notice(row) for row in rows]


def sent(conn: Write, number: int, now: int) -> None:
    """It has arrived."""
    conn.execute(
        "UPDATE notice SET state = 'sent', sent = ?, error = '', tries = tries + 1 WHERE number = ?",
        (now, number),
    )


def failed(conn: Write, notice: Notice, error: str, now: int) -> None:
    """It has not; it waits longer than before, or is given up."""
    tries = notice.tries + 1
    conn.execute(
        "UPDATE notice SET tries = ?, due = ?, error = ?, state = ? WHERE number = ? AND state = 'waiting'",
        (tries, now + wait_ms(tries), error, "dead" if tries >= TRIES else "waiting", notice.number),
    )


def try_again(conn: Write, number: int, now: int) -> bool:
    """A dead letter waits anew. False where it is none."""
    done = conn.execute(
        "UPDATE notice SET state = 'waiting', tries = 0, due = ? WHERE number = ? AND state = 'dead'",
        (now, number),
    )
    return done.rowcount == 1


def channels(conn: Read) -> list[str]:
    """The channels that have been there, by name: each has a cursor in the log."""
    rows = conn.execute(
        "SELECT substr(channel, length(?1) + 1) FROM outbox WHERE substr(channel, 1, length(?1)) = ?1"
        " ORDER BY channel",
        (CURSOR,),
    )
    return [str(row[0]) for row in rows]


def standing(conn: Read) -> list[ChannelNow]:
    """How it is with all channels, by name."""
    rows = conn.execute(
        "SELECT channel, count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'sent'),"
        " count(*) FILTER (WHERE state = 'dead'), max(sent),"
        " coalesce((SELECT error FROM notice AS f WHERE f.channel = n.channel AND error <> ''"
        " ORDER BY number DESC LIMIT 1), '') FROM notice AS n GROUP BY channel"
    )
    found = {row[0]: ChannelNow(*row) for row in rows}
    nothing = {name: ChannelNow(name, 0, 0, 0, None, "") for name in channels(conn)}
    return [one for _, one in sorted((nothing | found).items())]


def state_of(conn: Read, number: int) -> str | None:
    """The state of a notice, None where there is none."""
    row = conn.execute("SELECT state FROM notice WHERE number = ?", (number,)).fetchone()
    return None if row is None else str(row[0])


def dead(conn: Read, limit: int) -> list[Notice]:
    """Dead letters, the newest first."""
    return listed(conn, "state = 'dead' ORDER BY number DESC LIMIT ?", (limit,))


def of_channel(conn: Read, channel: str, limit: int) -> list[Notice]:
    """The newest of a channel."""
    return listed(conn, "channel = ? ORDER BY number DESC LIMIT ?", (channel, limit))


def listed(conn: Read, where: str, args: tuple[object, ...]) -> list[Notice]:
    return [_notice(row) for row in conn.execute(f"SELECT {_COLUMNS} FROM notice WHERE {where}", args)]


def waiting_since(conn: Read, before: int) -> int:
    """How many notices wait that were made before an instant of real time (ms)."""
    row = conn.execute(
        "SELECT count(*) FROM notice WHERE state = 'waiting' AND made < ?", (before,)
    ).fetchone()
    return int(row[0])


def unsent(conn: sqlite3.Connection) -> list[list[Any]]:
    """What waits or is dead, row by row, for a way back to the start."""
    if not _there(conn):
        return []
    names = ", ".join(_CARRIED)
    return [list(row) for row in conn.execute(f"SELECT {names} FROM notice WHERE state <> 'sent'")]


def carry(conn: sqlite3.Connection, rows: list[list[Any]]) -> None:
    """What nobody had been told goes on waiting; what the state that comes had sent, it sends anew if it
    happens again."""
    if not _there(conn):
        return
    conn.execute("DELETE FROM notice")
    conn.executemany(
        f"INSERT INTO notice ({', '.join(_CARRIED)}) VALUES ({', '.join('?' * len(_CARRIED))})", rows
    )


_CARRIED = tuple(name for name in Notice._fields if name not in ("number", "sent"))


def _there(conn: sqlite3.Connection) -> bool:
    found = conn.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'notice'").fetchone()
    return found is not None


def _notice(row: Any) -> Notice:
    *rest, body = row
    return Notice._make([*rest, json.loads(body)])
