"""Ordinary faults as intervals of time, and what they silence below them.

A fault is drawn by a hash for each asset and window of time, so the faults of any span are known without
playing what came before. Silence runs down the dependency graph: what depends on a silent thing is silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from simulator.rng import I64, Bools, Stream, lognormal_of

MINUTE = 60_000
HOUR = 60 * MINUTE
_SHIFT = 42  # milliseconds since the epoch stay below 2^42 until the year 2109


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of ordinary fault: in every window an asset has it with `chance`, at a random instant in
    it."""

    name: str
    asset_kind: str
    effect: str  # "silent", or the name of a state that values depend on
    window_ms: int
    chance: float
    median_ms: int
    spread: float  # one deviation of the duration multiplies by this
    least_ms: int
    most_ms: int


# Rates are chosen so that a quiet day of a province looks like one: about five of 1,200 cameras out at any
# moment, most of them for hours, one or two more in a blip too short for anyone to be called; a handful
# of sites down for some time a day.
ORDINARY: tuple[FaultKind, ...] = (
    FaultKind("camera_blip", "camera", "silent", 12 * HOUR, 0.9, 34_000, 1.4, 16_000, 59_000),
    FaultKind("camera_short", "camera", "silent", 24 * HOUR, 0.012, 6 * MINUTE, 1.7, 2 * MINUTE, 20 * MINUTE),
    FaultKind("camera_out", "camera", "silent", 24 * HOUR, 0.016, 6 * HOUR, 1.8, 25 * MINUTE, 24 * HOUR),
    FaultKind("recorder_restart", "recorder", "silent", 24 * HOUR, 0.03, 2 * MINUTE, 1.3, MINUTE, 4 * MINUTE),
    FaultKind("disk_fault", "recorder", "disk", 24 * HOUR, 0.006, 3 * HOUR, 1.8, 30 * MINUTE, 12 * HOUR),
    FaultKind("site_down", "site", "silent", 24 * HOUR, 0.006, 45 * MINUTE, 1.9, 16 * MINUTE, 6 * HOUR),
    FaultKind("mains_out", "site", "mains", 24 * HOUR, 0.02, 35 * MINUTE, 1.7, 12 * MINUTE, 2 * HOUR),
    FaultKind("cell_locked", "site", "locked", 24 * HOUR, 0.015, 50 * MINUTE, 1.8, 15 * MINUTE, 5 * HOUR),
    FaultKind("speaker_off", "loudspeaker", "off", 24 * HOUR, 0.02, 7 * HOUR, 2.0, HOUR, 24 * HOUR),
    FaultKind(
        "speaker_silent", "loudspeaker", "silent", 24 * HOUR, 0.006, 2 * HOUR, 1.8, 30 * MINUTE, 12 * HOUR
    ),
)


class Intervals:
    """Disjoint spans [start, end) in milliseconds, per asset index, sorted by (asset, start)."""

    def __init__(self, asset: I64, start: I64, end: I64) -> None:
        order = np.lexsort((start, asset))
        asset, start, end = asset[order], start[order], end[order]
        if len(asset):
            # A span opens a new group where it begins after everything before it of its asset has ended.
            reach = np.maximum.accumulate((asset << _SHIFT) + end)
            fresh = np.ones(len(asset), dtype=bool)
            fresh[1:] = (asset[1:] << _SHIFT) + start[1:] > reach[:-1]
            first = np.flatnonzero(fresh)
            last = np.append(first[1:], len(asset)) - 1
            asset, start, end = asset[first], start[first], reach[last] - (asset[first] << _SHIFT)
        self.asset, self.start, self.end = asset, start, end
        self._keys = (asset << _SHIFT) + start

    def __len__(self) -> int:
        return len(self.asset)

    def joined(self, more: Iterable[tuple[int, int, int]]) -> Intervals:
        """These and further spans (asset index, start, end) together."""
        rows = np.array(list(more), dtype=np.int64).reshape(-1, 3)
        if not len(rows):
            return self
        return Intervals(
            np.concatenate([self.asset, rows[:, 0]]),
            np.concatenate([self.start, rows[:, 1]]),
            np.concatenate([self.end, rows[:, 2]]),
        )

    def covers(self, asset: I64, t: I64) -> Bools:
        """Whether each (asset, instant) lies in a span. Broadcasts."""
        if not len(self.asset):
            return np.zeros(np.broadcast_shapes(asset.shape, t.shape), dtype=bool)
        at = np.searchsorted(self._keys, (asset << _SHIFT) + t, side="right") - 1
        there = np.maximum(at, 0)
        return np.asarray((at >= 0) & (self.asset[there] == asset) & (t < self.end[there]))

    def span_at(self, asset: int, t: int) -> tuple[int, int] | None:
        """The span that covers an instant of an asset, None if none does."""
        at = int(np.searchsorted(self._keys, (asset << _SHIFT) + t, side="right")) - 1
        if at < 0 or self.asset[at] != asset or t >= self.end[at]:
            return None
        return int(self.start[at]), int(self.end[at])


class Faults:
    """The faults of a world: `draw` gives the intervals of one effect over a span."""

    def __init__(self, seed: int, kinds: dict[str, I64], ids: I64, parents: I64) -> None:
        """`kinds`: asset indices by kind; `ids`: stable ids by index; `parents`: index each needs, or −1."""
        self._kinds, self._ids = kinds, ids
        self._streams = {f.name: Stream(seed, f"fault/{f.name}") for f in ORDINARY}
        self._children: list[list[int]] = [[] for _ in ids]
        for index, parent in enumerate(parents.tolist()):
            if parent >= 0:
                self._children[parent].append(index)

    def below(self, index: int) -> list[int]:
        """The asset and everything that depends on it."""
        found = [index]
        for at in found:
            found.extend(self._children[at])
        return found

    def draw(self, effect: str, t0: int, t1: int) -> Intervals:
        """Ordinary faults with this effect that touch [t0, t1), run down the graph where they silence."""
        rows = [self._roots(fault, t0, t1) for fault in ORDINARY if fault.effect == effect]
        if not rows:
            nothing = np.zeros(0, dtype=np.int64)
            return Intervals(nothing, nothing, nothing)
        asset = np.concatenate([r[0] for r in rows])
        start = np.concatenate([r[1] for r in rows])
        end = np.concatenate([r[2] for r in rows])
        if effect == "silent":
            asset, start, end = self._spread(asset, start, end)
        return Intervals(asset, start, end)

    def roots(self, t0: int, t1: int) -> Iterator[tuple[str, str, int, int, int]]:
        """Ordinary faults that touch [t0, t1): name, effect, asset index, start, end."""
        for fault in ORDINARY:
            for index, start, end in zip(*(c.tolist() for c in self._roots(fault, t0, t1)), strict=True):
                yield fault.name, fault.effect, index, start, end

    def children(self, index: int) -> list[int]:
        """What depends on an asset directly."""
        return self._children[index]

    def _roots(self, fault: FaultKind, t0: int, t1: int) -> tuple[I64, I64, I64]:
        members = self._kinds.get(fault.asset_kind)
        empty = np.zeros(0, dtype=np.int64)
        if members is None or not len(members):
            return empty, empty, empty
        stream = self._streams[fault.name]
        steps = np.arange((t0 - fault.most_ms) // fault.window_ms, t1 // fault.window_ms + 1, dtype=np.int64)
        entity, step = np.repeat(members, len(steps)), np.tile(steps, len(members))
        hit = stream.uniform(self._ids[entity], step * 4) < fault.chance
        entity, step = entity[hit], step[hit]
        ids = self._ids[entity]
        start = step * fault.window_ms + (stream.uniform(ids, step * 4 + 1) * fault.window_ms).astype(
            np.int64
        )
        length = lognormal_of(stream.gauss(ids, step * 4 + 2), fault.median_ms, fault.spread)
        end = start + np.clip(length, fault.least_ms, fault.most_ms).astype(np.int64)
        keep = (start < t1) & (end > t0)
        return entity[keep], start[keep], end[keep]

    def _spread(self, asset: I64, start: I64, end: I64) -> tuple[I64, I64, I64]:
        below = [self.below(index) for index in asset.tolist()]
        counts = [len(b) for b in below]
        flat = np.array([i for b in below for i in b], dtype=np.int64)
        return flat, np.repeat(start, counts), np.repeat(end, counts)
