"""Values of hours as steps, drawn by the server: a picture that stands with the text around it, and needs no
library of charts in the browser."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence

from cockpit.domain.periods import HOUR_MS
from cockpit.ui import figures

WIDTH, HEIGHT = 440, 160
LEFT, RIGHT, TOP, BOTTOM = 44, 6, 14, 22
TICKS = 4
"""Lines across, at most one more."""
EVERY_H = (1, 2, 3, 6, 12, 24)
LABELS = 7
"""Hours with a label, at most."""

Points = Sequence[tuple[int, float]]


def svg(points: Points, threshold: float | None, label: str, *, alt: str, language: str) -> str:
    """The picture, for at least one point (start of its hour in ms, value), oldest first. An hour without a
    value is a gap. The threshold is a dashed line with its label."""
    begin, end = points[0][0], points[-1][0] + HOUR_MS
    known = [value for _, value in points] + ([] if threshold is None else [threshold])
    step = _step(max(*known, 0.0) - min(*known, 0.0))
    low, high = math.floor(min(*known, 0.0) / step) * step, math.ceil(max(*known, 0.0) / step) * step
    high = high if high > low else low + step

    def x(ms: int) -> float:
        return round(LEFT + (ms - begin) / (end - begin) * (WIDTH - LEFT - RIGHT), 1)

    def y(value: float) -> float:
        return round(HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    parts = []
    for n in range(round((high - low) / step) + 1):
        at, told = y(low + n * step), figures.number(low + n * step, decimals, language)
        parts.append(f'<path class="grid" d="M{LEFT} {at}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4}" text-anchor="end">{html.escape(told)}</text>')
    parts += [
        f'<text x="{x(ms)}" y="{HEIGHT - 5}" text-anchor="middle">{figures.clock(ms)}</text>'
        for ms in _labelled([ms for ms, _ in points])
    ]
    line = "".join(_run(run, x, y, None) for run in _runs(points))
    area = "".join(_run(run, x, y, y(max(low, 0.0))) for run in _runs(points))
    parts.append(f'<path class="area" d="{area}"/><path class="line" d="{line}"/>')
    if threshold is not None:
        at = y(threshold)
        parts.append(f'<path class="limit" d="M{LEFT} {at}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{WIDTH - RIGHT}" y="{at - 4}" text-anchor="end">{html.escape(label)}</text>')
    return (
        f'<svg class="steps" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{html.escape(alt)}">'
        f"{''.join(parts)}</svg>"
    )


def _step(span: float) -> float:
    """Between two lines: 1, 2 or 5 of a power of ten."""
    if span <= 0 or not math.isfinite(span):
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / TICKS))
    return next(n * power for n in (1, 2, 5, 10) if n * power >= span / TICKS - 1e-12)


def _labelled(hours: Sequence[int]) -> list[int]:
    """Every so many hours of the clock, so that labels keep apart."""
    for every in EVERY_H:
        found = [ms for ms in hours if figures.local(ms).hour % every == 0]
        if len(found) <= LABELS:
            return found
    return []


def _runs(points: Points) -> list[list[tuple[int, float]]]:
    """Points that follow each other from hour to hour."""
    runs: list[list[tuple[int, float]]] = []
    for ms, value in points:
        if runs and ms - runs[-1][-1][0] <= HOUR_MS:
            runs[-1].append((ms, value))
        else:
            runs.append([(ms, value)])
    return runs


def _run(run: Points, x: Callable[[int], float], y: Callable[[float], float], ground: float | None) -> str:
    """One of them as a path, shut at the ground if there is one."""
    ends = [ms for ms, _ in run[1:]] + [run[-1][0] + HOUR_MS]
    drawn = "".join(f"V{y(value)}H{x(end)}" for (_, value), end in zip(run, ends, strict=True))
    first = y(run[0][1]) if ground is None else ground
    return f"M{x(run[0][0])} {first}{drawn}" + ("" if ground is None else f"V{ground}Z")
