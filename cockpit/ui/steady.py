"""An order that stays while the reader looks at it: rows do not jump with every refresh."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import streamlit as st

from cockpit.ui.context import cockpit

KEEP_S = 30.0


def order(name: str, signature: Hashable, sort: Callable[[], list[str]]) -> list[str]:
    """The ids in the order of `sort`, made anew when `signature` changes or every `KEEP_S` seconds."""
    key = f"order-{name}"
    now = cockpit().clock.monotonic()
    kept = st.session_state.get(key)
    if kept is None or kept[0] != signature or now - kept[1] >= KEEP_S:
        kept = st.session_state[key] = (signature, now, sort())
    ids: list[str] = kept[2]
    return ids
