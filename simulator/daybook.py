"""Things that happen a few thousand times a day: made one provincial day at a time, then cut into spans.

A `Daybook` gives the lines of a day, already in the order (sent, source, id). What a book says of a day is a
pure function of the day and of the episodes that matter to it, so it does not matter where play starts; new
episodes make only those pages anew that they change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import msgspec
import numpy as np

from simulator import encode
from simulator.calendar import Shape, minutes
from simulator.encode import Chunk
from simulator.episodes import Episode
from simulator.rng import F64, I64
from simulator.world import World
from simulator.zone import Zone

TAGS = {"record": 8, "report": 9, "sample": 10}
"""Top four bits of an id, so that records, reports, samples and observations of a source never share one."""


SENT_AFTER_MS = (400, 5_000)
"""How soon a system tells of a record, at least and at most."""


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

    def matters(self, episode: Episode, day: int) -> bool:
        """Whether an episode can change what is said of a day."""
        ...


PAGES = 24
"""Pages kept, one for a book and day: the records of a province's day are about a megabyte."""


class Daybook:
    """Joins books and cuts spans out of their days. Lines of the last days are kept."""

    def __init__(self, books: Iterable[Book], world: World, ranks: dict[str, int]) -> None:
        self._books, self._world, self._ranks = tuple(books), world, ranks
        self._zone = world.zone
        self._page = lru_cache(maxsize=PAGES)(self._make)
        self._obeyed: tuple[Episode, ...] = ()
        self._matter: dict[int, tuple[tuple[Episode, ...], ...]] = {}

    def window(self, t0: int, t1: int) -> list[Chunk]:
        """Events sent in [t0, t1). An entry belongs to the provincial day it is sent on."""
        found = []
        for day in range(int(self._zone.day_of(t0)), int(self._zone.day_of(t1 - 1)) + 1):
            for book, matter in enumerate(self._mattering(day)):
                chunk = self._page(book, day, matter)
                a, b = np.searchsorted(chunk.sent, (t0, t1)).tolist()
                if b > a:
                    found.append(Chunk(chunk.sent[a:b], chunk.rank[a:b], chunk.id[a:b], chunk.lines[a:b]))
        return found

    def _mattering(self, day: int) -> tuple[tuple[Episode, ...], ...]:
        """The episodes that matter on a day, by book; asked anew only when the world's episodes change."""
        if self._obeyed is not self._world.episodes:
            if self._obeyed != self._world.episodes:
                self._matter.clear()
            self._obeyed = self._world.episodes
        found = self._matter.get(day)
        if found is None:
            found = tuple(tuple(e for e in self._obeyed if book.matters(e, day)) for book in self._books)
            if len(self._matter) >= PAGES:
                self._matter.clear()
            self._matter[day] = found
        return found

    def _make(self, book: int, day: int, matter: tuple[Episode, ...]) -> Chunk:
        """A page. `matter` is what the cache tells pages apart by; the book asks the world itself."""
        return chunk_of(self._books[book].day(day), self._ranks, self._zone, day)


def record(
    zone: Zone, source: str, kind: str, key: str, unit: str, state: str, time: int, n: int,
    fields: dict[str, object], due: int | None = None,
) -> Entry:  # fmt: skip
    """A record's new state, told by its system within seconds. `n` is the record's number and state."""
    data: dict[str, object] = {"kind": kind, "key": key, "unit": unit, "state": state}
    if due is not None:
        data["due"] = zone.iso(due)
    data["fields"] = fields
    return Entry(time, time + wait_ms(time), source, "record", f"{kind}/{key}", n, data)


def wait_ms(time: int) -> int:
    """Milliseconds until a record of this time is told."""
    return SENT_AFTER_MS[0] + (time * 7919) % (SENT_AFTER_MS[1] - SENT_AFTER_MS[0])


_encoder = msgspec.json.Encoder()


def write(entry: Entry, zone: Zone) -> str:
    """The entry as a line of JSON."""
    between = encode.head(entry.source, entry.type, entry.subject)
    data = _encoder.encode(entry.data).decode()
    return encode.line(f"{id_of(entry):016x}", between, zone.iso(entry.time), zone.iso(entry.sent), data)


def id_of(entry: Entry) -> int:
    return (TAGS.get(entry.type, 0) << 60) | entry.n


def chunk_of(entries: Iterable[Entry], ranks: dict[str, int], zone: Zone, day: int) -> Chunk:
    """Entries sent within the day, in order of (sent, source, id)."""
    start, end = zone.day_start(day), zone.day_start(day + 1)
    kept = sorted(
        ((e.sent, ranks[e.source], id_of(e), e) for e in entries if start <= e.sent < end),
        key=lambda row: row[:3],
    )
    sent, rank, ids = ([row[column] for row in kept] for column in range(3))
    return Chunk(
        np.array(sent, dtype=np.int64),
        np.array(rank, dtype=np.int64),
        np.array(ids, dtype=np.uint64),
        [write(row[3], zone) for row in kept],
    )


def times_of_day(shape: Shape, u: F64, v: F64) -> I64:
    """Milliseconds into a day, spread by a shape; `u` picks the minute, `v` the instant in it."""
    edges = np.add.accumulate(minutes(shape))
    minute = np.searchsorted(edges, u * edges[-1], side="right")
    return np.asarray((minute * 60_000 + np.floor(v * 60_000)).astype(np.int64))
