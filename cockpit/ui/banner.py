"""What must be said above everything else: the evaluator has stopped."""

from __future__ import annotations

import streamlit as st

from cockpit.ui import figures, live
from cockpit.ui.context import cockpit
from cockpit.ui.words import t
from cockpit.views import strip

DEAD_S = 15.0
"""The evaluator works every second; after this long without a sign of life the figures are old."""


def engine_age_s() -> float | None:
    """Seconds since the evaluator's last step, None if none is known."""
    here = cockpit()
    if here.engine is not None:
        return float(here.engine.tick_age_s())
    beat = live.view(strip.build).beat_ms
    return None if beat is None else (here.clock.real_ms() - beat) / 1000


def leapt_banner() -> None:
    """For an hour after the computer's clock has leapt: ages and order may be wrong."""
    engine = cockpit().engine
    leap = engine.leaps.recent if engine is not None else None
    if leap is not None:
        when, by = figures.clock(leap.at), figures.span(abs(leap.by_ms) / 1000)
        key = "banner.leapt_ahead" if leap.by_ms > 0 else "banner.leapt_back"
        st.warning(t(key, time=when, by=by), icon=":material/more_time:")


def stopped_banner() -> None:
    """Red box on top if the evaluator is dead; keeps its place empty otherwise, so that nothing moves."""
    leapt_banner()
    place = st.empty()
    if said := stopped():
        place.error(said, icon=":material/signal_disconnected:")


def stopped() -> str:
    """That the evaluator is dead and since when, as markdown; "" where it works."""
    age = engine_age_s()
    if age is not None and age < DEAD_S:
        return ""
    asof = live.view(strip.build).evaluated_ms
    if age is None or asof is None:
        return t("banner.never")
    return t("banner.stopped", time=figures.clock(asof), age=figures.age(age))
