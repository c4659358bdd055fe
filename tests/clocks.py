"""Clocks driven by hand."""

from __future__ import annotations


class HandClock:
    """All three times move only when told to. `advance` moves them together, as at speed 1. Real time begins
    at `real_ms`, where that is another than domain time."""

    def __init__(self, start_ms: int, speed: float = 1.0, real_ms: int | None = None) -> None:
        self.domain, self.real = start_ms, start_ms if real_ms is None else real_ms
        self.mono = 1000.0
        self.speed = speed

    def domain_ms(self) -> int:
        return self.domain

    def real_ms(self) -> int:
        return self.real

    def monotonic(self) -> float:
        return self.mono

    def advance(self, ms: int) -> None:
        """Let `ms` of domain time pass, and of the other times what belongs to it at this speed."""
        self.domain += ms
        self.real += int(ms / self.speed)
        self.mono += ms / self.speed / 1000

    def jump(self, ms: int) -> None:
        """Domain time stands elsewhere at once; no other time has passed."""
        self.domain += ms
