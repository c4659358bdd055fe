"""One run: a play and an engine in lock-step on a scratch store, through the door's own checks.

Events of a step go in by the functions that HTTP bodies take, are committed, then domain time moves to the
end of the step and the engine ticks. No thread races another, so a run depends on its play alone; the
alert log is the same whatever the step. The real-time lane stands still: nothing on this machine is scored.
"""

from __future__ import annotations

import gc
import shutil
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from cockpit.domain import instants
from cockpit.engine import Engine
from cockpit.ingest.decode import MAX_EVENTS, TYPE_LINES
from cockpit.ingest.door import Answer, Door
from cockpit.ingest.files import import_lines
from cockpit.profiles import Profile
from cockpit.score.alertlog import Raised, raised
from cockpit.store import Store
from cockpit.store.queries import outcome
from cockpit.store.rows import Logged
from simulator.history import NEWEST_DAYS, History, Part
from simulator.play import Play

STEP_MS = 60_000
"""Domain time of a step. The grid of rules about indicators; finer steps change nothing but the cost."""

SPAN_MS = 300_000
"""Domain time that is played at once, then cut into steps: a play has a cost by call."""

PAST_DAYS = 2
"""Days behind the start that the store is filled with, as a first start of a demo does: without them no
feed that sends once a day would be known."""

COMMIT_S = 60.0
ROOMY = 2 << 30
"""Bytes that must be free in memory for a scratch store to lie there."""

Progress = Callable[[float], None]


class Playing(Protocol):
    """What a harness needs of a play: the events sent in a span, ms."""

    def window(self, t0: int, t1: int) -> list[str]: ...


class HarnessError(RuntimeError):
    """A run that went wrong by itself, so that it says nothing about the cockpit."""


@dataclass(slots=True)
class LockClock:
    """Domain time moves when told; the other times move with it, as if all were lived at speed 1."""

    start: int
    domain: int

    def domain_ms(self) -> int:
        return self.domain

    def real_ms(self) -> int:
        return self.domain

    def monotonic(self) -> float:
        return (self.domain - self.start) / 1000


class StillClock(LockClock):
    """The same for the store, whose monotonic time stands still: it brings roll-ups to the disk when there
    are many, not every few seconds of a time that flies. No alert depends on them."""

    __slots__ = ()

    def monotonic(self) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a run. `refused`: events the door did not take, by code."""

    alerts: tuple[Raised, ...]
    log: tuple[Logged, ...]
    events: int
    refused: dict[str, int]


def run(
    profile: Profile,
    play: Playing,
    start: int,
    end: int,
    *,
    step_ms: int = STEP_MS,
    past_days: int = PAST_DAYS,
    progress: Progress = lambda share: None,
) -> Outcome:
    """Play [start, end) through a cockpit. `past_days`: so many days of a past it is given, of a play that
    has one. `progress` gets the share that is done. Raises HarnessError,
    StoreError."""
    with _scratch() as folder:
        clock, still = LockClock(start, start), StillClock(start, start)
        store = Store(folder / "cockpit.db", profile, still, writable=True)
        store.start()
        door = Door(store, profile, clock, simulated=True)
        try:
            return _run(profile, play, store, door, (clock, still), end, step_ms, past_days, progress)
        finally:
            door.close()
            store.close()


def _run(
    profile: Profile,
    play: Playing,
    store: Store,
    door: Door,
    clocks: tuple[LockClock, StillClock],
    end: int,
    step_ms: int,
    past_days: int,
    progress: Progress,
) -> Outcome:
    clock, still = clocks
    start = clock.domain
    if past_days and isinstance(play, Play):
        part: Part = "core" if past_days <= NEWEST_DAYS else "all"
        for piece in History(play, past_days, start).pieces(part):
            import_lines(door, piece.splitlines(), past=True)
    engine = Engine(store, profile, clock, played=True)
    engine.tick()
    events = 0
    refused: dict[str, int] = {}
    for t1, lines in steps(play, start, end, step_ms):
        events += len(lines)
        for at in range(0, len(lines), MAX_EVENTS):
            _take(door, lines[at : at + MAX_EVENTS], refused)
        clock.domain = still.domain = t1
        engine.tick()
        progress((t1 - start) / (end - start))
    with store.read() as conn:
        log = outcome.log(conn)
        alerts = raised(outcome.alerts(conn), log)
    engine.stop()
    return Outcome(tuple(alerts), tuple(log), events, refused)


class _Sent(msgspec.Struct):
    """As much of an event as tells when it was sent."""

    sent: str


_sent = msgspec.json.Decoder(_Sent)


def steps(play: Playing, start: int, end: int, step_ms: int) -> Iterator[tuple[int, list[str]]]:
    """The end of each step with the events sent in it. Lines of a play are in order of sending."""
    span = max(SPAN_MS // step_ms, 1) * step_ms
    for t0 in range(start, end, span):
        until = min(t0 + span, end)
        lines = play.window(t0, until)
        at = 0
        for t1 in range(t0 + step_ms, until + step_ms, step_ms):
            last = bisect_left(lines, min(t1, until), at, key=_sent_ms) if t1 < until else len(lines)
            yield min(t1, until), lines[at:last]
            at = last


def _sent_ms(line: str) -> int:
    return instants.parse(_sent.decode(line).sent)


def _take(door: Door, lines: list[str], refused: dict[str, int]) -> None:
    batches = door.parse("\n".join(lines).encode(), "", TYPE_LINES, None)
    if isinstance(batches, Answer):
        raise HarnessError(f"the door refused a whole body: {batches.payload}")
    for batch in batches:
        for event in batch.refused:
            refused[str(event.code)] = refused.get(str(event.code), 0) + 1
    for future in [door.append(batch) for batch in batches]:
        future.result(COMMIT_S)


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder in memory where there is room: a scratch store need not outlive a power cut. Cycles are not
    looked for meanwhile: millions of short lists come and go without one."""
    memory = Path("/dev/shm")  # noqa: S108 - only where its space is made
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOMY
    looked = gc.isenabled()
    gc.disable()
    try:
        with tempfile.TemporaryDirectory(prefix="cockpit-score-", dir=memory if roomy else None) as folder:
            yield Path(folder)
    finally:
        if looked:
            gc.enable()
