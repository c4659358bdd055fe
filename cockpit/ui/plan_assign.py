"""Giving a task as a further one of a plan."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from cockpit.commands import Instant
from cockpit.commands.plan_putting import About, TaskAssign
from cockpit.domain.plans.days import Days
from cockpit.ui import addressees
from cockpit.ui import plan_words as words
from cockpit.ui.act import act, may
from cockpit.ui.context import utc_offset_s
from cockpit.ui.marks import quiet
from cockpit.ui.words import t
from cockpit.views.plans import PlanView

USUAL_DAYS = 30


def assign(view: PlanView) -> None:
    """The way to give a task, for who may, of a plan of the province that has not ended."""
    facts = view.plan.facts
    if facts.province or facts.last < view.today or not may(TaskAssign):
        return
    days = Days(utc_offset_s())
    to_key, due_key, text_key = (f"plan-assign-{name}-{facts.code}" for name in ("to", "due", "text"))

    def clicked() -> None:
        state = st.session_state
        to, due = str(state[to_key]), state.get(due_key)
        if not isinstance(due, date):
            return
        about = About(kind="plan", code=facts.code)
        instant = Instant(days.end(due.isoformat()))
        order = TaskAssign(about=about, to=to, due=instant, text=str(state.get(text_key) or ""))
        if act(order, what=words.body(to)):
            state[text_key] = ""

    with st.popover(t("plans.assign"), icon=":material/add_task:", type="tertiary"):
        st.markdown(quiet(t("plans.assign_note")))
        st.selectbox(
            t("plans.col_owner"), addressees.owners(), format_func=words.body, key=to_key, on_change="ignore"
        )
        st.text_input(t("plans.assign_text"), key=text_key, max_chars=300, on_change="ignore")
        st.date_input(
            t("plans.col_due"),
            value=date.fromisoformat(view.today) + timedelta(days=USUAL_DAYS),
            format="DD/MM/YYYY",
            key=due_key,
            on_change="ignore",
        )
        st.button(
            t("plans.assign_do"),
            icon=":material/add_task:",
            key=f"plan-assign-{facts.code}",
            on_click=clicked,
        )
