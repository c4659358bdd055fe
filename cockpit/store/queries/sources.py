"""Reads for the screen of data sources."""

from __future__ import annotations

from typing import NamedTuple

from cockpit.store.batch import Ints as Ints  # views name it too
from cockpit.store.handles import Read
from cockpit.store.sql import integers

COUNTS = ("events", "duplicates", "rejected", "late")


class SourceNow(NamedTuple):
    """Freshness of a source and how many of its assets are late, silent, never seen, fresh."""

    source: int
    state: str
    since: int
    last: int
    late: int
    silent: int
    never: int
    fresh: int


class Kept(NamedTuple):
    """An event that was refused and kept. `payload` is what came, cut at its bound."""

    seq: int
    received: int
    code: str
    reason: str
    id: str
    size: int
    payload: bytes


def now(conn: Read) -> dict[int, SourceNow]:
    """Freshness per source id."""
    rows = conn.execute("SELECT source, state, since, last, late, silent, never, fresh FROM source_now")
    return {row[0]: SourceNow(*row) for row in rows}


def days(conn: Read, hour0: int, hour1: int, offset_h: int) -> Ints:
    """Sums of whole provincial days in hours hour0..hour1 (UTC hours since the epoch, end excluded).

    Rows of (day, source, events, duplicates, rejected, late); days count in provincial time.
    """
    sums = ",".join(f"sum({name}) AS {name}" for name in COUNTS)
    return integers(
        conn,
        ("day", "source", *COUNTS),
        f"(SELECT (hour + ?) / 24 AS day, source, {sums} FROM source_hour"
        " WHERE hour >= ? AND hour < ? GROUP BY day, source)",
        (offset_h, hour0, hour1),
    )


def hours(conn: Read, hour0: int, hour1: int) -> Ints:
    """Rows of (hour, source, events, duplicates, rejected, late) in hour0..hour1, end excluded."""
    return integers(
        conn, ("hour", "source", *COUNTS), "source_hour WHERE hour >= ? AND hour < ?", (hour0, hour1)
    )


def quarantine(conn: Read, source: int, limit: int) -> list[Kept]:
    """The newest refused events of a source."""
    rows = conn.execute(
        "SELECT seq, received, code, reason, id, size, payload FROM quarantine WHERE source = ?"
        " ORDER BY seq DESC LIMIT ?",
        (source, limit),
    )
    return [Kept(*row) for row in rows]


def quarantine_counts(conn: Read, source: int) -> dict[str, int]:
    """How many refused events of a source are kept, by code."""
    return dict(
        conn.execute(
            "SELECT code, count(*) FROM quarantine WHERE source = ? GROUP BY code ORDER BY 2 DESC", (source,)
        ).fetchall()
    )
