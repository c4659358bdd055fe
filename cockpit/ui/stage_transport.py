"""The clock of the demo and what a presenter does with it: play, pause, speed, step, jump, go back."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from cockpit.commands import Instant
from cockpit.commands.presenting import ClockJump, ClockPause, ClockSpeed, ClockStep
from cockpit.demo.controls import Busy
from cockpit.demo.virtual_clock import ClockState
from cockpit.ui import figures, stage_log, stage_points
from cockpit.ui.act import behind, may, order
from cockpit.ui.context import cockpit, demo, demo_run
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.screen import phone
from cockpit.ui.words import lang, t
from cockpit.views.stage import StageView

SPEEDS = (1.0, 10.0, 60.0, 300.0, 600.0)
STEPS_S = (10, 60, 600, 3600)
JUMPS_H = (1, 6, 24)
MAX_JUMP_D = 31
SIGN_PX = 52
"""Two lines of a phone: one line or two, what stands below stays where it is."""

PAUSE_PX = 120
"""Wide enough for both words of the button, so that its neighbours stay where they are."""


def state() -> ClockState | None:
    """What the clock shows; None where it is real."""
    here = demo()
    return None if here is None else here.clock.state()


def dials(now: ClockState) -> None:
    """Time, how fast it runs, and what an official need not ask about anywhere else."""
    language, config = lang(), cockpit().config
    behind_s = max(0, now.wish_ms - now.watermark_ms) / 1000
    when = figures.local(now.domain_ms)
    pairs = [
        (t("simulator.time", language), f"{when:%H:%M:%S %d/%m/%Y}"),
        (t("simulator.speed", language), _pace(now, language)),
        (t("simulator.behind", language), figures.span(behind_s, language)),
        (t("simulator.seed", language), str(config.seed)),
        (t("simulator.size", language), t(f"size.{config.size}", language)),
    ]
    told = [f"{quiet(name)} **{value}**" for name, value in pairs]
    if phone():
        st.markdown("  \n".join(told))  # a line each: how long one is moves nothing below
        return
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        for one in told:
            st.markdown(one, width="content")


def _pace(now: ClockState, language: str) -> str:
    """How fast the clock is to run and really runs, or where a step will stand."""
    if now.step_ms is not None:
        return t("simulator.stepping", language, time=figures.instant(now.step_ms, now.domain_ms))
    if now.paused:
        return t("simulator.stands", language)
    wish, reached = (_factor(speed, language) for speed in (now.speed, now.reached))
    key = "simulator.times_real" if now.speed == 1 else "simulator.times"
    return t(key, language, wish=wish, reached=reached)


def _factor(speed: float, language: str) -> str:
    return figures.number(speed, 0 if speed >= 9.95 or speed == round(speed) else 1, language)


def controls(now: ClockState) -> None:
    """What may be done with it; for others who may. Everything is there always, so that nothing moves under
    somebody's finger: what cannot be used now is greyed."""
    language = lang()
    if not may(ClockPause):
        st.markdown(quiet(f"{icon('lock')} {t('simulator.only_presenter', language)}"))
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            t("simulator.resume" if now.paused else "simulator.pause", language),
            icon=":material/play_arrow:" if now.paused else ":material/pause:",
            on_click=order,
            args=(ClockPause(paused=not now.paused),),
            key="pause",
            width=PAUSE_PX,
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
        stage_points.back(now.domain_ms, language)
    _steps(language, can=now.paused)


def sign(view: StageView) -> None:
    """What the stage is doing, or what was done last: the first that a presenter sees of a click."""
    language, here = lang(), demo()
    busy = None if here is None else here.controller.busy
    if busy is not None:
        told = f"{icon('progress_activity', 'violet')} {_doing(busy, view.now_ms, language)}"
    elif view.log:
        line = stage_log.line(view.log[0], view.now_ms, language)
        told = f"{icon('check')} {quiet(t('stage.last', language))} {line}"
    else:
        told = quiet(t("stage.log_empty", language))
    with st.container(key="sign", height=SIGN_PX if phone() else "content", border=False):
        st.markdown(told)


def _doing(busy: Busy, now: int, language: str) -> str:
    what = escape(stage_log.stories(busy.scenarios, language) or t("simulator.point_demo", language))
    time = figures.instant(busy.to_ms, now) if busy.to_ms is not None else ""
    return t(f"stage.doing_{busy.what}", language, what=what, time=time)


def _steps(language: str, *, can: bool) -> None:
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
                disabled=not can,
            )


def _jump(now: ClockState, language: str) -> None:
    with st.popover(t("simulator.jump", language), icon=":material/fast_forward:"):
        st.markdown(quiet(t("simulator.jump_note", language)))
        with st.container(horizontal=True, gap="xsmall"):
            for hours in JUMPS_H:
                st.button(
                    t("simulator.jump_hours", language, n=hours),
                    on_click=behind,
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
    behind(ClockJump(to=Instant(round(to.timestamp() * 1000))))


def _speed() -> None:
    speed = st.session_state.get("speed")
    if speed:
        order(ClockSpeed(speed=speed))
