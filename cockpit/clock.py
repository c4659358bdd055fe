"""The three times of the cockpit. Nobody calls `now()` on their own: a `Clock` is handed in."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Domain time, real time and monotonic time, each in the unit its name says."""

    def domain_ms(self) -> int: ...

    def real_ms(self) -> int: ...

    def monotonic(self) -> float: ...


LEAP_MS = 120_000
"""The computer's clock may differ from the monotonic one by less from one look to the next: it is being set
right slowly. More is a leap."""


class Wall:
    """The computer's clock held against the monotonic one, which knows no leaps."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._real, self._mono = clock.real_ms(), clock.monotonic()

    def leapt(self) -> int:
        """By how much (ms) it leapt since the last look, 0 if it did not."""
        real, mono = self._clock.real_ms(), self._clock.monotonic()
        by_ms = real - self._real - round((mono - self._mono) * 1000)
        self._real, self._mono = real, mono
        return by_ms if abs(by_ms) >= LEAP_MS else 0


class RealClock:
    """Domain time is real time: for `serve`."""

    def domain_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def real_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()
