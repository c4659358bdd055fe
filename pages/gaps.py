"""Coverage gaps: which there are, where, in what order they matter, when the last one closes, and each with
its life and its next step."""

import streamlit as st

from cockpit.ui import act, choose, gap_detail, gap_map, gap_outlook_parts, live, refresh
from cockpit.ui import gap_parts as parts
from cockpit.ui.panel import guarded
from cockpit.views import gap_outlook
from cockpit.views import gaps as gaps_view


@refresh.fragment
def gaps() -> None:
    act.say()
    view = live.view(gaps_view.build)
    st.markdown(parts.verdict(view), anchors=False)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        found = parts.filters(view)
    asked = choose.asked("id")
    left, right = st.columns([5, 4]) if asked else (st.container(), None)
    with left:
        with guarded("map"):
            gap_map.of_register(view, found)
        with guarded("list"):
            weights = parts.weights()
            parts.listing(view, found, weights)
            parts.take_along(found)
        with guarded("outlook"):
            gap_outlook_parts.outlook(live.view(gap_outlook.build))
    if right is not None:
        with right, guarded("gap"):
            gap_detail.opened(asked or "")


gaps()
