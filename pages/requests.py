"""Requests for an explanation: what a unit is to answer, what somebody has asked, how fast units answer."""

import streamlit as st

from cockpit.ui import act, choose, live, refresh, request_detail, scope
from cockpit.ui import request_parts as parts
from cockpit.ui.panel import guarded
from cockpit.ui.words import t
from cockpit.views import requests as requests_view


@refresh.fragment
def requests() -> None:
    act.say()
    view = live.view(requests_view.build, scope.line())
    st.markdown(parts.verdict(view), anchors=False)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        section = parts.section()
        owner = parts.unit(view)
    asked = choose.asked("id")
    left, right = st.columns([5, 4]) if asked else (st.container(), None)
    with left, guarded("list"):
        if section == "times":
            parts.times(view, owner)
        else:
            parts.listing(view, parts.of_section(view, section, owner), section)
    if right is not None:
        with right, guarded("request"):
            opened(asked or "")


def opened(asked: str) -> None:
    """The request that the address names."""
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
    found = live.view(requests_view.one, number) if number is not None else None
    if found is None:
        st.markdown(request_detail.gone(asked))
        return
    with st.container(border=True, gap="xsmall", key="request-detail"):
        st.button(
            t("requests.close"), icon=":material/close:", type="tertiary", key="request-close",
            on_click=choose.let_go, args=("id",),
        )  # fmt: skip
        request_detail.detail(found)


requests()
