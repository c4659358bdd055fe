"""Content-Encoding, with a limit that is counted after inflating."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

LIMIT = 8 * 1024 * 1024
"""Bytes of a body after inflating."""

MEMBERS = 1000
"""Gzip members of one body. Two files joined are two; nobody who sends in good faith comes near it."""
PIECE = 16 * 1024
"""Bytes handed to zlib at once."""

_padding = re.compile(rb"\0*")
"""Zeros behind a member, as tapes have them."""
_GZIP = 31  # zlib's window size for the gzip format


class TooLarge(Exception):
    """More than LIMIT bytes. Nothing beyond the limit was ever inflated."""


class BadEncoding(Exception):
    """`unsupported` tells an encoding that is not spoken here from bytes that are damaged."""

    def __init__(self, reason: str, *, unsupported: bool) -> None:
        super().__init__(reason)
        self.unsupported = unsupported


def inflate(body: bytes, encoding: str, limit: int = LIMIT) -> bytes:
    """The body as it was before its Content-Encoding. Raises TooLarge or BadEncoding."""
    name = encoding.strip().lower()
    if name in ("", "identity"):
        if len(body) > limit:
            raise TooLarge
        return body
    if name not in ("gzip", "x-gzip"):
        raise BadEncoding(f"Content-Encoding {encoding[:40]!r}: expected gzip or none", unsupported=True)
    return b"".join(_members(body, limit))


def _members(body: bytes, limit: int) -> Iterator[bytes]:
    """What the members of a gzip body hold, in pieces.

    A member's end is found only by inflating it, and zlib hands back a copy of everything behind it: so it
    never gets more than PIECE to look at, and the work grows with the body, not with its square.
    """
    view, at, end = memoryview(body), 0, len(body)
    size = members = 0
    while at < end:
        members += 1
        if members > MEMBERS:
            raise BadEncoding(f"the body has more than {MEMBERS} gzip members", unsupported=False)
        stream = zlib.decompressobj(_GZIP)
        while not stream.eof:
            if at >= end:
                raise BadEncoding("the body is damaged gzip: it ends early", unsupported=False)
            piece = view[at : at + PIECE]
            try:
                part = stream.decompress(piece, limit + 1 - size)
            except zlib.error as error:
                raise BadEncoding(f"the body is damaged gzip: {error}", unsupported=False) from None
            at += len(piece) - len(stream.unused_data)
            size += len(part)
            if size > limit:
                raise TooLarge
            yield part
        at = _padding.match(body, at).end()  # type: ignore[union-attr] # nothing matches as well
