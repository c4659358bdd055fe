"""The parts of the simulator page: clock, faults, what every source sent."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import streamlit as st

from cockpit.clock import ClockState, VirtualClock
from cockpit.commands import Command, execute
from cockpit.commands.model import Value
from cockpit.stage import MAX_SECONDS, Fault
from cockpit.ui import figures, people, tables
from cockpit.ui.context import cockpit
from cockpit.ui.kept import kept
from cockpit.ui.maps import phone
from cockpit.ui.marks import badge, escape, icon, quiet
from cockpit.ui.status import FEEDS
from cockpit.ui.words import counted, has, lang, t
from cockpit.views.simulator import Played, SimulatorView

SPEEDS = (1.0, 10.0, 60.0, 600.0)
DEFAULT_SECONDS = 120
_SAID = "fault_said"


def _state() -> ClockState | None:
    clock = cockpit().clock
    return clock.state() if isinstance(clock, VirtualClock) else None


def verdict() -> str:
    """What plays and how fast, or that nothing does: markdown."""
    language = lang()
    state = _state()
    if state is None:
        why = quiet(t("simulator.none_why", language))
        return f"# {icon('science', 'gray')} {t('simulator.none', language)}\n\n{why}"
    if state.paused:
        head = t("simulator.paused", language)
    else:
        head = t("simulator.running", language, speed=figures.number(state.speed, 0, language))
    mark = badge(t("kind.simulated", language), "violet", "science")
    return f"# {icon('science', 'violet')} {head} {mark}\n\n{quiet(t('simulator.note', language))}"


def clock(view: SimulatorView) -> None:
    """The province's time, the wish and what is reached, and what plays; for a presenter the controls."""
    language = lang()
    state = _state()
    if state is None:
        return
    config = cockpit().config
    behind = max(0, state.wish_ms - state.watermark_ms) / 1000
    reached = f"×{figures.number(state.reached, 1, language)}"
    told = [
        (t("simulator.time", language), figures.local(state.domain_ms).strftime("%H:%M:%S %d/%m/%Y"), ""),
        (
            t("simulator.speed", language),
            f"×{figures.number(state.speed, 0, language)}",
            t("simulator.reached", language, speed=reached),
        ),
        (t("simulator.behind", language), figures.span(behind, language), ""),
        (t("simulator.seed", language), str(config.seed), ""),
        (t("simulator.size", language), t(f"size.{config.size}", language), ""),
    ]
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        for name, value, note in told:
            st.markdown(f"{name} **{value}**" + (f" {quiet(note)}" if note else ""), width="content")
    playing = " · ".join(escape(counted(n, name.get(language), language)) for name, n in view.kinds)
    st.markdown(quiet(f"{t('simulator.plays', language)}: {playing}"))
    if people.current().role != "presenter":
        st.markdown(quiet(f"{icon('lock')} {t('simulator.only_presenter', language)}"))
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            t("simulator.resume" if state.paused else "simulator.pause", language),
            icon=":material/play_arrow:" if state.paused else ":material/pause:",
            on_click=_pause,
            args=(not state.paused,),
            key="pause",
        )
        st.segmented_control(
            t("simulator.speed", language),
            SPEEDS,
            default=state.speed if state.speed in SPEEDS else None,
            format_func=lambda speed: f"×{speed:.0f}",
            key="speed",
            on_change=_speed,
            label_visibility="collapsed",
        )


def _pause(paused: bool) -> None:
    clock = cockpit().clock
    if isinstance(clock, VirtualClock) and people.current().role == "presenter":
        clock.control(paused=paused)


def _speed() -> None:
    clock, speed = cockpit().clock, st.session_state.get("speed")
    if isinstance(clock, VirtualClock) and speed and people.current().role == "presenter":
        clock.control(speed=speed)


def faults() -> None:
    """The faults in force, and the presenter's form to cause one."""
    language = lang()
    stage = cockpit().stage
    if stage is None:
        return
    found = stage.faults()
    presenter = people.current().role == "presenter"
    none = "" if found else f" {t('simulator.no_faults', language)}"
    st.markdown(f"#### {t('simulator.faults', language)} {quiet(f'{len(found)}.{none}')}", anchors=False)
    now = cockpit().clock.domain_ms()
    for fault in found[:8]:
        with st.container(
            horizontal=True, wrap=False, vertical_alignment="center", gap="small", key=f"fault_{fault.id}"
        ):
            st.markdown(_fault(fault, now, language), width="content" if presenter else "stretch")
            if presenter:
                st.button(
                    t("simulator.undo", language),
                    icon=":material/undo:",
                    type="tertiary",
                    key=f"undo_{fault.id}",
                    on_click=_undo,
                    args=(fault.id,),
                )
    if not presenter:
        return
    with (
        st.form("inject", border=False),
        st.container(horizontal=True, gap="small", vertical_alignment="bottom"),
    ):
        st.text_input(t("simulator.asset", language), key="fault_asset", placeholder=_examples()[0])
        st.number_input(
            t("simulator.seconds", language),
            min_value=1,
            max_value=MAX_SECONDS,
            value=DEFAULT_SECONDS,
            step=30,
            key="fault_seconds",
            width=150,
        )
        st.form_submit_button(t("simulator.inject", language), icon=":material/bolt:", on_click=_order)
    st.markdown(st.session_state.get(_SAID, ""))


def _fault(fault: Fault, now: int, language: str) -> str:
    asset = cockpit().profile.asset.get(fault.asset)
    name = f" · {escape(asset.name)}" if asset else ""
    key = f"simulator.kind_{fault.kind}"
    kind = t(key, language) if has(key) else escape(fault.kind)
    rest = figures.left(fault.until_ms, now, language)
    return f"{icon('bolt', 'violet')} **{escape(fault.asset)}**{name}  \n{quiet(f'{kind} · {rest}')}"


def _order() -> None:
    asset, seconds = str(st.session_state["fault_asset"]), int(st.session_state["fault_seconds"])
    st.session_state[_SAID] = _inject(asset.strip(), seconds, lang())


def _inject(asset: str, seconds: int, language: str) -> str:
    """Order the fault; what to say about it, which stays until the next order."""
    stage = cockpit().stage
    if stage is None or people.current().role != "presenter":
        return quiet(t("simulator.only_presenter", language))
    args: dict[str, Value] = {
        "asset": asset,
        "kind": "silent",
        "ramp_s": 0,
        "hold_s": seconds,
        "recovery_s": 0,
    }
    person = people.current()
    result = execute(cockpit(), Command(person.name, person.role, "fault", args))
    if not result.ok:
        examples = ", ".join(_examples())
        key = f"simulator.error_{result.facts['error']}"
        return f"{icon('warning', 'orange')} {t(key, language, asset=escape(asset), examples=examples)}"
    return f"{icon('task_alt', 'green')} {t('simulator.done', language, asset=escape(asset))}"


def _examples() -> list[str]:
    """The first camera, recorder and site of the register: codes that exist."""
    first: dict[str, str] = {}
    for asset in cockpit().profile.assets:
        first.setdefault(asset.kind, asset.code)
    return [first[kind] for kind in ("camera", "recorder", "site") if kind in first] or [""]


def _undo(fault_id: int) -> None:
    person = people.current()
    execute(cockpit(), Command(person.name, person.role, "fault_undo", {"id": fault_id}))


def sources(view: SimulatorView) -> None:
    """Every simulated source with what it sent."""
    language = lang()
    told = t(
        "simulator.day", language, events=view.events, observations=view.observations, rejected=view.rejected
    )
    st.markdown(f"#### {t('simulator.sources', language)} {quiet(told)}", anchors=False)
    table, columns = kept(view, lambda: _played(view, language), "simulator", language, phone())
    tables.show(table, columns, key="simulator_sources", alt=t("simulator.alt", language), height=430)


def _played(view: SimulatorView, language: str) -> tuple[pa.Table, tables.Columns]:
    words = {state: t(f"feed.{state}", language) for state in FEEDS}
    rows = view.sources

    def counted(of: Callable[[Played], int]) -> list[str]:
        return [figures.number(of(p), 0, language) for p in rows]

    table = tables.arrow(
        {
            "name": [f"{p.source.row} {p.source.name.get(language)}".strip() for p in rows],
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
