"""The coverage map by another measure, or of a single day: the same view with other hexagons. Places, gaps
and what is said of the whole stay those of the window, which alone decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import h3

from cockpit.domain.coverage import CellClass, CellStats, parents
from cockpit.domain.coverage.patches import best_cells
from cockpit.profiles.model import Level
from cockpit.store.coverage import ANY as BEST
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


def build(ctx: ViewContext, operator: str = ANY, measure: Measure = "signal", day: int = 0) -> CoverageView:
    """By signal or by the mean download speed, of all days of the window (0) or of one."""
    view = coverage.build(ctx, operator)
    if measure == "signal" and not day:
        return view
    operators = ctx.profile.operators if operator == ANY else (operator,)
    with ctx.store.read() as conn:
        found = q.of_day(conn, operators, day) if day else {}
        if measure == "signal":
            return _signal(view, [[cell for cell, _ in cells] for cells in found.values()], day)
        if day:
            speeds = _summed([(cell.h3, told) for cells in found.values() for cell, told in cells])
        else:
            told = q.speeds(conn, BEST if operator == ANY else operator)
            speeds = _summed(list(told.items()))
    return _speed(view, speeds, day)


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


def _summed(found: Sequence[tuple[str, Speed]]) -> dict[str, Speed]:
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
