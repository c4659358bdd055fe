"""Reads for the screen of data sources."""

from __future__ import annotations

from cockpit.domain.numbers import SourceId
from cockpit.store.batch import Ints as Ints  # views name it too
from cockpit.store.handles import Read
from cockpit.store.rows import Quarantined, SourceNow, columns
from cockpit.store.sql import integers

COUNTS = ("events", "duplicates", "rejected", "late")


def now(conn: Read) -> dict[SourceId, SourceNow]:
    """Freshness per source."""
    rows = conn.execute(f"SELECT {columns(SourceNow)} FROM source_now")
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


def quarantine(conn: Read, source: SourceId | None, limit: int) -> list[Quarantined]:
    """The newest refused events, of one source or of all."""
    rows = conn.execute(
        f"SELECT {columns(Quarantined)} FROM quarantine"
        + (" WHERE source = ?" if source is not None else " WHERE ? IS NULL")
        + " ORDER BY seq DESC LIMIT ?",
        (source, limit),
    )
    return [Quarantined(*row) for row in rows]


def quarantine_counts(conn: Read, source: SourceId) -> dict[str, int]:
    """How many refused events of a source are kept, by code."""
    return dict(
        conn.execute(
            "SELECT code, count(*) FROM quarantine WHERE source = ? GROUP BY code ORDER BY 2 DESC", (source,)
        ).fetchall()
    )
