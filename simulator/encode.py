"""Events as lines of JSON: CloudEvents as the cockpit's wire wants them, written by templates.

Identity: 64 bits in hex, high half the sender, low half its step, so that ids of equal length sort as
numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.rng import I64, U64, Bools
from simulator.zone import Zone

_TABLES = {scale: [repr(n / scale) for n in range(100 * scale + 1)] for scale in (10, 100)}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Events in columns: when sent (ms), rank of the source by its code, id, the line itself."""

    sent: I64
    rank: I64
    id: U64
    lines: list[str]


def numbers(values: I64, scale: int) -> list[str]:
    if scale == 1:
        return [str(v) for v in values.tolist()]
    table = _TABLES.get(scale)
    if table is not None and len(values) and values.min() >= 0 and values.max() < len(table):
        return [table[v] for v in values.tolist()]
    return [repr(v) for v in (values / scale).tolist()]


def head(source: str, kind: str, subject: str) -> str:
    """What stands between the id and the time of an event."""
    return f'","source":"{source}","type":"ioc.{kind}","subject":"{subject}","time":"'


def line(id_hex: str, between: str, time: str, sent: str, data: str) -> str:
    return f'{{"specversion":"1.0","id":"{id_hex}{between}{time}","sent":"{sent}","data":{data}}}'


def observations(
    zone: Zone,
    ids: U64,
    heads: Sequence[str],
    times: I64,
    sents: I64,
    metrics: Sequence[tuple[str, int]],
    values: Sequence[I64],
) -> list[str]:
    """One line per event. `metrics` are (code, scale), `values` their columns."""
    columns = [numbers(v, scale) for (_, scale), v in zip(metrics, values, strict=True)]
    if len(metrics) == 1:
        key = f'{{"values":{{"{metrics[0][0]}":'
        data: Iterable[str] = [f"{key}{a}}}}}" for a in columns[0]]
    elif len(metrics) == 3:
        k0, k1, k2 = f'{{"values":{{"{metrics[0][0]}":', f',"{metrics[1][0]}":', f',"{metrics[2][0]}":'
        data = [f"{k0}{a}{k1}{b}{k2}{c}}}}}" for a, b, c in zip(*columns, strict=True)]
    else:
        keys = [f'"{code}":' for code, _ in metrics]
        rows = zip(*columns, strict=True)
        data = [
            '{"values":{' + ",".join([k + v for k, v in zip(keys, row, strict=True)]) + "}}" for row in rows
        ]
    return [
        line(f"{i:016x}", h, t, s, d)
        for i, h, t, s, d in zip(ids.tolist(), heads, zone.isos(times), zone.isos(sents), data, strict=True)
    ]


def take(chunk: Chunk, keep: Bools) -> Chunk:
    """Some of the events of a chunk, in their order."""
    if keep.all():
        return chunk
    lines = [text for text, k in zip(chunk.lines, keep.tolist(), strict=True) if k]
    return Chunk(chunk.sent[keep], chunk.rank[keep], chunk.id[keep], lines)


def before(chunk: Chunk, until: int) -> Chunk:
    """The events of a chunk sent before `until`."""
    return take(chunk, chunk.sent < until)


def resent(zone: Zone, chunk: Chunk, sent: I64) -> Chunk:
    """The same events, sent at other instants."""
    rows = zip(chunk.lines, zone.isos(chunk.sent), zone.isos(sent), strict=True)
    lines = [text.replace(f'"sent":"{old}"', f'"sent":"{new}"', 1) for text, old, new in rows]
    return Chunk(sent, chunk.rank, chunk.id, lines)


def merge(chunks: Sequence[Chunk]) -> list[str]:
    """Lines of several chunks in order of (sent, source, id)."""
    chunks = [c for c in chunks if c.lines]
    if not chunks:
        return []
    sent = np.concatenate([c.sent for c in chunks])
    rank = np.concatenate([c.rank for c in chunks])
    ids = np.concatenate([c.id for c in chunks])
    lines = [text for c in chunks for text in c.lines]
    return [lines[i] for i in np.lexsort((ids, rank, sent)).tolist()]
