"""Bodies as they arrive: small ones of JSON, which somebody orders, and large ones, held to size and time."""

from __future__ import annotations

import asyncio
import codecs
from typing import TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from cockpit.web import limits
from cockpit.web.api_guard import Failure
from cockpit.web.api_params import BadParameter

T = TypeVar("T", bound=msgspec.Struct)

MAX_BODY = 16 * 1024
BODY_S = limits.BODY_S
"""How long a body may take to arrive. Inflating takes time in proportion to its size (ingest/inflate.py)."""
MAX_ARRIVING = 64 * 1024 * 1024
"""Bytes of bodies of one kind that have not arrived in full."""


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


class Arriving:
    """Large bodies of one kind, of at most `most` bytes each; `what` tells what is too large."""

    def __init__(self, most: int, what: str) -> None:
        self._most = most
        self._what = what
        self._arriving = 0  # bytes; touched on the event loop only

    async def body(self, request: Request) -> bytes:
        """The body as sent, refused as soon as it is larger than any body may be, or takes too long."""
        too_large = Failure(413, "too_large", self._what)
        length = request.headers.get("content-length", "")
        if len(length) > 20 or (length.isdigit() and int(length) > self._most):
            raise too_large
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(BODY_S):
                async for part in request.stream():
                    size += len(part)
                    self._arriving += len(part)
                    if size > self._most:
                        raise too_large
                    if self._arriving > max(MAX_ARRIVING, size):  # one alone may always enter
                        raise Failure(
                            429, "queue_full", "too many bodies arrive at once", {"Retry-After": "2"}
                        )
                    parts.append(part)
        except (ClientDisconnect, HTTPException):
            raise Failure(400, "cut_off", "the body ended early") from None
        except TimeoutError:
            raise Failure(408, "too_slow", f"the body took longer than {BODY_S:g} s") from None
        finally:
            self._arriving -= size
        return parts[0] if len(parts) == 1 else b"".join(parts)
