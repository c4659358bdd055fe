"""Choosing windows of maintenance that come back every week: days, from when to when, until which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

import streamlit as st

from cockpit.commands import Instant
from cockpit.commands.mutes import EveryWeek
from cockpit.domain.alerting.rules import MAX_OFF_MS
from cockpit.domain.periods import DAY_MS, day_number, from_date, to_date
from cockpit.domain.periods import day_start_ms as start_of
from cockpit.ui import mute_words
from cockpit.ui.context import utc_offset_s
from cockpit.ui.marks import quiet
from cockpit.ui.words import lang, t

NIGHT = (time(22), time(5))
STEP_S = 15 * 60


@dataclass(frozen=True, slots=True)
class Chosen:
    """Windows, and the end of the last day."""

    weekly: EveryWeek
    until: Instant


def asked(key: str) -> bool:
    """Whether it shall come back."""
    return st.toggle(t("acting.weekly"), key=f"{key}-on")


def form(key: str, now_ms: int) -> Chosen | None:
    """What is chosen, None as long as that is nothing."""
    language, offset_s = lang(), utc_offset_s()
    days = st.pills(
        t("acting.weekly_days"),
        list(range(1, 8)),
        default=[7],
        selection_mode="multi",
        format_func=lambda day: mute_words.day_name(day, language, short=True),
        key=f"{key}-days-{language}",
    )
    today = day_number(now_ms, offset_s)
    last = day_number(now_ms + MAX_OFF_MS, offset_s) - 1  # the end of that day is within what may be hidden
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        begin = st.time_input(t("acting.weekly_from"), NIGHT[0], key=f"{key}-from", step=STEP_S, width=110)
        end = st.time_input(t("acting.weekly_to"), NIGHT[1], key=f"{key}-to", step=STEP_S, width=110)
        day = st.date_input(
            t("acting.weekly_until"),
            value=to_date(last),
            min_value=to_date(today),
            max_value=to_date(last),
            format="DD/MM/YYYY",
            key=f"{key}-until",
            width=150,
        )
    if not days or begin == end or not isinstance(day, date):
        st.markdown(quiet(t("acting.weekly_wrong")))
        return None
    weekly = EveryWeek(days=tuple(sorted(days)), begin=f"{begin:%H:%M}", end=f"{end:%H:%M}")
    return Chosen(weekly, Instant(start_of(from_date(day), offset_s) + DAY_MS))
