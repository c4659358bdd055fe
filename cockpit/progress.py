"""How far a start is, whether everybody is let in, and whether the cockpit is to stop."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace


class Stopped(Exception):
    """The cockpit is to stop before it has finished."""


STEPS = {"reset": ("reset", "engine", "simulator")}
"""The phases of what is set up while the cockpit runs, in order, where there are several."""


@dataclass(frozen=True, slots=True)
class Startup:
    """How far the start is: a key of the words catalogue, steps done and in all (0: not known). `what` is set
    up while the cockpit runs: `jump` or `reset`, "" at a start."""

    phase: str
    done: int = 0
    total: int = 0
    what: str = ""

    @property
    def share(self) -> float:
        """How far it is, from 0 to 1: the phase, or all phases where they are known."""
        part = min(1.0, self.done / self.total) if self.total else 0.0
        steps = STEPS.get(self.what, (self.phase,))
        return (steps.index(self.phase) + part) / len(steps) if self.phase in steps else 0.0


class Progress:
    """`ready` tells when all is up; `failure` is why it could not come up. Safe to use from any thread."""

    def __init__(self) -> None:
        self.ready = threading.Event()
        self.startup = Startup("lock")
        self._what = ""
        self.failure: BaseException | None = None
        self._stopping = threading.Event()

    def phase(self, phase: str, done: int = 0, total: int = 0) -> None:
        """Tell viewers who wait how far the start is. Raises Stopped."""
        if self._stopping.is_set():
            raise Stopped
        before = self.startup
        total = total or (before.total if before.phase == phase else 0)
        self.startup = Startup(phase, done, total, self._what)

    def shut(self, what: str) -> None:
        """Let nobody in: something is being set up, `jump` or `reset`."""
        self._what = what
        self.startup = replace(self.startup, what=what)
        self.ready.clear()

    def open(self) -> None:
        """Let everybody in, unless the cockpit is to stop. The way out of every time of setting up."""
        self._what = ""
        self.ready.set()
        if self._stopping.is_set():
            self.ready.clear()

    def give_up(self) -> None:
        """Whatever is being set up ends soon, and nobody new is let in."""
        self._stopping.set()
        self.ready.clear()
