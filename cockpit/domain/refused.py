"""What somebody may read of an event that was refused.

What was refused was looked at by nobody: its payload is whatever a sender put there, and where it is or may
be a record of a citizen it is shown as a petition is. Then only what every petition shows, codes, short
numbers and, to whoever reads words, the words are left; what cannot be read as an event is withheld whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cockpit.domain.feedback import PUBLIC, TEXT, Sight

OF_THINGS = frozenset({"ioc.observation", "ioc.sample", "ioc.rollup", "ioc.report"})
"""Types of events that speak of things and figures, not of citizens."""
RECORD = "ioc.record"

HIDDEN = "…"
"""Stands where something is withheld."""

_HEAD = ("specversion", "id", "source", "type", "subject", "time", "sent", "datacontenttype")
_DATA = ("kind", "key", "unit", "state", "due")
_CODE = re.compile(r"(?!\d{8,}$)[A-Za-z0-9][A-Za-z0-9._:/+-]{0,63}")
"""A code as feeds make them; a long number may be somebody's."""
_LONG = 10**7
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\d{5,}")
_BARE = re.compile(r" is (?![…])(?!missing|empty|no |nested|not ).*?(?=: expected|, expected)")


class Told(NamedTuple):
    """A refused event as somebody may read it; `withheld` where something of it is left out."""

    payload: str
    reason: str
    withheld: bool


def told(payload: bytes, reason: str, *, brings_records: bool, sees: Callable[[str], Sight]) -> Told:
    """The payload and the reason of a refusal for whoever looks.

    `brings_records`: whether its source may send records of citizens, or is not known. `sees`: what they may
    read of a petition of a unit, by its code, "" where that is not told.
    """
    text = payload.decode("utf-8", "replace")
    event = _event(text)
    if not _of_a_citizen(event, brings_records=brings_records):
        return Told(text, reason, False)
    data = event.get("data") if event is not None else None
    unit = data.get("unit") if isinstance(data, dict) else None
    seen = sees(unit if isinstance(unit, str) else "")
    if seen == "all":
        return Told(text, reason, False)
    return Told(HIDDEN if event is None else _masked(event, seen), _without_quotes(reason), True)


def _event(text: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _of_a_citizen(event: Mapping[str, Any] | None, *, brings_records: bool) -> bool:
    """Whether it is or may be a record of somebody."""
    if event is None:
        return brings_records
    if event.get("type") in OF_THINGS:
        return False
    data = event.get("data")
    fields = "fields" in event or (isinstance(data, dict) and "fields" in data)
    return brings_records or fields or event.get("type") == RECORD


def _masked(event: Mapping[str, Any], seen: Sight) -> str:
    """The event as JSON; what is not known to be harmless is hidden, its name stays."""
    shown = {name: _code(value) if name in _HEAD else HIDDEN for name, value in event.items()}
    data = event.get("data")
    if isinstance(data, dict):
        found = {name: _code(value) if name in _DATA else HIDDEN for name, value in data.items()}
        fields = data.get("fields")
        if isinstance(fields, dict):
            found["fields"] = {name: _field(name, value, seen) for name, value in fields.items()}
        shown["data"] = found
    return json.dumps(shown, ensure_ascii=False)


def _field(name: str, value: Any, seen: Sight) -> Any:
    if name == TEXT and seen == "text" and isinstance(value, str):
        return value
    return _code(value) if name in PUBLIC else HIDDEN


def _code(value: Any) -> Any:
    """What may stand where codes and numbers stand."""
    if value is None or isinstance(value, float) or (isinstance(value, int) and abs(value) < _LONG):
        return value
    return value if isinstance(value, str) and _CODE.fullmatch(value) else HIDDEN


def _without_quotes(reason: str) -> str:
    """The sentence of the door without what it found: that is a stranger's text."""
    return _BARE.sub(f" is {HIDDEN}", _QUOTED.sub(HIDDEN, reason))
