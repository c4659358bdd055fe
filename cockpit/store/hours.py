"""Open hours on disk: packed sums of what is not yet in the days of the assets, many assets to a row."""

from __future__ import annotations

import sqlite3

import numpy as np
import zstandard

from cockpit.domain.numbers import AssetId
from cockpit.store import codec
from cockpit.store.batch import Ints

BUCKETS = 64
"""Rows an open hour is packed into, by asset: small enough to read for one asset, few enough to write."""


def bucket_of(asset: AssetId) -> int:
    return asset % BUCKETS


def join(s0: Ints, a0: Ints, s1: Ints, a1: Ints) -> tuple[Ints, Ints]:
    """Two sets of sums (k, 4), as one."""
    if not len(s0):
        return s1, a1
    if not len(s1):
        return s0, a0
    series, a = codec.reduce_rows(np.concatenate((s0, s1)), np.concatenate((a0, a1))[:, :, None])
    return series, a[:, :, 0]


_PLANES = 5  # series, n, min, max - min, sum - n * min


def pack_sums(series: Ints, sums: Ints) -> bytes:
    """An open hour's bucket: differences of neighbours, cut into planes of bytes, compressed."""
    n, total, low, high = sums.T
    table = np.stack((np.diff(series, prepend=0), n, low, high - low, total - n * low))
    return zstandard.ZstdCompressor(level=1).compress(
        table.astype("<i8").view(np.uint8).reshape(-1, 8).T.tobytes()
    )


def unpack_sums(blob: bytes) -> tuple[Ints, Ints]:
    planes = np.frombuffer(zstandard.ZstdDecompressor().decompress(blob), np.uint8).reshape(8, -1)
    step, n, low, spread, rest = (
        np.ascontiguousarray(planes.T).view("<i8").astype(np.int64).reshape(_PLANES, -1)
    )
    return np.cumsum(step), np.stack((n, rest + n * low, low, low + spread), axis=1)


def read_open(conn: sqlite3.Connection, hour: int, bucket: int) -> tuple[Ints, Ints]:
    """Series and their (k, 4) of one bucket of an open hour; empty where there is none."""
    row = conn.execute(
        "SELECT data FROM rollup_open WHERE hour = ? AND bucket = ?", (hour, bucket)
    ).fetchone()
    if row is None:
        return np.zeros(0, np.int64), np.zeros((0, 4), np.int64)
    return unpack_sums(row[0])


def read_open_day(conn: sqlite3.Connection, day: int, offset_hours: int) -> tuple[Ints, Ints]:
    """Every series with open hours on a provincial day, and its (k, 4, 24)."""
    first = day * 24 - offset_hours
    found_s, found_a = [np.zeros(0, np.int64)], [np.zeros((0, 4, 24), np.int64)]
    for hour, data in conn.execute(
        "SELECT hour, data FROM rollup_open WHERE hour >= ? AND hour < ?", (first, first + 24)
    ):
        series, sums = unpack_sums(data)
        a = np.zeros((len(series), 4, 24), np.int64)
        a[:, :, hour - first] = sums
        found_s.append(series)
        found_a.append(a)
    return codec.reduce_rows(np.concatenate(found_s), np.concatenate(found_a))


def open_hours(conn: sqlite3.Connection) -> list[int]:
    """Hours that have rows in `rollup_open`, oldest first."""
    return [int(r[0]) for r in conn.execute("SELECT DISTINCT hour FROM rollup_open ORDER BY hour")]
