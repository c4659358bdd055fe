"""What the kinds have in common that tell of a feed that nothing comes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from cockpit.domain.alerting import Level
from cockpit.domain.catalog import Rule, Source
from cockpit.domain.freshness import due
from cockpit.domain.periods import HOUR_MS
from cockpit.engine.kinds.kind import Facts, Kept, Kind
from cockpit.engine.numbers import SlotNo
from cockpit.engine.rolled import Hours
from cockpit.engine.senses import Senses, Step
from cockpit.engine.silence import NEVER
from cockpit.engine.slots import News, Place, Slot, Survey


class Absence(Kind):
    judged = False

    @abstractmethod
    def bad(self, state: int) -> bool:
        """Whether a feed that is late, silent or fresh is what a rule of this kind is about."""

    @abstractmethod
    def limit_s(self, source: Source) -> int:
        """The source's own limit."""

    def within_ms(self, rule: Rule, rhythm_ms: int) -> int:
        return rule.for_s * 1000  # from the feed's own limit on

    def places(self, rule: Rule, survey: Survey) -> Iterator[Place]:
        return (p for s, p in survey.of_sources if s.inward)

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        slots = senses.slots.of_sources(self.code)
        for t, source, state in step.sources:
            yield from (News(t, slot, self._level(state)) for slot in slots.get(source, ()))

    def levels(self, senses: Senses) -> Iterable[tuple[SlotNo, int]]:
        for position, slots in senses.slots.of_sources(self.code).items():
            if (state := senses.sources.state[position]) != NEVER:
                yield from ((slot, self._level(state)) for slot in slots)

    def past(self, rule: Rule) -> frozenset[Kept]:
        return frozenset({"hours"})

    def rolled(self, rule: Rule, senses: Senses, hours: Hours) -> Iterable[News]:
        for number in senses.slots.by_rule[rule.code]:
            source = senses.profile.source[senses.slots.all[number].subject.source]
            came = [h for h in hours.feeds.get(senses.source_at[source.code], ()) if h.events]
            for hour, after in zip_longest(came, came[1:]):
                begins = hour.hour * HOUR_MS
                yield News(max(begins, hours.start), number, Level.CLEAR)
                missed = due(max(hour.last, begins), self.limit_s(source) * 1000, source.calendar, hours.work)
                if missed < (hours.end if after is None else after.hour * HOUR_MS):
                    yield News(missed, number, Level.RAISE)

    def facts(self, senses: Senses, slot: Slot, number: SlotNo, t: int, value: float | None) -> Facts:
        source = senses.profile.source[slot.subject.source]
        last = senses.sources.heard_by(senses.source_at[source.code], t)
        return {"last": last, "rhythm_s": source.rhythm_s, "limit_s": self.limit_s(source)}

    def _level(self, state: int) -> int:
        return Level.RAISE if self.bad(state) else Level.CLEAR
