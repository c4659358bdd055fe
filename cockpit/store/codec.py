"""Packed roll-ups: 24 hours of n, sum, min, max per metric, in as few bytes as the figures need.

A blob is a row of entries, one a metric. An entry: metric (u8), widths (u16: a nibble a column),
n of the poorest hour (u32), least minimum (i64), then four columns of 24 little-endian unsigned
numbers of 0, 1, 2, 4 or 8 bytes: n above the poorest, min above the least, max above min, sum above
n * min. An hour with n = 0 is all zeros. Arithmetic is modulo 2**64, hence exact for any int64.
"""

from __future__ import annotations

import struct

import numpy as np
import numpy.typing as npt

from cockpit.domain.numbers import MetricId
from cockpit.store.batch import Ints

HOURS = 24
_HEAD = struct.Struct("<BHIq")
_WIDTHS = (0, 1, 2, 4, 8)
_TYPES = (None, np.dtype("<u1"), np.dtype("<u2"), np.dtype("<u4"), np.dtype("<u8"))
_BIG = np.iinfo(np.int64).max
_LOWEST = np.iinfo(np.int64).min

Bytes = npt.NDArray[np.uint8]


def encode(metric: Ints, a: Ints) -> list[bytes]:
    """Entries of `metric` (m,) and `a` (m, 4, 24), in the same order. Hours of n = 0 must be zeros."""
    if not len(metric):
        return []
    n, total, low, high = a[:, 0], a[:, 1], a[:, 2], a[:, 3]
    filled = n != 0
    base_n = n.min(axis=1)
    base = np.where(filled, low, _BIG).min(axis=1)
    base[~filled.any(axis=1)] = 0
    columns = np.empty((len(a), 4, HOURS), np.uint64)
    columns[:, 0] = (n - base_n[:, None]).view(np.uint64)
    columns[:, 1] = np.where(filled, low - base[:, None], 0).view(np.uint64)
    columns[:, 2] = (high - low).view(np.uint64)
    columns[:, 3] = (total - n * low).view(np.uint64)
    peak = columns.max(axis=2)
    code = np.searchsorted(np.array([0, 0xFF, 0xFFFF, 0xFFFFFFFF], np.uint64), peak, side="left").astype(
        np.uint16
    )
    codes = code[:, 0] | code[:, 1] << 4 | code[:, 2] << 8 | code[:, 3] << 12
    head = np.zeros(len(a), np.dtype([("m", "<u1"), ("c", "<u2"), ("n", "<u4"), ("b", "<i8")]))
    head["m"], head["c"], head["n"], head["b"] = metric, codes, base_n, base
    heads = head.view(np.uint8).reshape(len(a), _HEAD.size)
    out: list[bytes] = [b""] * len(a)
    for one in np.unique(codes).tolist():
        rows = np.flatnonzero(codes == one)
        parts: list[Bytes] = [heads[rows]]
        for column in range(4):
            kind = _TYPES[one >> (4 * column) & 15]
            if kind is not None:
                parts.append(columns[rows, column].astype(kind).view(np.uint8).reshape(len(rows), -1))
        packed = np.concatenate(parts, axis=1)
        size = packed.shape[1]
        raw = packed.tobytes()
        for i, row in enumerate(rows.tolist()):
            out[row] = raw[i * size : i * size + size]
    return out


def decode(blob: bytes) -> dict[MetricId, Ints]:
    """The int64 array (4, 24) of n, sum, min, max of each metric of a blob."""
    found: dict[MetricId, Ints] = {}
    at = 0
    while at < len(blob):
        metric, codes, base_n, base = _HEAD.unpack_from(blob, at)
        at += _HEAD.size
        a = np.zeros((4, HOURS), np.int64)
        for column in (0, 2, 3, 1):
            code = codes & 15
            codes >>= 4
            kind = _TYPES[code]
            if kind is not None:
                a[column] = np.frombuffer(blob, kind, HOURS, at)
                at += HOURS * _WIDTHS[code]
        a[0] += base_n
        a[2] += base
        a[3] += a[2]
        a[1] += a[0] * a[2]
        if not a[0].all():
            a[:, a[0] == 0] = 0
        found[metric] = a
    return found


def merge(into: Ints, more: Ints) -> None:
    """Add hours to hours in place: both (..., 4, 24) or one shape broadcast to the other."""
    n0, n1 = into[..., 0, :], more[..., 0, :]
    low = np.minimum(np.where(n0 != 0, into[..., 2, :], _BIG), np.where(n1 != 0, more[..., 2, :], _BIG))
    high = np.maximum(
        np.where(n0 != 0, into[..., 3, :], _LOWEST), np.where(n1 != 0, more[..., 3, :], _LOWEST)
    )
    into[..., 0, :] = n0 + n1
    into[..., 1, :] += more[..., 1, :]
    empty = into[..., 0, :] == 0
    into[..., 2, :] = np.where(empty, 0, low)
    into[..., 3, :] = np.where(empty, 0, high)


def reduce_rows(key: Ints, a: Ints) -> tuple[Ints, Ints]:
    """Sum up rows of `a` (m, 4, w) that share a key: the sorted keys and their (k, 4, w)."""
    if not len(key):
        return key, a
    order = np.argsort(key, kind="stable")
    key, a = key[order], a[order]
    start = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    if len(start) == len(key):
        return key, a
    n = a[:, 0]
    out = np.empty((len(start), 4, a.shape[2]), np.int64)
    out[:, :2] = np.add.reduceat(a[:, :2], start)
    out[:, 2] = np.minimum.reduceat(np.where(n != 0, a[:, 2], _BIG), start)
    out[:, 3] = np.maximum.reduceat(np.where(n != 0, a[:, 3], _LOWEST), start)
    out[:, 2:][np.broadcast_to((out[:, 0] == 0)[:, None], out[:, 2:].shape)] = 0
    return key[start], out
