"""From the bytes of a body to events, in slices of at most 1,000.

The fast way decodes a slice at once. Where that fails each item is decoded alone, so that one bad
event never harms its neighbours.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from cockpit.ingest.codes import Code, Refusal, shown
from cockpit.ingest.events import Event
from cockpit.ingest.explain import bare, explain, loosely
from cockpit.ingest.split import MAX_DEPTH, NotJson, bare_numbers, lone_surrogates, split

SLICE = 1000
WHOLE = 512 * 1024
"""Bodies up to this size are decoded at once; larger ones are cut first, so that no step takes long."""

MAX_EVENTS = 100_000
"""Items of a body. Under the limit of bytes no more events than this can be; smaller things are none, and
a refusal each would take a hundred times the memory of the body."""

TYPE_JSON = "application/json"
TYPE_EVENT = "application/cloudevents+json"
TYPE_BATCH = "application/cloudevents-batch+json"
TYPE_LINES = "application/x-ndjson"
CONTENT_TYPES = (TYPE_JSON, TYPE_EVENT, TYPE_BATCH, TYPE_LINES)

_one = msgspec.json.Decoder(Event)
_many = msgspec.json.Decoder(list[Event])
_raw = msgspec.json.Decoder(list[msgspec.Raw])
_any = msgspec.json.Decoder(msgspec.Raw)
_Broken = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)

CHARSETS = ("utf-8", "utf8", "us-ascii")
"""What a content type may say of its letters: JSON is UTF-8, of which ASCII is a part."""


class UnsupportedType(Exception):
    """A content type that is not one of CONTENT_TYPES in UTF-8. The message says what is expected."""


class TooMany(Exception):
    """More than MAX_EVENTS items."""


@dataclass(slots=True)
class Slice:
    """Up to SLICE neighbours of a body. `items` are events or the reason why there is none."""

    first: int  # index in the body of the first item
    items: list[Event | Refusal]
    source: bytes | list[bytes]  # what they were decoded from: JSON, or one piece of it an item

    def payload(self, i: int) -> bytes:
        """The bytes item `i` came as."""
        if isinstance(self.source, bytes):
            if self.source.lstrip()[:1] == b"{" and len(self.items) == 1:
                self.source = [self.source]
            else:
                self.source = [bytes(raw) for raw in _raw.decode(self.source)][self.first :]
        return bytes(self.source[i])


def slices(body: bytes, content_type: str) -> Iterator[Slice]:
    """Decode a body. Raises UnsupportedType, TooMany, or NotJson where the body as a whole is no JSON."""
    kind = media_type(content_type)
    body = body.removeprefix(codecs.BOM_UTF8)
    if kind == TYPE_LINES:
        yield from lines([line for line in body.split(b"\n") if line.strip()])
        return
    start = body.lstrip(b" \t\r\n")[:1]
    if not start:
        raise NotJson("the body is empty")
    if start == b"[" and kind != TYPE_EVENT:
        yield from _array(body)
    elif start == b"{" and kind != TYPE_BATCH:
        yield _single(body)
    else:
        expected = {TYPE_EVENT: "an object", TYPE_BATCH: "an array"}.get(kind, "an object or an array")
        raise NotJson(f"the body starts with {shown(start.decode('ascii', 'replace'))}, expected {expected}")


def media_type(content_type: str, among: tuple[str, ...] = CONTENT_TYPES) -> str:
    """The type alone, in small letters. Raises UnsupportedType."""
    kind, *parameters = (part.strip() for part in content_type.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in CHARSETS:
            raise UnsupportedType("UTF-8")
    if kind.lower() not in among:
        raise UnsupportedType(f"one of {', '.join(among)}" if len(among) > 1 else among[0])
    return kind.lower()


def _single(body: bytes) -> Slice:
    try:
        return Slice(0, [_one.decode(body)], [body])
    except _Broken:
        return Slice(0, [_item(body)], [body])


def _array(body: bytes) -> Iterator[Slice]:
    if len(body) <= WHOLE:
        try:
            events = _many.decode(body)
        except _Broken:
            pass
        else:
            for at in range(0, len(events), SLICE):
                yield Slice(at, list(events[at : at + SLICE]), body)
            return
    try:
        cut = _raw.decode(body)
    except _Broken:
        yield from _mended(body)
        return
    if len(cut) > MAX_EVENTS:
        raise TooMany
    pieces = [bytes(raw) for raw in cut]
    for at in range(0, len(pieces), SLICE):
        yield _pieces(at, pieces[at : at + SLICE])


def _pieces(at: int, pieces: list[bytes]) -> Slice:
    try:
        return Slice(at, list(_many.decode(b"[" + b",".join(pieces) + b"]")), pieces)
    except _Broken:
        return Slice(at, [_item(piece) for piece in pieces], pieces)


def _mended(body: bytes) -> Iterator[Slice]:
    cut = split(body, MAX_EVENTS)
    if cut is None:
        raise TooMany
    for at in range(0, len(cut), SLICE):
        part = cut[at : at + SLICE]
        yield Slice(at, [_item(piece, depth) for piece, depth in part], [piece for piece, _ in part])


def lines(rows_: list[bytes]) -> Iterator[Slice]:
    """NDJSON: a line that is no JSON is refused alone. Raises NotJson if no line is any."""
    if len(rows_) > MAX_EVENTS:
        raise TooMany
    healthy = not rows_
    for at in range(0, len(rows_), SLICE):
        part = rows(rows_[at : at + SLICE], at)
        healthy = healthy or any(not isinstance(i, Refusal) or i.code != Code.NOT_JSON for i in part.items)
        if not healthy and at + SLICE >= len(rows_):
            raise NotJson("no line is JSON")
        yield part


def rows(part: list[bytes], first: int = 0) -> Slice:
    """Up to SLICE lines, none of them blank; one that is no JSON becomes a refusal."""
    try:
        # Each by itself, which costs no more: joined, two events on a line and one on two would pass.
        return Slice(first, list(map(_one.decode, part)), part)
    except _Broken:
        return Slice(first, [_line(row) for row in part], part)


def _line(row: bytes) -> Event | Refusal:
    try:
        return _item(row.removeprefix(codecs.BOM_UTF8))
    except NotJson as error:
        return Refusal(Code.NOT_JSON, f"the line is no JSON: {error}")


class _Name(msgspec.Struct):
    """As much of an event as tells whose it is."""

    id: Any = ""
    source: Any = ""


class _Subject(msgspec.Struct, tag_field="type", tag="ioc.observation"):
    """As much of an observation as tells which device is alive."""

    subject: str
    sent: str | None = None


_name = msgspec.json.Decoder(_Name)
_subject = msgspec.json.Decoder(_Subject)


def _item(piece: bytes, depth: int = 0) -> Event | Refusal:
    """Decode one item alone. Raises NotJson only where it is no JSON, a bare NaN apart."""
    found = _decoded(piece, depth)
    if isinstance(found, Refusal) and depth <= MAX_DEPTH:
        try:
            healed = lone_surrogates(piece) or piece
            bare = bare_numbers(healed)
            healed = bare[1] if bare else healed
            name = _name.decode(healed)
            found.id, found.source = (
                text if isinstance(text, str) else "" for text in (name.id, name.source)
            )
            told = _subject.decode(healed)
            found.subject, found.sent = told.subject, told.sent
        except _Broken:
            pass
    return found


def _decoded(piece: bytes, depth: int) -> Event | Refusal:
    if depth > MAX_DEPTH:
        return _deep()
    try:
        event: Event = _one.decode(piece)
        return event
    except msgspec.ValidationError as error:
        return explain(str(error), loosely(piece))
    except RecursionError:
        return _deep()
    except UnicodeDecodeError as error:
        return Refusal(Code.BAD_TEXT, f"the event is no UTF-8: {error.reason}")
    except msgspec.DecodeError as error:
        whole = lone_surrogates(piece)
        if whole is not None:
            _decoded(whole, depth)  # raises NotJson where more is wrong
            return Refusal(Code.BAD_TEXT, "the event holds half of a surrogate pair, which is no character")
        found = bare_numbers(piece)
        if found is not None:
            name, healed = found
            try:
                _any.decode(healed)
            except _Broken:
                raise NotJson(str(error)) from None
            return bare(name, loosely(piece))
        raise NotJson(str(error)) from None


def _deep() -> Refusal:
    return Refusal(Code.TOO_DEEP, f"the event is nested too deeply, expected at most {MAX_DEPTH} levels")
