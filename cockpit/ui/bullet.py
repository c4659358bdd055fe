"""A bullet graph: the value as a bar, the target as a tick, what would be red, orange and green behind it.

After Stephen Few, Bullet Graph Design Specification (2013). Where less is better, the colours run the other
way.
"""

from __future__ import annotations

from typing import Any

from cockpit.ui import charts, figures, tables
from cockpit.ui.charts import Spec
from cockpit.ui.status import GREEN, ORANGE, RED
from cockpit.ui.words import t
from cockpit.views.figure import Figure
from cockpit.views.indicators import IndicatorDetail

HEIGHT = 60
"""With the axis, in px."""
BEYOND = 1.15
"""How far the scale goes on beyond what is furthest out."""
_QUIET = 0.24
_TONES = {"red": RED, "orange": ORANGE, "green": GREEN}


def bands(figure: Figure, watch: float | None, end: float) -> list[tuple[str, float, float]]:
    """Tone, from, to: what a value there would be. Nothing without a target and the limit of red."""
    if figure.due_target is None or watch is None or figure.direction == "none":
        return []
    up = figure.direction == "up"
    low, high = (watch, figure.due_target) if up else (figure.due_target, watch)
    tones = ("red", "orange", "green") if up else ("green", "orange", "red")
    edges = (0.0, low, high, end)
    pairs = zip(tones, edges, edges[1:], strict=False)
    return [(tone, start, stop) for tone, start, stop in pairs if stop > start]


def end_of(figure: Figure, watch: float | None) -> float:
    """Where the scale ends: a share at 100."""
    furthest = max(abs(v) for v in (figure.value, figure.due_target, watch, 0.0) if v is not None)
    if figure.unit.vi == "%" and furthest <= 100:
        return 100.0
    return furthest * BEYOND or 1.0


def graph(detail: IndicatorDetail, language: str) -> None:
    """The figure against its target; nothing where one of both is missing."""
    figure, watch = detail.figure, detail.figure.due_watch
    if figure.value is None or figure.due_target is None or figure.value < 0 or figure.status == "unjudged":
        return
    end = end_of(figure, watch)
    found = bands(figure, watch, end)
    if not found:
        return
    alt = t(
        "bullet.alt", language,
        value=figures.quantity(figure.value, figure.unit.get(language), figure.decimals, language),
        target=figures.goal(figure.target, figure.direction, figure.unit.get(language), language),
    )  # fmt: skip
    rows = tables.arrow({"v": [figure.value]})
    charts.draw(rows, spec(found, figure.due_target, end, language), key=f"bullet_{figure.code}", alt=alt)


def spec(found: list[tuple[str, float, float]], target: float, end: float, language: str) -> Spec:
    """The chart of a value `v`."""
    scale = {"domain": [0, end], "nice": False}
    x: dict[str, Any] = {
        "type": "quantitative", "scale": scale, "axis": {"title": None, "tickCount": 5, "format": ",.2~f"},
    }  # fmt: skip
    behind: list[Spec] = [
        {
            "data": {"values": [{"a": start, "b": stop}]},
            "mark": {"type": "bar", "height": 22, "color": _TONES[tone], "opacity": _QUIET, "aria": False},
            "encoding": {"x": {"field": "a", **x}, "x2": {"field": "b"}},
        }
        for tone, start, stop in found
    ]
    bar: Spec = {
        "mark": {"type": "bar", "height": 8, "color": "currentColor", "aria": False},
        "encoding": {"x": {"field": "v", **x}},
    }
    tick: Spec = {
        "data": {"values": [{"g": target}]},
        "mark": {"type": "tick", "thickness": 3, "size": 28, "color": "currentColor", "aria": False},
        "encoding": {"x": {"field": "g", **x}},
    }
    return {"height": HEIGHT, "layer": [*behind, bar, tick], "config": charts.untold(language)}
