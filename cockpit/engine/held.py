"""What is due and waits for its cause to be found."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.engine.numbers import SlotNo
from cockpit.engine.slots import Slot


class Held:
    """Slots that wait, each with when it is looked at again (ms), found by every node above them."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self._slots = slots
        self._at: dict[SlotNo, int] = {}
        self._below: dict[str, set[SlotNo]] = {}

    def wait(self, slot: SlotNo, at: int) -> None:
        """It waits until `at`, or until it is told otherwise."""
        if slot not in self._at:
            for node in self._slots[slot].chain:
                self._below.setdefault(node, set()).add(slot)
        self._at[slot] = at

    def at(self, slot: SlotNo) -> int | None:
        """When it is looked at again, None where it does not wait."""
        return self._at.get(slot)

    def let_go(self, slot: SlotNo) -> None:
        """It waits no more, if it did."""
        if self._at.pop(slot, None) is not None:
            for node in self._slots[slot].chain:
                self._below[node].discard(slot)

    def below(self, node: str) -> list[SlotNo]:
        """What waits below a node, in order."""
        return sorted(self._below.get(node, ()))
