"""The stories of the stage: which play, which could begin, what to say now."""

from __future__ import annotations

import streamlit as st

from cockpit.commands.presenting import StageBegin, StageEnd
from cockpit.demo.state import Scenario
from cockpit.ui import figures
from cockpit.ui.act import behind, may, order
from cockpit.ui.context import demo_run
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.words import lang, t
from cockpit.views.stage import Act, Spoken, StageView


def notes(view: StageView) -> None:
    """What to say now, and when the next note comes."""
    language = lang()
    st.markdown(f"## {t('stage.notes', language)}", anchors=False)
    if view.said is None and view.next is None:
        st.markdown(quiet(t("stage.note_none", language)))
        return
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


def can_begin() -> bool:
    """Whether whoever looks may begin a story here, or cause a fault."""
    run = demo_run()
    return run is not None and not run.recorded and may(StageBegin)


def begin(view: StageView) -> None:
    """For a presenter the choice of a story, and the question what becomes of those that play."""
    language, run = lang(), demo_run()
    if run is None:
        return
    st.markdown(f"## {t('stage.scenarios', language)}", anchors=False)
    on = {one.scenario.code for one in view.acts}
    free = [code for code in run.library.scenarios if code not in on]
    if not free:
        st.markdown(quiet(t("stage.all_play", language)))
        return
    pick = f"scenario_{language}"

    def name(code: str) -> str:
        return run.library.scenarios[code].name.get(language)

    def clicked(replace: bool) -> None:
        # What is picked just before the click reaches the server with it, so after the form was drawn.
        picked = str(st.session_state[pick])
        behind(StageBegin(scenario=picked, replace=replace), name(picked))

    code = st.selectbox(t("stage.pick", language), free, format_func=name, key=pick)
    chosen = run.library.scenarios[code]
    # The button comes first: how long a story is told moves nothing that can be pressed.
    if view.acts:
        # Named by what plays: once that has changed, the question is another one, and shut.
        key = "-".join(["begin_ask", *sorted(on)])
        with st.popover(t("stage.begin", language), icon=":material/play_circle:", key=key):
            playing = ", ".join(one.scenario.name.get(language) for one in view.acts)
            asked = t("stage.ask", language, playing=escape(playing), what=escape(name(code)))
            st.markdown(asked)
            for replace, word, mark in ((True, "replace", "swap_horiz"), (False, "add", "add")):
                st.button(
                    t(f"stage.ask_{word}", language, playing=escape(playing), what=escape(name(code))),
                    icon=f":material/{mark}:",
                    on_click=clicked,
                    args=(replace,),
                    key=f"begin_{word}",
                )
            st.markdown(quiet(t("stage.ask_note", language)))
    else:
        st.button(
            t("stage.begin", language),
            icon=":material/play_circle:",
            on_click=clicked,
            args=(False,),
            key="begin",
        )
    st.markdown(f"{escape(chosen.story.get(language))}  \n{quiet(_size(chosen, language))}")


def acts(view: StageView) -> None:
    """The stories on the stage, each with its end."""
    language = lang()
    if not view.acts:
        st.markdown(quiet(t("stage.error_recorded" if recorded() else "stage.none", language)))
    for one in view.acts:
        _act(one, view.now_ms, language)


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


def recorded() -> bool:
    """Whether a recording is played, which nobody can change."""
    run = demo_run()
    return run is not None and run.recorded


def title(view: StageView, language: str) -> str:
    """The stories on the stage in a few words, `Ngày thường` where there is none."""
    if not view.acts:
        return t("stage.recording" if recorded() else "stage.ordinary", language)
    first = view.acts[0].scenario.name.get(language)
    more = len(view.acts) - 1
    return first + (f" +{more}" if more else "")
