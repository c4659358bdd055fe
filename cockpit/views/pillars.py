"""How far the pillars are: what is judged of each against its target, and what draws it down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cockpit.domain.catalog import Indicator
from cockpit.domain.indicators import Status
from cockpit.domain.scoring import Score, reached, score
from cockpit.profiles.pillars import Pillar
from cockpit.views.context import ViewContext
from cockpit.views.figure import Figure

Judged = tuple[Indicator, Status, float | None, float | None, float | None]
"""An indicator as it stands: status, value, and the target and limit of red that count today."""


@dataclass(frozen=True, slots=True)
class PillarScore:
    """A pillar with its score; `counts` are its figures by status."""

    pillar: Pillar
    score: Score
    counts: Mapping[Status, int]


def scores(ctx: ViewContext, figures: Mapping[str, Figure]) -> tuple[PillarScore, ...]:
    """Every pillar of the profile, in its order."""
    found = []
    for pillar in ctx.profile.pillars:
        own = [figures[code] for code in pillar.indicators if code in figures]
        counts: dict[Status, int] = {}
        for figure in own:
            counts[figure.status] = counts.get(figure.status, 0) + 1
        known = ctx.profile.indicator
        made = of([(known[f.code], f.status, f.value, f.due_target, f.due_watch) for f in own])
        found.append(PillarScore(pillar, made, counts))
    return tuple(found)


def of(found: Iterable[Judged]) -> Score:
    """The score of some figures."""
    return score(
        (
            indicator.code,
            status,
            None if value is None else reached(value, target, watch, indicator.direction),
        )
        for indicator, status, value, target, watch in found
    )
