"""Units and departments: ranked among their like by one figure, and each of them in full."""

import streamlit as st

from cockpit.ui import choose, live, refresh
from cockpit.ui import ranking_parts as ranking
from cockpit.ui import unit_parts as parts
from cockpit.ui.marks import quiet
from cockpit.ui.panel import guarded
from cockpit.ui.words import t
from cockpit.views import unit_page
from cockpit.views import units as units_view
from cockpit.views.unit_page import UnitPage


@refresh.fragment
def units() -> None:
    asked = choose.asked("id")
    if asked:
        one(asked)
    else:
        everyone()


def everyone() -> None:
    """Who is where by the chosen figure."""
    known = live.view(units_view.rankable)
    if not known:
        st.markdown(f"# {t('units.nothing')}", anchors=False)
        st.markdown(quiet(t("units.nothing_why")))
        return
    verdict = st.container(key="units-verdict")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        code = ranking.chosen_figure(known)
        view = live.view(units_view.build, code)
        group = ranking.chosen_group(view)
        parts.chosen()
    verdict.markdown(ranking.verdict(view, group), anchors=False)
    left, right = st.columns([5, 2])
    with left, guarded("list"):
        ranking.listing(view, group)
        st.markdown(quiet(t("units.note")))
    with right.container(border=True, gap="xsmall", key="units-movers"), guarded("movers"):
        ranking.movers(view)


def one(code: str) -> None:
    """One unit or department in full."""
    view = live.view(unit_page.build, code)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            t("units.back"), icon=":material/arrow_back:", type="tertiary", key="units-back",
            on_click=choose.let_go, args=("id",),
        )  # fmt: skip
        parts.chosen()
    if view is None:
        st.markdown(parts.gone(code), anchors=False)
        return
    with guarded("head"):
        parts.head(view)
        parts.counts(view)
    left, right = st.columns([5, 3])
    with left:
        figures(view)
    with right, guarded("open"), st.container(border=True, gap="small", key="unit-open"):
        parts.needs(view)
        parts.tasks(view)


def figures(view: UnitPage) -> None:
    """What is measured of it, and what it answers for."""
    with guarded("figures"), st.container(border=True, gap="small", key="unit-figures-card"):
        if view.figures or view.unit is not None:
            parts.own_figures(view)
        parts.owned(view)
        parts.sources(view)


units()
