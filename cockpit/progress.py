"""How far a start is, whether everybody is let in, and whether the cockpit is to stop."""

from __future__ import annotations

import threading
from dataclasses import dataclass


class Stopped(Exception):
    """The cockpit is to stop before it has finished."""


@dataclass(frozen=True, slots=True)
class Startup:
    """How far the start is: a key of the words catalogue, steps done and in all (0: not known)."""

    phase: str
    done: int = 0
    total: int = 0


class Progress:
    """`ready` tells when all is up; `failure` is why it could not come up. Safe to use from any thread."""

    def __init__(self) -> None:
        self.ready = threading.Event()
        self.startup = Startup("lock")
        self.failure: BaseException | None = None
        self._stopping = threading.Event()

    def phase(self, phase: str, done: int = 0, total: int = 0) -> None:
        """Tell viewers who wait how far the start is. Raises Stopped."""
        if self._stopping.is_set():
            raise Stopped
        before = self.startup
        self.startup = Startup(phase, done, total or (before.total if before.phase == phase else 0))

    def shut(self) -> None:
        """Let nobody in: something is being set up."""
        self.ready.clear()

    def open(self) -> None:
        """Let everybody in, unless the cockpit is to stop. The way out of every time of setting up."""
        self.ready.set()
        if self._stopping.is_set():
            self.ready.clear()

    def give_up(self) -> None:
        """Whatever is being set up ends soon, and nobody new is let in."""
        self._stopping.set()
        self.ready.clear()
