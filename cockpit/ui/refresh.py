"""The live part of a page: one fragment that is drawn again every two seconds."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cockpit.ui import people, visits
from cockpit.ui.banner import stopped_banner
from cockpit.ui.context import cockpit, demo_run
from cockpit.ui.panel import guarded
from cockpit.ui.words import lang

EVERY_S = 2
"""Seconds between two refreshes of a page."""

FRAME = "frame"
"""Where a session holds what the frame over its page was drawn with."""


def played() -> tuple[str, ...]:
    """Codes of the scenarios that run."""
    run = demo_run()
    return () if run is None else tuple(c.code for c in run.playing())


def frame() -> tuple[tuple[str, ...], str, str]:
    """What the frame over a page shows: the stories that are played, the language, the reader's role.

    A browser that sends two changes at once asks for one part of the page only, and the other one would keep
    what it showed."""
    return played(), lang(), people.current().role


def fragment(body: Callable[[], None]) -> Callable[[], None]:
    """Decorate the live part of a page: drawn again every two seconds, without the rest of the page.

    One a page. Above what it draws stands the banner that the evaluator has stopped, if it has.
    """

    def draw() -> None:
        if people.shut_out():
            st.rerun()  # a tab that has come back is asked again who it is
        if not cockpit().ready.is_set() or cockpit().lost is not None:
            st.rerun()  # the shell shows how far the stage is set, or that the store is gone
        if st.session_state.get(FRAME, frame()) != frame():
            st.rerun()  # another story, another language
        visits.look()
        stopped_banner()
        with guarded(body.__module__):
            body()

    draw.__qualname__ = f"live_{body.__module__}_{body.__qualname__}"
    return st.fragment(draw, run_every=EVERY_S)
