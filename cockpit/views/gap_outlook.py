"""How people without coverage became fewer, and when the last gap closes: of the province, and of the units
of which that was asked."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.catalog import Fact
from cockpit.domain.coverage import outlook as domain
from cockpit.domain.coverage.outlook import Lived, Outlook
from cockpit.domain.registers import GAP
from cockpit.store.queries import registers
from cockpit.views import gaps as gaps_view
from cockpit.views.context import ViewContext

KEEP_S = gaps_view.KEEP_S


def stamp(ctx: ViewContext) -> tuple[int, ...]:
    """A view is also computed anew when this changes."""
    return gaps_view.stamp(ctx)


@dataclass(frozen=True, slots=True)
class Goal:
    """A unit in which every gap is to end, by a published figure. `planned` is the latest end of the plans of
    its open gaps (ms), None where one of them has none."""

    unit: str
    fact: Fact
    outlook: Outlook
    planned: int | None


@dataclass(frozen=True, slots=True)
class OutlookView:
    """`trend`: instant (ms) and people without coverage, oldest first; `whole` of the province."""

    now_ms: int
    trend: tuple[tuple[int, int], ...]
    whole: Outlook
    goals: tuple[Goal, ...]


def build(ctx: ViewContext) -> OutlookView:
    """As of now, of all gaps that the register knows."""
    with ctx.store.read() as conn:
        found = gaps_view.known(conn, ctx.profile, registers.entries(conn, GAP, limit=gaps_view.MOST))
        steps = {g.entry.id: registers.history(conn, GAP, g.entry.id) for g in found}
    lived = {g.entry.id: Lived(g.people.mid, steps[g.entry.id]) for g in found}
    goals = []
    for goal in ctx.profile.coverage.goals:
        own = [g for g in found if g.entry.unit == goal.unit]
        ends = [g.life.planned for g in own if g.open]
        planned = max((end for end in ends if end is not None), default=None) if None not in ends else None
        told = domain.outlook([lived[g.entry.id] for g in own], ctx.now_ms)
        goals.append(Goal(goal.unit, ctx.profile.fact[goal.fact], told, planned))
    every = list(lived.values())
    return OutlookView(
        ctx.now_ms, tuple(domain.trend(every, ctx.now_ms)), domain.outlook(every, ctx.now_ms), tuple(goals)
    )
