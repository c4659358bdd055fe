"""How wide the reader's screen is: what a phone shows first is not what a desk shows first."""

from __future__ import annotations

from typing import Any

import streamlit as st

NARROW_PX = 640
"""Under this width columns stand below each other, as Streamlit itself does it."""

_TOLD = "screen_narrow"


def phone() -> bool:
    """Whether the screen is a narrow one: what the browser measured, before that what it calls itself."""
    told = st.session_state.get(_TOLD)
    return bool(told) if told is not None else "Mobi" in (st.context.headers.get("User-Agent") or "")


def measured(narrow: Any) -> None:
    """Keep what the browser measured; anything but a yes or no says nothing."""
    if isinstance(narrow, bool):
        st.session_state[_TOLD] = narrow
