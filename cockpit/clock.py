"""The three times of the cockpit. Nobody calls `now()` on their own: a `Clock` is handed in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

LEAD_S = 1.0
"""How far ahead of the wish the simulator may send, in seconds of real time."""


class Clock(Protocol):
    """Domain time, real time and monotonic time, each in the unit its name says."""

    def domain_ms(self) -> int: ...

    def real_ms(self) -> int: ...

    def monotonic(self) -> float: ...


class RealClock:
    """Domain time is real time: for `serve`."""

    def domain_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def real_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class ClockState:
    """What the clock shows. `speed` is the wish; `reached` is measured over the last seconds."""

    domain_ms: int
    wish_ms: int
    watermark_ms: int
    grant_ms: int
    speed: float
    reached: float
    paused: bool


class VirtualClock(RealClock):
    """Domain time of a demo: follows a wish, never passes the watermark.

    The simulator may send up to `grant_ms` and reports how far it has sent (`reach`). If it falls
    behind, the wish waits for it, so that a slow machine plays slower and skips nothing.
    """

    def __init__(
        self, start_ms: int, speed: float = 1.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._lock = threading.Lock()
        self._monotonic = monotonic
        self._base_ms = float(start_ms)
        self._base_mono = monotonic()
        self._speed = speed
        self._paused = False
        self._watermark = start_ms
        self._marks: list[tuple[float, int]] = [(self._base_mono, start_ms)]

    def _wish(self, mono: float) -> float:
        if self._paused:
            return self._base_ms
        wish = self._base_ms + (mono - self._base_mono) * 1000 * self._speed
        ahead = self._watermark + LEAD_S * 1000 * max(self._speed, 1.0)
        if wish > ahead:
            self._base_ms, self._base_mono = ahead, mono
            return ahead
        return wish

    def monotonic(self) -> float:
        return self._monotonic()

    def domain_ms(self) -> int:
        with self._lock:
            return min(int(self._wish(self._monotonic())), self._watermark)

    def reach(self, watermark_ms: int) -> None:
        """Report that everything up to `watermark_ms` has been sent. Never goes back."""
        with self._lock:
            self._watermark = max(self._watermark, watermark_ms)

    def control(self, *, speed: float | None = None, paused: bool | None = None) -> None:
        """Change the wish; domain time goes on from where it is. Speed 1 to 600."""
        if speed is not None and not 1 <= speed <= 600:
            raise ValueError(f"speed {speed}: expected 1 to 600")
        with self._lock:
            mono = self._monotonic()
            self._base_ms, self._base_mono = self._wish(mono), mono
            if speed is not None:
                self._speed = speed
            if paused is not None:
                self._paused = paused

    def state(self) -> ClockState:
        with self._lock:
            mono = self._monotonic()
            wish = self._wish(mono)
            now = min(int(wish), self._watermark)
            self._marks.append((mono, now))
            while len(self._marks) > 2 and mono - self._marks[0][0] > 10:
                self._marks.pop(0)
            (m0, d0), (m1, d1) = self._marks[0], self._marks[-1]
            reached = (d1 - d0) / 1000 / (m1 - m0) if m1 - m0 > 0.5 else self._speed
            grant = wish if self._paused else wish + LEAD_S * 1000 * self._speed
            return ClockState(
                domain_ms=now,
                wish_ms=int(wish),
                watermark_ms=self._watermark,
                grant_ms=int(grant),
                speed=self._speed,
                reached=reached,
                paused=self._paused,
            )
