"""How far the pillars are: what is judged of each against its target, and what draws it down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cockpit.domain.catalog import Indicator
from cockpit.domain.indicators import Status
from cockpit.domain.periods import year_gone
from cockpit.domain.scoring import Score, reached, score
from cockpit.profiles.pillars import Pillar
from cockpit.views.context import ViewContext
from cockpit.views.figure import Figure
from cockpit.views.figures import day_of

Judged = tuple[Indicator, Status, float | None, float | None]
"""An indicator as it stands: status, value and the target that it is judged by."""


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
        made = of(ctx, [(ctx.profile.indicator[f.code], f.status, f.value, f.target) for f in own])
        found.append(PillarScore(pillar, made, counts))
    return tuple(found)


def of(ctx: ViewContext, found: Iterable[Judged]) -> Score:
    """The score of some figures. One whose target is for the end of the year is asked for the part due."""
    due = year_gone(day_of(ctx.now_ms, ctx.profile.utc_offset_s))
    rows = []
    for indicator, status, value, target in found:
        part = due if indicator.prorated else 1.0
        watch = indicator.watch
        share = None
        if value is not None:
            share = reached(
                value, None if target is None else target * part, None if watch is None else watch * part,
                indicator.direction,
            )  # fmt: skip
        rows.append((indicator.code, status, share))
    return score(rows)
