"""What a demo stands on. Whoever joins the parts fills it, again after every way back to the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cockpit.config import Config
from cockpit.demo.simulator_process import Errands
from cockpit.demo.state import DemoRun
from cockpit.demo.tape import Recorder
from cockpit.demo.virtual_clock import VirtualClock
from cockpit.domain.roles import Role
from cockpit.engine import Engine
from cockpit.ingest.door import Door
from cockpit.profiles import Profile
from cockpit.progress import Progress
from cockpit.store import Store, meta
from cockpit.store.handles import Write

Act = Callable[[int, Role, str, Mapping[str, Any], str], bool]
"""Carries out a command of the past: when (ms of domain time), the role of who acts, its name on the wire,
its arguments, and the reason; whether it could be done. Whoever joins the parts hands it in: commands know a
demo."""


@dataclass
class Ground:
    """What all parts of a demo share."""

    config: Config
    profile: Profile
    clock: VirtualClock
    path: Path  # of the database
    recorder: Recorder
    progress: Progress
    errands: Errands
    act: Act
    store: Store = field(init=False)
    door: Door = field(init=False)
    run: DemoRun = field(init=False)
    engine: Engine | None = None
    playing: bool = False  # whether something sends what the clock grants
    found: tuple[int, tuple[bytes, ...]] | None = None  # end of a past, and the alerts that are in it
    _kept_ms: int = 0

    def __post_init__(self) -> None:
        self.run = DemoRun(self.clock, self.profile)  # nothing is known of it before the store is open

    def put(self, *facts: tuple[str, str]) -> None:
        """Keep small facts in the store; returns when they are on disk."""

        def write(conn: Write) -> None:
            for key, value in facts:
                meta.put(conn, key, value)

        self.store.write(write).result()

    def reach(self, watermark_ms: int) -> None:
        """Everything up to `watermark_ms` of domain time has been sent."""
        self.clock.reach(watermark_ms)
        reached = self.clock.state().watermark_ms  # never less than before, whatever was reported
        if reached - self._kept_ms >= 1000:
            self._kept_ms = reached
            self.store.write(lambda conn: meta.put(conn, "domain_ms", str(reached)))

    def set_back(self) -> None:
        """Domain time has gone back: what is kept of it may, too."""
        self._kept_ms = 0
