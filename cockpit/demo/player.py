"""Plays a recording through the door, as fast as the clock lets it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cockpit.demo import tape
from cockpit.demo.ground import Ground
from cockpit.demo.tape import Line, TapeError
from cockpit.demo.virtual_clock import GRID_MS, VirtualClock
from cockpit.ingest.door import Answer
from cockpit.store import QueueFull, StoreError

log = logging.getLogger(__name__)

POLL_S = 0.05


@dataclass(slots=True)
class Piece:
    """Bodies that were all taken before domain time might reach `until_ms`."""

    until_ms: int
    bodies: list[Line] = field(default_factory=list)


def pieces(path: Path) -> Iterator[Piece]:
    """A recording in the pieces that its watermarks cut it into; where the clock was real there are none,
    and each body is a piece. Raises TapeError, OSError."""
    waiting: list[Line] = []
    marked = tape.header(path).mode == "demo"
    for line in tape.read(path):
        if line.body is not None:
            waiting.append(line)
            if not marked:
                yield Piece(tape.instant(line.at), waiting)
                waiting = []
        elif line.watermark:
            yield Piece(tape.instant(line.watermark), waiting)
            waiting = []
    # What comes after the last watermark belongs to a span that was cut off.


class Player:
    """Plays in a thread of its own; goes on where the clock stands if part of it was played before."""

    pid = 0

    def __init__(self, ground: Ground, stands: Callable[[], None]) -> None:
        """`stands` is called when nothing is granted and all that was has been sent."""
        self._ground = ground
        self._stands = stands
        self._stop = threading.Event()
        self.done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="replay", daemon=True)
        self._thread.start()

    @staticmethod
    def begins(path: str) -> int:
        """Domain time at which a recording begins. Raises TapeError, OSError."""
        return tape.instant(tape.header(Path(path)).start)

    def alive(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(5)

    def _run(self) -> None:
        clock = self._ground.clock
        try:
            at = clock.state().watermark_ms
            for piece in pieces(Path(self._ground.config.replay)):
                if piece.until_ms <= at:
                    continue
                if not self._may(clock, at, piece.until_ms):
                    return
                for line in piece.bodies:
                    self._send(line)
                self._ground.reach(piece.until_ms)
                at = piece.until_ms
            log.info("the recording is through")
        except (TapeError, OSError, EOFError, StoreError) as error:
            log.error("the recording cannot be played on: %s", error)
        self.done.set()
        while not self._stop.wait(POLL_S):
            self._stand(clock)

    def _may(self, clock: VirtualClock, at: int, until: int) -> bool:
        """Wait until the clock grants a piece, or its beginning where it is longer than what is granted at
        once; False if it is time to stop."""
        while clock.state(promise=True).grant_ms < min(until, at + GRID_MS):
            self._stand(clock)
            if self._stop.wait(POLL_S):
                return False
        return not self._stop.is_set()

    def _stand(self, clock: VirtualClock) -> None:
        if clock.state().halted:
            self._stands()

    def _send(self, line: Line) -> None:
        door = self._ground.door
        allowed = frozenset({line.source}) if line.source else None
        parsed = door.parse(line.body or b"", line.encoding, line.type, allowed)
        if isinstance(parsed, Answer):
            log.warning("a recorded body was refused: %s", parsed.payload)
            return
        waiting = []
        for batch in parsed:
            while len(batch) or batch.refused:
                try:
                    waiting.append(door.append(batch))
                    break
                except QueueFull as full:
                    if self._stop.wait(full.retry_after_s):
                        return
        for future in waiting:
            future.result()
