"""The present picture of one camera, fetched when the reader presses the button and at no other time."""

from __future__ import annotations

import streamlit as st

from cockpit.ingest.pictures import Picture, Reason, fetch
from cockpit.ui import figures
from cockpit.ui.context import demo
from cockpit.ui.marks import quiet
from cockpit.ui.words import t

_KEPT = "picture"
_WORDS: dict[Reason, str] = {
    "not_in_sample": "cameras.picture_not_in_sample",
    "silent": "cameras.picture_silent",
    "unreachable": "cameras.picture_unreachable",
}


def panel(code: str) -> None:
    """A button, and what it brought: a picture with its instant, or one sentence why there is none.

    The picture stays as it is while the page goes on living, until another camera is chosen.
    """
    here = demo()
    address = None if here is None else here.pictures
    if address is None:
        st.markdown(quiet(t("cameras.picture_none")))
        return
    if st.button(t("cameras.picture_show"), key=f"picture-{code}", icon=":material/photo_camera:"):
        st.session_state[_KEPT] = (code, fetch(address, code))
    of, found = st.session_state.get(_KEPT, ("", None))
    if of != code:
        st.session_state.pop(_KEPT, None)
    elif isinstance(found, Picture):
        when = figures.local(found.taken_ms).strftime("%H:%M:%S %d/%m/%Y")
        st.image(
            found.jpeg,
            caption=t("cameras.picture_caption", when=when),
            width="stretch",
            alt=t("cameras.picture_alt", code=code, when=when),
        )
    else:
        st.markdown(quiet(t(_WORDS[found])))
