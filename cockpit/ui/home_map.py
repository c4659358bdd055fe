"""The map on the home page: the province by unit, and what is wrong in the one that is chosen."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import streamlit as st

from cockpit.ui import choose, figures, live, nav, province_map, tables, unit_parts
from cockpit.ui.components import sheet
from cockpit.ui.components.province import Shown
from cockpit.ui.context import cockpit
from cockpit.ui.kept import kept
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.plain import to_html
from cockpit.ui.province_map import UnitMark
from cockpit.ui.status import LOOKS
from cockpit.ui.words import lang, t
from cockpit.views import unit as unit_view
from cockpit.views.home import HomeView, UnitState
from cockpit.views.unit import RedFigure, UnitView

UNIT = "unit"
"""What the address calls the chosen unit."""


def map_of_units(view: HomeView) -> None:
    """The province by unit: what is red and orange, with the same as a table one click away. A click on a
    unit, or a choice by name, shows what is wrong there."""
    language = lang()
    counts = {state: sum(u.state == state for u in view.units) for state in ("red", "orange")}
    counted = to_html(quiet(t("home.map_counts", language, **counts)))
    sheet.draw(f"<h2>{to_html(t('home.map', language))} {counted}</h2>", key="map-head")
    same = tuple((u.unit.code, u.state, u.alerts, u.missed) for u in view.units)
    shown, twin, columns = kept(None, lambda: _units(view.units, language), "home-map", same, language)
    alt = t("home.map_alt", language, **counts)
    known = cockpit().profile.unit
    code = choose.asked(UNIT) or ""
    code = code if code in known else ""
    province_map.draw(shown, key="home_map", label=alt, chosen=code, on_pick=_put)
    graded = province_map.stormy([u.state for u in view.units])
    note = f"{t('map.note', language)} {t('map.graded', language) if graded else ''}".strip()
    st.markdown(province_map.legend(counts, note))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="map-choice"):
        _by_name(code, language)
        tables.twin(twin, columns, key="home_map_twin", alt=alt)
    if code:
        _chosen(live.view(unit_view.build, code), language)


def _by_name(code: str, language: str) -> None:
    """The same choice from a list: small units are hard to hit, and a keyboard cannot click on a map. The key
    holds what is chosen, so that the list always says what the address does."""
    known = cockpit().profile.unit
    key = f"home-unit-{code}-{language}"
    st.selectbox(
        t("home.pick_unit", language),
        list(known),
        index=list(known).index(code) if code else None,
        placeholder=t("home.pick_unit", language),
        format_func=lambda option: known[option].short,
        key=key,
        on_change=lambda: _put(st.session_state[key] or ""),
        label_visibility="collapsed",
        width=190,
    )


def _put(code: str) -> None:
    if code:
        st.query_params[UNIT] = code
    else:
        st.query_params.pop(UNIT, None)


def _chosen(view: UnitView, language: str) -> None:
    """What is red in one unit, each with its way there."""
    said = t("home.unit_text", language, alerts=view.open, indicators=len(view.red))
    with st.container(gap="xsmall", key="map-unit"):
        st.markdown(f"**{escape(view.unit.name)}** {quiet(said)}")
        for need in view.needs:
            unit_parts.alert(need, language)
        for figure in view.red:
            _figure(figure, language)
        with st.container(horizontal=True, gap="small"):
            if view.open:
                place = {"unit": view.unit.code} | ({} if view.waiting else {"list": "working"})
                nav.link(
                    "alerts", t("home.unit_alerts", language, n=view.open), icon="notifications", params=place
                )
            nav.link(
                "units", t("units.open_page", language), icon="location_city", params={"id": view.unit.code}
            )
            if view.gaps:
                label = t("units.gaps", language, n=view.gaps)
                nav.link("gaps", label, icon="signal_cellular_off", params={"unit": view.unit.code})
            if view.cameras:
                label = t("home.unit_cameras", language, n=view.cameras)
                nav.link("cameras", label, icon="videocam", params={"unit": view.unit.code})


def _figure(figure: RedFigure, language: str) -> None:
    look = LOOKS["red"]
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        unit = escape(figure.indicator.unit.get(language))
        value = figures.quantity(figure.value, unit, figure.indicator.decimals, language)
        name = escape(figure.indicator.short.get(language))
        st.markdown(f"{icon(look.icon, look.tone)} {name} **{value}**", width="stretch")
        nav.open_link("indicators", {"id": figure.indicator.code})


def _units(units: Sequence[UnitState], language: str) -> tuple[Shown, pa.Table, tables.Columns]:
    """What the map shows, and the same for reading, what is wrong first."""
    missed = [", ".join(name.get(language) for name in u.missed) for u in units]
    texts = [
        t("home.unit_text", language, alerts=u.alerts, indicators=len(u.missed))
        + (f": {names}" if names else "")
        for u, names in zip(units, missed, strict=True)
    ]
    names_of = dict(zip((u.unit.code for u in units), missed, strict=True))
    places = [UnitMark(u.unit.code, u.state, text, u.alerts) for u, text in zip(units, texts, strict=True)]
    rank = list(LOOKS)
    ordered = sorted(units, key=lambda u: (rank.index(u.state), u.unit.name))
    words = {state: t(f"home.state_{state}", language) for state in ("red", "orange", "green")}
    twin = tables.arrow(
        {
            "unit": [u.unit.name for u in ordered],
            "state": [tables.badge(LOOKS[u.state], words[u.state]) for u in ordered],
            "alerts": [u.alerts for u in ordered],
            "missed": [names_of[u.unit.code] for u in ordered],
        }
    )
    return (
        province_map.shown(places, t("home.unit_text", language, alerts=0, indicators=0)),
        twin,
        {
            "unit": tables.text_column(t("indicators.unit", language), 190),
            "state": tables.badge_column(
                t("indicators.status", language),
                {words[s]: LOOKS[s] for s in ("red", "orange", "green")},
                130,
            ),
            "alerts": tables.number_column(t("home.col_alerts", language), 95),
            "missed": tables.text_column(t("home.col_indicators", language), 190),
        },
    )
