"""Many of a class bad at once: how many there are, since when, and which alerts stand for all of them.

Each slot of a rule that gathers others counts these, its *members*, of one class of subjects. What was bad
before the surge began is not of it: where a third of the loudspeakers has been silent for weeks, a tenth more
is no surge, and neither does the third keep one from ending.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from cockpit.domain.alerting import Condition, Level
from cockpit.domain.alerting.at_once import Count, level_of_many
from cockpit.domain.catalog import Rule
from cockpit.engine.columns import Bools, Ints
from cockpit.engine.numbers import SlotNo
from cockpit.engine.slots import News, Slots
from cockpit.store.alerts import Alert

_NEVER = -1


class _Class:
    """The members of one slot, by their place among them."""

    def __init__(self, rule: Rule, members: list[SlotNo], subjects: list[str]) -> None:
        self.rule, self.members = rule, members
        index = {code: n for n, code in enumerate(dict.fromkeys(subjects))}
        self.subject: Ints = np.array([index[code] for code in subjects], dtype=np.int64)
        self.subjects = len(index)
        self.since: Ints = np.full(len(members), _NEVER, dtype=np.int64)  # bad since then without a break
        self.known: Bools = np.zeros(len(members), dtype=np.bool_)

    def distinct(self, members: Bools) -> int:
        """How many subjects some of the members are about."""
        found = np.zeros(self.subjects, dtype=np.bool_)
        found[self.subject[members]] = True
        return int(found.sum())

    def count(self, limit: int) -> Count:
        """What has gone bad from `limit` on."""
        bad = self.since >= max(limit, 0)
        starts = int(self.since[bad].min()) if bad.any() else None
        return Count(self.distinct(self.known), self.distinct(bad), starts)


class Surges:
    """All slots that gather others. `of` names the slots that gather a member."""

    def __init__(self, slots: Slots, gathered: Mapping[SlotNo, list[SlotNo]]) -> None:
        """`gathered`: by the number of a slot those of its members."""
        self.of: dict[SlotNo, list[SlotNo]] = {}
        self._classes: dict[SlotNo, _Class] = {}
        self._limit: dict[SlotNo, int] = {}  # of a surge: from when on what goes bad is of it
        self._place: dict[tuple[SlotNo, SlotNo], int] = {}
        for number, members in gathered.items():
            subjects = [slots.all[m].subject.node for m in members]
            self._classes[number] = _Class(slots.all[number].rule, members, subjects)
            for place, member in enumerate(members):
                self.of.setdefault(member, []).append(number)
                self._place[number, member] = place

    def members(self, number: SlotNo) -> list[SlotNo]:
        """What a slot gathers; nothing where it gathers none."""
        found = self._classes.get(number)
        return [] if found is None else found.members

    def bad(self, number: SlotNo) -> list[SlotNo]:
        """Members that have gone bad in the surge, in order."""
        found = self._classes[number]
        places = np.flatnonzero(found.since >= max(self._limit.get(number, 0), 0))
        return [found.members[place] for place in places.tolist()]

    def count(self, number: SlotNo) -> Count:
        """What is known of a surge; without one of all that is bad."""
        return self._classes[number].count(self._limit.get(number, 0))

    def restore(
        self, slots: Slots, conditions: Mapping[SlotNo, Condition], alerts: Mapping[SlotNo, Alert]
    ) -> None:
        """Take up since when members are bad, and which surges there are, from what an engine has kept."""
        for number, found in self._classes.items():
            for place, member in enumerate(found.members):
                condition, alert = conditions.get(member), alerts.get(member)
                if alert is not None:
                    found.since[place] = alert.opened - slots.all[member].timing.for_ms
                elif condition is not None:
                    found.since[place] = condition.since
            found.known[:] = found.since > _NEVER
            own, alert = conditions.get(number), alerts.get(number)
            if alert is not None:
                self._limit[number] = alert.first_seen
            elif own is not None:
                self._limit[number] = own.since - found.rule.span_s * 1000

    def news(
        self, t: int, items: Iterable[News], levels: bytearray, conditions: Mapping[SlotNo, Condition]
    ) -> Iterator[News]:
        """After the levels of an instant have changed: what follows for those that gather them."""
        if not self.of:
            return
        touched: set[SlotNo] = set()
        for item in items:
            for number in self.of.get(item.slot, ()):
                touched.add(number)
                self._note(self._classes[number], self._place[number, item.slot], item)
        for number in sorted(touched):
            level, share = self._level(number, t, conditions)
            if level != levels[number]:
                levels[number] = level
                yield News(t, number, level, share)

    def _note(self, found: _Class, place: int, item: News) -> None:
        if item.level == Level.CLEAR:
            found.since[place] = _NEVER
        elif item.level == Level.RAISE and found.since[place] == _NEVER:
            found.since[place] = item.t
        # Of what is bad and silent now nobody can say that it is over.
        found.known[place] = item.level != Level.GONE or found.since[place] > _NEVER

    def _level(self, number: SlotNo, t: int, conditions: Mapping[SlotNo, Condition]) -> tuple[int, float]:
        found = self._classes[number]
        if number not in conditions:
            self._limit.pop(number, None)
        surge = number in self._limit
        count = found.count(self._limit[number] if surge else t - found.rule.span_s * 1000)
        level = level_of_many(found.rule, count)
        if level == Level.RAISE and not surge and count.starts is not None:
            self._limit[number] = count.starts
        return level, count.share
