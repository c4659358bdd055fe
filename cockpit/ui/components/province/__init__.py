"""The province by unit as a picture on a page: states by colour and mark, and a press on a unit.

The drawing comes by its address and stays in the browser; with a refresh only states travel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from cockpit.domain.text import plain
from cockpit.ui.components.packaged import Packaged

STYLE = Path(__file__).parent / "frontend" / "province.css"
"""How the drawing looks, for the wall as well."""

_component = Packaged("province", Path(__file__).parent, js="province.js", css="province.css", html="")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be seen at units by their code: a shade (a class of the style) and a sentence. `quiet` is
    the sentence of all others. Made once for all who look."""

    units: Mapping[str, tuple[str, str]]
    quiet: str
    sent: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        texts = list(dict.fromkeys(text for _, text in self.units.values()))
        units = {code: [shade, texts.index(text)] for code, (shade, text) in self.units.items()}
        sent = {"units": units, "texts": [plain(text) for text in texts], "quiet": plain(self.quiet)}
        object.__setattr__(self, "sent", sent)


def draw(
    shown: Shown,
    drawing: str,
    *,
    key: str,
    label: str,
    chosen: str,
    height: int,
    on_pick: Callable[[str], None],
) -> None:
    """Draw it. `drawing` is an address, to which the browser adds the `room` that it has. A press on a unit
    calls `on_pick` with its code, one beside all units with ""; the code is what a browser says."""

    def pressed() -> None:
        state = st.session_state.get(key)
        code = state.get("pressed") if state is not None else None
        if isinstance(code, str):
            on_pick(code)

    _component(
        key=key,
        data={**shown.sent, "drawing": drawing, "label": label, "chosen": chosen},
        width="stretch",
        height=height,
        on_pressed_change=pressed,
    )
