"""A feed brings nothing for longer than its limit of lateness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cockpit.domain.alerting import Level
from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.kind import Kind
from cockpit.engine.senses import Senses, Step
from cockpit.engine.silence import FRESH, NEVER
from cockpit.engine.slots import News, Place, Register, Slot


class SourceLate(Kind):
    code = "source_late"
    judged = False

    def places(self, rule: Rule, register: Register) -> Iterator[Place]:
        return (p for s, p in register.of_sources() if s.kind != "computed")

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        slots = senses.slots.of_sources(self.code)
        for t, source, state in step.sources:
            level = Level.CLEAR if state == FRESH else Level.RAISE
            yield from (News(t, slot, level) for slot in slots.get(source, ()))

    def levels(self, senses: Senses) -> Iterable[tuple[int, int]]:
        for position, slots in senses.slots.of_sources(self.code).items():
            if (state := senses.sources.state[position]) != NEVER:
                yield from ((slot, Level.CLEAR if state == FRESH else Level.RAISE) for slot in slots)

    def facts(self, senses: Senses, slot: Slot, number: int, t: int, value: float | None) -> dict[str, Any]:
        source = senses.profile.source[slot.subject.source]
        last = senses.sources.heard_by(senses.source_at[source.code], t)
        return {"last": last, "rhythm_s": source.rhythm_s, "limit_s": source.late_s}
