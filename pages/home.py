"""Home: one line of verdict, the trust strip, what needs someone, the map, the headline figures."""

import streamlit as st

from cockpit.ui import home_map, live, need_parts, people, refresh, visits
from cockpit.ui import home_parts as parts
from cockpit.ui.panel import guarded
from cockpit.ui.tiles import tile
from cockpit.views import home as home_view


@refresh.fragment
def home() -> None:
    view = live.view(home_view.build)
    st.markdown(parts.verdict(view, visits.told(view, people.current().name)), anchors=False)
    with guarded("trust"):
        parts.trust(view)
    left, right = st.columns([3, 2])
    with left.container(border=True, height="stretch", gap="small", key="needs"), guarded("needs"):
        need_parts.needs(view)
    with right.container(border=True, height="stretch", gap="xsmall", key="map"), guarded("map"):
        home_map.map_of_units(view)
    with guarded("tiles"), st.grid(5, min_column_width=160, gap="xsmall", border=True, key="tiles"):
        for figure in view.tiles:
            tile(figure)


home()
