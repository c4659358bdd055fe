"""The handover of a shift: what changed, what is open by owner, what is muted; signed by both sides."""

import streamlit as st

from cockpit.ui import act, choose, live, refresh
from cockpit.ui import handover_parts as parts
from cockpit.ui.components import sheet
from cockpit.ui.marks import quiet
from cockpit.ui.panel import guarded
from cockpit.ui.words import t
from cockpit.views import handover as handover_view


@refresh.fragment
def handover() -> None:
    act.say()
    asked = choose.asked("id")
    view = live.view(handover_view.build, parts.number(asked))
    page = view.shown if asked else view.waiting or view.now
    if page is None:
        st.markdown(quiet(t("handover.gone", id=parts.escaped(asked))))
        page = view.waiting or view.now
    sheet.draw(parts.head(page, view.now_ms), key="handover-head")
    left, right = st.columns([5, 3])
    with left.container(border=True, key="handover-page"), guarded("page"):
        sheet.draw(parts.body(page, view.now_ms), key="handover-body")
    with right, guarded("sign"):
        with st.container(border=True, gap="small", key="handover-sign"):
            parts.sign(page, view)
            parts.take_along(page, view.now_ms)
        with st.container(border=True, key="handover-past"):
            sheet.draw(parts.past(view), key="handover-list")


handover()
