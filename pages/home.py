"""Home: a line of verdict, the trust strip, what needs someone, the map, what might be decided, figures; of a
unit that the address names, the same of it alone."""

import streamlit as st

from cockpit.ui import (
    act,
    decision_parts,
    home_map,
    links,
    live,
    need_parts,
    people,
    refresh,
    scope,
    unit_parts,
    visits,
)
from cockpit.ui import home_parts as parts
from cockpit.ui.components import sheet
from cockpit.ui.panel import guarded
from cockpit.ui.tiles import tiles
from cockpit.ui.words import lang
from cockpit.views import decisions as decisions_view
from cockpit.views import home as home_view
from cockpit.views import unit_page
from cockpit.views.home import HomeView
from cockpit.views.unit_page import UnitPage


@refresh.fragment
def home() -> None:
    act.say()
    code = scope.line()
    view, query, language = live.view(home_view.build), links.here(), lang()
    page = live.view(unit_page.build, code) if code else None
    if page is not None:
        of_unit(page, view)
        return
    head = parts.head(view, visits.told(view, people.current().name), language)
    with guarded("trust"):
        head += parts.trust(view, language)
    sheet.draw(head, key="verdict")
    left, right = st.columns([3, 2])
    with left.container(border=True, height="stretch", gap="small", key="needs"), guarded("needs"):
        sheet.draw(need_parts.needs(view, query, language), key="needs-sheet")
    with right.container(border=True, height="stretch", gap="xsmall", key="map"), guarded("map"):
        home_map.map_of_units(view)
    with guarded("decisions"):
        decision_parts.proposals(live.view(decisions_view.build))
    with guarded("tiles"):
        sheet.draw(tiles(view.tiles, query, language), key="tiles")


def of_unit(page: UnitPage, view: HomeView) -> None:
    """A unit as a centre of its own: its verdict, what is open there, its figures, what it has to do."""
    with guarded("head"):
        unit_parts.head(page)
        unit_parts.counts(page)
    left, right = st.columns([3, 2])
    with right.container(border=True, height="stretch", gap="xsmall", key="map"), guarded("map"):
        home_map.map_of_units(view)
    with left.container(border=True, gap="small", key="unit-home"), guarded("figures"):
        unit_parts.own_figures(page)
        unit_parts.tasks(page)


home()
