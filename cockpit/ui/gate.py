"""What stands in the place of every page for those who may not see it: one calm sentence, no figure."""

from __future__ import annotations

import streamlit as st

from cockpit import entry
from cockpit.domain.person import Why
from cockpit.ui import people
from cockpit.ui.components.mended import mend
from cockpit.ui.marks import icon, quiet
from cockpit.ui.words import LANGUAGES, lang, t


def page(why: Why) -> None:
    """Why the pages are shut, and the way in."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.segmented_control(
            t("strip.language"),
            LANGUAGES,
            default=lang(),
            required=True,
            format_func=str.upper,
            key="lang",
            label_visibility="collapsed",
            bind="query-params",
            persist_state="session",
        )
        mend()
    st.markdown(f"# {icon('lock', 'gray')} {t(f'gate.{why}')}", anchors=False)
    st.markdown(quiet(t(f"gate.{why}_why")))
    if why == "code":
        st.link_button(t("people.enter"), entry.PATH, icon=":material/key:")
    else:
        people.sign()
