"""What a presenter does to the simulated province: fault orders the simulator is asked to play."""

from __future__ import annotations

import threading
from collections.abc import Container
from dataclasses import dataclass

from cockpit.clock import Clock

KINDS = ("silent",)
"""Faults the simulator can play on order: `silent` stops an asset and all that depends on it."""

MAX_SECONDS = 86_400
MAX_OPEN = 100


class StageError(ValueError):
    """An order that cannot be taken; `code` is stable, the message says what is expected."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Fault:
    """One order. `since_ms` and `until_ms` are domain time; the end is exclusive."""

    id: int
    asset: str
    kind: str
    since_ms: int
    until_ms: int


class Stage:
    """The orders in force, in memory: they end with the demo that gave them. Safe to use from any thread."""

    def __init__(self, clock: Clock, assets: Container[str]) -> None:
        self._clock = clock
        self._assets = assets
        self._lock = threading.Lock()
        self._faults: dict[int, Fault] = {}
        self._next = 1

    def inject(self, asset: str, kind: str, seconds: int) -> Fault:
        """Order a fault from now on. Raises StageError."""
        if kind not in KINDS:
            raise StageError("unknown_kind", f"kind {kind!r}: expected one of {', '.join(KINDS)}")
        if asset not in self._assets:
            raise StageError("unknown_asset", f"asset {asset!r} is not in the catalogue")
        if not 1 <= seconds <= MAX_SECONDS:
            raise StageError("bad_seconds", f"seconds {seconds}: expected 1 to {MAX_SECONDS}")
        now = self._clock.domain_ms()
        with self._lock:
            self._drop_ended(now)
            if len(self._faults) >= MAX_OPEN:
                raise StageError("too_many", f"{MAX_OPEN} faults are in force already; undo one first")
            fault = Fault(self._next, asset, kind, now, now + seconds * 1000)
            self._faults[fault.id] = fault
            self._next += 1
            return fault

    def undo(self, fault_id: int) -> bool:
        """End an order now. False if there is none by that number."""
        with self._lock:
            return self._faults.pop(fault_id, None) is not None

    def faults(self) -> list[Fault]:
        """The orders in force, oldest first."""
        now = self._clock.domain_ms()
        with self._lock:
            self._drop_ended(now)
            return list(self._faults.values())

    def _drop_ended(self, now: int) -> None:
        for fault in [f for f in self._faults.values() if f.until_ms <= now]:
            del self._faults[fault.id]
