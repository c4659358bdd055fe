"""Service index and DTI: which unit and component cost points, what if; figures that others published."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cockpit.ui import choose, dti_parts, fact_parts, live, refresh, service_parts
from cockpit.ui.panel import guarded
from cockpit.ui.words import t
from cockpit.views import facts as facts_view
from cockpit.views import indices as indices_view

SCREENS = ("service", "dti", "facts")


@refresh.fragment
def indices() -> None:
    top = st.container()
    screen = choose.one("view", SCREENS, t("indices.screens"), lambda name: t(f"indices.screen_{name}"))
    {"service": service, "dti": dti, "facts": facts}[screen](top)


def service(top: DeltaGenerator) -> None:
    view = live.view(indices_view.build)
    top.markdown(service_parts.verdict(view), anchors=False)
    left, right = st.columns(2)
    with left.container(border=True, height="stretch", gap="small"), guarded("components"):
        service_parts.components(view)
    with right.container(border=True, height="stretch", gap="small"), guarded("what_if"):
        service_parts.what_if_card(view)
    with guarded("costs"):
        service_parts.costs(view)


def dti(top: DeltaGenerator) -> None:
    top.markdown(dti_parts.verdict(), anchors=False)
    result = dti_parts.chosen()
    if result is None:
        return
    left, right = st.columns(2)
    with left.container(border=True, height="stretch", gap="small"), guarded("dti"):
        dti_parts.lost(result, live.view(indices_view.build))
    with right.container(border=True, height="stretch", gap="small"), guarded("what_if"):
        dti_parts.what_if_card(result)


def facts(top: DeltaGenerator) -> None:
    view = live.view(facts_view.build)
    top.markdown(fact_parts.verdict(view), anchors=False)
    with guarded("facts"):
        fact_parts.publications(view)


indices()
