"""What is known of a condition besides its level: when what it tells of began, and what was kept."""

from __future__ import annotations

from typing import Any

from cockpit.domain.alerting.condition import State
from cockpit.engine.slots import Slot


def begun_at(slot: Slot, found: int, facts: dict[str, Any]) -> int:
    """When it began that was found at `found`, as far back as the evidence reaches: of a silence when it was
    last heard, of a feed that lags the time of what came late, of an entry of a register when it was due, of
    an alert of another system when that says it began."""
    if facts.get("starts"):
        return min(found, int(facts["starts"]))
    if facts.get("due"):
        return min(found, int(facts["due"]))
    if facts.get("last"):
        return min(found, int(facts["last"]))
    return found - slot.lead_ms - int(facts.get("lag_s", 0)) * 1000


def state_of(text: str) -> State:
    if text in ("pending", "firing", "recovering"):
        return text  # type: ignore[return-value]
    raise ValueError(f"condition state {text!r}: expected pending, firing or recovering")
