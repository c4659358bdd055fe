"""Sealed raw data: the observations of one asset in one hour as differences, compressed.

A block: count of metrics (u8), then per metric its id (u8), n (u32) and widths (u8: of time steps, low
nibble, and of value steps), then the compressed body: per metric the steps of time, then of value, as
planes of bytes. Steps of value are folded to unsigned numbers (0, -1, 1, -2 …).
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import zstandard

from cockpit.domain.catalog import asset_of, metric_of, series_between
from cockpit.domain.numbers import AssetId, MetricId, SeriesNo
from cockpit.store.batch import Ints
from cockpit.store.observations import raw_table
from cockpit.store.sql import integers

Series = tuple[Ints, Ints]  # dt in ms since the hour began, value; both (n,) in order of (dt, value)
Steps = tuple[npt.NDArray[Any], npt.NDArray[Any]]  # steps of dt, folded steps of value; both (n,)
Compress = Callable[[bytes], bytes]

LEVEL = 3
_ENTRY = struct.Struct("<BIB")
_ALL = AssetId(0), AssetId(2**48)
_KINDS: dict[int, np.dtype[Any]] = {w: np.dtype(f"<u{w}") for w in (1, 2, 4, 8)}


def pack(metrics: dict[MetricId, Series]) -> bytes:
    """One block of the sorted observations of an asset's metrics."""
    made = sorted(metrics.items())
    return join_columns([m for m, _ in made], [(_steps(dt), _fold(_steps(v))) for _, (dt, v) in made])


def _steps(column: Ints) -> Ints:
    return np.diff(column, prepend=0)


def join_columns(metrics: list[MetricId], steps: list[Steps], compress: Compress | None = None) -> bytes:
    """One block of steps of time and folded steps of value, per metric."""
    compress = compress or zstandard.ZstdCompressor(level=LEVEL).compress
    head = [bytes((len(metrics),))]
    body = []
    for metric, columns in zip(metrics, steps, strict=True):
        widths = 0
        for shift, column in zip((0, 4), columns, strict=True):
            peak = int(column.max())
            width = 1 if peak < 1 << 8 else 2 if peak < 1 << 16 else 4 if peak < 1 << 32 else 8
            widths |= width << shift
            cut = column.astype(_KINDS[width])
            body.append(cut.tobytes() if width == 1 else cut.view(np.uint8).reshape(-1, width).T.tobytes())
        head.append(_ENTRY.pack(metric, len(columns[0]), widths))
    return b"".join(head) + compress(b"".join(body))


def unpack(blob: bytes) -> dict[MetricId, Series]:
    """The observations of every metric of a block."""
    found = split_columns(blob, zstandard.ZstdDecompressor().decompress)
    return {metric: (np.cumsum(dt), np.cumsum(_unfold(v))) for metric, (dt, v) in found.items()}


def split_columns(blob: bytes, decompress: Compress) -> dict[MetricId, Steps]:
    """Steps of time (signed) and folded steps of value (unsigned) of every metric of a block."""
    count = blob[0]
    at = 1 + count * _ENTRY.size
    body = decompress(blob[at:])
    found: dict[MetricId, Steps] = {}
    begin = 0
    for i in range(count):
        metric, n, widths = _ENTRY.unpack_from(blob, 1 + i * _ENTRY.size)
        columns = []
        for width in (widths & 15, widths >> 4):
            column = np.frombuffer(body, np.uint8, n * width, begin)
            if width > 1:
                column = np.ascontiguousarray(column.reshape(width, n).T).view(_KINDS[width]).ravel()
            columns.append(column.astype(np.uint64))
            begin += n * width
        found[metric] = columns[0].view(np.int64), columns[1]
    return found


def _fold(steps: Ints) -> npt.NDArray[np.uint64]:
    return ((steps << 1) ^ (steps >> 63)).view(np.uint64)


def _unfold(folded: npt.NDArray[np.uint64]) -> Ints:
    return (folded >> np.uint64(1)).view(np.int64) ^ -(folded & np.uint64(1)).view(np.int64)


def read_raw(
    conn: sqlite3.Connection,
    hour: int,
    rows: tuple[int, int],
    assets: tuple[AssetId, AssetId] = _ALL,
) -> Ints:
    """Rows of a raw table after the first and up to the second of `rows`, of assets in first..last, oldest
    arrival first: (n, 3) of series, dt, value."""
    return integers(
        conn,
        ("series", "dt", "v"),
        f"(SELECT series, dt, v FROM {raw_table(hour)} WHERE rowid > ? AND rowid <= ?"
        " AND series BETWEEN ? AND ? ORDER BY rowid)",
        (*rows, *series_between(*assets)),
    )


def pack_hour(conn: sqlite3.Connection, hour: int, table: Ints) -> list[tuple[int, AssetId, int, bytes]]:
    """Blocks (hour, asset, n, data) that hold these raw rows and what was sealed of them before."""
    order = np.lexsort((table[:, 2], table[:, 1], table[:, 0]))
    series, dt, value = np.ascontiguousarray(table[order].T)
    start = np.flatnonzero(np.diff(series, prepend=-1))
    edge = np.append(start, len(series)).tolist()
    # Steps of all series at once; the first of each starts from nothing.
    dt_steps, v_steps = _steps(dt), _steps(value)
    dt_steps[start], v_steps[start] = dt[start], value[start]
    folded = _fold(v_steps)
    assets: dict[AssetId, list[tuple[MetricId, slice]]] = {}
    numbers: list[SeriesNo] = series[start].tolist()
    for (lo, hi), one in zip(pairwise(edge), numbers, strict=True):
        assets.setdefault(asset_of(one), []).append((metric_of(one), slice(lo, hi)))
    compress = zstandard.ZstdCompressor(level=LEVEL).compress
    decompress = zstandard.ZstdDecompressor().decompress
    blocks = []
    for asset, parts in assets.items():
        row = conn.execute("SELECT data, n FROM block WHERE hour = ? AND asset = ?", (hour, asset)).fetchone()
        n = parts[-1][1].stop - parts[0][1].start
        if row is None:
            data = join_columns(
                [m for m, _ in parts], [(dt_steps[at], folded[at]) for _, at in parts], compress
            )
        else:
            n += row[1]
            metrics = split_columns(row[0], decompress)
            for metric, at in parts:
                before = metrics.get(metric)
                metrics[metric] = _after(before, dt[at], value[at]) if before else (dt_steps[at], folded[at])
            made = sorted(metrics.items())
            data = join_columns([m for m, _ in made], [steps for _, steps in made], compress)
        blocks.append((hour, asset, n, data))
    return blocks


def _after(before: Steps, dt: Ints, value: Ints) -> Steps:
    """The steps of a metric with more of its observations, both in order of (dt, value)."""
    steps, folded = before
    more_dt, more_v = _steps(dt), _steps(value)
    last_dt = int(steps.sum())
    if int(dt[0]) <= last_dt:  # some came late: they belong between the others
        dt, value = merged((np.cumsum(steps), np.cumsum(_unfold(folded))), (dt, value))
        return _steps(dt), _fold(_steps(value))
    more_dt[0] -= last_dt
    more_v[:1] -= _unfold(folded).sum()  # as an array: modulo 2**64 without a warning
    return np.concatenate((steps, more_dt)), np.concatenate((folded, _fold(more_v)))


def merged(a: Series, b: Series) -> Series:
    """Observations of two sorted sets in order of (dt, value)."""
    dt, value = np.concatenate((a[0], b[0])), np.concatenate((a[1], b[1]))
    order = np.lexsort((value, dt))
    return dt[order], value[order]


def write_blocks(
    conn: sqlite3.Connection, hour: int, blocks: list[tuple[int, AssetId, int, bytes]], above: int, top: int
) -> None:
    """Store blocks that hold the raw rows from `above` to `top`. Raises RuntimeError if another seal
    has come between, for then they would hold rows twice."""
    row = conn.execute("SELECT sealed FROM raw_part WHERE hour = ?", (hour,)).fetchone()
    if row is None or row[0] != above:
        raise RuntimeError(f"hour {hour} was sealed meanwhile")
    conn.executemany(
        "INSERT INTO block (hour, asset, n, data) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET n = excluded.n, data = excluded.data",
        blocks,
    )
    conn.execute("UPDATE raw_part SET sealed = ? WHERE hour = ?", (top, hour))


def drop_raw(conn: sqlite3.Connection, hour: int) -> bool:
    """Drop a raw table all of whose rows are in blocks and roll-ups. False if it is not so."""
    top = conn.execute(f"SELECT coalesce(max(rowid), 0) FROM {raw_table(hour)}").fetchone()[0]
    rolled, sealed = conn.execute("SELECT rolled, sealed FROM raw_part WHERE hour = ?", (hour,)).fetchone()
    if rolled < top or sealed < top:
        return False
    conn.execute(f"DROP TABLE {raw_table(hour)}")
    conn.execute("DELETE FROM raw_part WHERE hour = ?", (hour,))
    return True
