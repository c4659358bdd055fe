"""What people report of a period lies apart from what the data here say of it: for the province, or for each
of its units. Judged at whole minutes by the board of indicators, which knows what was reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cockpit.domain.alerting.folding import node_of_source
from cockpit.domain.alerting.subjects import INDICATOR, UNIT, Subject
from cockpit.domain.catalog import Indicator as Figure
from cockpit.domain.catalog import Rule
from cockpit.engine.differences import facts_of
from cockpit.engine.kinds.kind import Facts, Kind, Problem, more_is_worse
from cockpit.engine.numbers import SlotNo
from cockpit.engine.senses import Senses, Step
from cockpit.engine.slots import News, Place, Slot, Survey
from cockpit.profiles import Profile

LAST = 1000
"""Deeper than any asset: what is reported comes after all that is measured."""


class Differs(Kind):
    code = "differs"
    by_unit = True
    limits_values = False
    of_reports = True

    def problems(self, rule: Rule, survey: Survey) -> Iterator[Problem]:
        yield from more_is_worse(rule)
        known = survey.profile.indicator
        compared = ", ".join(i.code for i in survey.profile.indicators if i.compared)
        if rule.metric and (rule.metric not in known or not known[rule.metric].compared):
            expected = f"an indicator that is both measured and reported ({compared}), or none for all"
            yield Problem("metric", rule.metric, expected)
        elif rule.each_unit and not rule.metric:
            yield Problem("metric", rule.metric, f"one of {compared}: units are watched by one figure")

    def places(self, rule: Rule, survey: Survey) -> Iterator[Place]:
        for position, figure in enumerate(watched(survey.profile, rule)):
            nodes = tuple(node_of_source(s) for s in figure.sources)
            owner = figure.sources[0] if figure.sources else ""
            if not rule.each_unit:
                yield Place(LAST, position, Subject(INDICATOR, figure.code), nodes, owner, "", 0)
                continue
            for at, unit in enumerate(survey.profile.units):
                yield Place(LAST, at, Subject(UNIT, unit.code), nodes, owner, unit.code, 0)

    def explains(self, rule: Rule) -> bool:
        return False

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        return ()

    def levels(self, senses: Senses) -> Iterable[tuple[SlotNo, int]]:
        return ()

    def facts(self, senses: Senses, slot: Slot, number: SlotNo, t: int, value: float | None) -> Facts:
        told = senses.told.get((slot.indicator, slot.subject.unit))
        return {"indicator": slot.indicator, "raise_at": slot.rule.raise_at, "value": value, **facts_of(told)}


def watched(profile: Profile, rule: Rule) -> list[Figure]:
    """The figure a rule names, or all that are both measured and reported."""
    found = [figure for figure in profile.indicators if figure.compared]
    return [figure for figure in found if not rule.metric or figure.code == rule.metric]
