"""Instants as text: RFC 3339 in full and nothing else, to milliseconds since the epoch (UTC).

Small `t` and `z`, a space for the `T` (section 5.6 allows it), fractions of any length, `-00:00` and the
second 60 are of the standard; dates by weeks or by the day of the year, times without seconds, offsets
without minutes and commas are of ISO 8601 alone. A leap second is the first second after it, as in POSIX.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

EXAMPLE = "2026-11-22T08:00:00.000+07:00"

_END_MS = 253_370_764_800_000  # the year 9999
_GRAMMAR = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:([0-9]{2})(?:\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-5][0-9])?"
)
_SECONDS = {f"{n:02}": n * 1000 for n in range(60)}
_THOUSANDTHS = {f"{n:03}": n for n in range(1000)}
_minutes: dict[str, int] = {}
"""Where the minutes asked for lately begin, by what is written before the seconds and after the fraction."""
_KEPT = 4096


class NotAnInstant(ValueError):
    """A text that is no instant. `no_offset`: it would be one, had it an offset."""

    def __init__(self, text: str, *, no_offset: bool = False) -> None:
        told = "has no offset, expected" if no_offset else "is no time of RFC 3339, expected one"
        super().__init__(f"{text[:60]!r} {told} such as {EXAMPLE}")
        self.no_offset = no_offset


def parse(text: str) -> int:
    """Milliseconds since the epoch, rounded to the nearest, from 1970 to 9998. Raises NotAnInstant."""
    # The door comes here for every event, mostly with minutes that it has just seen.
    rest = text[23:] if text[19:20] == "." else text[19:]
    minute = _minutes.get(text[:17] + rest)
    if minute is not None:
        try:
            if len(text) - len(rest) == 23:
                return minute + _SECONDS[text[17:19]] + _THOUSANDTHS[text[20:23]]
            return minute + _SECONDS[text[17:19]]
        except KeyError:
            pass
    return _slowly(text, rest)


def _slowly(text: str, rest: str = "") -> int:
    found = _GRAMMAR.fullmatch(text)
    if found is None:
        raise NotAnInstant(text)
    second, offset = found.groups()
    if offset is None:
        raise NotAnInstant(text, no_offset=True)
    plain = text.upper()
    if second == "60":
        plain = f"{text[:17]}59{plain[19:]}"
    try:
        ms = round(datetime.fromisoformat(plain).timestamp() * 1000)
    except (ValueError, OverflowError):
        ms = -1
    ms += 1000 * (second == "60")
    if not 0 <= ms < _END_MS:
        raise NotAnInstant(text)
    if rest == offset and second != "60":
        if len(_minutes) >= _KEPT:
            _minutes.clear()
        _minutes[text[:17] + rest] = ms // 60_000 * 60_000
    return ms


def iso(ms: int) -> str:
    """An instant as ISO 8601 in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")
