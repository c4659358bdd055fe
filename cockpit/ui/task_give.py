"""Giving a task where the figure is: what was given already, and a small form to give one."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from cockpit.commands import Instant
from cockpit.commands.plan_putting import MAX_TASK, About, TaskAssign
from cockpit.domain.catalog import Text
from cockpit.domain.plans.days import Days
from cockpit.domain.plans.model import Item
from cockpit.domain.plans.putting import GivenAbout
from cockpit.domain.requests import Of
from cockpit.ui import addressees, figures, live, nav
from cockpit.ui import plan_words as words
from cockpit.ui.act import act, may
from cockpit.ui.context import utc_offset_s
from cockpit.ui.marks import escape, quiet
from cockpit.ui.request_words import by_when
from cockpit.ui.words import lang, t
from cockpit.views import given as given_view

WIDE_PX = 640
SHOWN = 3
"""Tasks about one thing that are told; the register has the others."""
USUAL_DAYS = 14


def give(kind: Of, code: str, owner: str | Text = "") -> None:
    """What was given about it, for everybody, and the form for who may give a task. `owner`: who answers for
    it, by code or by name; it is given to them unless another one is chosen."""
    if kind == "task":  # of a task nothing further is given
        return
    view = live.view(given_view.build)
    for item in view.of.get((kind, code), ())[:SHOWN]:
        look = words.look_of(item, view.now_ms)
        entry = item.entry
        params = {"id": f"{entry.kind}-{entry.id}"}
        nav.link("plans", told(item, view.now_ms), icon=look.icon, params=params)
    if may(TaskAssign):
        key = f"give-{kind}-{code}"
        with st.expander(t("tasks.give"), icon=":material/add_task:", key=key, width=WIDE_PX):
            _form(kind, code, addressees.code_of(owner), view.now_ms)


def said(kind: str, code: str) -> str:
    """The task about it that is due first, as markdown; "" where none is open."""
    view = live.view(given_view.build)
    found = view.of.get((kind, code))
    return told(found[0], view.now_ms) if found else ""


def told(item: Item, now_ms: int) -> str:
    """What was given to whom and by when, in a line of markdown."""
    entry = item.entry
    due = entry.due if entry.due is not None else now_ms
    if item.late(now_ms):
        when = t("time.overdue", span=figures.span((now_ms - due) / 1000))
    else:
        when = t("time.due", when=by_when(due, now_ms))
    whose, what = escape(words.body(entry.owner)), escape(item.facts.name.get(lang()))
    return t("tasks.given", unit=whose, what=what, due=when)


def _form(kind: GivenAbout, code: str, owner: str, now_ms: int) -> None:
    days, owners, language = Days(utc_offset_s()), addressees.owners(), lang()
    to_key, due_key, text_key = (f"give-{name}-{kind}-{code}" for name in ("to", "due", "text"))

    def clicked() -> None:
        state = st.session_state
        to, due = str(state[to_key]), state.get(due_key)
        if not isinstance(due, date):
            return
        order = TaskAssign(
            about=About(kind=kind, code=code),
            to=to,
            due=Instant(days.closing(due.isoformat())),
            text=str(state.get(text_key) or ""),
        )
        if act(order, what=words.body(to)):
            state[text_key] = ""

    st.text_input(
        t("tasks.text"), key=text_key, max_chars=MAX_TASK, on_change="ignore", placeholder=t("tasks.hint")
    )
    st.selectbox(
        t("tasks.to"),
        owners,
        index=owners.index(owner) if owner in owners else 0,
        format_func=lambda code: words.body(code, language),
        key=to_key,
        on_change="ignore",
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.date_input(
            t("tasks.due"),
            value=date.fromisoformat(days.of(now_ms)) + timedelta(days=USUAL_DAYS),
            format="DD/MM/YYYY",
            key=due_key,
            on_change="ignore",
            width=170,
        )
        st.button(t("tasks.do"), icon=":material/add_task:", key=f"give-do-{kind}-{code}", on_click=clicked)
    st.markdown(quiet(t("tasks.note")))
