"""The time line of the stage: what has happened, what plays, what is coming, and where it is seen."""

from __future__ import annotations

from functools import cache

import pyarrow as pa
import streamlit as st

from cockpit.ui import charts, choose, figures, nav, tables
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape, quiet
from cockpit.ui.screen import phone
from cockpit.ui.stage_faults import called, kind_name
from cockpit.ui.stage_story import recorded
from cockpit.ui.status import GRAY, PALE, VIOLET
from cockpit.ui.words import lang, t
from cockpit.views.stage import Moment, Seen, StageView

BARS = 14
"""Bars that a chart shows, and lines below it; the table has all."""

PHASES = ("past", "now", "coming")
_LOOKS = {"past": ":gray[■]", "now": ":violet[■]", "coming": ":violet[□]"}


def timeline(view: StageView) -> None:
    """Every fault against domain time: what is over, what plays, what is coming."""
    language = lang()
    counts = {phase: sum(m.phase == phase for m in view.moments) for phase in PHASES}
    told = " · ".join(t(f"stage.count_{phase}", language, n=counts[phase]) for phase in PHASES)
    st.markdown(f"## {t('stage.timeline', language)} {quiet(told)}", anchors=False)
    looked = _asked()
    if looked is not None:
        st.markdown(quiet(t("stage.timeline_at", language, when=figures.instant(looked, view.now_ms))))
    if not view.moments:
        st.markdown(quiet(t("stage.timeline_recorded" if recorded() else "stage.timeline_empty", language)))
        return
    shown = _nearest(view) if looked is None else _around(view, looked)
    rows = _rows(shown, language)
    here = view.now_ms if looked is None else looked
    first = min(min(m.start_ms for m in shown), here)
    last = max(max(m.end_ms for m in shown), here)
    alt = t("stage.timeline_alt", language, told=told)
    spec = bars(language, len(shown), 120 if phone() else 260)
    spec = {**spec, "layer": [*spec["layer"], *now_rule(here, first, last)]}
    charts.draw(rows, spec, key="timeline", alt=alt)
    with st.container(gap="xxsmall", key="timeline_lines"):
        for moment in shown:
            _told(moment, view.now_ms, language)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for phase in PHASES:
            st.markdown(f"{_LOOKS[phase]} {quiet(t(f'stage.place_{phase}', language))}", width="content")
        tables.twin(*_table(view, language), key="timeline_table", alt=alt)


def _told(moment: Moment, now: int, language: str) -> None:
    """One line of it: what, from when to when, and a link to where it is seen."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        span = f"{figures.compact(moment.start_ms, now)} – {figures.compact(moment.end_ms, now)}"
        st.markdown(
            f"{_LOOKS[moment.phase]} {escape(label(moment, language))} {quiet(span)}", width="stretch"
        )
        page, params = place(moment.seen)
        with st.container(width="content"):
            nav.link(page, t(f"stage.see_{page}", language), icon="visibility", params=params)


def place(seen: Seen) -> tuple[str, dict[str, str]]:
    """The page on which a fault is seen, and what its address says there."""
    if seen.source:
        return seen.page, {"id": seen.source}
    unit = cockpit().profile.unit.get(seen.unit)
    if unit is None or seen.page == "coverage":
        return seen.page, {}
    return seen.page, {"q": unit.short} if seen.page == "alerts" else {"unit": unit.code}


def _nearest(view: StageView) -> list[Moment]:
    """The bars around now: the next to come first of all."""
    ahead = [m for m in view.moments if m.phase != "past"]
    behind = [m for m in view.moments if m.phase == "past"]
    room = max(4, BARS - len(ahead))
    kept = behind[-room:] + ahead
    return sorted(kept[:BARS], key=lambda m: (m.start_ms, m.end_ms))


def _asked() -> int | None:
    """The instant that the address asks for, ms: a fault that somebody comes to look at."""
    found = choose.asked("at")
    return int(found) if found is not None and found.isdecimal() and len(found) < 15 else None


def _around(view: StageView, at: int) -> list[Moment]:
    """The bars nearest to an instant."""
    away = sorted(view.moments, key=lambda m: (max(m.start_ms - at, at - m.end_ms, 0), m.start_ms))
    return sorted(away[:BARS], key=lambda m: (m.start_ms, m.end_ms))


def label(moment: Moment, language: str) -> str:
    """What a bar stands for."""
    if moment.label is not None:
        return moment.label.get(language)
    if moment.fault is None:
        return kind_name(moment.kind, language)
    return called(moment.fault, language)


def _rows(moments: list[Moment], language: str) -> pa.Table:
    # Labels may repeat: a space of no width makes each its own row.
    names = [label(m, language) + "\u200b" * i for i, m in enumerate(moments)]
    least = (max(m.end_ms for m in moments) - min(m.start_ms for m in moments)) // 150  # so that it is seen
    return tables.arrow(
        {
            "row": names,
            "start": [figures.naive(m.start_ms) for m in moments],
            "end": [figures.naive(max(m.end_ms, m.start_ms + least)) for m in moments],
            "phase": [m.phase for m in moments],
            "text": [
                f"{label(m, language)} · {figures.compact(m.start_ms)} – {figures.compact(m.end_ms)}"
                for m in moments
            ],
        }
    )


@cache
def bars(language: str, rows: int, label_px: int) -> charts.Spec:
    """Bars of `row` from `start` to `end`, looking as `phase` says."""
    layer: charts.Spec = {
        "mark": {"type": "bar", "cornerRadius": 3, "height": {"band": 0.62}, "aria": False},
        "encoding": {
            "x": {
                "field": "start",
                "type": "temporal",
                "axis": {"title": None, "format": "%H:%M", "tickCount": 6, "grid": True, "labelFlush": True},
            },
            "x2": {"field": "end"},
            "y": {
                "field": "row",
                "type": "nominal",
                "sort": None,
                "axis": {"title": None, "labelLimit": label_px},
            },
            "color": {
                "field": "phase",
                "type": "nominal",
                "scale": {"domain": list(PHASES), "range": [PALE, VIOLET, VIOLET]},
            },
            # What is coming is an outline: the difference is not one of colour alone.
            "fillOpacity": {"condition": {"test": "datum.phase == 'coming'", "value": 0.12}, "value": 1},
            "strokeWidth": {"value": 1.5},
            "stroke": {"condition": {"test": "datum.phase == 'past'", "value": PALE}, "value": VIOLET},
            "tooltip": [{"field": "text", "title": " "}],
        },
    }
    padding = {"left": 0, "right": 20, "top": 20, "bottom": 6}  # room for the times at the edges
    # The height holds the padding and the axis, too.
    return {
        "height": 24 * rows + 58,
        "layer": [layer],
        "config": charts.untold(language) | {"padding": padding},
    }


def now_rule(now: int, first: int, last: int) -> list[charts.Spec]:
    """A rule at this instant; its label leans to where there is room."""
    late = now > (first + last) / 2
    row = {"values": [{"at": figures.naive(now).isoformat(), "text": f"{figures.local(now):%H:%M}"}]}
    at = {"field": "at", "type": "temporal"}
    return [
        {
            "data": row,
            "mark": {"type": "rule", "color": GRAY, "strokeWidth": 1.5, "aria": False},
            "encoding": {"x": at},
        },
        {
            "data": row,
            "mark": {
                "type": "text", "align": "right" if late else "left", "dx": -4 if late else 4,
                "baseline": "bottom", "dy": -3, "fontWeight": "bold", "aria": False,
            },
            "encoding": {"x": at, "y": {"value": 0}, "text": {"field": "text"}},
        },
    ]  # fmt: skip


def _table(view: StageView, language: str) -> tuple[pa.Table, tables.Columns]:
    rows = view.moments
    table = tables.arrow(
        {
            "what": [label(m, language) for m in rows],
            "phase": [t(f"stage.place_{m.phase}", language) for m in rows],
            "start": [figures.naive(m.start_ms) for m in rows],
            "end": [figures.naive(m.end_ms) for m in rows],
        }
    )
    return table, {
        "what": tables.text_column(t("stage.col_what", language), 260),
        "phase": tables.text_column(t("stage.col_place", language), 110),
        "start": tables.instant_column(t("stage.col_start", language)),
        "end": tables.instant_column(t("stage.col_end", language)),
    }
