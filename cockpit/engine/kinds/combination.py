"""What the kinds have in common that combine the conditions of other rules on the same subject."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from cockpit.domain.alerting import Level, key_of
from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.kind import Facts, Kept, Kind, Problem
from cockpit.engine.numbers import SlotNo
from cockpit.engine.senses import Senses, Step
from cockpit.engine.slots import News, Place, Slot, Survey

LEAST_PARTS = 2


class Combination(Kind):
    """A kind whose level follows from the levels of its parts: of rules that are switched off or open no
    alerts, too. Open alerts of the parts fold under its own."""

    judged = False
    waited_for = False

    def problems(self, rule: Rule, survey: Survey) -> Iterator[Problem]:
        rules = survey.profile.rule
        if len(set(rule.of)) < LEAST_PARTS or len(set(rule.of)) < len(rule.of):
            yield Problem("of", list(rule.of), "the codes of two or more other rules, each once")
        elif unknown := [code for code in rule.of if code not in rules]:
            yield Problem("of", unknown[0], "codes of rules.toml")
        elif circle := _circle(rule, rules, (rule.code,)):
            yield Problem("of", " → ".join(circle), "no circle: a rule cannot rest on itself")
        elif not survey.places(rule):
            yield Problem("of", list(rule.of), "rules that watch the same subjects")

    def places(self, rule: Rule, survey: Survey) -> Iterator[Place]:
        """Those that all parts watch."""
        rules = survey.profile.rule
        if not rule.of or any(code not in rules for code in rule.of):
            return iter(())  # told among the problems
        first, *others = (survey.places(rules[code]) for code in rule.of)
        shared = [{place.subject for place in places} for places in others]
        return (place for place in first if all(place.subject in subjects for subjects in shared))

    def parts(self, rule: Rule) -> frozenset[str]:
        return frozenset(rule.of)

    def explains(self, rule: Rule) -> bool:
        return True

    @abstractmethod
    def combine(self, levels: Sequence[int]) -> int:
        """The level that follows from those of the parts. A part of which nothing is known makes it unknown,
        unless the others decide."""

    def past(self, rule: Rule) -> frozenset[Kept]:
        return frozenset(get_args(Kept))  # as far as its parts can be

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        return ()  # found where the levels of the parts are kept, see `cockpit.engine.combined`

    def levels(self, senses: Senses) -> Iterable[tuple[SlotNo, int]]:
        return ()

    def facts(self, senses: Senses, slot: Slot, number: SlotNo, t: int, value: float | None) -> Facts:
        numbers = (senses.slots.by_key[key_of(code, slot.subject.code)] for code in slot.rule.of)
        bad = [code for code, n in zip(slot.rule.of, numbers, strict=True) if _bad(senses.levels[n])]
        names = [senses.profile.rule[code].name for code in bad]
        return {"bad": bad, "vi": [name.vi for name in names], "en": [name.en for name in names]}


def _bad(level: int) -> bool:
    return level in (Level.RAISE, Level.BAND)


def _circle(rule: Rule, rules: dict[str, Rule], path: tuple[str, ...]) -> tuple[str, ...]:
    """The rules of a circle through `rule`, from it back to it; empty where there is none."""
    for code in rule.of:
        if code in path:
            return (*path[path.index(code) :], code)
        if code in rules and (found := _circle(rules[code], rules, (*path, code))):
            return found
    return ()
