"""Many of a class go bad within a short time, and nothing that is known to stand above them explains it.

A device that dies does so alone. Where a third of all go at once, what they share has died: the way to the
cockpit, a common supply, a common change. So one alert tells of the surge, and those of the single ones fold
under it. What a known cause explains, or may soon be found to, is not counted when it opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from cockpit.domain.alerting.at_once import enough
from cockpit.domain.alerting.subjects import ASSET, SOURCE
from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.kind import Facts, Kept, Kind, Newest, Problem, Sight, more_is_worse, worst
from cockpit.engine.numbers import SlotNo
from cockpit.engine.senses import Senses, Step
from cockpit.engine.slots import News, Place, Slot, Slots, Survey
from cockpit.profiles import Profile
from cockpit.store.alerts import Alert

LEAST, SPAN_S = 3, (60, 86_400)


class ManyAtOnce(Kind):
    code = "many_at_once"
    waited_for = False

    def problems(self, rule: Rule, survey: Survey) -> Iterator[Problem]:
        yield from more_is_worse(rule, share=True)
        rules = survey.profile.rule
        if not rule.of or len(set(rule.of)) < len(rule.of):
            yield Problem("of", list(rule.of), "the codes of one or more other rules, each once")
        elif unknown := [code for code in rule.of if code not in rules]:
            yield Problem("of", unknown[0], "codes of rules.toml")
        elif not survey.places(rule):
            expected = f"rules about devices of a source, or about sources, {rule.least} or more of them"
            yield Problem("of", list(rule.of), expected)
        if rule.least < LEAST:
            yield Problem("least", rule.least, f"{LEAST} or more: two at once are soon a coincidence")
        if not SPAN_S[0] <= rule.span_s <= SPAN_S[1]:
            yield Problem("span_s", rule.span_s, f"{SPAN_S[0]} to {SPAN_S[1]} seconds")

    def places(self, rule: Rule, survey: Survey) -> Iterator[Place]:
        """The sources by which enough of a class are known; of sources themselves, the cockpit's own."""
        rules = survey.profile.rule
        found: dict[str, set[str]] = {}
        for code in rule.of:
            for place in survey.places(rules[code]) if code in rules and code != rule.code else ():
                found.setdefault(_known_by(survey.profile, place), set()).add(place.subject.node)
        for source, place in survey.of_sources:
            if source.code in found and len(found[source.code]) >= max(rule.least, 1):
                yield place

    def gathers(self, slot: Slot, slots: Slots) -> Iterable[SlotNo]:
        for code in slot.rule.of:
            for number in slots.by_rule[code]:
                one = slots.all[number]
                if one.lane != slot.lane or one.subject.kind not in (ASSET, SOURCE):
                    continue
                # One of sources stands for all of them, whatever it is by itself.
                if one.subject.kind == SOURCE or one.source == slot.source:
                    yield number

    def hears(self, rule: Rule, rules: Iterable[Rule]) -> frozenset[str]:
        return frozenset(rule.of)

    def explains(self, rule: Rule) -> bool:
        return False  # only its members, and these where nothing else does: see `cockpit.engine.folds`

    def past(self, rule: Rule) -> frozenset[Kept]:
        return frozenset(get_args(Kept))  # as far as that of its rules is

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        return ()  # found where the levels of the others are kept, see `cockpit.engine.surges`

    def levels(self, senses: Senses) -> Iterable[tuple[SlotNo, int]]:
        return ()

    def facts(self, senses: Senses, slot: Slot, number: SlotNo, t: int, value: float | None) -> Facts:
        count = senses.surges.count(number)
        starts = {} if count.starts is None else {"starts": count.starts}
        return {"bad": count.bad, "known": count.known, "value": count.share, **starts}

    def newest(self, senses: Senses, slot: Slot, number: SlotNo, alert: Alert, t: int) -> Newest | None:
        return worst(slot.rule, alert, self.facts(senses, slot, number, t, None))

    def waits(self, sight: Sight, number: SlotNo, slot: Slot, t: int) -> bool:
        """Too few of them stand for themselves: a known cause explains the others, or may soon do so."""
        surges = sight.senses.surges
        alone: set[str] = set()
        for member in surges.bad(number):
            if sight.alone(member, t):
                alone.add(sight.senses.slots.all[member].subject.node)
        return not enough(slot.rule, len(alone), surges.count(number).known)


def _known_by(profile: Profile, place: Place) -> str:
    """The source that a class of subjects has in common: by which devices are known, of sources the cockpit
    itself; "" of what belongs to no class."""
    if place.subject.kind == ASSET:
        return place.source
    if place.subject.kind == SOURCE:
        return next((s.code for s in profile.sources if s.kind == "computed"), "")
    return ""
