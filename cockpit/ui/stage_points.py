"""The points that a presenter can go back to, and the sign that it happens."""

from __future__ import annotations

import streamlit as st

from cockpit.commands.presenting import ClockReset
from cockpit.demo.controls import Point
from cockpit.ui import figures
from cockpit.ui.act import behind
from cockpit.ui.context import demo
from cockpit.ui.marks import escape, quiet
from cockpit.ui.stage_log import stories
from cockpit.ui.words import t


def back(now_ms: int, language: str) -> None:
    """The list of points, newest first, each with its button."""
    here = demo()
    found = () if here is None else here.controller.points
    # Named by the epoch: once one has gone back the list is another one, and shut.
    key = f"back-{0 if here is None else here.run.epoch}"
    with st.popover(
        t("simulator.reset", language), icon=":material/skip_previous:", disabled=not found, key=key
    ):
        if not found:
            return
        st.markdown(t("simulator.reset_note", language))
        for point in reversed(found):
            st.button(
                f"{escape(name(point, language))} · {figures.instant(point.at_ms, now_ms)}",
                icon=":material/skip_previous:",
                on_click=behind,
                args=(ClockReset(point=point.number),),
                key=f"back_{point.number}",
                width="stretch",
            )
        size = figures.quantity(sum(point.bytes for point in found) / 1e6, "MB", 1, language)
        st.markdown(quiet(t("simulator.reset_kept", language, n=len(found), size=size)))


def name(point: Point, language: str) -> str:
    """What began at a point, in words."""
    if not point.scenarios:
        return t("simulator.point_demo" if not point.number else "simulator.point", language)
    return t("simulator.point_story", language, what=stories(point.scenarios, language))
