"""Things that happen a few thousand times a day: made one provincial day at a time, then cut into spans.

A `Daybook` gives the lines of a day, already in the order (sent, source, id); a day is a pure function of its
number, so it does not matter where play starts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import msgspec
import numpy as np

from simulator import encode
from simulator.calendar import DAY_MS, Shape, day_of, day_start, minutes
from simulator.encode import Chunk
from simulator.rng import F64, I64

TAGS = {"record": 8, "report": 9, "sample": 10}
"""Top four bits of an id, so that records, reports, samples and observations of a source never share one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event that is no observation of a rhythm. `time` and `sent` are ms; `n` numbers it in its tag."""

    time: int
    sent: int
    source: str
    type: str  # record | report | observation
    subject: str
    n: int
    data: dict[str, object]


class Book(Protocol):
    """Something that knows what happens on a day."""

    def day(self, day: int) -> Iterable[Entry]: ...


class Daybook:
    """Joins books and cuts spans out of their days. Lines of the last days are kept."""

    def __init__(self, books: Iterable[Book], ranks: dict[str, int]) -> None:
        self._books, self._ranks = tuple(books), ranks
        self._day = lru_cache(maxsize=4)(self._make)

    def window(self, t0: int, t1: int) -> list[Chunk]:
        """Events sent in [t0, t1). An entry belongs to the provincial day it is sent on."""
        found = []
        for day in range(int(day_of(t0)), int(day_of(t1 - 1)) + 1):
            chunk = self._day(day)
            a, b = np.searchsorted(chunk.sent, (t0, t1)).tolist()
            if b > a:
                found.append(Chunk(chunk.sent[a:b], chunk.rank[a:b], chunk.id[a:b], chunk.lines[a:b]))
        return found

    def _make(self, day: int) -> Chunk:
        return chunk_of((e for book in self._books for e in book.day(day)), self._ranks, day)


_encoder = msgspec.json.Encoder()


def write(entry: Entry) -> str:
    """The entry as a line of JSON."""
    between = encode.head(entry.source, entry.type, entry.subject)
    data = _encoder.encode(entry.data).decode()
    return encode.line(f"{id_of(entry):016x}", between, encode.iso(entry.time), encode.iso(entry.sent), data)


def id_of(entry: Entry) -> int:
    return (TAGS.get(entry.type, 0) << 60) | entry.n


def chunk_of(entries: Iterable[Entry], ranks: dict[str, int], day: int) -> Chunk:
    """Entries sent within the day, in order of (sent, source, id)."""
    start, end = day_start(day), day_start(day) + DAY_MS
    kept = sorted(
        ((e.sent, ranks[e.source], id_of(e), e) for e in entries if start <= e.sent < end),
        key=lambda row: row[:3],
    )
    sent, rank, ids = ([row[column] for row in kept] for column in range(3))
    return Chunk(
        np.array(sent, dtype=np.int64),
        np.array(rank, dtype=np.int64),
        np.array(ids, dtype=np.uint64),
        [write(row[3]) for row in kept],
    )


def times_of_day(shape: Shape, u: F64, v: F64) -> I64:
    """Milliseconds into a day, spread by a shape; `u` picks the minute, `v` the instant in it."""
    edges = np.add.accumulate(minutes(shape))
    minute = np.searchsorted(edges, u * edges[-1], side="right")
    return np.asarray((minute * 60_000 + np.floor(v * 60_000)).astype(np.int64))
