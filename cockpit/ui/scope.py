"""One commune in place of the whole province: what an address calls `unit` holds on every page, until
somebody goes back to the province. A department or a code of nobody is no scope."""

from __future__ import annotations

import streamlit as st

from cockpit.ui import choose
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.words import t

PARAM = "unit"
_KEPT, _PAGE = "scope", "scope_page"

OF_THE_PROVINCE = frozenset({"indicators", "indices", "reports", "handover", "kpis", "audit", "simulator"})
"""Pages that show the whole province whatever unit is looked at, and say so then."""


def named() -> str:
    """Code of the unit that the address names, "" for the whole province."""
    asked = choose.asked(PARAM) or ""
    return asked if asked in cockpit().profile.unit else ""


def unit() -> str:
    """The same for a page that shows this unit alone. Other pages hear of it by `carry`."""
    code = named()
    st.session_state[_KEPT] = code
    return code


def province_all_the_same(page: str) -> None:
    """Say that a page is of the whole province although a unit is looked at, where that is so."""
    if page in OF_THE_PROVINCE and (code := named()):
        name = escape(cockpit().profile.unit[code].name)
        st.markdown(quiet(t("scope.page", name=name)))


def carry(page: str) -> None:
    """Take it along to another page, whose address does not name it. Before the page runs."""
    before, st.session_state[_PAGE] = st.session_state.get(_PAGE), page
    kept = st.session_state.get(_KEPT)
    if kept and before not in (None, page) and PARAM not in st.query_params:
        st.query_params[PARAM] = kept


def line(note: str = "") -> str:
    """Say that only one unit is shown, with the way back to the province, where that is so; its code. `note`
    says what of the page is of the province all the same."""
    code = unit()
    if code:
        name = cockpit().profile.unit[code].name
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="scope"):
            told = f"{icon('location_on', 'blue')} {t('scope.only', name=f'**{escape(name)}**')}"
            st.markdown(f"{told} {note}".strip(), width="content")
            st.button(
                t("scope.back"), icon=":material/zoom_out_map:", type="tertiary", key="scope-back",
                on_click=_leave,
            )  # fmt: skip
    return code


def _leave() -> None:
    """Back to the whole province."""
    choose.clear(PARAM)
    st.session_state[_KEPT] = ""
