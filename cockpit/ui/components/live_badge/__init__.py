"""The badge that tells how old the screen is, on the browser's own clock.

Text drawn by the server would go on saying "3 seconds ago" for ever when the server dies. This one
asks `/api/v1/pulse` by itself, rests while its tab is hidden, and turns orange and red as the age grows.
It also tells the server whether the screen is narrow, where that is not what the server believes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from cockpit.ui import dates, screen
from cockpit.ui.components.packaged import Packaged
from cockpit.ui.context import utc_offset_s
from cockpit.ui.words import WORDS, lang

_component = Packaged(
    "live_badge", Path(__file__).parent, js="badge.js", css="badge.css", html="<span></span>"
)


def _words(language: str) -> dict[str, str]:
    prefix = "live."
    own = {key[len(prefix) :]: text for key, text in WORDS[language].items() if key.startswith(prefix)}
    return own | {"weekdays": "|".join(dates.days(language))}


_SENT = {language: _words(language) for language in WORDS}


def live_badge(mode: str) -> None:
    """Mount it: `age` shows how old the screen is, `clock` the time of the province, `speed` how fast that is
    to run."""
    language, key = lang(), f"live_{mode}"
    data: dict[str, Any] = {"mode": mode, "lang": language, "words": _SENT[language]}
    if mode == "age":
        data |= {"narrow": screen.phone(), "narrow_px": screen.NARROW_PX}
        _component(key=key, data=data, width="content", on_narrow_change=_measured)
    else:
        data["offset_s"] = utc_offset_s()
        _component(key=key, data=data, width="content")


def _measured() -> None:
    state = st.session_state.get("live_age")
    screen.measured(state.get("narrow") if state is not None else None)
