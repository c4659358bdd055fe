"""Charts: Vega-Lite specifications made once a language, and the small SVG pictures of tiles and tables.

One specification serves both modes: text is drawn in `currentColor`, marks have contrast on both grounds.
Annotation layers carry their own single row, else they would be drawn once for every row of the data.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

import altair as alt
import pyarrow as pa
import streamlit as st

from cockpit.ui import dates
from cockpit.ui.status import BLUE, GRAY, ORANGE, PALE, RED

Spec = dict[str, Any]

_LOCALES: dict[str, Spec] = {
    "vi": {
        "number": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]},
        "time": {
            "dateTime": "%H:%M %d/%m/%Y",
            "date": "%d/%m/%Y",
            "time": "%H:%M:%S",
            "periods": list(dates.halves("vi")),
            "days": list(dates.days("vi")),
            "shortDays": list(dates.days("vi", "narrow")),
            "months": list(dates.months("vi")),
            "shortMonths": list(dates.months("vi", "abbreviated")),
        },
    },
    "en": {"number": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["₫", ""]}},
}


def config(lang: str) -> Spec:
    """The `config` block every chart shares: quiet axes, readable text, the language's numbers."""
    return {
        "locale": _LOCALES[lang],
        "background": "transparent",
        "view": {"stroke": None},
        "padding": {"left": 0, "right": 6, "top": 4, "bottom": 6},
        "legend": {"disable": True},
        "axis": {
            "domain": False,
            "ticks": False,
            "grid": False,
            "gridColor": PALE,
            "gridOpacity": 0.22,
            "labelColor": "currentColor",
            "titleColor": "currentColor",
            "labelOpacity": 0.8,
            "labelFontSize": 12,
            "labelLimit": 220,
            "labelPadding": 6,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
        },
        "axisY": {"labelFlush": False},
        "text": {"color": "currentColor", "fontSize": 12},
    }


def untold(lang: str) -> Spec:
    """The same for a chart whose parts a screen reader passes over: a sentence tells it and a table holds it,
    and the names that Vega gives to axes and marks are English."""
    return config(lang) | {"aria": False}


def _unit(chart: alt.Chart) -> Spec:
    """Mark and encoding of a chart that Altair has built and checked; data and config are ours."""
    made: Spec = chart.to_dict()
    return {"mark": made["mark"], "encoding": made["encoding"]}


def rule_layer(channel: str, value: object, *, text: str = "") -> list[Spec]:
    """A dashed line across the chart at a value of `channel` ("x" or "y"), with its label at the far end."""
    row = {"values": [{"at": value, "label": text}]}
    line: Spec = {
        "data": row,
        "mark": {"type": "rule", "strokeDash": [5, 4], "color": PALE, "aria": False},
        "encoding": {channel: {"field": "at", "type": "quantitative"}},
    }
    if not text:
        return [line]
    label: Spec = {
        "data": row,
        "mark": {"type": "text", "align": "right", "baseline": "bottom", "dy": -3, "aria": False},
        "encoding": {
            "x": {"value": "width"},
            channel: {"field": "at", "type": "quantitative"},
            "text": {"field": "label"},
        },
    }
    return [line, label]


@cache
def trend(
    lang: str,
    target: float | None = None,
    label: str = "",
    days: int = 90,
    height: int = 220,
    *,
    stepped: bool = False,
    happened: bool = False,
    before: bool = False,
) -> Spec:
    """A line of `v` over `t` (naive provincial time) with the target as a dashed line; `stepped`: it has not
    always been the same, and is `g` from `t` to `u`. `happened`: at `t` there was what `e` tells, of the kind
    `k` (one of HAPPENINGS). `before`: the same days of another year are `w`.

    `days` is the length of the line: a label a day, a week or a month.
    """
    ticks: Literal["day", "week", "month"] = "day" if days <= 10 else "week" if days <= 50 else "month"
    day = alt.Axis(format="%d/%m", title=None, labelOverlap=True, tickCount=ticks)
    value = alt.Axis(title=None, grid=True, tickCount=5)
    line = _unit(
        alt.Chart()
        .mark_line(aria=False, color=BLUE, strokeWidth=1.75, interpolate="monotone")
        .encode(
            x=alt.X("t:T", axis=day),
            y=alt.Y("v:Q", axis=value, scale=alt.Scale(zero=False, nice=True)),
            tooltip=[
                alt.Tooltip("t:T", format="%d/%m/%Y", title=" "),
                alt.Tooltip("v:Q", format=",.2~f", title=" "),
            ],
        )
    )
    layers = [line] if target is None else [line, *rule_layer("y", target, text=label)]
    if stepped:
        layers = [line, _stepped(), *layers[2:]]
    if before:
        layers.insert(0, _before())
    if happened:
        layers += _happened()
    return {"height": height, "layer": layers, "config": untold(lang)}


HAPPENINGS = ("alert", "wave", "target", "asked")
"""What can be marked on a trend; the first of several of one day gives the mark."""


def _happened() -> list[Spec]:
    """A line across at a day on which something happened, with a mark at its top."""
    there = [{"filter": "isValid(datum.e)"}]
    tips = [alt.Tooltip("t:T", format="%d/%m/%Y", title=" "), alt.Tooltip("e:N", title=" ")]
    line = alt.Chart().mark_rule(aria=False, color=PALE, opacity=0.7).encode(x=alt.X("t:T"), tooltip=tips)
    shapes = alt.Scale(domain=list(HAPPENINGS), range=["triangle-down", "diamond", "square", "circle"])
    tones = alt.Scale(domain=list(HAPPENINGS), range=[ORANGE, RED, BLUE, GRAY])
    top = (
        alt.Chart()
        .mark_point(aria=False, filled=True, size=70, opacity=1)
        .encode(
            x=alt.X("t:T"), y=alt.value(5), shape=alt.Shape("k:N", scale=shapes),
            color=alt.Color("k:N", scale=tones), tooltip=tips,
        )
    )  # fmt: skip
    return [_unit(chart) | {"transform": there} for chart in (line, top)]


def _before() -> Spec:
    """The same days of the year before, faint."""
    return _unit(
        alt.Chart()
        .mark_line(aria=False, color=GRAY, strokeWidth=1.25, strokeDash=[2, 2])
        .encode(
            x=alt.X("t:T"),
            y=alt.Y("w:Q"),
            tooltip=[
                alt.Tooltip("t:T", format="%d/%m", title=" "),
                alt.Tooltip("w:Q", format=",.2~f", title=" "),
            ],
        )
    )


def _stepped() -> Spec:
    """A target from day `t` to day `u`, in the look of `rule_layer`."""
    return _unit(
        alt.Chart()
        .mark_rule(aria=False, color=PALE, strokeDash=[5, 4])
        .encode(
            x=alt.X("t:T"),
            x2=alt.X2("u:T"),
            y=alt.Y("g:Q"),
            tooltip=[
                alt.Tooltip("t:T", format="%d/%m/%Y", title=" "),
                alt.Tooltip("g:Q", format=",.2~f", title=" "),
            ],
        )
    )


CALENDAR_STATES = ("full", "late", "silent", "wrong", "off")
_CALENDAR_COLORS = ["rgba(64,149,117,.27)", ORANGE, RED, GRAY, "rgba(138,148,157,.13)"]


_EVERY_DAY = "timeFormat(datum.value,'%d/%m')"
_FIRST_AND_MIDDLE = f"date(datum.value)==1||date(datum.value)==15?{_EVERY_DAY}:''"
_WEEKLY = f"date(datum.value)%7==1&&date(datum.value)<28?{_EVERY_DAY}:''"
LABEL_PX = 44
"""Room that the label of a day needs, with a gap to the next."""


def day_labels(days: int, room_px: int) -> str:
    """Which days of a calendar `room_px` wide have a label, as an expression of Vega: each, every second,
    one a week, or the 1st and the 15th."""
    wide = room_px / max(days, 1)
    if wide >= LABEL_PX:
        return _EVERY_DAY
    if 3 * wide >= LABEL_PX:
        step = 2 if 2 * wide >= LABEL_PX else 3
        # Whole days since the epoch, at the browser's midnight: any constant offset does.
        return f"floor(time(datum.value)/864e5)%{step}==0?{_EVERY_DAY}:''"
    return _WEEKLY if 7 * wide >= LABEL_PX else _FIRST_AND_MIDDLE


@cache
def calendar(
    lang: str, rows: int, days: int = 90, row_px: int = 17, label_px: int = 220, room_px: int = 715
) -> Spec:
    """Days by sources: `day` (naive time), `row` (label), `state` of CALENDAR_STATES, `text` (hint).

    Labels of rows are cut at `label_px`; `room_px` is the width that the chart surely has with them.
    """
    labels = day_labels(days, room_px - label_px)
    return {
        "height": max(60, rows * row_px),
        "mark": {"type": "rect", "cornerRadius": 1.5, "aria": False},
        "encoding": {
            "x": {
                "field": "day",
                "type": "ordinal",
                "timeUnit": "yearmonthdate",
                "scale": {"paddingInner": 0.18},
                "axis": {
                    "title": None,
                    "format": "%d/%m",
                    "labelAngle": 0,
                    "labelOverlap": False,
                    "labelExpr": labels,
                },
            },
            "y": {
                "field": "row",
                "type": "nominal",
                "sort": None,
                "scale": {"paddingInner": 0.28},
                "axis": {"title": None, "labelOverlap": False, "labelLimit": label_px},
            },
            "color": {
                "field": "state",
                "type": "nominal",
                "scale": {"domain": list(CALENDAR_STATES), "range": _CALENDAR_COLORS},
            },
            "tooltip": [{"field": "text", "title": " "}],
        },
        # Room at the right for half a label of the last day.
        "config": untold(lang) | {"padding": {"left": 0, "right": 16, "top": 4, "bottom": 6}},
        "usermeta": {"embedOptions": {"renderer": "svg"}},
    }


def draw(data: pa.Table, spec: Spec, *, key: str, alt: str) -> None:
    """Draw a chart; `alt` is one sentence with what it shows."""
    st.vega_lite_chart(data, spec, key=key, alt=alt, width="stretch")


def data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def sparkline_svg(
    values: Sequence[float], target: float | None, mark: str, width: int = 260, height: int = 36
) -> str:
    """The trend of a tile as a data URI: line in the status colour, end dot, target dashed if it is near.

    With less than two values there is no line: a narrow empty picture of the same height.
    """
    if len(values) < 2:
        return data_uri(f'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="{height}"/>')
    low, high = min(values), max(values)
    spread = (high - low) or abs(high) * 0.1 or 1.0
    near = target is not None and low - 1.2 * spread <= target <= high + 1.2 * spread
    if near and target is not None:
        low, high = min(low, target), max(high, target)
    low, high = low - 0.14 * spread, high + 0.14 * spread

    def y(value: float) -> float:
        return round(height - (value - low) / (high - low) * height, 1)

    step = (width - 8) / (len(values) - 1)
    points = " ".join(f"{round(3 + i * step, 1)},{y(v)}" for i, v in enumerate(values))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">'
    ]
    if near and target is not None:
        at = y(target)
        parts.append(
            f'<path d="M0 {at}H{width}" stroke="{PALE}" stroke-width="1" stroke-dasharray="3 3" fill="none"/>'
        )
    parts.append(
        f'<polyline points="{points}" fill="none" stroke="{mark}" stroke-width="1.75" '
        'stroke-linejoin="round" vector-effect="non-scaling-stroke"/>'
        f'<circle cx="{width - 5}" cy="{y(values[-1])}" r="3" fill="{mark}"/></svg>'
    )
    return data_uri("".join(parts))
