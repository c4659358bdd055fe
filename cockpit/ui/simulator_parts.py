"""The parts of the simulator page that are not the stage: what plays, and what every source sent."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import streamlit as st

from cockpit.ui import figures, tables
from cockpit.ui.context import cockpit
from cockpit.ui.kept import kept
from cockpit.ui.marks import badge, escape, icon, quiet
from cockpit.ui.screen import phone
from cockpit.ui.stage_story import title
from cockpit.ui.stage_transport import state
from cockpit.ui.status import FEEDS
from cockpit.ui.words import lang, t
from cockpit.views import stage
from cockpit.views.simulator import Played, SimulatorView


def staged() -> stage.StageView | None:
    """The stage as it is now; None where there is none."""
    here = cockpit()
    if here.demo is None:
        return None
    return stage.of(here.demo.run, here.store, here.profile, here.clock.domain_ms())


def verdict(view: stage.StageView | None) -> str:
    """What plays and how fast, or that nothing does: markdown."""
    language, now = lang(), state()
    if now is None or view is None:
        why = quiet(t("simulator.none_why", language))
        return f"# {icon('science', 'gray')} {t('simulator.none', language)}\n\n{why}"
    name = escape(title(view, language))
    head = t("simulator.paused" if now.paused else "simulator.running", language, name=name)
    mark = badge(t("kind.simulated", language), "violet", "science")
    note = t("simulator.note", language)
    if any(source.time == "real" for source in cockpit().profile.inputs):
        note += " " + t("simulator.real_too", language)
    return f"# {icon('science', 'violet')} {head} {mark}\n\n{quiet(note)}"


def plays(view: SimulatorView) -> None:
    """The catalogue that is played."""
    language = lang()
    playing = " · ".join(
        f"{escape(name.get(language)).lower()}: {figures.number(n, 0, language)}" for name, n in view.kinds
    )
    st.markdown(quiet(f"{t('simulator.plays', language)} – {playing}"))


def sources(view: SimulatorView) -> None:
    """Every simulated source with what it sent."""
    language = lang()
    told = t(
        "simulator.day", language, events=view.events, observations=view.observations, rejected=view.rejected
    )
    st.markdown(f"## {t('simulator.sources', language)} {quiet(told)}", anchors=False)
    table, columns = kept(view, lambda: _played(view, language), "simulator", language, phone())
    tables.show(table, columns, key="simulator_sources", alt=t("simulator.alt", language), height=430)


def _played(view: SimulatorView, language: str) -> tuple[pa.Table, tables.Columns]:
    words = {state: t(f"feed.{state}", language) for state in FEEDS}
    rows = view.sources

    def counted(of: Callable[[Played], int]) -> list[str]:
        return [figures.number(of(p), 0, language) for p in rows]

    table = tables.arrow(
        {
            "name": [p.source.name.get(language) for p in rows],
            "state": [tables.badge(FEEDS[p.state], words[p.state]) for p in rows],
            "rhythm": [figures.span(p.source.rhythm_s, language) for p in rows],
            "hour": counted(lambda p: p.hour_events),
            "events": counted(lambda p: p.day_events),
            "observations": counted(lambda p: p.day_observations),
            "rejected": counted(lambda p: p.day_rejected),
            "last": [figures.naive(p.last) if p.last else None for p in rows],
        }
    )
    return table, {
        "name": tables.text_column(t("simulator.col_name", language), 190 if phone() else 300),
        "state": tables.badge_column(
            t("simulator.col_state", language), {words[s]: k for s, k in FEEDS.items()}
        ),
        "rhythm": tables.text_column(t("simulator.col_rhythm", language), 90, right=True),
        "hour": tables.text_column(t("simulator.col_hour", language), right=True),
        "events": tables.text_column(t("simulator.col_events", language), right=True),
        "observations": tables.text_column(t("simulator.col_observations", language), right=True),
        "rejected": tables.text_column(t("simulator.col_rejected", language), right=True),
        "last": tables.instant_column(t("simulator.col_last", language)),
    }
