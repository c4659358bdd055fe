"""Small bodies of JSON: what somebody orders."""

from __future__ import annotations

import codecs
from typing import TypeVar

import msgspec
from starlette.requests import Request

from cockpit.web.api_guard import Failure
from cockpit.web.api_params import BadParameter

T = TypeVar("T", bound=msgspec.Struct)

MAX_BODY = 16 * 1024


async def read_order(request: Request, kind: type[T], most: int = MAX_BODY) -> T:
    """The body as what it should be. Raises Failure, BadParameter."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Failure(413, "too_large", f"the body is larger than {most} bytes")
    try:
        return msgspec.json.decode(body.removeprefix(codecs.BOM_UTF8), type=kind)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        fields = ", ".join(kind.__struct_fields__)
        raise BadParameter("body", str(error)[:120], f"a JSON object with {fields}") from None
