"""What meetings decided about a figure, on its card: what stands, and a small form to note one."""

from __future__ import annotations

from datetime import date

import streamlit as st

from cockpit.commands import Instant
from cockpit.commands.meetings import DecisionNote, DecisionWithdraw
from cockpit.domain.meetings import MAX_FIGURES, MAX_MEETING, MAX_TEXT, Decided
from cockpit.domain.plans.days import Days
from cockpit.domain.registers import DECISION, code_of
from cockpit.domain.text import MAX_NOTE
from cockpit.ui import figures, people
from cockpit.ui.act import act, may
from cockpit.ui.context import cockpit, utc_offset_s, view_context
from cockpit.ui.marks import escape, icon, lines, quiet
from cockpit.ui.words import lang, t
from cockpit.views.indicators import IndicatorDetail

SHOWN = 5
"""Decisions about a figure that are told, the newest; the others are beside its trend."""
WIDE_PX = 640


def decisions(detail: IndicatorDetail) -> None:
    """Draw them for everybody, and the form for who may note one."""
    for one in detail.decided[:SHOWN]:
        _told(one)
    if may(DecisionNote):
        code = detail.indicator.code
        with st.expander(t("meetings.note"), icon=":material/gavel:", key=f"meeting-{code}", width=WIDE_PX):
            _form(code, view_context().now_ms)


def _told(one: Decided) -> None:
    facts, number = one.facts, one.entry.id
    day = figures.date(facts.held)
    head = t("meetings.line", meeting=escape(facts.meeting), day=day)
    more = [escape(facts.by), code_of(DECISION, number)]
    if len(facts.indicators) > 1:
        more.append(t("meetings.figures", n=len(facts.indicators)))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            lines(f"{icon('gavel', 'blue')} **{head}**", escape(facts.text), quiet(" · ".join(more))),
            width="stretch",
        )
        if _may_withdraw(one):
            with st.popover(t("meetings.withdraw"), type="tertiary", key=f"meeting-out-{number}"):
                why_key = f"meeting-why-{number}"
                st.text_input(t("meetings.why"), key=why_key, max_chars=MAX_NOTE, on_change="ignore")
                st.button(
                    t("meetings.withdraw_do"),
                    key=f"meeting-withdraw-{number}",
                    on_click=_withdraw,
                    args=(number, one.entry.version, why_key),
                )


def _may_withdraw(one: Decided) -> bool:
    person = people.current()
    mine = (one.facts.by, one.facts.role) == (person.name, person.role)
    return may(DecisionWithdraw) and (person.role == "leader" or mine)


def _withdraw(number: int, version: int, why_key: str) -> None:
    reason = str(st.session_state.get(why_key) or "")
    act(DecisionWithdraw(decision=number, version=version), what=code_of(DECISION, number), reason=reason)


def _form(code: str, now_ms: int) -> None:
    days, language, profile = Days(utc_offset_s()), lang(), cockpit().profile
    meeting_key, day_key, more_key, text_key = (
        f"meeting-{name}-{code}" for name in ("name", "day", "more", "text")
    )
    today = date.fromisoformat(days.of(now_ms))

    def clicked() -> None:
        state = st.session_state
        day = state.get(day_key)
        if not isinstance(day, date):
            return
        held = None if day == today else Instant(days.within(day.isoformat()))
        order = DecisionNote(
            meeting=str(state.get(meeting_key) or ""),
            text=str(state.get(text_key) or ""),
            indicators=(code, *(state.get(more_key) or ())),
            held=held,
        )
        if act(order, what=order.meeting):
            state[text_key] = ""

    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.text_input(
            t("meetings.meeting"), key=meeting_key, max_chars=MAX_MEETING, on_change="ignore",
            placeholder=t("meetings.meeting_hint"),
        )  # fmt: skip
        st.date_input(
            t("meetings.day"), value=today, max_value=today, format="DD/MM/YYYY", key=day_key,
            on_change="ignore", width=150,
        )  # fmt: skip
    st.text_area(t("meetings.text"), key=text_key, max_chars=MAX_TEXT, height=90, on_change="ignore")
    st.multiselect(
        t("meetings.more"),
        [one.code for one in profile.indicators if one.code != code],
        format_func=lambda other: profile.indicator[other].short.get(language),
        max_selections=MAX_FIGURES - 1,
        placeholder=t("meetings.more_hint"),
        key=more_key,
        on_change="ignore",
    )
    st.button(t("meetings.do"), icon=":material/gavel:", key=f"meeting-do-{code}", on_click=clicked)
