"""What a view is computed from."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.profiles import Profile
from cockpit.store import Store


@dataclass(frozen=True, slots=True)
class ViewContext:
    """The store and the profile at an instant: `now_ms` in domain time, `real_ms` in real time."""

    store: Store
    profile: Profile
    now_ms: int
    real_ms: int
    simulated: bool = False  # whether sources on domain time are played by the simulator

    def now_of(self, source_code: str) -> int:
        """The instant on the clock that the source lives on."""
        source = self.profile.source.get(source_code)
        return self.real_ms if source is not None and source.time == "real" else self.now_ms
