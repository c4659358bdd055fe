"""Simulator: what plays, how fast, which faults are in force. Marked as simulated throughout."""

import streamlit as st

from cockpit.ui import live
from cockpit.ui import simulator_parts as parts
from cockpit.ui.context import cockpit
from cockpit.ui.panel import guarded
from cockpit.views.simulator import SimulatorView


@live.fragment
def simulator() -> None:
    st.markdown(parts.verdict(), anchors=False)
    if cockpit().config.mode != "demo":
        return
    view: SimulatorView = live.view("simulator")
    with st.container(border=True, gap="small", key="clock"), guarded("clock"):
        parts.clock(view)
    with st.container(border=True, gap="small", key="faults"), guarded("faults"):
        parts.faults()
    with guarded("sources"):
        parts.sources(view)


simulator()
