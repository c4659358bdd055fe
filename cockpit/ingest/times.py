"""Instants on the wire: RFC 3339 with an offset, to milliseconds since the epoch."""

from __future__ import annotations

from cockpit.domain.instants import EXAMPLE, NotAnInstant, parse
from cockpit.ingest.codes import Code, Refusal, shown

__all__ = ["EXAMPLE", "to_ms"]


def to_ms(text: str, name: str = "time") -> int:
    """Milliseconds since the epoch, rounded to the nearest. Raises Refusal."""
    try:
        return parse(text)
    except NotAnInstant as error:
        if error.no_offset:
            raise Refusal(
                Code.NO_OFFSET, f"{name} {shown(text)} has no offset, expected a time such as {EXAMPLE}"
            ) from None
        raise Refusal(Code.BAD_TIME, f"{name} {shown(text)}: expected a time such as {EXAMPLE}") from None
