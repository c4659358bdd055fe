"""How well the alerts work: the figures of a span, each with what it should be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cockpit.domain.alerting import kpis
from cockpit.domain.alerting.kpis import Kpis
from cockpit.domain.catalog import Text
from cockpit.domain.periods import DAY_MS
from cockpit.store.queries import alarm_kpis, alerts
from cockpit.views.context import ViewContext

Span = Literal["day", "week", "month"]
DAYS: Mapping[Span, int] = {"day": 1, "week": 7, "month": 30}

Judged = Literal["green", "red"]

ENOUGH = 6
"""Windows from which a mean or a share of them says something: an hour."""


@dataclass(frozen=True, slots=True)
class AlarmKpisView:
    """`kpis` is None before anything was watched. `whole`: the span is as long as asked for; else it begins
    when watching began. `rules` are names by code, `muted` how many alerts are hidden now."""

    now_ms: int
    kpis: Kpis | None
    whole: bool
    rules: Mapping[str, Text]
    muted: int

    @property
    def judged(self) -> dict[str, Judged]:
        """Whether a figure is as it should be, by its name; what the norm is silent about is not there."""
        k = self.kpis
        if k is None or not k.windows:
            return {}
        found = {
            "peak": k.peak <= kpis.FLOOD,
            "standing": k.standing < kpis.MOST_STANDING,
            "fleeting": k.fleeting == 0,
            "chattering": not k.chattering,
        }
        if k.windows >= ENOUGH:
            found |= {"mean": k.mean <= kpis.MANAGEABLE, "flooded": k.flooded <= kpis.MOST_FLOODED}
        return {name: "green" if good else "red" for name, good in found.items()}


def build(ctx: ViewContext, span: Span) -> AlarmKpisView:
    """The last day, week or 30 days of domain time; what lives on another clock is left out in a demo."""
    apart = [s.code for s in ctx.profile.sources if ctx.simulated and s.time == "real"]
    asked = ctx.now_ms - DAYS[span] * DAY_MS
    with ctx.store.read() as conn:
        begun = alarm_kpis.begun(conn)
        found = [] if begun is None else alarm_kpis.episodes(conn, asked, apart)
        # An engine that takes up a past opens alerts at the instants at which they were due.
        began = min((e.opened for e in found if e.opened >= asked), default=ctx.now_ms)
        since = asked if begun is None else max(asked, min(begun, began))
        muted = alerts.counts(conn).muted
    return AlarmKpisView(
        ctx.now_ms,
        None if begun is None else kpis.reckon(found, since, ctx.now_ms),
        since == asked,
        {rule.code: rule.name for rule in ctx.profile.rules},
        muted,
    )
