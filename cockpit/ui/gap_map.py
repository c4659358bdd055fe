"""Gaps on maps: a click on one opens it, by its number in the address."""

from __future__ import annotations

from collections.abc import Sequence

import pydeck as pdk
import streamlit as st

from cockpit.domain.registers import GAP, code_of
from cockpit.ui import gap_words as words
from cockpit.ui import maps
from cockpit.ui.kept import frozen, kept
from cockpit.ui.words import lang, t
from cockpit.views.coverage import Place
from cockpit.views.gaps import Gap, GapsView

LAYER = "hex-gap"
"""The layer whose cells are gaps; its rows name them by `gap`."""
MAP_PX, PHONE_PX = 430, 230


def layer(rows: list[dict[str, str]]) -> pdk.Layer:
    """Cells of gaps, edged so that they are seen on any ground."""
    return maps.hex_layer(maps.HexLayer("gap", rows))


def rows_of(places: Sequence[Place]) -> list[dict[str, str]]:
    """The cells of the gaps of the register among these places."""
    return [
        {"h3": cell, "gap": str(p.number), "text": t("gaps.map_open", code=code_of(GAP, p.number))}
        for p in places
        if p.number
        for cell in p.cells
    ]


def clicked(key: str, param: str = "id") -> None:
    """As a callback of the map `key`: name the gap in the address on which somebody clicked."""
    chosen = st.session_state[key]["selection"]["objects"].get(LAYER, [])
    if chosen and str(number := chosen[0].get("gap", "")).isdigit():
        st.query_params[param] = str(number)


def of_register(view: GapsView, found: Sequence[Gap]) -> None:
    """The listed gaps on the province."""
    if not found:
        return
    phone = maps.phone()
    shown = tuple(gap.entry.id for gap in found)
    held = ("gap-map", shown, lang(), phone, maps.areas_address())
    deck = kept(view, lambda: frozen(maps.deck([layer(_rows(found))])), *held)
    maps.draw(
        deck, key="gaps-map", alt=t("gaps.map_all_alt", n=len(found)), height=PHONE_PX if phone else MAP_PX,
        clicked=clicked,
    )  # fmt: skip


def _rows(found: Sequence[Gap]) -> list[dict[str, str]]:
    rows = []
    for gap in found:
        text = t(
            "gaps.map_text", code=words.code(gap), place=words.place(gap), state=words.state_word(gap),
            people=gap.people.mid,
        )  # fmt: skip
        rows += [{"h3": cell, "gap": str(gap.entry.id), "text": text} for cell in gap.entry.facts["cells"]]
    return rows
