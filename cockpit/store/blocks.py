"""Sealed raw data: the observations of one asset in one hour as differences, compressed.

A block: count of metrics (u8), then per metric its id (u8), n (u32) and widths (u8: of time steps, low
nibble, and of value steps), then the compressed body: per metric the steps of time, then of value, as
planes of bytes. Steps of value are folded to unsigned numbers (0, -1, 1, -2 …).
"""

from __future__ import annotations

import struct

import numpy as np
import zstandard

from cockpit.store.batch import Ints

Series = tuple[Ints, Ints]  # dt in ms since the hour began, value; both (n,) in order of (dt, value)

_ENTRY = struct.Struct("<BIB")
_KINDS = {1: np.dtype("<u1"), 2: np.dtype("<u2"), 4: np.dtype("<u4"), 8: np.dtype("<u8")}


def pack(metrics: dict[int, Series]) -> bytes:
    """One block of the sorted observations of an asset's metrics."""
    head = [bytes((len(metrics),))]
    body = []
    for metric, (dt, value) in sorted(metrics.items()):
        widths = 0
        for shift, steps in ((0, np.diff(dt, prepend=0).view(np.uint64)), (4, _fold(np.diff(value, prepend=0)))):
            peak = int(steps.max()) if len(steps) else 0
            width = 1 if peak < 1 << 8 else 2 if peak < 1 << 16 else 4 if peak < 1 << 32 else 8
            widths |= width << shift
            body.append(steps.astype(_KINDS[width]).view(np.uint8).reshape(-1, width).T.tobytes())
        head.append(_ENTRY.pack(metric, len(dt), widths))
    return b"".join(head) + zstandard.ZstdCompressor(level=3).compress(b"".join(body))


def unpack(blob: bytes) -> dict[int, Series]:
    """The observations of every metric of a block."""
    count = blob[0]
    at = 1 + count * _ENTRY.size
    body = zstandard.ZstdDecompressor().decompress(blob[at:])
    found: dict[int, Series] = {}
    begin = 0
    for i in range(count):
        metric, n, widths = _ENTRY.unpack_from(blob, 1 + i * _ENTRY.size)
        columns = []
        for width in (widths & 15, widths >> 4):
            planes = np.frombuffer(body, np.uint8, n * width, begin).reshape(width, n)
            columns.append(np.ascontiguousarray(planes.T).view(_KINDS[width]).ravel().astype(np.uint64))
            begin += n * width
        found[metric] = (np.cumsum(columns[0].view(np.int64)), np.cumsum(_unfold(columns[1])))
    return found


def _fold(steps: Ints) -> np.typing.NDArray[np.uint64]:
    return ((steps << 1) ^ (steps >> 63)).view(np.uint64)


def _unfold(folded: np.typing.NDArray[np.uint64]) -> Ints:
    return (folded >> np.uint64(1)).view(np.int64) ^ -(folded & np.uint64(1)).view(np.int64)
