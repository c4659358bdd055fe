"""What if: sliders that start at known values, and what would follow. Nothing is written anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TypeVar

import streamlit as st

from cockpit.ui import figures
from cockpit.ui.choose import first_shown
from cockpit.ui.words import lang, t

K = TypeVar("K", bound=str)
ACROSS, LEAST_PX = 2, 220
"""Sliders beside each other, where each has so much room."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What a slider goes over: 0 to `most` in steps. `decimals` of the value it starts at, `coarse` of a
    step."""

    most: float
    step: float
    decimals: int
    coarse: int


def sliders(
    case: str, given: Mapping[K, float], scales: Mapping[K, Scale], label: Callable[[K], str]
) -> tuple[dict[K, float], dict[K, float]]:
    """One slider a value. Returns where they started and where they stand.

    They start at `given` as it was when the reader first saw this `case`: what arrives meanwhile must not
    pull a slider out of somebody's hand. `start_again` takes the newest.
    """
    start: dict[K, float] = st.session_state.setdefault(_name(case, "start"), dict(given))
    moved: dict[K, float] = st.session_state.setdefault(_name(case, "moved"), {})
    language = lang()
    now: dict[K, float] = {}
    with st.grid(ACROSS, min_column_width=LEAST_PX, gap="small"):
        for code, begun in start.items():
            # A slider of the other language begins where this one was left.
            key = f"{_name(case, code)}-{_turn()}-{language}"
            now[code] = st.select_slider(
                label(code),
                _options(begun, scales[code]),
                value=first_shown(key, [moved.get(code, begun)])[0],
                format_func=partial(_written, scale=scales[code], language=language),
                key=key,
            )
    moved.update(now)
    return start, now


def start_again(case: str, *, disabled: bool) -> None:
    """The button that puts all sliders of a case back to what is known now."""
    st.button(
        t("what.again"),
        key=_name(case, "again"),
        icon=":material/undo:",
        type="tertiary",
        on_click=_drop,
        args=(case,),
        disabled=disabled,
    )


def _drop(case: str) -> None:
    for kept in ("start", "moved"):
        st.session_state.pop(_name(case, kept), None)
    st.session_state["what-if-turn"] = _turn() + 1


def _turn() -> int:
    return int(st.session_state.get("what-if-turn", 0))


def _name(case: str, what: str) -> str:
    return f"what-if-{case}-{what}"


@lru_cache(maxsize=512)
def _options(start: float, scale: Scale) -> tuple[float, ...]:
    """Every step, and the value that it starts at."""
    grid = {round(n * scale.step, 6) for n in range(round(scale.most / scale.step) + 1)}
    return tuple(sorted(grid | {start}))


def _written(value: float, scale: Scale, language: str) -> str:
    short = round(value, scale.coarse) == value
    return figures.number(value, scale.coarse if short else scale.decimals, language)
