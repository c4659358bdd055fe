"""Indicators: all of them, and the card of the chosen one."""

import streamlit as st

from cockpit.ui import act, choose, live, pillar_parts, refresh
from cockpit.ui import indicator_parts as parts
from cockpit.ui.panel import guarded
from cockpit.views import indicators as indicators_view
from cockpit.views import unit_pillars


@refresh.fragment
def indicators() -> None:
    act.say()
    view = live.view(indicators_view.build)
    chosen = choose.asked("id")
    if chosen:
        detail = live.view(indicators_view.detail, chosen)
        with guarded("card"):
            parts.card(detail, chosen)
        place = st.container(gap="small")
    else:
        st.markdown(parts.verdict(view), anchors=False)
        with guarded("pillars"):
            pillar_parts.cards(view)
        if pillar_parts.screen() == "units":
            with guarded("units"):
                pillar_parts.by_unit(live.view(unit_pillars.build))
            return
        place = st.container(gap="small")
    with place, guarded("list"):
        parts.listing(view, titled=bool(chosen))


indicators()
