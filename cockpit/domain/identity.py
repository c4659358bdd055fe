"""Identity of an event: source and id, as one number."""

from __future__ import annotations

from hashlib import blake2b
from struct import Struct

_INT64 = Struct("<q")


def event_key(source: str, event_id: str) -> int:
    """Signed 64-bit BLAKE2b of source code and event id, parted by a zero byte that neither may hold."""
    digest = blake2b(f"{source}\0{event_id}".encode(), digest_size=8).digest()
    key: int = _INT64.unpack(digest)[0]
    return key
