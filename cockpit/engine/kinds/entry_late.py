"""The next step of an entry of a register is overdue. `metric` names the register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cockpit.domain import registers
from cockpit.domain.alerting.subjects import Subject
from cockpit.domain.catalog import Rule
from cockpit.domain.registers import Entry
from cockpit.engine.kinds.kind import Facts, Kind, Problem
from cockpit.engine.numbers import SlotNo
from cockpit.engine.senses import Senses, Step
from cockpit.engine.slots import News, Place, Slot, Survey

LAST = 1001
"""Deeper than any asset and any figure: people act on what those tell."""


class EntryLate(Kind):
    code = "entry_late"
    judged = False
    limits_values = False

    def problems(self, rule: Rule, survey: Survey) -> Iterator[Problem]:
        if rule.metric not in registers.LATE:
            yield Problem("metric", rule.metric, f"one of {', '.join(registers.LATE)}")

    def places(self, rule: Rule, survey: Survey) -> Iterator[Place]:
        return iter(())

    def place_of(self, rule: Rule, entry: Entry) -> Place | None:
        if rule.kind != self.code or rule.metric != entry.kind:
            return None
        return Place(LAST, entry.id, entry.subject, (), "", entry.unit, 0)

    def explains(self, rule: Rule) -> bool:
        return False

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        for late in step.entries:
            for number in self._mine(senses, late.subject):
                yield News(late.t, number, late.level)

    def levels(self, senses: Senses) -> Iterable[tuple[SlotNo, int]]:
        for subject in senses.slots.entries:
            for number in self._mine(senses, subject):
                yield number, int(senses.entries.told(subject))

    def facts(self, senses: Senses, slot: Slot, number: SlotNo, t: int, value: float | None) -> Facts:
        entry = senses.entries.open.get(slot.subject)
        if entry is None:
            return {}
        told = {"state": entry.state, "due": entry.due, "begun": entry.opened}
        told["entry"] = f"{entry.kind}-{entry.id}"
        if "name" in entry.facts:  # its number alone tells nobody what it is
            told["name"] = entry.facts["name"]
        return told

    def _mine(self, senses: Senses, subject: Subject) -> list[SlotNo]:
        found = senses.slots.entries.get(subject, ())
        return [n for n in found if senses.slots.all[n].rule.kind == self.code]
