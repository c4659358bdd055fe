"""What the kinds have in common that count the events of a feed by whole minutes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import numpy as np

from cockpit.domain.alerting import Level, Timing
from cockpit.domain.alerting.minutes import Count, Measure, levels, timing_of_minutes, values
from cockpit.domain.catalog import Rule, Source
from cockpit.domain.periods import HOUR_MS, MINUTE_MS
from cockpit.engine.kinds.kind import Facts, Kept, Kind, Newest, Problem, more_is_worse, worst
from cockpit.engine.numbers import SlotNo
from cockpit.engine.rolled import Hours
from cockpit.engine.senses import Senses, Step
from cockpit.engine.slots import News, Place, Slot, Survey
from cockpit.store.alerts import Alert


class Feed(Kind):
    """A kind whose rules judge a feed at the end of every minute."""

    measure: ClassVar[Measure]
    """What is compared with the thresholds."""

    def problems(self, rule: Rule, survey: Survey) -> Iterator[Problem]:
        yield from more_is_worse(rule, share=self.measure.share)
        if rule.for_s < 60:
            yield Problem("for_s", rule.for_s, "60 or more: a feed is judged by whole minutes")
        if rule.least < 1:
            yield Problem("least", rule.least, "1 or more")

    def places(self, rule: Rule, survey: Survey) -> Iterator[Place]:
        return (p for s, p in survey.of_sources if s.inward and self.about(s))

    def about(self, source: Source) -> bool:
        """Whether a rule of this kind can be about a feed."""
        return True

    def timing(self, rule: Rule) -> Timing:
        return timing_of_minutes(rule)

    def within_ms(self, rule: Rule, rhythm_ms: int) -> int:
        return rule.for_s * 1000 + 2 * max(rhythm_ms, MINUTE_MS)

    def lead_ms(self, rule: Rule, place: Place, survey: Survey) -> int:
        source = survey.profile.source[place.subject.source]
        return (self.measure.minutes_of(source) if rule.cause else 1) * MINUTE_MS

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        return (News(v.t, v.slot, v.level, v.value) for v in step.feeds if v.measure is self.measure)

    def levels(self, senses: Senses) -> Iterable[tuple[SlotNo, int]]:
        return senses.feeds.restored(self.measure)

    def past(self, rule: Rule) -> frozenset[Kept]:
        return frozenset({"hours"})

    def rolled(self, rule: Rule, senses: Senses, hours: Hours) -> Iterable[News]:
        """An hour counts as if all its minutes had been alike."""
        first = hours.start // HOUR_MS
        for number in senses.slots.by_rule[rule.code]:
            source = senses.profile.source[senses.slots.all[number].subject.source]
            sums = np.zeros((5, hours.count))
            for one in hours.feeds.get(senses.source_at[source.code], ()):
                if 0 <= one.hour - first < hours.count:
                    sums[:, one.hour - first] = one.events, one.late, one.again, one.refused, 0
            new, late, again, refused, none = sums * (self.measure.minutes_of(source) / 60)
            count: Any = Count(new, late, none, again, np.maximum(0, new + again + refused - late), refused)
            level = levels(self.measure, rule, source.per_hour, count)
            value = values(self.measure, source.per_hour, count)
            for at in np.flatnonzero(np.diff(level, prepend=int(Level.GONE))).tolist():
                yield News(hours.start + at * HOUR_MS, number, int(level[at]), float(value[at]))

    def facts(self, senses: Senses, slot: Slot, number: SlotNo, t: int, value: float | None) -> Facts:
        count = {
            name: int(column[0])
            for name, column in zip(
                ("new", "late", "lag_ms", "again", "flow", "refused"), senses.feeds.at(number, t), strict=True
            )
        }
        found = {"value": senses.feeds.value(number, t), "minutes": senses.feeds.minutes(number)}
        return found | self.counted(count, senses.profile.source[slot.subject.source])

    @abstractmethod
    def counted(self, count: dict[str, int], source: Source) -> Facts:
        """What of the counts explains an alert; the counts are named as in `Count`."""

    def newest(self, senses: Senses, slot: Slot, number: SlotNo, alert: Alert, t: int) -> Newest | None:
        return worst(slot.rule, alert, self.facts(senses, slot, number, t, None))
