"""Domain time of a demo: a wish that follows real time, held back by what the simulator has sent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from cockpit.clock import RealClock

LEAD_S = 1.0
"""How far ahead of the wish the simulator may send, in seconds of real time."""

SPEEDS = (1.0, 600.0)
"""Slowest and fastest wish."""

STEP_SPEED = 600.0
"""A step while paused is played at this wish, so that nothing that evaluates takes it for a jump."""

GRID_MS = 500
"""The simulator sends whole steps of this grid, so that is where a step and a jump end."""

KEEP_S = 0.5
"""Within this much real time an order is kept, and told to whoever asks next."""

MEASURE_S = 10.0
"""The reached speed is a mean over so many seconds."""


@dataclass(frozen=True, slots=True)
class ClockState:
    """What the clock shows. `speed` is the wish; `reached` is measured over the last seconds.

    `step_ms` is where a step under way will stand still, None where there is none. While the clock is
    `halted` it neither moves nor grants anything: the stage is being set. Before `horizon_ms` something
    may have been sent, or be on its way by the time an order is kept: that is where orders take effect.
    """

    domain_ms: int
    wish_ms: int
    watermark_ms: int
    grant_ms: int
    speed: float
    reached: float
    paused: bool
    step_ms: int | None = None
    halted: bool = False
    horizon_ms: int = 0


class VirtualClock(RealClock):
    """Domain time of a demo: follows a wish, never passes the watermark.

    The simulator may send up to `grant_ms` and reports how far it has sent (`reach`). If it falls
    behind, the wish waits for it, so that a slow machine plays slower and skips nothing. Domain time
    goes back only by `jump`, which nobody may call but those who set the stage.
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
        self._until_ms: float | None = None  # where a step ends
        self._halted = False
        self._watermark = self._granted = start_ms
        self._marks: list[tuple[float, int]] = [(self._base_mono, start_ms)]

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
        """Change the wish; domain time goes on from where it is, and a pause stands at once. Speed 1 to 600.
        Ends a step."""
        if speed is not None and not SPEEDS[0] <= speed <= SPEEDS[1]:
            raise ValueError(f"speed {speed}: expected 1 to 600")
        with self._lock:
            self._settle()
            self._until_ms = None
            if speed is not None:
                self._speed = speed
            if paused is not None:
                if paused:
                    self._base_ms = min(self._base_ms, float(self._watermark))
                self._paused = paused

    def step(self, span_ms: int) -> None:
        """While paused: play `span_ms` as fast as may be, then stand still again. A step given during a
        step is added to it. Raises ValueError for a clock that runs, and for no span."""
        if span_ms < 1:
            raise ValueError(f"step {span_ms} ms: expected at least 1")
        with self._lock:
            if not self._paused:
                raise ValueError("the clock runs: pause it before a step")
            self._settle()
            start = self._base_ms if self._until_ms is None else self._until_ms
            end = (start + span_ms) // GRID_MS * GRID_MS
            self._until_ms = end if end > start else end + GRID_MS

    def halt(self) -> None:
        """Stand still at the watermark and grant nothing more, until `release`."""
        with self._lock:
            self._halted = True

    def release(self) -> None:
        """Go on from here, as before `halt`. By then nothing may be on its way."""
        with self._lock:
            self._base_ms, self._base_mono = float(self._watermark), self._monotonic()
            self._granted = self._watermark
            self._marks = [(self._base_mono, self._watermark)]
            self._halted = False

    def jump(self, to_ms: int) -> None:
        """Stand at another instant at once, with all before it taken as sent. A step ends."""
        with self._lock:
            self._until_ms = None
            self._base_ms, self._base_mono = float(to_ms), self._monotonic()
            self._watermark = self._granted = to_ms
            self._marks = [(self._base_mono, to_ms)]

    def state(self, *, promise: bool = False) -> ClockState:
        """What the clock shows. `promise`: whoever sends has nothing on its way, and is told this grant."""
        with self._lock:
            mono = self._monotonic()
            wish = self._wish(mono)
            now = min(int(wish), self._watermark)
            self._marks.append((mono, now))
            while len(self._marks) > 2 and mono - self._marks[0][0] > MEASURE_S:
                self._marks.pop(0)
            (m0, d0), (m1, d1) = self._marks[0], self._marks[-1]
            reached = (d1 - d0) / 1000 / (m1 - m0) if m1 - m0 > 0.5 else self._speed
            grant = int(self._grant(wish))
            if promise:
                self._granted = grant
            return ClockState(
                domain_ms=now,
                wish_ms=int(wish),
                watermark_ms=self._watermark,
                grant_ms=grant,
                speed=self._speed,
                reached=reached,
                paused=self._paused,
                step_ms=None if self._until_ms is None else int(self._until_ms),
                halted=self._halted,
                horizon_ms=self._horizon(),
            )

    def _horizon(self) -> int:
        sent = max(self._granted, self._watermark)
        stands = self._halted or (self._paused and self._until_ms is None)
        meanwhile = 0.0 if stands else KEEP_S * 1000 * (STEP_SPEED if self._paused else self._speed)
        return -(-int(sent + meanwhile) // GRID_MS) * GRID_MS

    def _grant(self, wish: float) -> float:
        if self._halted:
            return self._watermark
        if self._until_ms is not None:
            return min(wish + LEAD_S * 1000 * STEP_SPEED, self._until_ms)
        return wish if self._paused else wish + LEAD_S * 1000 * self._speed

    def _wish(self, mono: float) -> float:
        if self._halted:
            return float(self._watermark)
        stepping = self._until_ms is not None
        if self._paused and not stepping:
            return self._base_ms
        speed = STEP_SPEED if stepping else self._speed
        wish = self._base_ms + (mono - self._base_mono) * 1000 * speed
        ahead = self._watermark + LEAD_S * 1000 * max(speed, 1.0)
        if wish > ahead:
            self._base_ms, self._base_mono = ahead, mono
            wish = ahead
        if self._until_ms is not None and wish >= self._until_ms:
            wish = self._until_ms
            self._base_ms, self._base_mono = wish, mono
            if self._watermark >= wish:
                self._until_ms = None  # it has been played
        return wish

    def _settle(self) -> None:
        mono = self._monotonic()
        self._base_ms, self._base_mono = self._wish(mono), mono
