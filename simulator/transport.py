"""What happens to events between the device and the door: late, repeated, out of order, thinned out, lost.

Works on events that the world has made, source by source, and is as pure as they are: an event's fate
depends on its id, on when it was first sent, and on the episodes. Wrong clocks of devices, other names of
metrics and floods change the making of events; `clock`, `renamed` and `floods` tell telemetry about them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simulator import encode
from simulator.encode import Chunk
from simulator.episodes import Episode
from simulator.kinds import KINDS
from simulator.rng import I64, U64, Bools, Stream
from simulator.world import Kind, World

REPEAT_MS = (2_000, 8_000)
"""A repeated event comes so long after the first."""

BATCH_MS = 60_000
"""Feeds that lose half a batch send one a minute."""

CELL_MS = 1_000

Sift = Callable[[I64, U64], Bools]
"""Which events (first sent, id) are wanted; asked before their lines are written."""

Make = Callable[[int, int, str, Sift | None], list[Chunk]]
"""Events first sent in [t0, t1), of one source or, for "", of all."""

DELAYING = ("source_late", "out_of_order")
_FEED = (*DELAYING, "duplicates", "trickle", "half_batch", "source_silent")


@dataclass(frozen=True, slots=True)
class Way:
    """Episodes on the way of one source, by what they do."""

    late: tuple[Episode, ...]
    shuffled: tuple[Episode, ...]
    repeated: tuple[Episode, ...]
    thinned: tuple[Episode, ...]
    silent: tuple[Episode, ...]

    @property
    def retimed(self) -> tuple[Episode, ...]:
        return (*self.late, *self.shuffled, *self.repeated)

    @property
    def most_ms(self) -> int:
        """The longest that an event of it is delayed."""
        return sum(size_ms(e) for e in (*self.late, *self.shuffled)) + (REPEAT_MS[1] if self.repeated else 0)


def size_of(episode: Episode) -> float:
    return episode.size or KINDS[episode.kind].size


def size_ms(episode: Episode) -> int:
    return round(size_of(episode) * 1000)


class Transport:
    """The way to the door for all sources of a world."""

    def __init__(self, world: World, ranks: dict[str, int]) -> None:
        self._world, self._ranks = world, ranks
        self._order, self._again, self._lost = (
            Stream(world.seed, f"transport/{name}") for name in ("order", "again", "lost")
        )
        self._seen: tuple[Episode, ...] | None = None
        self._ways: dict[str, Way] = {}
        self._clocks: dict[str, list[tuple[Episode, I64 | None]]] = {}

    def clock(self, kind: Kind, i: I64, t: I64) -> I64:
        """Milliseconds by which the clocks of devices (positions of a kind) are ahead at instants."""
        self._look()
        shift = np.zeros(len(t), dtype=np.int64)
        if not len(t):
            return shift
        low, high = int(t.min()), int(t.max())
        for episode, positions in self._clocks.get(kind.code, ()):
            if episode.start_ms <= high and episode.end_ms > low:
                wrong = np.rint(episode.strength(t) * size_ms(episode)).astype(np.int64)
                shift += wrong if positions is None else np.where(np.isin(i, positions), wrong, 0)
        return shift

    def renamed(self, source: str, t: I64) -> Bools | None:
        """Whether a source calls its first metric by another name at instants; None: never."""
        return self._during("schema_change", source, t)

    def floods(self, source: str, t0: int, t1: int) -> list[Episode]:
        """Floods of a source that touch [t0, t1)."""
        return [
            e
            for e in self._world.episodes
            if e.kind == "flood" and e.subject == source and e.start_ms < t1 and e.end_ms > t0
        ]

    def carry(self, make: Make, t0: int, t1: int) -> list[Chunk]:
        """Events that arrive in [t0, t1), from those that are first sent then and those on their way."""
        self._look()
        chunks = make(t0, t1, "", None)
        if not self._ways:
            return chunks
        of_rank = {self._ranks[s]: w for s, w in self._ways.items()}
        found = []
        for chunk in chunks:
            keep = np.ones(len(chunk.lines), dtype=bool)
            for rank, way in of_rank.items():
                mine = chunk.rank == rank
                if mine.any():
                    stays = ~self._moved(way, chunk.sent) & self._kept(way, chunk.sent, chunk.id)
                    keep &= ~mine | (stays & ~_inside(way.silent, chunk.sent))
            found.append(encode.take(chunk, keep))
        for source, way in self._ways.items():
            for a, b in self._pieces(way, t0, t1):
                found += self._arriving(make, source, way, (a, b), (t0, t1))
        return [c for c in found if c.lines]

    def _look(self) -> None:
        """Sort the episodes again where they are others than before."""
        if self._seen is self._world.episodes:
            return
        self._seen = self._world.episodes
        by_source: dict[str, list[Episode]] = {}
        for episode in self._seen:
            if episode.kind in _FEED and episode.subject in self._ranks:
                by_source.setdefault(episode.subject, []).append(episode)

        def of(episodes: Sequence[Episode], *kinds: str) -> tuple[Episode, ...]:
            return tuple(e for e in episodes if e.kind in kinds)

        self._ways = {
            source: Way(
                of(found, "source_late"),
                of(found, "out_of_order"),
                of(found, "duplicates"),
                of(found, "trickle", "half_batch"),
                of(found, "source_silent"),
            )
            for source, found in sorted(by_source.items())
        }
        self._clocks = {}
        clocks = of(self._seen, "clock_skew", "time_zone")
        for kind in self._world.kinds:
            for episode in clocks:
                struck = np.flatnonzero(np.isin(kind.index, np.array(self._world.struck(episode), np.int64)))
                if len(struck):
                    self._clocks.setdefault(kind.code, []).append((episode, struck))

    def sent(self, chunks: Sequence[Chunk]) -> list[Chunk]:
        """Without what belongs to a feed that is silent when it would be sent."""
        self._look()
        found = []
        for chunk in chunks:
            keep = np.ones(len(chunk.sent), dtype=bool)
            for source, way in self._ways.items():
                if way.silent:
                    keep &= (chunk.rank != self._ranks[source]) | ~_inside(way.silent, chunk.sent)
            found.append(chunk if keep.all() else encode.take(chunk, keep))
        return found

    def _during(self, kind: str, source: str, t: I64) -> Bools | None:
        episodes = [e for e in self._world.episodes if e.kind == kind and e.subject == source]
        inside = _inside(episodes, t)
        return inside if inside.any() else None

    @staticmethod
    def _moved(way: Way, sent: I64) -> Bools:
        """Whether events first sent at instants arrive at others."""
        moved = np.zeros(len(sent), dtype=bool)
        for episode in (*way.late, *way.shuffled):
            moved |= episode.strength(sent) > 0
        return moved

    def _kept(self, way: Way, sent: I64, ids: U64) -> Bools:
        """Whether events get through at all."""
        keep = np.ones(len(sent), dtype=bool)
        for episode in way.thinned:
            strength, size = episode.strength(sent), size_of(episode)
            if episode.kind == "trickle":
                u = self._lost.uniform(ids.astype(np.int64))
                keep &= u < 1.0 - (1.0 - size) * strength
            else:
                keep &= (strength == 0) | (sent % BATCH_MS < (1.0 - size) * BATCH_MS)
        return keep

    def _pieces(self, way: Way, t0: int, t1: int) -> list[tuple[int, int]]:
        """Spans of first sending whose events may arrive in [t0, t1), as few as possible."""
        low = t0 - way.most_ms
        touching = [e for e in way.retimed if e.start_ms < t1 and e.end_ms > low]
        if not touching:
            return []
        cells = np.arange(low // CELL_MS * CELL_MS, t1, CELL_MS, dtype=np.int64)
        least, most = np.zeros(len(cells)), np.zeros(len(cells))
        touched = np.zeros(len(cells), dtype=bool)
        for episode in touching:
            inside = (cells + CELL_MS > episode.start_ms) & (cells < episode.end_ms)
            touched |= inside
            if episode.kind == "duplicates":
                most += np.where(inside, REPEAT_MS[1], 0)
                continue
            if episode.kind == "out_of_order":
                most += np.where(inside, size_ms(episode), 0)
                continue
            edges = [episode.strength(cells), episode.strength(cells + CELL_MS - 1)]
            # At a sudden onset or end, and at the corners of a ramp, a cell holds all there is between.
            corner = np.zeros(len(cells), dtype=bool)
            for edge in (episode.start_ms, episode.end_ms):
                corner |= (cells - CELL_MS < edge) & (edge <= cells + CELL_MS)
            least += np.where(corner, 0.0, np.minimum(*edges) * size_ms(episode))
            most += np.where(corner, float(size_ms(episode)), np.maximum(*edges) * size_ms(episode) + CELL_MS)
        wanted = touched & (cells + least < t1 + CELL_MS) & (cells + CELL_MS + most >= t0 - CELL_MS)
        at = np.flatnonzero(wanted)
        if not len(at):
            return []
        breaks = np.flatnonzero(np.diff(at) > 1)
        firsts, lasts = np.append(0, breaks + 1), np.append(breaks, len(at) - 1)
        return [(int(cells[at[a]]), int(cells[at[b]]) + CELL_MS) for a, b in zip(firsts, lasts, strict=True)]

    def _arriving(
        self, make: Make, source: str, way: Way, piece: tuple[int, int], window: tuple[int, int]
    ) -> list[Chunk]:
        """Late and repeated events of a source, first sent within `piece`, that arrive within `window`."""
        rank = self._ranks[source]

        def images(sent: I64, ids: U64) -> list[tuple[I64, Bools]]:
            """When an event and its repeat arrive, and whether they do so within the window."""
            delay, n = np.zeros(len(sent), dtype=np.int64), ids.astype(np.int64)
            for episode in way.late:
                delay += np.rint(episode.strength(sent) * size_ms(episode)).astype(np.int64)
            for number, episode in enumerate(way.shuffled):
                away = episode.strength(sent) * size_ms(episode) * self._order.uniform(n, number)
                delay += np.floor(away).astype(np.int64)
            arrives = [(sent + delay, self._moved(way, sent))]
            for number, episode in enumerate(way.repeated):
                again = self._again.uniform(n, 2 * number) < episode.strength(sent) * size_of(episode)
                wait = REPEAT_MS[0] + self._again.below(REPEAT_MS[1] - REPEAT_MS[0], n, 2 * number + 1)
                arrives.append((sent + delay + wait, again))
            kept = self._kept(way, sent, ids)
            return [
                (at, m & kept & (at >= window[0]) & (at < window[1]) & ~_inside(way.silent, at))
                for at, m in arrives
            ]

        def sift(sent: I64, ids: U64) -> Bools:
            wanted = np.zeros(len(sent), dtype=bool)
            for _, mask in images(sent, ids):
                wanted |= mask
            return wanted

        found = []
        for chunk in make(*piece, source, sift):
            own = encode.take(chunk, chunk.rank == rank)
            for at, mask in images(own.sent, own.id):
                found.append(encode.resent(self._world.zone, encode.take(own, mask), at[mask]))
        return found


def _inside(episodes: Sequence[Episode], t: I64) -> Bools:
    inside = np.zeros(len(t), dtype=bool)
    for episode in episodes:
        inside |= (t >= episode.start_ms) & (t < episode.end_ms)
    return inside
