"""An address at which there is no page: said calmly, with the way home."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import get_script_run_ctx

from cockpit.ui import nav
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.words import t

_ASKED = "lost_page"
MAX_SHOWN = 60


def page(known: Collection[str]) -> StreamlitPage | None:
    """A page for the address asked for, if none of the `known` ones is there; it is in no menu.

    Without it Streamlit would show the home page under an English window.
    """
    context = get_script_run_ctx()
    name = context.pages_manager.intended_page_name if context is not None else None
    if name:
        st.session_state[_ASKED] = name
    asked = st.session_state.get(_ASKED)
    if not asked or asked in known or asked.strip("/") != asked or "/" in asked:
        return None
    return st.Page(lost, title=t("lost.title"), url_path=asked, visibility="hidden")


def lost() -> None:
    """What stands at such an address."""
    st.markdown(f"# {icon('help', 'gray')} {t('lost.verdict')}", anchors=False)
    asked = escape(str(st.session_state.get(_ASKED) or "")[:MAX_SHOWN])
    st.markdown(quiet(t("lost.why", address=f"/{asked}")))
    nav.link("home", t("lost.home"), icon="dashboard")
