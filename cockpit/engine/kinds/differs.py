"""What people report of a period lies apart from what the data here say of it: for the province, or for each
of its units. Judged at whole minutes by the board of indicators, which knows what was reported."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.domain.catalog import Indicator as Figure
from cockpit.domain.catalog import Rule
from cockpit.engine.differences import facts_of
from cockpit.engine.kinds.figures import OfFigures
from cockpit.engine.kinds.kind import Facts, Problem, more_is_worse
from cockpit.engine.numbers import SlotNo
from cockpit.engine.senses import Senses
from cockpit.engine.slots import Slot, Survey
from cockpit.profiles import Profile


class Differs(OfFigures):
    code = "differs"
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

    def facts(self, senses: Senses, slot: Slot, number: SlotNo, t: int, value: float | None) -> Facts:
        told = senses.told.get((slot.indicator, slot.subject.unit))
        return {"indicator": slot.indicator, "raise_at": slot.rule.raise_at, "value": value, **facts_of(told)}

    def watched(self, profile: Profile, rule: Rule) -> list[Figure]:
        """The figure a rule names, or all that are both measured and reported."""
        found = [figure for figure in profile.indicators if figure.compared]
        return [figure for figure in found if not rule.metric or figure.code == rule.metric]
