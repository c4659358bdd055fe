"""Filters whose choice stays in the address by code.

Streamlit's own binding writes the label into the address, which changes with the language and with
every count in it; a link must outlive both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from cockpit.domain.text import MAX_ASKED, plain
from cockpit.ui.words import lang

T = TypeVar("T", bound=str)
S = TypeVar("S")


def asked(param: str) -> str | None:
    """What the address names, cut to what a name may be long; None where it names nothing."""
    found = st.query_params.get(param)
    return plain(found[:MAX_ASKED]) or None if found else None


def one(
    param: str,
    options: Sequence[T],
    label: str,
    words: Callable[[T], str],
    *,
    hide: bool = True,
    drops: str = "",
) -> T:
    """A segmented control; the first option is the default and stays out of the address. A choice takes the
    parameter `drops` out of the address: what was chosen of the other list."""
    key = _key(param)

    def chose() -> None:
        _write(param, [st.session_state[key]], [options[0]])
        let_go(drops)

    st.segmented_control(
        label,
        options,
        default=first_shown(key, _asked(param, options)[:1] or [options[0]])[0],
        required=True,
        format_func=words,
        key=key,
        on_change=chose,
        label_visibility="collapsed" if hide else "visible",
    )
    return _chosen(key, options)


def pick_one(param: str, options: Sequence[T], label: str, words: Callable[[T], str], *, width: int) -> T:
    """A select box for many options; otherwise as `one`."""
    key = _key(param)
    first = first_shown(key, _asked(param, options)[:1] or [options[0]])[0]
    st.selectbox(
        label,
        options,
        index=list(options).index(first) if first in options else 0,
        format_func=words,
        key=key,
        on_change=lambda: _write(param, [st.session_state[key]], [options[0]]),
        label_visibility="collapsed",
        width=width,
    )
    return _chosen(key, options)


def follow(param: str, options: Sequence[T], label: str, words: Callable[[T], str], *, width: int) -> T:
    """As `pick_one`, where something else on the page chooses as well: the box always shows what the address
    names."""
    chosen = (_asked(param, options) or [options[0]])[0]
    key = f"follow-{param}-{chosen}-{lang()}"
    st.selectbox(
        label,
        options,
        index=list(options).index(chosen),
        format_func=words,
        key=key,
        on_change=lambda: _write(param, [st.session_state[key]], [options[0]]),
        label_visibility="collapsed",
        width=width,
    )
    return chosen


def many(
    param: str,
    options: Sequence[T],
    label: str,
    words: Callable[[T], str],
    *,
    default: Sequence[T] = (),
    hide: bool = True,
) -> tuple[T, ...]:
    """Pills of which any number may be chosen; `default` stays out of the address."""
    key = _key(param)
    st.pills(
        label,
        options,
        default=first_shown(key, _asked(param, options) or default),
        selection_mode="multi",
        format_func=words,
        key=key,
        on_change=lambda: _write(param, st.session_state[key], default),
        label_visibility="collapsed" if hide else "visible",
    )
    chosen = set(st.session_state[key] or ())
    return tuple(option for option in options if option in chosen)


def put(param: str, value: str) -> None:
    """Choose for the reader, as a callback: the next run draws the widget anew with `value`."""
    clear(param)
    st.query_params[param] = value


def let_go(param: str) -> None:
    """Take a parameter out of the address, as a callback."""
    st.query_params.pop(param, None)


def clear(*params: str) -> None:
    """Undo these filters, as a callback: the next run draws them anew."""
    for param in params:
        st.session_state.pop(_key(param), None)
        st.query_params.pop(param, None)


def _key(param: str) -> str:
    """A widget of its own in each language: Streamlit remembers a choice by its label, and would show
    none where the label it remembers is of the other language."""
    return f"choose-{param}-{lang()}"


def _asked(param: str, options: Sequence[T]) -> list[T]:
    found = st.query_params.get_all(param)
    return [option for option in options if option in found]


def first_shown(key: str, value: Sequence[S]) -> list[S]:
    """What the widget shows until somebody chooses: the same in every run as long as the widget lives.

    As its default, and not written into its state: a value that the server sets is taken over once, and
    is lost where the browser draws the widget again while the run is still on its way.
    """
    kept = f"first-{key}"
    if key not in st.session_state or kept not in st.session_state:
        st.session_state[kept] = list(value)
    found: list[S] = st.session_state[kept]
    return found


def _chosen(key: str, options: Sequence[T]) -> T:
    found = st.session_state[key]
    return next((option for option in options if option == found), options[0])


def _write(param: str, value: Sequence[str] | None, default: Sequence[str]) -> None:
    chosen = list(value or ())
    if chosen == list(default):
        st.query_params.pop(param, None)
    else:
        st.query_params[param] = chosen
