"""What episodes take away: who is silent, who has no mains, what is locked or down, and from when to when.

Silence runs down the dependency graph with the delays of real equipment. A feeder that fails takes links,
recorders, cameras and loudspeakers within five seconds; a mobile site goes on by battery for two to four
hours; when power is back every device needs its time to start. Delays are hashes of the episode's asset, so
any day can be worked out alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from cockpit.domain.periods import HOUR_MS
from simulator.episodes import Episode
from simulator.kinds import KINDS
from simulator.rng import I64, Stream

DROP_MS = 5_000
"""Devices without power of their own are gone so long after their feeder, at most."""

BATTERY_MS = (2 * HOUR_MS, 4 * HOUR_MS)
BOOT_MS = {"link": (20_000, 60_000), "recorder": (40_000, 120_000), "camera": (20_000, 60_000),
           "loudspeaker": (30_000, 90_000), "site": (60_000, 240_000)}  # fmt: skip
"""How long a kind of device needs to start once it has power."""

STATES = {"recorder_write": "disk"}
"""Kinds that put an asset into a state that one of its metrics shows."""

_WHOLE = ("camera_silent", "recorder_silent", "link_silent", "site_silent", "loudspeaker_silent")


class Span(NamedTuple):
    """An effect on one asset (by index) during [start, end)."""

    effect: str  # "silent", or a state
    asset: int
    start: int
    end: int


class Outages:
    """Spans of episodes over the assets of a world."""

    def __init__(
        self,
        seed: int,
        at: dict[str, int],
        kinds: list[str],
        ids: I64,
        children: Callable[[int], list[int]],
        of_source: Callable[[str], list[int]],
    ) -> None:
        """`at`: index by code; `kinds`, `ids` by index; `children(i)`: who depends on i directly;
        `of_source(code)`: who sends through a feed."""
        self._at, self._kinds, self._ids = at, kinds, ids
        self._children, self._of_source = children, of_source
        self._cycle = Stream(seed, "outage/cycle")
        # Drawn for all at once: a storm asks for tens of thousands.
        low, high = BATTERY_MS
        boots = np.array([BOOT_MS.get(kind, (0, 1)) for kind in kinds], dtype=np.int64).reshape(-1, 2)
        self._drop = Stream(seed, "outage/drop").below(DROP_MS, ids)
        self._boot = boots[:, 0] + Stream(seed, "outage/boot").below(boots[:, 1] - boots[:, 0], ids)
        self._battery = low + Stream(seed, "outage/battery").below(high - low, ids)

    def spans(self, episodes: Iterable[Episode], t0: int, t1: int) -> Iterator[Span]:
        """Everything episodes take away that touches [t0, t1)."""
        for episode in episodes:
            for span in self._of(episode, t0, t1):
                if span.start < t1 and span.end > t0:
                    yield span

    def last_ms(self, episode: Episode) -> int:
        """An instant after which an episode takes nothing away any more."""
        return episode.end_ms + 3 * max(most for _, most in BOOT_MS.values()) + DROP_MS

    def battery_ms(self, site: int) -> int:
        """How long a site lives without mains."""
        return int(self._battery[site])

    def _of(self, episode: Episode, t0: int, t1: int) -> Iterator[Span]:
        kind, start, end = episode.kind, episode.start_ms, episode.end_ms
        roots = [self._at[c] for c in episode.touches or (episode.subject,) if c in self._at]
        if kind in _WHOLE:
            for root in roots:
                yield from self._below(root, start, end)
        elif kind == "feeder_out":
            for root in roots:
                yield from self._feeder(root, start, end)
        elif kind == "power_loss":
            for root in roots:
                yield from self._site(root, start, end)
        elif kind == "hidden_hop":
            for root in roots:
                yield from self._below(root, start + self._drop_ms(root), end)
        elif kind == "source_silent":
            for index in self._of_source(episode.subject):
                yield Span("silent", index, start, end)
        elif kind == "commission":
            for root in roots:
                yield from self._below(root, 0, start)
        elif kind == "reboot_loop":
            for root in roots:
                for a, b in self._cycles(episode, int(self._ids[root]), (0.6, 0.75), t0, t1):
                    yield from self._below(root, a, b)
        elif kind == "link_flap":
            for root in roots:
                for a, b in self._cycles(episode, int(self._ids[root]), (0.3, 0.55), t0, t1):
                    yield Span("down", root, a, b)
                    for child in self._children(root):
                        yield from self._below(child, a, b)
        elif kind in STATES:
            for root in roots:
                yield Span(STATES[kind], root, start, end)

    def _below(self, root: int, start: int, end: int) -> Iterator[Span]:
        found = [root]
        for at in found:
            yield Span("silent", at, start, end)
            found.extend(self._children(at))

    def _feeder(self, feeder: int, start: int, end: int) -> Iterator[Span]:
        """Everything a feeder supplies. A device is gone with the first and back with the last of those it
        needs."""
        found = [(child, start + DROP_MS, end) for child in self._children(feeder)]
        for at, gone, back in found:
            if self._kinds[at] == "site":
                yield from self._site(at, start, end)
                continue
            gone = min(gone, start + self._drop_ms(at))
            back = max(back, end + self._boot_ms(at))
            yield Span("silent", at, gone, back)
            found.extend((child, gone, back) for child in self._children(at))

    def _site(self, site: int, start: int, end: int) -> Iterator[Span]:
        """A site without mains: it says so, and goes silent with its cells when the battery is empty."""
        yield Span("mains", site, start, end)
        empty = start + self.battery_ms(site)
        if empty < end:
            yield from self._below(site, empty, end + self._boot_ms(site))

    def _drop_ms(self, index: int) -> int:
        return int(self._drop[index])

    def _boot_ms(self, index: int) -> int:
        return int(self._boot[index])

    def _cycles(
        self, episode: Episode, entity: int, share: tuple[float, float], t0: int, t1: int
    ) -> Iterator[tuple[int, int]]:
        """Off phases of something that comes and goes: one a cycle of `size` seconds, from onset on."""
        cycle = max(int((episode.size or KINDS[episode.kind].size) * 1000), 10_000)
        first = max((t0 - episode.start_ms) // cycle - 1, 0)
        last = (min(t1, episode.end_ms) - episode.start_ms) // cycle
        for k in range(first, last + 1):
            u, v = self._cycle.uniform(np.array([entity]), np.array([2 * k, 2 * k + 1])).tolist()
            late = 0 if k == 0 else int(0.2 * v * cycle)  # no two rounds are alike, the first begins at once
            start = episode.start_ms + k * cycle + late
            end = min(start + int((share[0] + u * (share[1] - share[0])) * cycle), episode.end_ms)
            if start < end:
                yield start, end
