"""Reports of figures that are reckoned here as well, and the work that they cost: an estimate."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.domain.spared import DAYS, Spared
from cockpit.store.handles import Read
from cockpit.store.queries import reports
from cockpit.views.context import ViewContext
from cockpit.views.figure import Figure
from cockpit.views.figures import DOUBTS, day_of


def spared(ctx: ViewContext, conn: Read, known: Mapping[str, Figure]) -> Spared | None:
    """Of figures that are compared and in no doubt; None where nobody has said what a report costs. A report
    that was corrected counts once, one that was withdrawn not at all."""
    minutes = ctx.profile.reporting.minutes
    if not minutes:
        return None
    today = day_of(ctx.now_ms, ctx.profile.utc_offset_s)
    counts = []
    for indicator in ctx.profile.indicators:
        figure = known.get(indicator.code)
        if not indicator.compared or figure is None or figure.value is None or figure.status in DOUBTS:
            continue
        own = [ctx.profile.source[s].id for s in indicator.sources if s in ctx.profile.source]
        counts.append(reports.counted(conn, indicator.code, today - DAYS, today, own))
    return Spared(sum(counts), sum(n > 0 for n in counts), minutes)
