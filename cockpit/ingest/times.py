"""Instants on the wire: RFC 3339 with an offset, to milliseconds since the epoch."""

from __future__ import annotations

from datetime import UTC, datetime

from cockpit.ingest.codes import Code, Refusal, shown

EXAMPLE = "2026-11-22T08:00:00.000+07:00"


def to_ms(text: str, name: str = "time") -> int:
    """Milliseconds since the epoch, rounded to the nearest. Raises Refusal."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or len(text) < 19 or text[10] not in "Tt " or text[4] != "-":
        raise Refusal(Code.BAD_TIME, f"{name} {shown(text)}: expected a time such as {EXAMPLE}")
    if instant.tzinfo is None:
        raise Refusal(
            Code.NO_OFFSET, f"{name} {shown(text)} has no offset, expected a time such as {EXAMPLE}"
        )
    try:
        ms = round(instant.timestamp() * 1000)
    except (OverflowError, ValueError):
        ms = -1
    if not 0 <= ms < 253_370_764_800_000:  # the year 9999
        raise Refusal(Code.BAD_TIME, f"{name} {shown(text)}: expected a time such as {EXAMPLE}")
    return ms


def iso(ms: int) -> str:
    """An instant as ISO 8601 in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")
