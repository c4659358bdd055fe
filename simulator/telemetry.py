"""What devices send by themselves, in their rhythm: cameras, recorders, links, sites, cells, loudspeakers."""

from __future__ import annotations

import numpy as np

from simulator import encode
from simulator.calendar import DAY_MS
from simulator.encode import Chunk
from simulator.rng import I64, U64, Bools, Stream
from simulator.world import Kind, World

DELAY_MS = (30, 900)
"""An event is sent so many milliseconds after its time: the way through device, box and network."""


def silent(world: World, index: I64, t: I64) -> Bools:
    """Whether assets send nothing at these instants."""
    return world.state("silent", index, t)


class Telemetry:
    """Events of the kinds of a world. `window` is a pure function of its span."""

    def __init__(self, world: World, ranks: dict[str, int]) -> None:
        self._world = world
        self._ranks = ranks
        self._delay = Stream(world.seed, "telemetry/delay")
        self._heads = {
            k.code: [encode.head(k.source, "observation", c) for c in k.codes] for k in world.kinds
        }

    def window(self, t0: int, t1: int, since: int = 0) -> list[Chunk]:
        """Events sent in [t0, t1), those with a time before `since` left out."""
        found = (self._kind(kind, t0, t1, since) for kind in self._world.kinds)
        return [chunk for chunk in found if chunk.lines]

    def single(self, kind: Kind, i: I64, step: I64) -> Chunk:
        """Given events of a kind, whatever faults say."""
        t = step * kind.rhythm_ms + kind.phase[i]
        return self._write(kind, i, t, step, t + self._wait(kind, i, step))

    def _wait(self, kind: Kind, i: I64, step: I64) -> I64:
        return DELAY_MS[0] + self._delay.below(DELAY_MS[1] - DELAY_MS[0], kind.ids[i], step)

    def _kind(self, kind: Kind, t0: int, t1: int, since: int) -> Chunk:
        i, t, step = kind.due(max(t0 - DELAY_MS[1], since), t1)
        sent = t + self._wait(kind, i, step)
        keep = (sent >= t0) & (sent < t1)
        if keep.any():
            keep[keep] = ~silent(self._world, kind.index[i[keep]], t[keep])
        return self._write(kind, i[keep], t[keep], step[keep], sent[keep])

    def _write(self, kind: Kind, i: I64, t: I64, step: I64, sent: I64) -> Chunk:
        rank = np.full(len(i), self._ranks[kind.source], dtype=np.int64)
        if not len(i):
            return Chunk(sent, rank, step.astype(np.uint64), [])
        ids: U64 = (kind.ids[i].astype(np.uint64) << np.uint64(32)) | step.astype(np.uint64)
        metrics = [(m.code, m.scale) for m in kind.metrics]
        heads = self._heads[kind.code]
        lines = encode.observations(
            ids, [heads[n] for n in i.tolist()], t, sent, metrics, kind.values(i, t, step)
        )
        return Chunk(sent, rank, ids, lines)


def last_heard(world: World, kind: Kind, before: int) -> tuple[I64, I64]:
    """Positions of a kind that were silent just before an instant, and the step of what each sent last."""
    due = -((kind.phase - before) // kind.rhythm_ms) - 1
    quiet = np.flatnonzero(silent(world, kind.index, due * kind.rhythm_ms + kind.phase))
    steps = []
    for i in quiet.tolist():
        step, phase = int(due[i]), int(kind.phase[i])
        while True:
            t = step * kind.rhythm_ms + phase
            start = world.silence(t // DAY_MS).start_before(int(kind.index[i]), t)
            if start is None:
                break
            step = (start - phase - 1) // kind.rhythm_ms
        steps.append(step)
    return quiet, np.array(steps, dtype=np.int64)


def hourly_counts(world: World, kind: Kind, hours: I64) -> I64:
    """Events whose time lies in each hour (starts in ms, consecutive): shape (assets, hours), silence taken
    off.

    Exact: what live play sends for those hours.
    """
    hour = 3_600_000
    assets = np.arange(len(kind.index))
    zero = np.zeros(1, dtype=np.int64)
    edges = np.append(hours, hours[-1] + hour)
    passed = np.stack([kind.counts(zero, np.full(1, edge), assets) for edge in edges], axis=1)
    counts = np.diff(passed, axis=1)
    place = np.full(len(world.ids), -1, dtype=np.int64)
    place[kind.index] = assets
    first, last = int(hours[0]), int(hours[-1]) + hour
    for day in range(first // DAY_MS, (last - 1) // DAY_MS + 1):
        spans = world.silence(day)
        own = place[spans.asset] >= 0
        i = place[spans.asset[own]]
        # Each UTC day accounts only for its own part of a span.
        start = np.maximum(spans.start[own], max(first, day * DAY_MS))
        end = np.minimum(spans.end[own], min(last, (day + 1) * DAY_MS))
        keep = end > start
        i, start, end = i[keep], start[keep], end[keep]
        for column in range(len(hours)):
            a, b = np.maximum(start, edges[column]), np.minimum(end, edges[column + 1])
            hit = b > a
            np.subtract.at(counts, (i[hit], column), kind.counts(a[hit], b[hit], i[hit]))
    return counts
