"""The coverage map by another measure, or of a single day: the same view with other hexagons. Places, gaps
and what is said of the whole stay those of the window, which alone decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import h3

from cockpit.domain.coverage import CellClass, CellStats, parents
from cockpit.domain.coverage.patches import best_cells
from cockpit.profiles.land import land_of
from cockpit.profiles.model import Level
from cockpit.store.queries import coverage as q
from cockpit.store.queries.coverage import Speed
from cockpit.views import coverage
from cockpit.views.context import ViewContext
from cockpit.views.coverage import ANY, MAP_RES, CoverageView

Measure = Literal["signal", "speed"]
MEASURES: tuple[Measure, ...] = ("signal", "speed")
KEEP_S = coverage.KEEP_S
MIN_SPEEDS = 5
"""So many samples must have told a speed for a hexagon to be judged by it."""


def stamp(ctx: ViewContext) -> tuple[int, int]:
    """A view is also computed anew when this changes."""
    return coverage.stamp(ctx)


def build(
    ctx: ViewContext, operator: str = ANY, measure: Measure = "signal", day: int = 0, unit: str = ""
) -> CoverageView:
    """By signal or by the mean download speed, of all days of the window (0) or of one; of the whole province
    or of the cells on a unit's land."""
    view = coverage.build(ctx, operator, unit)
    if measure == "signal" and not day:
        return view
    operators = ctx.profile.operators if operator == ANY else (operator,)
    with ctx.store.read() as conn:
        found = q.of_day(conn, operators, day) if day else {}
        if measure == "signal":
            cells = {one: [cell for cell, _ in there] for one, there in found.items()}
            mine = coverage.on_land(ctx.profile, cells, unit) if unit else cells
            return _signal(view, list(mine.values()), day)
        if day:
            told = [(cell.h3, speed) for there in found.values() for cell, speed in there]
        else:
            told = [one for code in operators for one in q.speeds(conn, code).items()]
    if unit:
        land = land_of(ctx.profile)
        told = [(cell, speed) for cell, speed in told if land.get(cell) == unit]
    return _speed(view, _summed(told), day)


def _signal(view: CoverageView, operators: Sequence[Sequence[CellStats]], day: int) -> CoverageView:
    """Of one day, where fewer looks are enough to be judged than there are in most hexagons."""
    fine = best_cells(operators, view.limits)
    coarse = best_cells([parents(cells, MAP_RES) for cells in operators], view.limits)
    stats = coverage.by_parent([cell for _, cell in coarse], fine)
    return _with(view, stats, day, None)


def _speed(view: CoverageView, speeds: Mapping[str, Speed], day: int) -> CoverageView:
    known = {c.h3: c for _, c in view.stats}
    stats: list[tuple[CellClass, CellStats]] = []
    means: dict[str, float] = {}
    for cell in sorted(speeds):
        n, kbps = speeds[cell]
        if not n:
            continue
        means[cell] = kbps / n / 1000
        about = known.get(cell) or CellStats(cell, n, n, 0, 0, 0, 0, 0, 0)
        stats.append((_class(n, means[cell], view.levels), about))
    return _with(view, tuple(stats), day, means)


def _class(n: int, mbps: float, levels: Sequence[Level]) -> CellClass:
    """Bad below the lowest level of service, weak below the one above it."""
    if n < MIN_SPEEDS or not levels:
        return "samples"
    if mbps < levels[0].down_mbps:
        return "bad"
    return "weak" if mbps < levels[min(1, len(levels) - 1)].down_mbps else "good"


def _summed(found: Iterable[tuple[str, Speed]]) -> dict[str, Speed]:
    """Cells as hexagons of the map."""
    sums: dict[str, Speed] = {}
    for cell, told in found:
        parent = str(h3.cell_to_parent(cell, MAP_RES))
        before = sums.get(parent, Speed(0, 0))
        sums[parent] = Speed(before.n + told.n, before.kbps + told.kbps)
    return sums


def _with(
    view: CoverageView, stats: tuple[tuple[CellClass, CellStats], ...], day: int,
    speeds: Mapping[str, float] | None,
) -> CoverageView:  # fmt: skip
    counts = coverage.counts_of(kind for kind, _ in stats)
    return replace(view, stats=stats, hex_counts=counts, day=day, speeds=speeds)
