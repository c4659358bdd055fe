"""The binary content mode of CloudEvents over HTTP: attributes in headers `ce-*`, the data as the body.

What comes that way is put into the structured form, so that from here on there is one way for all.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote_to_bytes

import msgspec

from cockpit.ingest.decode import TYPE_JSON, media_type
from cockpit.ingest.split import NotJson, bare_numbers, lone_surrogates

MARKS = frozenset(("ce-id", "ce-source", "ce-type", "ce-specversion"))
"""Any of them tells the mode; what is missing of the others is said in the event's refusal."""
READ = MARKS | {"ce-subject", "ce-time", "ce-sent"}

_STRUCTURED = "application/cloudevents"
_ESCAPED = re.compile(r"\\(.)", re.S)
_any = msgspec.json.Decoder(msgspec.Raw)


class BadHeader(ValueError):
    """Headers that are no event's attributes; the message says which, what was found and what to do."""


def attributes(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str] | None:
    """The attributes of a request in the binary mode, None for the others. Raises BadHeader.

    The media type decides first: what begins with application/cloudevents is structured, whatever headers
    there are beside it.
    """
    found: dict[str, str] = {}
    twice: list[str] = []
    kinds: set[str] = set()
    for raw, value in headers:
        name = raw.decode("latin-1").lower()
        if name == "content-type":
            kinds.add(value.decode("latin-1").strip())
        elif name.startswith("ce-"):
            if name in found and name in READ:
                twice.append(name)
            found[name] = value.decode("latin-1")
    if MARKS.isdisjoint(found) or any(kind.lower().startswith(_STRUCTURED) for kind in kinds):
        return None
    if len(kinds) > 1:
        twice.append("content-type")
    if twice:
        raise BadHeader(f"the header {twice[0]} is there twice, expected once")
    if "ce-datacontenttype" in found:
        raise BadHeader("the header ce-datacontenttype may not be there, expected content-type alone")
    return {name[3:]: _text(name, found[name]) for name in sorted(READ & found.keys())}


def _text(name: str, value: str) -> str:
    """A header's value without quotes, its percent signs decoded once."""
    value = value.strip(" \t")
    if not value.isascii():
        raise BadHeader(
            f"the header {name} holds letters outside ASCII, expected them percent-encoded in UTF-8"
        )
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = _ESCAPED.sub(r"\1", value[1:-1])
    try:
        return unquote_to_bytes(value).decode()
    except UnicodeDecodeError:
        raise BadHeader(
            f"the header {name} is {value[:60]!r}, expected UTF-8 where it is percent-encoded"
        ) from None


def structured(given: Mapping[str, str], body: bytes, content_type: str) -> bytes:
    """The same event in the structured mode. An empty body is no data. Raises NotJson, UnsupportedType."""
    media_type(content_type, (TYPE_JSON,))
    head = msgspec.json.encode(given)[:-1]
    data = body.removeprefix(codecs.BOM_UTF8)
    if not data.strip():
        return head + b"}"
    _must_be_one(data)
    return head + b',"data":' + data + b"}"


def _must_be_one(data: bytes) -> None:
    """One value of JSON and nothing after it, or it could end the event early. Raises NotJson.

    What is wrong within the value refuses the event, with a reason, where all events are decoded."""
    try:
        _any.decode(data)
    except (RecursionError, UnicodeDecodeError):
        return  # decoded again, and refused for that
    except msgspec.DecodeError as error:
        healed = lone_surrogates(data) or data
        bare = bare_numbers(healed)
        try:
            _any.decode(bare[1] if bare else healed)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            raise NotJson(str(error)) from None
