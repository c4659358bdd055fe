"""An alert of another system of monitoring stands, as that system says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from msgspec import structs

from cockpit.domain.alerting.subjects import Subject
from cockpit.domain.catalog import Rule
from cockpit.domain.incoming import RESPOND_S, Incoming
from cockpit.engine.kinds.kind import Facts, Hourly, Kind
from cockpit.engine.numbers import SlotNo
from cockpit.engine.senses import Senses, Step
from cockpit.engine.slots import News, Place, Slot, Survey
from cockpit.profiles import Profile

LAST = 1002
"""Deeper than anything that is watched here: it explains nothing of that."""


class IncomingAlert(Kind):
    code = "incoming"
    judged = False
    limits_values = False
    of_incoming = True
    hourly: ClassVar[Hourly] = ""

    def places(self, rule: Rule, survey: Survey) -> Iterator[Place]:
        return iter(())

    def place_of_incoming(self, rule: Rule, told: Incoming, profile: Profile) -> tuple[Rule, Place] | None:
        reading = profile.incoming
        priority = reading.priority(told.labels, rule.priority)
        changes: dict[str, object] = {}
        if priority != rule.priority:
            changes |= {"priority": priority, "respond_s": RESPOND_S[priority]}
        owner = profile.owner_name(told.labels.get(reading.owner_label, ""))
        if owner is not None:
            changes["owner"] = owner
        unit = told.labels.get(reading.unit_label, "")
        place = Place(
            LAST, told.number, told.subject, (), told.source, unit if unit in profile.unit else "", 0
        )
        return structs.replace(rule, **changes), place

    def explains(self, rule: Rule) -> bool:
        return False

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        for heard in step.incoming:
            for number in self._mine(senses, heard.subject):
                yield News(heard.t, number, heard.level)

    def levels(self, senses: Senses) -> Iterable[tuple[SlotNo, int]]:
        for subject in senses.incoming.told:
            for number in self._mine(senses, subject):
                yield number, int(senses.incoming.known(subject))

    def facts(self, senses: Senses, slot: Slot, number: SlotNo, t: int, value: float | None) -> Facts:
        told = senses.incoming.told.get(slot.subject)
        return {} if told is None else told.facts(stale=senses.incoming.stale(slot.subject))

    def _mine(self, senses: Senses, subject: Subject) -> list[SlotNo]:
        found = senses.slots.entries.get(subject, ())
        return [n for n in found if senses.slots.all[n].rule.kind == self.code]
