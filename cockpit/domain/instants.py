"""Instants as text: RFC 3339 in full and nothing else, to milliseconds since the epoch (UTC).

Small `t` and `z`, a space for the `T` (section 5.6 allows it), fractions of any length, `-00:00` and the
second 60 are of the standard; dates by weeks or by the day of the year, times without seconds, offsets
without minutes and commas are of ISO 8601 alone. A leap second is the first second after it, as in POSIX.
"""

from __future__ import annotations

import re
from datetime import datetime

EXAMPLE = "2026-11-22T08:00:00.000+07:00"

_END_MS = 253_370_764_800_000  # the year 9999
_WITH_OFFSET = frozenset((25, 29, 32))
_WITH_Z = frozenset((20, 24, 27))
"""Lengths with a fraction of none, three or six digits: in these the reader of the standard library takes
nothing but digits where RFC 3339 wants them."""
_OFFSETS = ("+:", "-:")
_MARKS = frozenset(("--T::+", "--T::-", "--T::Z", "--T::."))
_GRAMMAR = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:)([0-9]{2})(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}:[0-5][0-9])?"
)


class NotAnInstant(ValueError):
    """A text that is no instant. `no_offset`: it would be one, had it an offset."""

    def __init__(self, text: str, *, no_offset: bool = False) -> None:
        told = "has no offset, expected" if no_offset else "is no time of RFC 3339, expected one"
        super().__init__(f"{text[:60]!r} {told} such as {EXAMPLE}")
        self.no_offset = no_offset


def parse(text: str) -> int:
    """Milliseconds since the epoch, rounded to the nearest, from 1970 to 9998. Raises NotAnInstant."""
    n = len(text)
    # The door comes here for every event: what machines mostly write needs no look at the grammar.
    if text[4:20:3] in _MARKS and (
        (n in _WITH_OFFSET and text[-6::3] in _OFFSETS and text[-2] in "012345")
        or (n in _WITH_Z and text[-1] == "Z")
    ):
        try:
            ms = round(datetime.fromisoformat(text).timestamp() * 1000)
        except ValueError:
            return _slowly(text)
        if 0 <= ms < _END_MS:
            return ms
    return _slowly(text)


def _slowly(text: str) -> int:
    found = _GRAMMAR.fullmatch(text)
    if found is None:
        raise NotAnInstant(text)
    date, minute, second, fraction, offset = found.groups()
    if offset is None:
        raise NotAnInstant(text, no_offset=True)
    leap = second == "60"
    clock = f"{minute}{'59' if leap else second}{(fraction or '')[:7]}"
    try:
        ms = round(datetime.fromisoformat(f"{date}T{clock}{offset.upper()}").timestamp() * 1000)
    except (ValueError, OverflowError):
        ms = -1
    ms += 1000 * leap
    if not 0 <= ms < _END_MS:
        raise NotAnInstant(text)
    return ms
