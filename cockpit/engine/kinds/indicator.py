"""An indicator's figure is beyond a threshold, or red where the rule names none: of the province, or of each
of its units. Judged at whole minutes by the board of indicators (`cockpit.engine.indicators`), not with what
a step brings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cockpit.domain.alerting.figures import level_of_figure
from cockpit.domain.catalog import Indicator as Figure
from cockpit.domain.catalog import Rule
from cockpit.domain.indicators import status
from cockpit.domain.targets import of_profile
from cockpit.engine.kinds.figures import OfFigures
from cockpit.engine.kinds.kind import Facts, Kept, Problem
from cockpit.engine.numbers import SlotNo
from cockpit.engine.rolled import Hours
from cockpit.engine.senses import Senses
from cockpit.engine.slots import News, Slot, Survey
from cockpit.profiles import Profile


class Indicator(OfFigures):
    code = "indicator"

    def problems(self, rule: Rule, survey: Survey) -> Iterator[Problem]:
        if rule.metric not in survey.profile.indicator:
            yield Problem("metric", rule.metric, "a code of indicators.toml")
        elif rule.each_unit and not survey.profile.indicator[rule.metric].each_unit:
            yield Problem("each_unit", True, f"false: no unit is asked for the target of {rule.metric}")

    def past(self, rule: Rule) -> frozenset[Kept]:
        return (
            frozenset() if rule.each_unit else frozenset({"hours"})
        )  # days have the province's figure alone

    def rolled(self, rule: Rule, senses: Senses, hours: Hours) -> Iterable[News]:
        for number in senses.slots.by_rule[rule.code]:
            figure = senses.profile.indicator[senses.slots.all[number].indicator]
            for t, value, n in hours.days.get(figure.code, ()):
                level = level_of_figure(rule, figure, "", value, n, status(figure, value, {"fresh"}))
                yield News(t, number, level, value)

    def facts(self, senses: Senses, slot: Slot, number: SlotNo, t: int, value: float | None) -> Facts:
        figure, rule = senses.profile.indicator[slot.indicator], slot.rule
        aim = senses.aims.get((figure.code, slot.subject.unit)) or of_profile(figure)
        return {"target": aim.target, "op": rule.op, "raise_at": rule.raise_at, "value": value}

    def watched(self, profile: Profile, rule: Rule) -> list[Figure]:
        """Indicators a rule is about: the one it names, or all of the home page that are judged."""
        if rule.metric:
            return [profile.indicator[rule.metric]] if rule.metric in profile.indicator else []
        judged = (i for i in profile.indicators if i.target is not None and i.direction != "none")
        return [i for i in judged if i.headline]
