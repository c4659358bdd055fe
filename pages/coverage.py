"""4G coverage: where the signal is bad or weak for sure, where nobody knows, per operator."""

import streamlit as st

from cockpit.ui import act, live, refresh
from cockpit.ui import coverage_parts as parts
from cockpit.ui.panel import guarded
from cockpit.views import coverage as coverage_view


@refresh.fragment
def coverage() -> None:
    act.say()
    verdict = st.container(key="coverage-verdict")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        operator = parts.operator()
        view = live.view(coverage_view.build, operator)
        chosen = parts.classes(view)
    verdict.markdown(parts.verdict(view), anchors=False)
    left, right = st.columns([5, 3])
    with left.container(border=True, gap="xsmall", key="coverage-map-card"), guarded("map"):
        parts.map_of(view, chosen)
    with right.container(border=True, height="stretch", gap="xsmall", key="places-card"), guarded("places"):
        parts.places(view)
    st.markdown(parts.notes(view))


coverage()
