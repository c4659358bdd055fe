"""What devices send by themselves, in their rhythm: cameras, recorders, links, sites, cells, loudspeakers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cockpit.domain.periods import DAY_MS
from simulator import encode
from simulator.encode import Chunk
from simulator.episodes import Episode
from simulator.rng import I64, U64, Bools, Stream
from simulator.transport import Sift, Transport, size_of
from simulator.world import Kind, World

DELAY_MS = (30, 900)
"""An event is sent so many milliseconds after its time: the way through device, box and network."""

RENAMED = "_v2"
"""What a feed adds to the name of a metric when it changes its schema without a word."""

_FLOOD = np.uint64(12 << 60)


def silent(world: World, index: I64, t: I64) -> Bools:
    """Whether assets send nothing at these instants."""
    return world.state("silent", index, t)


class Telemetry:
    """Events of the kinds of a world. `window` is a pure function of its span."""

    def __init__(self, world: World, ranks: dict[str, int], transport: Transport | None = None) -> None:
        self._world = world
        self._ranks = ranks
        self._transport = transport or Transport(world, ranks)
        self._delay = Stream(world.seed, "telemetry/delay")
        self._heads = {
            k.code: [encode.head(k.source, "observation", c) for c in k.codes] for k in world.kinds
        }

    def window(
        self, t0: int, t1: int, since: int = 0, source: str = "", sift: Sift | None = None
    ) -> list[Chunk]:
        """Events first sent in [t0, t1), those with a time before `since` left out; of one source, if one
        is named, and only those that `sift` wants."""
        found: list[Chunk] = []
        for kind in self._world.kinds:
            if source in ("", kind.source):
                found += self._kind(kind, t0, t1, since, sift)
                if floods := self._transport.floods(kind.source, t0 - kind.rhythm_ms - DELAY_MS[1], t1):
                    found += self._flooded(kind, floods, t0, t1, sift)
        return [chunk for chunk in found if chunk.lines]

    def single(self, kind: Kind, i: I64, step: I64) -> Chunk:
        """Given events of a kind, whatever faults say."""
        t = step * kind.rhythm_ms + kind.phase[i]
        return self._write(kind, i, t, step, t + self.wait(kind, i, step), event_ids(kind, i, step))

    def wait(self, kind: Kind, i: I64, step: I64) -> I64:
        """How long after its time an event is sent."""
        return DELAY_MS[0] + self._delay.below(DELAY_MS[1] - DELAY_MS[0], kind.ids[i], step)

    def _kind(self, kind: Kind, t0: int, t1: int, since: int, sift: Sift | None) -> list[Chunk]:
        i, t, step = kind.due(max(t0 - DELAY_MS[1], since), t1)
        sent = t + self.wait(kind, i, step)
        return self._sent(kind, i, t, step, sent, event_ids(kind, i, step), (t0, t1), sift)

    def _flooded(
        self, kind: Kind, floods: Sequence[Episode], t0: int, t1: int, sift: Sift | None
    ) -> list[Chunk]:
        """What a feed sends besides: copies of each reading under ids of their own, spread over the rhythm.

        Of several floods at once the strongest at the instant of a reading says how many: a copy has one id,
        whoever asks for it."""
        i, t, step = kind.due(t0 - kind.rhythm_ms - DELAY_MS[1], t1)
        most = [min(round(size_of(flood)) - 1, 255) for flood in floods]
        loads = np.array([flood.strength(t) * copies for flood, copies in zip(floods, most, strict=True)])
        leads = np.argmax(loads, axis=0)  # the first of equals
        found = []
        for n, copies in enumerate(most):
            for copy in range(1, copies + 1):
                more = (leads == n) & (loads[n] >= copy)
                at = t[more] + copy * kind.rhythm_ms // (copies + 1)
                # Steps of their own, so that noise and delay are their own, too.
                number = step[more] + (copy << 33)
                ids = event_ids(kind, i[more], step[more]) | _FLOOD | np.uint64(copy << 52)
                sent = at + self.wait(kind, i[more], number)
                found += self._sent(kind, i[more], at, number, sent, ids, (t0, t1), sift)
        return found

    def _sent(
        self, kind: Kind, i: I64, t: I64, step: I64, sent: I64, ids: U64, span: tuple[int, int],
        sift: Sift | None,
    ) -> list[Chunk]:  # fmt: skip
        keep = (sent >= span[0]) & (sent < span[1])
        if keep.any():
            keep[keep] = ~silent(self._world, kind.index[i[keep]], t[keep])
        if sift is not None and keep.any():
            keep[keep] = sift(sent[keep], ids[keep])
        i, t, step, sent, ids = i[keep], t[keep], step[keep], sent[keep], ids[keep]
        other = self._transport.renamed(kind.source, t)
        if other is None:
            return [self._write(kind, i, t, step, sent, ids)]
        return [
            self._write(kind, i[m], t[m], step[m], sent[m], ids[m], tail)
            for m, tail in ((~other, ""), (other, RENAMED))
        ]

    def _write(self, kind: Kind, i: I64, t: I64, step: I64, sent: I64, ids: U64, tail: str = "") -> Chunk:
        """Lines of events. `tail` is added to the name of the first metric."""
        rank = np.full(len(i), self._ranks[kind.source], dtype=np.int64)
        if not len(i):
            return Chunk(sent, rank, ids, [])
        metrics = [(m.code + ("" if n else tail), m.scale) for n, m in enumerate(kind.metrics)]
        heads = self._heads[kind.code]
        times = t + self._transport.clock(kind, i, t)
        values = kind.values(i, t, step)
        zone = self._world.zone
        lines = encode.observations(zone, ids, [heads[n] for n in i.tolist()], times, sent, metrics, values)
        at = i[:0] if kind.box is None else kind.box.rows(i)
        if kind.box is not None and len(at):
            metrics += [(m.code, m.scale) for m in kind.box.metrics]
            values = [*(v[at] for v in values), *kind.box.values(i[at], t[at])]
            told = [heads[n] for n in i[at].tolist()]
            more = encode.observations(zone, ids[at], told, times[at], sent[at], metrics, values)
            for n, line in zip(at.tolist(), more, strict=True):
                lines[n] = line
        return Chunk(sent, rank, ids, lines)


def event_ids(kind: Kind, i: I64, step: I64) -> U64:
    """The asset in the high half, the number of its reading in the low half."""
    return np.asarray((kind.ids[i].astype(np.uint64) << np.uint64(32)) | step.astype(np.uint64))


def last_heard(world: World, kind: Kind, before: int) -> tuple[I64, I64]:
    """Positions of a kind that were silent just before an instant, and the step of what each sent last."""
    due = -((kind.phase - before) // kind.rhythm_ms) - 1
    quiet = np.flatnonzero(silent(world, kind.index, due * kind.rhythm_ms + kind.phase))
    steps = []
    for i in quiet.tolist():
        step, phase = int(due[i]), int(kind.phase[i])
        while True:
            t = step * kind.rhythm_ms + phase
            span = world.silence(t // DAY_MS).span_at(int(kind.index[i]), t)
            if span is None:
                break
            step = (span[0] - phase - 1) // kind.rhythm_ms
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
