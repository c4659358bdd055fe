"""Play made by several processes: each makes blocks of time by itself, and they come out in order.

An event does not depend on what was played before it, so a block is the same whoever makes it.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass

from cockpit import signals
from cockpit.profiles import load
from simulator.episodes import Episode
from simulator.play import Play
from simulator.samples import Deaf

BLOCK_MS = 600_000
SPAN_MS = 60_000
AHEAD = 2
"""Blocks that wait for the writer, per process: a bound on memory, 15 MB a block of a province."""

WORTH_MS = 3_600_000 * 6_000
"""Asset-milliseconds under which a second process costs more than it saves: an hour of a province."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that a play is made from."""

    profile: str
    size: str
    seed: int
    episodes: tuple[Episode, ...] = ()
    deaf: Deaf = "drop"

    def play(self) -> Play:
        play = Play(load(self.profile, size=self.size), self.seed, self.deaf)
        play.obey(self.episodes)
        return play


def blocks(
    recipe: Recipe, play: Play, start: int, end: int, jobs: int, worth_ms: int = WORTH_MS
) -> Iterator[bytes]:
    """Events of [start, end) as lines, in order of (sent, source, id). `play` is made from `recipe`."""
    if jobs < 2 or (end - start) * len(play.profile.assets) < worth_ms:
        yield from (joined(play.window(t, min(t + SPAN_MS, end))) for t in range(start, end, SPAN_MS))
        return
    # Fresh processes: forking one that has threads is not safe.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(recipe,)) as pool:
        waiting: deque[Future[bytes]] = deque()
        try:
            for t in range(start, end, BLOCK_MS):
                with signals.unheard():
                    waiting.append(pool.submit(_block, t, min(t + BLOCK_MS, end)))
                if len(waiting) >= AHEAD * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BaseException:
            signals.end_workers()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def joined(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode() if lines else b""


_made: list[Play] = []  # of a process of the pool: its own play, once it has begun


def _begin(recipe: Recipe) -> None:
    signals.end_with_parent()
    _made[:] = [recipe.play()]


def _block(start: int, end: int) -> bytes:
    return b"".join(joined(_made[0].window(t, min(t + SPAN_MS, end))) for t in range(start, end, SPAN_MS))
