"""Slots whose level follows from the levels of others on the same subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cockpit.domain.alerting import key_of
from cockpit.engine.kinds import kind_of
from cockpit.engine.kinds.combination import Combination
from cockpit.engine.numbers import SlotNo
from cockpit.engine.slots import News, Slots


class Combined:
    """What depends on what. `levels` is shared with who keeps it."""

    def __init__(self, slots: Slots, levels: bytearray) -> None:
        self._levels = levels
        self._kind: dict[SlotNo, Combination] = {}
        self._parts: dict[SlotNo, list[SlotNo]] = {}
        self._above: dict[SlotNo, list[SlotNo]] = {}
        for number, slot in slots.numbered():
            kind = kind_of(slot.rule)
            if isinstance(kind, Combination):
                self._kind[number] = kind
                self._parts[number] = [slots.by_key[key_of(code, slot.subject.code)] for code in slot.rule.of]
                for part in self._parts[number]:
                    self._above.setdefault(part, []).append(number)

    def news(self, t: int, items: Iterable[News]) -> Iterator[News]:
        """After the levels of an instant have changed: what follows from them, each once, parts first."""
        if not self._above:
            return
        waiting: set[SlotNo] = set()
        for item in items:
            if item.slot in self._above:
                waiting.update(self._above[item.slot])
        while waiting:
            ready: Iterable[SlotNo] = waiting.copy()
            if len(waiting) > 1:
                ready = [n for n in sorted(waiting) if not any(part in waiting for part in self._parts[n])]
            for number in ready:
                waiting.discard(number)
                level = self._kind[number].combine([self._levels[part] for part in self._parts[number]])
                if level != self._levels[number]:
                    self._levels[number] = level
                    yield News(t, number, level)
                    waiting.update(self._above.get(number, ()))
