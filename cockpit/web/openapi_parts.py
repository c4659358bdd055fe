"""What the paths of the OpenAPI document are put together from."""

from __future__ import annotations

from cockpit.ingest.decode import TYPE_JSON
from cockpit.web.openapi_shapes import Json

WORD: Json = {"type": "string"}


def as_json(schema: Json, text: str = "Found") -> Json:
    """What is answered as JSON."""
    return {"description": text, "content": {TYPE_JSON: {"schema": schema}}}


def as_text(what: str, kind: str) -> Json:
    """What is answered as text of a media type."""
    return {"description": what, "content": {kind: {"schema": WORD}}}


def query(name: str, schema: Json, *, required: bool = False) -> Json:
    """A parameter after the question mark."""
    return {"name": name, "in": "query", "required": required, "schema": schema}


def in_path(name: str, schema: Json = WORD) -> Json:
    """A part of the address."""
    return {"name": name, "in": "path", "required": True, "schema": schema}


def at_most(high: int, default: int) -> Json:
    """At most how many, up to `high`."""
    return query("limit", {"type": "integer", "minimum": 1, "maximum": high, "default": default})


def attribute(name: str) -> Json:
    """An attribute of an event, as a header."""
    told = "Of the binary content mode, where the body is the event's data alone; percent-encoded UTF-8"
    return {"name": name, "in": "header", "description": told, "schema": WORD}
