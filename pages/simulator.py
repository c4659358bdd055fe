"""Simulator: the stage of a demo. Marked as simulated throughout."""

import streamlit as st

from cockpit.ui import (
    live,
    refresh,
    stage_faults,
    stage_log,
    stage_presets,
    stage_story,
    stage_timeline,
    stage_transport,
)
from cockpit.ui import simulator_parts as parts
from cockpit.ui.act import say
from cockpit.ui.panel import guarded
from cockpit.ui.words import t
from cockpit.views import simulator as simulator_view
from cockpit.views.stage import StageView


@refresh.fragment
def simulator() -> None:
    say()
    view = parts.staged()
    st.markdown(parts.verdict(view), anchors=False)
    now = stage_transport.state()
    if now is None or view is None:
        return
    # What can be pressed stands above what grows, or beside it: it keeps its place under a finger.
    with st.container(border=True, gap="small", key="clock"), guarded("clock"):
        stage_transport.controls(now)
        stage_transport.dials(now)
        stage_transport.sign(view)
    if stage_story.can_begin():
        left, right = st.columns([2, 3], gap="small")
    else:  # who may press nothing has the whole width to read
        left, right = st.container(gap="small"), st.container(gap="small")
    with left:
        pressed(view)
    with right:
        shown(view)
    with guarded("sources"):
        played = live.view(simulator_view.build)
        parts.plays(played)
        parts.sources(played)


def pressed(view: StageView) -> None:
    """What a presenter can begin."""
    if stage_presets.there():
        with st.container(border=True, gap="small", key="presets_card"), guarded("presets"):
            stage_presets.presets(view)
    if stage_story.can_begin():
        with st.container(border=True, gap="small", key="scenarios"), guarded("scenarios"):
            stage_story.begin(view)
        with st.container(border=True, gap="small", key="fault_form"), guarded("faults"):
            stage_faults.form()


def shown(view: StageView) -> None:
    """What plays, with its ends; what to say; what is over and what is coming; what was done."""
    with st.container(border=True, gap="small", key="faults"), guarded("playing"):
        st.markdown(f"## {t('stage.playing')}", anchors=False)
        stage_story.acts(view)
        stage_faults.in_force(view)
        stage_faults.clear(view)
    with st.container(border=True, gap="small", key="notes"), guarded("notes"):
        stage_story.notes(view)
    with st.container(border=True, gap="small", key="timeline_card"), guarded("timeline"):
        stage_timeline.timeline(view)
    with st.container(border=True, gap="small", key="log"), guarded("log"):
        stage_log.log(view)


simulator()
