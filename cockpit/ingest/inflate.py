"""Content-Encoding, with a limit that is counted after inflating."""

from __future__ import annotations

import zlib

LIMIT = 8 * 1024 * 1024
"""Bytes of a body after inflating."""

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
    parts: list[bytes] = []
    size, rest = 0, body
    while rest:
        stream = zlib.decompressobj(_GZIP)
        try:
            part = stream.decompress(rest, limit + 1 - size)
        except zlib.error as error:
            raise BadEncoding(f"the body is damaged gzip: {error}", unsupported=False) from None
        size += len(part)
        if size > limit:
            raise TooLarge
        if not stream.eof:
            raise BadEncoding("the body is damaged gzip: it ends early", unsupported=False)
        parts.append(part)
        # A gzip file may hold several members, one after the other; padding zeros may follow.
        rest = stream.unused_data.lstrip(b"\0")
    return parts[0] if len(parts) == 1 else b"".join(parts)
