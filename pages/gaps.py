"""Coverage gaps: which there are, in what order they matter, and each with its life and its next step."""

import streamlit as st

from cockpit.ui import act, choose, gap_detail, live, refresh, scope
from cockpit.ui import gap_parts as parts
from cockpit.ui.panel import guarded
from cockpit.ui.words import t
from cockpit.views import gaps as gaps_view


@refresh.fragment
def gaps() -> None:
    act.say()
    view = live.view(gaps_view.build, scope.line())
    st.markdown(parts.verdict(view), anchors=False)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        found = parts.filters(view)
    asked = choose.asked("id")
    left, right = st.columns([5, 4]) if asked else (st.container(), None)
    with left, guarded("list"):
        weights = parts.weights()
        parts.listing(view, found, weights)
        parts.take_along(found)
    if right is not None:
        with right, guarded("gap"):
            opened(asked or "")


def opened(asked: str) -> None:
    """The gap that the address names."""
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
    found = live.view(gaps_view.one, number) if number is not None else None
    if found is None:
        st.markdown(gap_detail.gone(asked))
        return
    with st.container(border=True, gap="xsmall", key="gap-detail"):
        st.button(
            t("requests.close"), icon=":material/close:", type="tertiary", key="gap-close",
            on_click=choose.let_go, args=("id",),
        )  # fmt: skip
        gap_detail.detail(found)


gaps()
