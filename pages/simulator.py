"""Simulator: the stage of a demo. Marked as simulated throughout."""

import streamlit as st

from cockpit.ui import live, refresh, stage_faults, stage_story, stage_transport
from cockpit.ui import simulator_parts as parts
from cockpit.ui.act import say
from cockpit.ui.panel import guarded
from cockpit.views import simulator as simulator_view


@refresh.fragment
def simulator() -> None:
    say()
    view = parts.staged()
    st.markdown(parts.verdict(view), anchors=False)
    now = stage_transport.state()
    if now is None or view is None:
        return
    with st.container(border=True, gap="small", key="clock"), guarded("clock"):
        stage_transport.dials(now)
        stage_transport.controls(now)
    with guarded("notes"):
        stage_story.notes(view)
    left, right = st.columns([3, 2], gap="small")
    with left:
        with st.container(border=True, gap="small", key="timeline_card"), guarded("timeline"):
            stage_story.timeline(view)
        with st.container(border=True, gap="small", key="scenarios"), guarded("scenarios"):
            stage_story.scenarios(view)
    with right:
        with st.container(border=True, gap="small", key="faults"), guarded("faults"):
            # The form keeps its place when the list above it grows, or a click on it could be lost.
            with st.container(gap="small"):
                stage_faults.in_force(view)
            with st.container(gap="small"):
                stage_faults.form()
        with st.container(border=True, gap="small", key="log"), guarded("log"):
            stage_story.log(view)
    with guarded("sources"):
        played = live.view(simulator_view.build)
        parts.plays(played)
        parts.sources(played)


simulator()
