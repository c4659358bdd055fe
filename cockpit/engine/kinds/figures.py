"""What the kinds have in common that watch figures: of the province, or of each of its units. They are judged
at whole minutes by the board of indicators (`cockpit.engine.indicators`), not with what a step brings."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence

from cockpit.domain.alerting.folding import node_of_source
from cockpit.domain.alerting.subjects import INDICATOR, UNIT, Subject
from cockpit.domain.catalog import Indicator, Rule
from cockpit.engine.kinds.kind import Kind
from cockpit.engine.numbers import SlotNo
from cockpit.engine.senses import Senses, Step
from cockpit.engine.slots import News, Place, Survey
from cockpit.profiles import Profile

LAST = 1000
"""Deeper than any asset: figures come after all that they rest on."""


class OfFigures(Kind):
    """A slot for each figure that a rule watches, or for each unit of its only one."""

    by_unit = True

    @abstractmethod
    def watched(self, profile: Profile, rule: Rule) -> Sequence[Indicator]:
        """The figures that a rule is about."""

    def places(self, rule: Rule, survey: Survey) -> Iterator[Place]:
        for position, figure in enumerate(self.watched(survey.profile, rule)):
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
