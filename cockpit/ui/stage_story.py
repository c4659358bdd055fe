"""The stories of the stage: which play, what to say now, what has happened and what is coming."""

from __future__ import annotations

from functools import cache

import pyarrow as pa
import streamlit as st

from cockpit.commands.presenting import StageBegin, StageEnd
from cockpit.demo.state import Scenario
from cockpit.ui import charts, figures, tables
from cockpit.ui.act import may, order
from cockpit.ui.context import demo_run
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.screen import phone
from cockpit.ui.stage_faults import kind_name
from cockpit.ui.status import GRAY, PALE, VIOLET
from cockpit.ui.words import has, lang, t
from cockpit.views.stage import Act, Moment, Spoken, StageView

BARS = 14
"""Bars that a chart shows; the table beside it has all."""

LOG_SHOWN = 6
PLACES = ("past", "now", "coming")
_LOOKS = {"past": ":gray[■]", "now": ":violet[■]", "coming": ":violet[□]"}


def notes(view: StageView) -> None:
    """What to say now, and when the next note comes."""
    language = lang()
    if view.said is None and view.next is None:
        return
    with st.container(border=True, gap="xsmall", key="notes"):
        if view.said is not None:
            st.markdown(
                f"### {icon('record_voice_over')} {escape(view.said.note.text.get(language))}", anchors=False
            )
        st.markdown(_next(view.next, view.now_ms, language))


def _next(coming: Spoken | None, now: int, language: str) -> str:
    if coming is None:
        return quiet(t("stage.note_last", language))
    left = figures.span((coming.at_ms - now) / 1000, language)
    text = escape(coming.note.text.get(language))
    return quiet(
        f"{t('stage.note_next', language, time=figures.instant(coming.at_ms, now), left=left)} {text}"
    )


def scenarios(view: StageView) -> None:
    """The stories on the stage, and for a presenter the choice of another."""
    language = lang()
    st.markdown(f"#### {t('stage.scenarios', language)}", anchors=False)
    if not view.acts:
        st.markdown(quiet(t("stage.error_recorded" if _recorded() else "stage.none", language)))
    with st.container(gap="small", key="acts"):  # what stands below keeps its place when the list grows
        for one in view.acts:
            _act(one, view.now_ms, language)
    run = demo_run()
    if run is None or run.recorded or not may(StageBegin):
        return
    on = {one.scenario.code for one in view.acts}
    free = [code for code in run.library.scenarios if code not in on]
    if not free:
        return
    pick = f"scenario_{language}"

    def name(code: str) -> str:
        return run.library.scenarios[code].name.get(language)

    def clicked() -> None:
        # What is picked just before the click reaches the server with it, so after the form was drawn.
        picked = str(st.session_state[pick])
        order(StageBegin(scenario=picked), name(picked))

    code = st.selectbox(t("stage.pick", language), free, format_func=name, key=pick)
    chosen = run.library.scenarios[code]
    st.markdown(f"{escape(chosen.story.get(language))}  \n{quiet(_size(chosen, language))}")
    st.button(
        t("stage.begin", language),
        icon=":material/play_circle:",
        on_click=clicked,
        key="begin",
    )


def _size(scenario: Scenario, language: str) -> str:
    length = figures.span(scenario.length_ms / 1000, language)
    return t("stage.size", language, length=length, n=len(scenario.steps))


def _act(one: Act, now: int, language: str) -> None:
    name, running = one.scenario.name.get(language), one.running
    into = min(1.0, (now - running.from_ms) / max(1, one.scenario.length_ms))
    with st.container(
        horizontal=True, wrap=False, vertical_alignment="center", gap="small", key=f"act_{running.code}"
    ):
        since = t(
            "stage.since", language, time=figures.instant(running.from_ms, now),
            end=figures.instant(one.end_ms, now), share=figures.percent(max(0.0, into), 0, language),
        )  # fmt: skip
        st.markdown(
            f"{icon('theater_comedy', 'violet')} **{escape(name)}**  \n{quiet(since)}", width="stretch"
        )
        if may(StageEnd):
            st.button(
                t("stage.end", language),
                icon=":material/stop:",
                type="tertiary",
                on_click=order,
                args=(StageEnd(scenario=running.code), name),
                key=f"end_{running.code}",
            )


def timeline(view: StageView) -> None:
    """Every fault against domain time: what is over, what plays, what is coming."""
    language = lang()
    counts = {place: sum(m.place == place for m in view.moments) for place in PLACES}
    told = " · ".join(t(f"stage.count_{place}", language, n=counts[place]) for place in PLACES)
    st.markdown(f"#### {t('stage.timeline', language)} {quiet(told)}", anchors=False)
    if not view.moments:
        st.markdown(quiet(t("stage.timeline_recorded" if _recorded() else "stage.timeline_empty", language)))
        return
    shown = _nearest(view)
    rows = _rows(shown, language)
    first = min(min(m.start_ms for m in shown), view.now_ms)
    last = max(max(m.end_ms for m in shown), view.now_ms)
    alt = t("stage.timeline_alt", language, told=told)
    spec = bars(language, len(shown), 120 if phone() else 260)
    spec = {**spec, "layer": [*spec["layer"], *now_rule(view.now_ms, first, last)]}
    charts.draw(rows, spec, key="timeline", alt=alt)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for place in PLACES:
            st.markdown(f"{_LOOKS[place]} {quiet(t(f'stage.place_{place}', language))}", width="content")
        tables.twin(*_table(view, language), key="timeline_table", alt=alt)


def _nearest(view: StageView) -> list[Moment]:
    """The bars around now: the next to come first of all."""
    ahead = [m for m in view.moments if m.place != "past"]
    behind = [m for m in view.moments if m.place == "past"]
    room = max(4, BARS - len(ahead))
    kept = behind[-room:] + ahead
    return sorted(kept[:BARS], key=lambda m: (m.start_ms, m.end_ms))


def label(moment: Moment, language: str) -> str:
    """What a bar stands for."""
    if moment.label is not None:
        return moment.label.get(language)
    code = moment.fault.asset if moment.fault is not None else ""
    return f"{kind_name(moment.kind, language)}: {code}"


def _rows(moments: list[Moment], language: str) -> pa.Table:
    # Labels may repeat: a space of no width makes each its own row.
    names = [label(m, language) + "\u200b" * i for i, m in enumerate(moments)]
    least = (max(m.end_ms for m in moments) - min(m.start_ms for m in moments)) // 150  # so that it is seen
    return tables.arrow(
        {
            "row": names,
            "start": [figures.naive(m.start_ms) for m in moments],
            "end": [figures.naive(max(m.end_ms, m.start_ms + least)) for m in moments],
            "place": [m.place for m in moments],
            "text": [
                f"{label(m, language)} · {figures.instant(m.start_ms)} – {figures.instant(m.end_ms)}"
                for m in moments
            ],
        }
    )


@cache
def bars(language: str, rows: int, label_px: int) -> charts.Spec:
    """Bars of `row` from `start` to `end`, looking as `place` says."""
    layer: charts.Spec = {
        "mark": {"type": "bar", "cornerRadius": 3, "height": {"band": 0.62}},
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
                "field": "place",
                "type": "nominal",
                "scale": {"domain": list(PLACES), "range": [PALE, VIOLET, VIOLET]},
            },
            # What is coming is an outline: the difference is not one of colour alone.
            "fillOpacity": {"condition": {"test": "datum.place == 'coming'", "value": 0.12}, "value": 1},
            "strokeWidth": {"value": 1.5},
            "stroke": {"condition": {"test": "datum.place == 'past'", "value": PALE}, "value": VIOLET},
            "tooltip": [{"field": "text", "title": " "}],
        },
    }
    padding = {"left": 0, "right": 20, "top": 20, "bottom": 6}  # room for the times at the edges
    # The height holds the padding and the axis, too.
    return {
        "height": 24 * rows + 58,
        "layer": [layer],
        "config": charts.config(language) | {"padding": padding},
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
            "place": [t(f"stage.place_{m.place}", language) for m in rows],
            "start": [figures.naive(m.start_ms) for m in rows],
            "end": [figures.naive(m.end_ms) for m in rows],
        }
    )
    return table, {
        "what": tables.text_column(t("stage.col_what", language), 260),
        "place": tables.text_column(t("stage.col_place", language), 110),
        "start": tables.instant_column(t("stage.col_start", language)),
        "end": tables.instant_column(t("stage.col_end", language)),
    }


def log(view: StageView) -> None:
    """What presenters did, newest first."""
    language = lang()
    st.markdown(f"#### {t('stage.log', language)}", anchors=False)
    if not view.log:
        st.markdown(quiet(t("stage.log_empty", language)))
    lines = []
    for done in view.log[:LOG_SHOWN]:
        key = f"stage.did_{done.name}"
        said = t(key, language, **_facts(done.name, done.args, language)) if has(key) else escape(done.name)
        lines.append(
            f"{quiet(figures.instant(done.t, view.now_ms))} {said} {quiet('· ' + escape(done.actor))}"
        )
    st.markdown("  \n".join(lines))


def _facts(name: str, args: dict[str, object], language: str) -> dict[str, str]:
    """What fills the sentence about a command."""
    run = demo_run()
    if name in ("stage_begin", "stage_end"):
        codes = str(args.get("scenario", "")).split()
        known = run.library.scenarios if run is not None else {}
        names = [known[c].name.get(language) if c in known else c for c in codes]
        return {"what": escape(", ".join(names))}
    if name == "fault":
        kind = kind_name(str(args.get("kind")), language)
        return {"what": escape(kind), "where": escape(str(args.get("asset")))}
    if name == "clock_speed":
        return {"speed": f"×{figures.number(_number(args.get('speed')), 0, language)}"}
    if name == "clock_step":
        return {"span": figures.span(_number(args.get("seconds")), language)}
    if name == "clock_jump":
        return {"time": figures.instant(int(_number(args.get("to"))))}
    if name == "clock_pause":
        return {
            "what": t("simulator.paused_word" if args.get("paused") else "simulator.resumed_word", language)
        }
    if name == "fault_undo":
        return {"id": str(args.get("id"))}
    return {}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _recorded() -> bool:
    run = demo_run()
    return run is not None and run.recorded


def title(view: StageView, language: str) -> str:
    """The stories on the stage in a few words, `Ngày thường` where there is none."""
    if not view.acts:
        return t("stage.recording" if _recorded() else "stage.ordinary", language)
    first = view.acts[0].scenario.name.get(language)
    more = len(view.acts) - 1
    return first + (f" +{more}" if more else "")
