"""One unit: what is open and red there."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.catalog import Indicator, Unit
from cockpit.domain.indicators import says_little
from cockpit.domain.registers import GAP
from cockpit.store.queries import alerts as alert_rows
from cockpit.store.queries import figures as q
from cockpit.store.queries import registers
from cockpit.views.alerts import named
from cockpit.views.context import ViewContext
from cockpit.views.home import Need

ROWS = 3
"""Alerts that are shown of a unit; the others are one click away."""


@dataclass(frozen=True, slots=True)
class RedFigure:
    """An indicator that the unit answers for and is red there."""

    indicator: Indicator
    value: float | None


@dataclass(frozen=True, slots=True)
class UnitView:
    """`needs`: its most urgent alerts. `open` and `waiting` count all, and those nobody has acknowledged."""

    unit: Unit
    needs: tuple[Need, ...]
    open: int
    waiting: int
    red: tuple[RedFigure, ...]
    cameras: int
    gaps: int  # open coverage gaps


def build(ctx: ViewContext, code: str) -> UnitView:
    """The unit of that code. Raises KeyError."""
    unit = ctx.profile.unit[code]
    with ctx.store.read() as conn:
        count = alert_rows.counts_in(conn, code, unit.name)
        shown = named(ctx, conn, alert_rows.causes_in(conn, code, ROWS, unit.name))
        rows = q.red_in(conn, code)
        gaps = sum(e.closed is None and e.unit == code for e in registers.entries(conn, GAP, unit=code))
    red = []
    for name, value, n in rows:
        indicator = ctx.profile.indicator.get(name)
        if indicator is None or not indicator.each_unit:
            continue
        if not says_little(indicator, n):
            red.append(RedFigure(indicator, value))
    return UnitView(
        unit=unit,
        needs=tuple(Need(alert, ctx.now_of(alert.source)) for alert in shown),
        open=count.open,
        waiting=count.waiting,
        red=tuple(sorted(red, key=lambda f: (not f.indicator.headline, f.indicator.headline))),
        cameras=sum(a.kind == "camera" and a.unit == code for a in ctx.profile.assets),
        gaps=gaps,
    )
