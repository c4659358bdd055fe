"""4G coverage: where the signal is bad or weak for sure, where nobody knows, per operator."""

import streamlit as st

from cockpit.ui import coverage_parts as parts
from cockpit.ui import live
from cockpit.ui.panel import guarded
from cockpit.views.coverage import CoverageView


@live.fragment
def coverage() -> None:
    verdict = st.container(key="coverage-verdict")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        operator = parts.operator()
        view: CoverageView = live.view("coverage", operator)
        chosen = parts.classes(view)
    verdict.markdown(parts.verdict(view), anchors=False)
    with guarded("map"), st.container(border=True, gap="xsmall", key="coverage-map-card"):
        parts.map_of(view, chosen)
    with guarded("places"):
        parts.places(view)
    st.markdown(parts.notes(view))


coverage()
