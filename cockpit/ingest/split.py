"""Cutting a JSON array into its items where the usual decoder gives up: bare NaN, absurd nesting.

Works on whole columns of bytes, without recursion and in memory proportional to the body.
"""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np

MAX_DEPTH = 64
"""Nesting of one item beyond which it is refused when a body needs this way."""

_ESCAPE = re.compile(rb"\\.", re.S)
_LONE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.S
)
_BARE = re.compile(rb'"(?:[^"\\]++|\\.)*+"|(-?\b(?:NaN|Infinity)\b)', re.S)
_SPACE = b" \t\r\n"


class NotJson(ValueError):
    """The body is no JSON; the message says where."""


def split(body: bytes, most: int) -> list[tuple[bytes, int]] | None:
    """Items of an array with their greatest depth of nesting, None if there are more than `most`. Raises
    NotJson where brackets do not match."""
    body = body.strip(_SPACE)
    if not body.startswith(b"[") or not body.endswith(b"]"):
        raise NotJson("an array does not end")
    # Escapes are blanked in place, so that every remaining quote opens or closes a string.
    flat = np.frombuffer(_ESCAPE.sub(b"__", body), np.uint8)
    quotes = flat == ord('"')
    inside = (np.cumsum(quotes, dtype=np.int32) & 1).astype(np.bool_)
    if inside[-1]:
        raise NotJson("a string does not end")
    opens = ((flat == ord("[")) | (flat == ord("{"))) & ~inside
    closes = ((flat == ord("]")) | (flat == ord("}"))) & ~inside
    depth = np.cumsum(opens.astype(np.int8) - closes.astype(np.int8), dtype=np.int32)
    if depth[-1] != 0 or (depth[:-1] <= 0).any():
        raise NotJson("brackets do not match")
    commas = np.flatnonzero((flat == ord(",")) & ~inside & (depth == 1))
    if len(commas) >= most:
        return None
    edges = [0, *commas.tolist(), len(body) - 1]
    if len(edges) == 2 and not body[1:-1].strip(_SPACE):
        return []
    items = []
    for start, end in pairwise(edges):
        deepest = int(depth[start + 1 : end].max()) - 1 if end > start + 1 else 0
        items.append((body[start + 1 : end].strip(_SPACE), deepest))
    return items


def lone_surrogates(item: bytes) -> bytes | None:
    """The item with a question mark for each half of a surrogate pair that stands alone; None without any.

    JSON's grammar lets them pass, yet they are no text that could be stored or sent on."""
    healed = _LONE.sub(lambda match: match[0] if match[1] is None else b"?", item)
    return healed if healed != item else None


def bare_numbers(item: bytes) -> tuple[str, bytes] | None:
    """The first bare NaN or Infinity outside strings, and the item with null in the place of all; or None."""
    found: list[str] = []

    def null(match: re.Match[bytes]) -> bytes:
        if match[1] is None:
            return match[0]
        found.append(match[1].decode())
        return b"null"

    healed = _BARE.sub(null, item)
    return (found[0], healed) if found else None
