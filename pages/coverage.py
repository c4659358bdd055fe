"""4G coverage: where the signal is bad or weak for sure, where nobody knows, per operator; where to build."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cockpit.ui import act, choose, gap_detail, live, refresh, share_parts, site_parts
from cockpit.ui import coverage_parts as parts
from cockpit.ui.panel import guarded
from cockpit.ui.words import t
from cockpit.views import coverage as coverage_view


@refresh.fragment
def coverage() -> None:
    act.say()
    verdict = st.container(key="coverage-verdict")
    section = choose.one("view", SECTIONS, t("coverage.section"), lambda name: t(f"coverage.section_{name}"))
    if section == "map":
        measured(verdict)
        return
    operator = parts.operator()
    with guarded(section):
        (site_parts.planner if section == "sites" else share_parts.shares)(operator, verdict)


def measured(verdict: DeltaGenerator) -> None:
    """What was measured: the map and the weakest places."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        operator = parts.operator()
        view = live.view(coverage_view.build, operator)
        drawn = parts.shown(view)
        chosen = parts.classes(drawn)
    verdict.markdown(parts.verdict(view), anchors=False)
    left, right = st.columns([5, 3])
    with left.container(border=True, gap="xsmall", key="coverage-map-card"), guarded("map"):
        parts.map_of(drawn, chosen)
    asked = choose.asked("id")
    if asked:
        with right, guarded("gap"):
            gap_detail.opened(asked)
    else:
        with (
            right.container(border=True, height="stretch", gap="xsmall", key="places-card"),
            guarded("places"),
        ):
            parts.places(view)
    st.markdown(parts.notes(view))


SECTIONS = ("map", "sites", "shares")

coverage()
