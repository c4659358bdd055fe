"""The strip over every page."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.store.queries import loading
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
    loading: bool  # whether a part of the past is still being brought in


def build(ctx: ViewContext) -> StripView:
    with ctx.store.read() as conn:
        found = strip(conn, ctx.now_ms)
        filling = loading.start(conn) is not None
    return StripView(
        found.beat, found.evaluated, found.muted, found.open_alerts, found.unacknowledged, filling
    )
