"""What the engine keeps beside its alerts: registers and people's orders, written with the tick."""

from __future__ import annotations

from typing import Protocol

from cockpit.store.handles import Write


class Following(Protocol):
    """What has something to write with the tick that found it, and forgets it once that is on disk."""

    @property
    def waiting(self) -> bool: ...
    def save(self, conn: Write) -> None: ...
    def saved(self) -> None: ...
