"""The next step of a coverage gap, for who may take it."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from cockpit.commands import Instant, Message
from cockpit.commands.gaps import (
    MAX_SHOWN,
    GapBuild,
    GapClose,
    GapPlan,
    GapReopen,
    GapVerify,
    may_step,
)
from cockpit.domain.coverage import gap_life
from cockpit.domain.coverage.gap_life import MIN_GROUPS
from cockpit.domain.periods import MINUTE_MS, WORK_HOURS
from cockpit.domain.plans.days import Days
from cockpit.domain.registers import CLOSED
from cockpit.ui import gap_words as words
from cockpit.ui import people
from cockpit.ui.act import act, may
from cockpit.ui.context import cockpit, utc_offset_s
from cockpit.ui.marks import icon, quiet
from cockpit.ui.plan_words import body
from cockpit.ui.words import lang, t
from cockpit.views.gaps import Gap

USUAL_DAYS = 60
"""So far ahead a plan's end is proposed."""


def step(gap: Gap, now_ms: int) -> None:
    """Draw the form of the next step; others read whose it is."""
    entry = gap.entry
    if not (may(GapVerify) and may_step(people.current().actor, entry)):
        st.markdown(quiet(f"{icon('lock')} {t('gaps.not_mine')}"))
        return
    with st.container(border=True, gap="xsmall", key=f"gap-step-{entry.id}"):
        if entry.state == gap_life.VERIFIED:
            _plan(gap, now_ms)
        else:
            _simple(gap)


def _simple(gap: Gap) -> None:
    entry = gap.entry
    kinds: dict[str, tuple[type[Message], str]] = {
        gap_life.REPORTED: (GapVerify, "verify"),
        gap_life.PLANNED: (GapBuild, "build"),
        gap_life.BUILDING: (GapClose, "close"),
        CLOSED: (GapReopen, "reopen"),
    }
    kind, name = kinds[entry.state]
    shown_key = f"gap-shown-{entry.id}-{entry.version}"

    def clicked() -> None:
        st.query_params["id"] = str(entry.id)  # the panel stays with it when the list moves on
        shown = str(st.session_state.get(shown_key) or "")
        act(kind(gap=entry.id, evidence=shown, version=entry.version), what=words.code(gap))

    if name == "close":
        st.markdown(quiet(t("gaps.close_needs", n=MIN_GROUPS)))
    st.text_input(
        t("gaps.evidence" if name == "verify" else "gaps.evidence_may"), key=shown_key, max_chars=MAX_SHOWN,
        on_change="ignore", placeholder=t("gaps.evidence_hint"),
    )  # fmt: skip
    st.button(
        t(f"gaps.do_{name}"), icon=":material/check:", key=f"gap-do-{name}-{entry.id}", on_click=clicked
    )


def _plan(gap: Gap, now_ms: int) -> None:
    entry, language = gap.entry, lang()
    owners = list(cockpit().profile.addressees)
    days = Days(utc_offset_s())
    owner_key, due_key, money_key = (f"gap-{n}-{entry.id}-{entry.version}" for n in ("owner", "due", "money"))

    def clicked() -> None:
        state = st.session_state
        st.query_params["id"] = str(entry.id)
        due, money = state.get(due_key), state.get(money_key)
        if not isinstance(due, date):
            return
        # Until the end of office hours of that day.
        at = days.within(due.isoformat()) + (WORK_HOURS[-1][1] - 12 * 60) * MINUTE_MS
        order = GapPlan(
            gap=entry.id, owner=str(state[owner_key]), due=Instant(at), version=entry.version,
            money=None if money is None else int(money),
        )  # fmt: skip
        act(order, what=words.code(gap))

    st.selectbox(
        t("gaps.plan_owner"), owners, index=owners.index(entry.owner) if entry.owner in owners else 0,
        format_func=lambda one: body(one, language), key=owner_key, on_change="ignore",
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        usual = date.fromisoformat(days.of(now_ms)) + timedelta(days=USUAL_DAYS)
        st.date_input(
            t("gaps.plan_due"), value=usual, format="DD/MM/YYYY", key=due_key, on_change="ignore", width=170
        )
        st.number_input(
            t("gaps.plan_money"), min_value=0, max_value=1_000_000_000, value=None, step=100, key=money_key,
            on_change="ignore", width=190,
        )  # fmt: skip
        st.button(t("gaps.do_plan"), icon=":material/event:", key=f"gap-do-plan-{entry.id}", on_click=clicked)
