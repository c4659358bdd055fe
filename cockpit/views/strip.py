"""The strip over every page."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.store.queries.strip import strip
from cockpit.views.context import ViewContext


@dataclass(frozen=True, slots=True)
class StripView:
    """`beat_ms` is real time, `evaluated_ms` domain time; None where the evaluator never ran."""

    beat_ms: int | None
    evaluated_ms: int | None
    muted: int
    open_alerts: int
    unacknowledged: int


def build(ctx: ViewContext) -> StripView:
    with ctx.store.read() as conn:
        found = strip(conn, ctx.now_ms)
    return StripView(found.beat, found.evaluated, found.muted, found.open_alerts, found.unacknowledged)
