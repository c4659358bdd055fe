"""What a figure is expected to be at the end of its period, and when its target would be reached."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain import forecast as f
from cockpit.domain.catalog import Indicator
from cockpit.domain.forecast import Forecast
from cockpit.domain.spans import Span, Stretch, stretch
from cockpit.store.handles import Read
from cockpit.store.queries import figures as q
from cockpit.views.context import ViewContext
from cockpit.views.figures import comparable, day_of

SPAN_OF: dict[str, Span] = {"RT": "month", "D": "month", "M": "quarter", "Q": "year", "Y": "year"}
"""By the pace of an indicator: to the end of which span it is forecast."""
LEAST_AHEAD = 3
"""A span that ends sooner is as good as over: the next one is looked at."""


@dataclass(frozen=True, slots=True)
class Expected:
    """`target_day`: when the target is reached at this pace; None: it is not, or there is none. `reached`:
    it is met today."""

    stretch: Stretch
    forecast: Forecast
    target_day: int | None
    reached: bool


def of(
    ctx: ViewContext, conn: Read, indicator: Indicator, value: float | None, target: float | None
) -> Expected | None:
    """From the days that are over; None where they are too few. `value` is the figure of now, `target` the
    one that holds now."""
    today = day_of(ctx.now_ms, ctx.profile.utc_offset_s)
    span = SPAN_OF[indicator.period]
    end = stretch(span, today)
    if end.last - today < LEAST_AHEAD:
        end = stretch(span, end.last + 1)
    first = max(today - f.MOST_DAYS, comparable(conn, indicator))
    past = q.days_of(conn, indicator.code, first, today - 1)
    share = indicator.unit.vi == "%"
    found = f.forecast(past, end.last, 0.0, 100.0 if share else None)
    if found is None:
        return None
    if value is None or target is None or indicator.direction == "none":
        return Expected(end, found, None, reached=False)
    days = f.reaches(found, value, target, up=indicator.direction == "up")
    return Expected(end, found, today + days if days else None, reached=days == 0)
