"""Alerts of other systems, as they were told last.

Writes take the writer's connection and run inside its transaction; all instants are ms of real time. One that
is over is kept for a while, so that it has its number again when it comes back: what people hid stays hidden.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from cockpit.domain.incoming import Incoming, Sent, fingerprint
from cockpit.store.alerting import dump
from cockpit.store.handles import Read, Write

MOST = 10_000
"""Alerts of one source that stand at once."""
KEPT, KEPT_MS = 20_000, 30 * 86_400_000
"""Alerts of one source that are over and are still kept, and for how long."""

_COLUMNS = "number, source, labels, annotations, generator, starts, until, heard, ended"
_OURS_OPEN = "SELECT CAST(subject AS INTEGER) FROM alert WHERE closed IS NULL AND subject_kind = 'incoming'"

_STANDS = (
    "INSERT INTO incoming_alert (source, fingerprint, labels, annotations, generator, starts, until, heard,"
    " ended, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?) ON CONFLICT (source, fingerprint) DO UPDATE SET"
    " annotations = excluded.annotations, generator = excluded.generator, until = excluded.until,"
    " heard = excluded.heard, ended = NULL, seq = excluded.seq,"
    # Two that watch the same need not have seen it begin at the same instant.
    " starts = iif(ended IS NULL, min(starts, excluded.starts), excluded.starts)"
)
_OVER = (
    "UPDATE incoming_alert SET annotations = ?, generator = ?, until = ?, heard = ?, ended = ?, seq = ?"
    " WHERE source = ? AND fingerprint = ? AND ended IS NULL"
)


class Told(NamedTuple):
    """What became of a body: alerts that stand, that are over by it, and that found no room."""

    standing: int
    over: int
    no_room: int


def take(conn: Write, source: str, alerts: Sequence[Sent], now: int) -> Told:
    """Store what a source tells at `now`. Of the same alert twice the last counts. What is over and was never
    known as standing, or is known as over, changes nothing. A new one that would be one more than `MOST` is
    left out."""
    told = {fingerprint(one.labels.items()): one for one in alerts}
    seq = last_seq(conn) + 1
    over = [
        (dump(a.annotations), a.generator, a.ends, now, a.ends, seq, source, mark)
        for mark, a in told.items()
        if a.over(now)
    ]
    n_over = conn.executemany(_OVER, over).rowcount if over else 0
    known = {
        row[0]
        for row in conn.execute(
            "SELECT fingerprint FROM incoming_alert WHERE source = ? AND ended IS NULL", (source,)
        )
    }
    room = MOST - len(known)
    rows, no_room = [], 0
    for mark, a in told.items():
        if a.over(now):
            continue
        if mark not in known:
            if room <= 0:
                no_room += 1
                continue
            room -= 1
        rows.append((source, mark, dump(a.labels), dump(a.annotations), a.generator, a.starts, a.until(now),
                     now, seq))  # fmt: skip
    conn.executemany(_STANDS, rows)
    if any(row[1] not in known for row in rows):
        _forget(conn, source, now)
    return Told(len(rows), n_over, no_room)


def end(conn: Write, number: int, now: int) -> bool:
    """One is over because somebody here says so; False where it is over already."""
    return bool(
        conn.execute(
            "UPDATE incoming_alert SET ended = ?, seq = ? WHERE number = ? AND ended IS NULL",
            (now, last_seq(conn) + 1, number),
        ).rowcount
    )


def _forget(conn: Write, source: str, now: int) -> None:
    """What has been over for long, and the oldest of too many. The newest of all stays: its `seq` is what
    readers go by."""
    conn.execute(
        "DELETE FROM incoming_alert WHERE source = ? AND ended IS NOT NULL AND (heard < ? OR number IN"
        " (SELECT number FROM incoming_alert WHERE source = ? AND ended IS NOT NULL ORDER BY heard DESC,"
        f" number DESC LIMIT -1 OFFSET ?)) AND seq < ? AND number NOT IN ({_OURS_OPEN})",
        (source, now - KEPT_MS, source, KEPT, last_seq(conn)),
    )


def last_seq(conn: Read) -> int:
    """The highest `seq` there is, 0 where nothing was ever told."""
    (found,) = conn.execute("SELECT max(seq) FROM incoming_alert").fetchone()
    return int(found or 0)


def since(conn: Read, seq: int) -> list[Incoming]:
    """What was told after `seq`, in that order."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM incoming_alert WHERE seq > ? ORDER BY seq, number", (seq,))
    return [_incoming(row) for row in rows]


def at_work(conn: Read) -> list[Incoming]:
    """What stands, and what is over and has an alert here that is still open."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM incoming_alert WHERE ended IS NULL OR number IN ({_OURS_OPEN})"
        " ORDER BY number"
    )
    return [_incoming(row) for row in rows]


def _incoming(row: tuple[int, str, str, str, str, int, int, int, int | None]) -> Incoming:
    number, source, labels, annotations, generator, starts, until, heard, ended = row
    told: dict[str, str] = json.loads(labels)
    noted: dict[str, str] = json.loads(annotations)
    return Incoming(number, source, told, noted, generator, starts, until, heard, ended)
