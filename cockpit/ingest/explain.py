"""Why the decoder refused an event: which member, what was found, what is expected.

The decoder's complaint names neither key nor value, so a refused event is read a second time, loosely.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, get_type_hints

import msgspec

from cockpit.ingest.codes import Code, Refusal, shown
from cockpit.ingest.events import TYPES, Event, Hours

MAX_SHOWN = 60
"""Characters of a value that a reason repeats."""

_AT = re.compile(r" - at `\$\.?(?P<path>.*)`$")
_MISSING = re.compile(r"missing required field `(?P<name>\w+)`")
_UNKNOWN = re.compile(r"contains unknown field `(?P<name>.*)`", re.S)
_STEP = re.compile(r"(\w+)(\[\.\.\.\])?")
_EXPECTED = re.compile(r"Expected `(?P<kinds>[^`]+)`")
_WORDS = {
    "float": "a number", "str": "a text", "bool": "true, false", "null": "null",
    "object": "an object", "array": "a list",
}  # fmt: skip
_DATA: dict[str, Any] = {kind.__struct_config__.tag: get_type_hints(kind)["data"] for kind in Event.__args__}
_Fits = Callable[[Any], bool]
UNREAD = object()
"""In place of an event that cannot be read even loosely."""


class Bare(str):
    """NaN, Infinity, or a number too large to be one, as it was written."""


def loosely(piece: bytes) -> Any:
    """An event as plain Python, bare NaN and all; UNREAD if even that is not possible."""
    try:
        return json.loads(piece.decode(), parse_constant=Bare, parse_float=_finite)
    except (ValueError, RecursionError):
        return UNREAD


def _finite(text: str) -> float | Bare:
    number = float(text)
    return number if math.isfinite(number) else Bare(text)


def found(value: object) -> str:
    """A value as JSON, short enough for a reason, with what it is: `"24.9", a text`."""
    if isinstance(value, Bare):
        return str(value[:MAX_SHOWN])
    kind = {str: ", a text", list: ", a list", dict: ", an object", int: ", a number", float: ", a number"}
    try:
        text = json.dumps(value, ensure_ascii=False, default=repr)
    except (ValueError, RecursionError):
        text = "{…}" if isinstance(value, dict) else "[…]"
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: MAX_SHOWN + 1])
    if len(text) > MAX_SHOWN:
        text = text[: MAX_SHOWN - 1] + "…"
    return text + kind.get(type(value), "")


def explain(message: str, event: Any = UNREAD) -> Refusal:
    """The refusal that says what the decoder's complaint means. `event`: what it is about, read loosely."""
    at = _AT.search(message)
    path = at["path"] if at else ""
    said = message[: at.start()] if at else message
    if missing := _MISSING.search(said):
        return _missing(event, path, missing["name"])
    if unknown := _UNKNOWN.search(said):
        return _unknown(event, path, unknown["name"])
    if not path:
        told = _lower(said) if event is UNREAD else f"found {found(event)}"
        return Refusal(Code.NOT_AN_EVENT, f"{told}: expected a CloudEvent, which is a JSON object")
    place, value = _place(event, path, lambda item: _fits(item, path))
    if path == "type":
        told = f"type: {_lower(said)}" if isinstance(value, str) else f"type is {found(value)}"
        return Refusal(Code.UNKNOWN_TYPE, f"{told}, expected one of {', '.join(TYPES)}")
    if path == "specversion":
        return Refusal(Code.BAD_SPECVERSION, f'specversion is {found(value)}: expected the text "1.0"')
    if path == "data_base64":
        return Refusal(Code.BAD_FIELD, "data_base64 is not taken here: send the data as JSON, in data")
    name = named(place)
    if "out of range" in said:
        if bare := first_bare(event):
            return Refusal(Code.OUT_OF_RANGE, f"{named(bare[0])} is {bare[1]}, expected -1.8e308 to 1.8e308")
        return Refusal(Code.OUT_OF_RANGE, f"{name}: {_lower(said)}")
    expected = _EXPECTED.search(said)
    if expected is None or event is UNREAD:
        return Refusal(Code.BAD_FIELD, f"{name}: {_lower(said)}")
    return Refusal(Code.BAD_FIELD, f"{name} is {found(value)}: expected {_expected(expected['kinds'])}")


def bare(name: str, event: Any) -> Refusal:
    """The refusal of an event with a bare NaN or Infinity."""
    at = first_bare(event)
    told = f"{named(at[0])} is {at[1]}" if at else f"found a bare {name}"
    return Refusal(Code.NOT_A_NUMBER, f"{told}, expected a number: JSON has no {at[1] if at else name}")


def first_bare(event: Any) -> tuple[tuple[str | int, ...], Bare] | None:
    """Path and text of the first thing in an event that looks like a number and is none."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), event)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, Bare):
            return path, value
        if isinstance(value, dict | list):
            items = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += reversed([((*path, key), item) for key, item in items])
    return None


def named(path: Sequence[str | int]) -> str:
    """A member as reasons name it: a metric by its code alone, others by their path within data."""
    parts = list(path)
    if parts[:2] == ["data", "values"] and len(parts) > 2:
        parts = parts[2:]
    elif parts[:1] == ["data"] and len(parts) > 1:
        parts = parts[1:]
    told = ""
    for part in parts:
        if isinstance(part, int):
            told += f"[{part}]"
        else:
            plain = part.isprintable() and 0 < len(part) <= MAX_SHOWN
            told += f"{'.' if told else ''}{part if plain else shown(part)}"
    return told


def _lower(said: str) -> str:
    return said[:1].lower() + said[1:].replace("`", "")


def _expected(kinds: str) -> str:
    told = [_WORDS.get(kind, kind) for kind in kinds.split(" | ") if kind != "int"]
    *words, last = ", ".join(told).split(", ")
    return f"{', '.join(words)} or {last}" if words else last


def _fits(item: Any, path: str) -> bool:
    """Does an item of values, units, fields or hours fit? Only then the complaint is not about it."""
    kind: Any = {"data.values": float, "data.units": str, "data.hours": dict}.get(
        path.partition("[")[0], str | int | float | bool | None
    )
    try:
        msgspec.convert(str(item) if isinstance(item, Bare) else item, kind)
    except msgspec.ValidationError:
        return False
    return True


def _place(event: Any, path: str, fits: _Fits) -> tuple[tuple[str | int, ...], Any]:
    """Where the decoder's path leads; for `[...]` to the first item that does not fit."""
    place: tuple[str | int, ...] = ()
    value = event
    for name, items in _STEP.findall(path):
        place += (name,)
        value = value.get(name) if isinstance(value, dict) else None
        if items and isinstance(value, dict):
            key = next((key for key, item in value.items() if not fits(item)), None)
            if key is not None:
                place, value = (*place, key), value[key]
    return place, value


def _missing(event: Any, path: str, name: str) -> Refusal:
    if name == "subject" and not path:
        return Refusal(Code.SUBJECT_MISSING, "subject is missing, expected what the event is about")
    if name == "type" and not path:
        return Refusal(Code.UNKNOWN_TYPE, f"type is missing, expected one of {', '.join(TYPES)}")
    if path.endswith("[...]"):
        place, _ = _place(event, path, lambda item: name in item if isinstance(item, dict) else True)
        return Refusal(Code.MISSING_FIELD, f"{named((*place, name))} is missing")
    return Refusal(Code.MISSING_FIELD, f"{f'{path}.{name}' if path else name} is missing")


def _unknown(event: Any, path: str, name: str) -> Refusal:
    """A member that nobody reads: its sender means something by it."""
    place, data = _place(event, path, lambda item: not (isinstance(item, dict) and name in item))
    tag = event.get("type") if isinstance(event, dict) else None
    kind = Hours if path.endswith("[...]") else _DATA.get(tag) if isinstance(tag, str) else None
    known = kind.__struct_fields__ if kind is not None else ()
    member = named((*place, name))
    if isinstance(data, dict) and "specversion" in data:
        cure = "a whole event stands where its data alone belong"
    elif near := next(_near(name, known), None):
        cure = f"did you mean {near}?"
    else:
        cure = f"expected {', '.join(known)}"
    return Refusal(Code.UNKNOWN_MEMBER, f"{member} is no member of the data of {tag}: {cure}")


def _near(name: str, known: Sequence[str]) -> Iterator[str]:
    yield from difflib.get_close_matches(name.lower(), known, 1)
    yield from (k for k in known if len(name) > 1 and (k.startswith(name.lower()) or name.startswith(k)))
