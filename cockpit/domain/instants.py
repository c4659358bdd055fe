"""Instants as text: RFC 3339 in full and nothing else, to milliseconds since the epoch (UTC).

Small `t` and `z`, a space for the `T` (section 5.6 allows it), fractions of any length, `-00:00` and the
second 60 are of the standard; dates by weeks or by the day of the year, times without seconds, offsets
without minutes and commas are of ISO 8601 alone. A leap second is the first second after it, as in POSIX.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import numpy as np
import numpy.typing as npt

Iso = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
"""An instant as text on the wire, for whoever describes what goes over it."""

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


_DIGITS = [11, 12, 14, 15, 17, 18, 20, 21, 22]
_WEIGHTS = np.array([36_000_000, 3_600_000, 600_000, 60_000, 10_000, 1_000, 100, 10, 1])
"""Where the digits of the time of day stand, and their milliseconds."""


def parse_alike(texts: Sequence[str]) -> npt.NDArray[np.int64] | None:
    """Instants of one day that are written alike, in one go: seconds with or without thousandths, and one
    offset. None where they are not, or one of them is no instant: then `parse` tells of each."""
    head = texts[0]
    fraction = head[19:20] == "."
    if head[23 if fraction else 19 :][:1] not in ("Z", "z", "+", "-"):
        return None
    if list(map(len, texts)).count(len(head)) != len(texts):
        return None  # before they are joined: afterwards nobody sees where one ends
    try:
        written = np.frombuffer("".join(texts).encode("ascii"), np.uint8)
        first = parse(head)
    except (UnicodeEncodeError, NotAnInstant):
        return None
    rows = written.reshape(len(texts), len(head))
    digits = _DIGITS if fraction else _DIGITS[:6]
    same = np.ones(len(head), np.bool_)
    same[digits] = False
    number = rows[:, digits] - np.uint8(48)  # what is below a digit comes out far above one
    if (number > 9).any() or (rows[:, same] != rows[0, same]).any():
        return None
    hour, minute, second = (number[:, i] * 10 + number[:, i + 1] for i in (0, 2, 4))
    if hour.max() > 23 or minute.max() > 59 or second.max() > 59:
        return None
    ms = number @ _WEIGHTS[: len(digits)]
    found: npt.NDArray[np.int64] = first + (ms - ms[0])
    return found if found.min() >= 0 and found.max() < _END_MS else None


def parse_many(written: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Instants of any days, a row of ASCII each (n, width), and which of them could be read so: seconds with
    or without thousandths, and an offset. What could not, `parse` may still read."""
    n, width = written.shape
    ms: npt.NDArray[np.int64] = np.zeros(n, np.int64)
    sure: npt.NDArray[np.bool_] = np.zeros(n, np.bool_)
    zoned = {20: (False, False), 24: (True, False), 25: (False, True), 29: (True, True)}
    if width not in zoned:
        return ms, sure
    fraction, offset = zoned[width]
    end = 23 if fraction else 19
    number = (written - np.uint8(48)).astype(np.int64)  # what is below a digit comes out far above nine
    digits = [0, 1, 2, 3, 5, 6, 8, 9, *(_DIGITS if fraction else _DIGITS[:6])]
    signs = [(4, b"-"), (7, b"-"), (10, b"Tt "), (13, b":"), (16, b":"), (end, b"+-" if offset else b"Zz")]
    if fraction:
        signs.append((19, b"."))
    if offset:
        digits += [end + 1, end + 2, end + 4, end + 5]
        signs.append((end + 3, b":"))
    sure = np.all(number[:, digits] <= 9, axis=1)
    for at, among in signs:
        sure &= np.isin(written[:, at], np.frombuffer(among, np.uint8))

    def pair(at: int) -> npt.NDArray[np.int64]:
        return number[:, at] * 10 + number[:, at + 1]

    sure &= (pair(11) <= 23) & (pair(14) <= 59) & (pair(17) <= 59)
    date = (pair(0) * 100 + pair(2)) * 10_000 + pair(5) * 100 + pair(8)
    dates, which = np.unique(np.where(sure, date, 0), return_inverse=True)
    days = [_day(one) for one in dates.tolist()]
    sure &= np.array([day is not None for day in days], np.bool_)[which]
    ms = np.array([day or 0 for day in days], np.int64)[which]
    ms += number[:, _DIGITS if fraction else _DIGITS[:6]] @ _WEIGHTS[: 9 if fraction else 6]
    if offset:
        sure &= (pair(end + 1) <= 23) & (pair(end + 4) <= 59)
        shift = (pair(end + 1) * 60 + pair(end + 4)) * 60_000
        ms -= np.where(written[:, end] == ord("-"), -shift, shift)
    return ms, sure & (ms >= 0) & (ms < _END_MS)


def _day(date: int) -> int | None:
    """Where a day as yyyymmdd begins, in ms; None if there is none."""
    try:
        return round(datetime(date // 10_000, date // 100 % 100, date % 100, tzinfo=UTC).timestamp() * 1000)
    except ValueError:
        return None


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


def iso(ms: int) -> Iso:
    """An instant as ISO 8601 in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")


def iso_or_none(ms: int | None) -> Iso | None:
    """The same where there may be none."""
    return None if ms is None else iso(ms)
