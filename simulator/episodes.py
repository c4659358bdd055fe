"""Episodes: faults with an onset, a ramp, a hold and a recovery. What a scenario is cast into, what a
presenter orders, and what the world obeys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.rng import F64, I64

OPEN_MS = 1 << 41
"""Length of a fault that holds until it is taken back: about seventy years."""

HIDDEN = "hidden:"
"""What the subject of an episode begins with where no asset and no feed is its cause."""


OF_UNITS = ("crowd", "storm", "new_site")
"""Kinds that are of a unit and of no asset."""


@dataclass(frozen=True, slots=True)
class Episode:
    """One fault that plays; times in ms since the epoch, domain time.

    `id` is stable for scenario, seed and profile ("typhoon_co_to:3:feeder-06688"; a presenter's: "order-7").
    `kind` is a key of `simulator.kinds.KINDS`. `subject` is the cause: the code of an asset or a source, or
    "hidden:…" for a cause no catalogue knows ("hidden:crowd:06673", "hidden:storm:07192" name a unit).
    The strength rises over `ramp_ms`, holds for `hold_ms`, falls over `recovery_ms`. `size` is the strength
    where the kind has one, 0 for the kind's own default. `touches` are the assets hit directly where the
    subject alone does not say it. `cut_ms`: taken back at that instant, whatever was still to come; 0: never.
    """

    id: str
    kind: str
    subject: str
    start_ms: int
    ramp_ms: int
    hold_ms: int
    recovery_ms: int
    size: float = 0.0
    scenario: str = ""
    touches: tuple[str, ...] = ()
    cut_ms: int = 0

    @property
    def end_ms(self) -> int:
        """First instant at which nothing of it is left."""
        return min(self._whole_ms, max(self.cut_ms, self.start_ms)) if self.cut_ms else self._whole_ms

    @property
    def _whole_ms(self) -> int:
        return self.start_ms + self.ramp_ms + self.hold_ms + self.recovery_ms

    @property
    def hidden(self) -> bool:
        return self.subject.startswith(HIDDEN)

    @property
    def unit(self) -> str:
        """Code of the unit of what is of no asset (`OF_UNITS`), "" for every other episode."""
        parts = self.subject.split(":")
        return parts[2] if len(parts) == 3 and parts[1] in OF_UNITS else ""

    def strength(self, t: I64) -> F64:
        """0 before onset and after the end, 1 while it holds, straight lines between. Any shape."""
        into = np.asarray(t - self.start_ms, dtype=np.float64)
        left = np.asarray(self._whole_ms - t, dtype=np.float64)
        up = into / self.ramp_ms if self.ramp_ms else np.ones(into.shape)
        down = left / self.recovery_ms if self.recovery_ms else np.ones(left.shape)
        inside = (into >= 0) & (t < self.end_ms)
        return np.asarray(np.where(inside, np.clip(np.minimum(up, down), 0.0, 1.0), 0.0))
