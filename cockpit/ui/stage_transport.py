"""The clock of the demo and what a presenter does with it: play, pause, speed, step, jump, reset."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import streamlit as st

from cockpit.commands import Command, Instant, Message, Result, execute
from cockpit.commands.presenting import ClockJump, ClockPause, ClockReset, ClockSpeed, ClockStep
from cockpit.demo.virtual_clock import ClockState
from cockpit.ui import figures, people
from cockpit.ui.act import may, order, refused
from cockpit.ui.context import cockpit, demo, demo_run
from cockpit.ui.marks import icon, quiet
from cockpit.ui.words import lang, t

SPEEDS = (1.0, 10.0, 60.0, 300.0, 600.0)
STEPS_S = (10, 60, 600, 3600)
JUMPS_H = (1, 6, 24)
MAX_JUMP_D = 31
REFUSED_S = 0.4
"""A command that is refused has ended by then, one that is carried out has not."""


def state() -> ClockState | None:
    """What the clock shows; None where it is real."""
    here = demo()
    return None if here is None else here.clock.state()


def written(speed: float, language: str) -> str:
    """`×60` or `×0,9`."""
    return f"×{figures.number(speed, 0 if speed >= 9.95 or speed == round(speed) else 1, language)}"


def dials(now: ClockState) -> None:
    """Time, wish and what is reached."""
    language, config = lang(), cockpit().config
    behind = max(0, now.wish_ms - now.watermark_ms) / 1000
    when = figures.local(now.domain_ms)
    pairs = [
        (t("simulator.time", language), f"{when:%H:%M:%S %d/%m/%Y}"),
        (t("simulator.wish", language), written(now.speed, language)),
        (t("simulator.reached", language), _reached(now, language)),
        (t("simulator.behind", language), figures.span(behind, language)),
        (t("simulator.seed", language), str(config.seed)),
        (t("simulator.size", language), t(f"size.{config.size}", language)),
    ]
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        for name, value in pairs:
            st.markdown(f"{quiet(name)} **{value}**", width="content")


def _reached(now: ClockState, language: str) -> str:
    if now.step_ms is not None:
        return t("simulator.stepping", language, time=figures.instant(now.step_ms, now.domain_ms))
    return t("simulator.stands", language) if now.paused else written(now.reached, language)


def controls(now: ClockState) -> None:
    """What may be done with it; for others who may."""
    language = lang()
    if not may(ClockPause):
        st.markdown(quiet(f"{icon('lock')} {t('simulator.only_presenter', language)}"))
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        word = "simulator.resume" if now.paused else "simulator.pause"
        st.button(
            t(word, language),
            icon=":material/play_arrow:" if now.paused else ":material/pause:",
            on_click=order,
            args=(ClockPause(paused=not now.paused),),
            key="pause",
        )
        st.segmented_control(
            t("simulator.wish", language),
            SPEEDS,
            default=now.speed if now.speed in SPEEDS else None,
            format_func=lambda speed: f"×{speed:.0f}",
            key="speed",
            on_change=_speed,
            label_visibility="collapsed",
        )
        run = demo_run()
        if run is not None and not run.recorded:
            _jump(now, language)
        _reset(now, language)
    if now.paused:
        _steps(language)


def _steps(language: str) -> None:
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.markdown(quiet(t("simulator.step", language)), width="content")
        for seconds in STEPS_S:
            st.button(
                t(f"simulator.step_{seconds}", language),
                icon=":material/skip_next:",
                type="tertiary",
                on_click=order,
                args=(ClockStep(seconds=seconds),),
                key=f"step_{seconds}",
            )


def _jump(now: ClockState, language: str) -> None:
    with st.popover(t("simulator.jump", language), icon=":material/fast_forward:"):
        st.markdown(quiet(t("simulator.jump_note", language)))
        with st.container(horizontal=True, gap="xsmall"):
            for hours in JUMPS_H:
                st.button(
                    t("simulator.jump_hours", language, n=hours),
                    on_click=_behind,
                    args=(ClockJump(to=Instant(now.domain_ms + hours * 3_600_000)),),
                    key=f"jump_{hours}",
                )
        here = figures.local(now.domain_ms)
        first = here.date()
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            st.date_input(
                t("simulator.jump_day", language), first, min_value=first,
                max_value=first + timedelta(days=MAX_JUMP_D), format="DD/MM/YYYY", key="jump_day", width=150,
            )  # fmt: skip
            st.time_input(
                t("simulator.jump_time", language), here.time(), key="jump_time", width=120, step=300
            )
            st.button(
                t("simulator.jump_there", language), icon=":material/fast_forward:", on_click=_jump_there
            )


def _jump_there() -> None:
    day, at = st.session_state["jump_day"], st.session_state["jump_time"]
    here = figures.local(cockpit().clock.domain_ms())
    to = datetime.combine(day, at, here.tzinfo)
    if to <= here:
        st.session_state["said"] = t("simulator.error_bad_jump"), "info"
        return
    _behind(ClockJump(to=Instant(round(to.timestamp() * 1000))))


def _reset(now: ClockState, language: str) -> None:
    here = demo()
    origin = None if here is None else here.controller.origin
    with st.popover(t("simulator.reset", language), icon=":material/skip_previous:", disabled=origin is None):
        if origin is None:
            return
        size = figures.quantity(origin.bytes / 1e6, "MB", 1, language)
        st.markdown(
            t("simulator.reset_note", language, time=figures.instant(origin.at_ms, now.domain_ms), size=size)
        )
        st.button(
            t("simulator.reset_sure", language),
            icon=":material/skip_previous:",
            on_click=_behind,
            args=(ClockReset(),),
            key="reset_sure",
        )


def _speed() -> None:
    speed = st.session_state.get("speed")
    if speed:
        order(ClockSpeed(speed=speed))


def _behind(message: Message) -> None:
    """A command that takes a while; everybody sees how far it is. What is refused is refused at once."""
    if not may(type(message)):
        return
    here, command = cockpit(), Command(people.current().actor, message)
    results: list[Result] = []
    thread = threading.Thread(
        target=lambda: results.append(execute(here, command)), name=command.name, daemon=True
    )
    thread.start()
    thread.join(REFUSED_S)
    if results and not results[0].ok:
        refused(command.name, results[0])
