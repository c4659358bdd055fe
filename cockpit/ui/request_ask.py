"""Asking for an explanation where the figure is: what was asked already, and a small form to ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import streamlit as st

from cockpit.commands import Instant
from cockpit.commands.requests import AskedAbout, RequestExplanation
from cockpit.domain.catalog import Text
from cockpit.domain.plans.days import Days
from cockpit.domain.requests import DUE_DAYS, Of, Request, due_after
from cockpit.domain.text import MAX_NOTE
from cockpit.ui import addressees, figures, live, nav, task_give
from cockpit.ui import request_words as words
from cockpit.ui.act import act, may
from cockpit.ui.context import utc_offset_s
from cockpit.ui.marks import icon, quiet
from cockpit.ui.plan_words import body
from cockpit.ui.words import lang, t
from cockpit.views import requests as requests_view

WIDE_PX = 640
SHOWN = 3
"""Requests about one thing that are told; the page has the others."""


def ask(kind: Of, code: str, owner: str | Text = "") -> None:
    """What was asked and given about it, for everybody, and the forms for who may ask and give. `owner`: who
    answers for it, by code or by name; it is asked unless another one is chosen."""
    view = live.view(requests_view.build)
    for found in view.of.get((kind, code), ())[-SHOWN:]:
        look = words.look_of(found, view.now_ms)
        nav.link(
            "requests",
            words.asked(found, view.now_ms),
            icon=look.icon,
            params={"id": str(found.entry.id), "view": "all"},
        )
    if may(RequestExplanation):
        with st.expander(t("requests.ask"), icon=":material/forum:", key=f"ask-{kind}-{code}", width=WIDE_PX):
            _form(kind, code, addressees.code_of(owner), view.now_ms)
    task_give.give(kind, code, owner)


def told(kind: Of, code: str) -> str:
    """What was asked about it last and by when, as markdown; "" where nothing is open."""
    last, now_ms = _last(kind, code)
    if last is None:
        return ""
    look = words.look_of(last, now_ms)
    return f"{icon(look.icon, look.tone)} {words.asked(last, now_ms)}"


def said(kind: Of, code: str) -> str:
    """The same without an icon, and the task that was given about it."""
    last, now_ms = _last(kind, code)
    asked = "" if last is None else words.asked(last, now_ms)
    return " · ".join(part for part in (asked, task_give.said(kind, code)) if part)


def of_several(kind: Of, codes: Iterable[str]) -> str:
    """What was asked about any of several things: the one that is due first, and how many more; "" where
    nothing is open."""
    view = live.view(requests_view.build)
    found = [one for code in codes for one in view.of.get((kind, code), ())]
    if not found:
        return ""
    first = min(found, key=lambda one: (not one.waiting, one.facts.due))
    line, more = words.asked(first, view.now_ms), len(found) - 1
    return t("requests.and_more", line=line, n=more) if more else line


def _last(kind: Of, code: str) -> tuple[Request | None, int]:
    """The newest open request about it, and when that is told."""
    view = live.view(requests_view.build)
    found = view.of.get((kind, code))
    return (found[-1] if found else None), view.now_ms


def _form(kind: Of, code: str, owner: str, now_ms: int) -> None:
    days, language = Days(utc_offset_s()), lang()
    to_key, due_key, text_key = (f"ask-{name}-{kind}-{code}" for name in ("to", "due", "text"))
    owners = addressees.owners()

    def clicked() -> None:
        state = st.session_state
        to, due = str(state[to_key]), state.get(due_key)
        if not isinstance(due, date):
            return
        at = Instant(days.closing(due.isoformat()))
        order = RequestExplanation(about=AskedAbout(kind=kind, code=code), to=to, due=at)
        if act(order, what=body(to), reason=str(state.get(text_key) or "")):
            state[text_key] = ""

    st.text_area(
        t("requests.question"), key=text_key, max_chars=MAX_NOTE, height=80, on_change="ignore",
        placeholder=t("requests.question_hint"),
    )  # fmt: skip
    st.selectbox(
        t("requests.to"),
        owners,
        index=owners.index(owner) if owner in owners else 0,
        format_func=lambda one: body(one, language),
        key=to_key,
        on_change="ignore",
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        usual = days.of(due_after(now_ms, DUE_DAYS, utc_offset_s()))
        st.date_input(
            t("requests.due_day"),
            value=date.fromisoformat(usual),
            format="DD/MM/YYYY",
            key=due_key,
            on_change="ignore",
            width=170,
        )
        st.button(t("requests.ask_do"), icon=":material/send:", key=f"ask-do-{kind}-{code}", on_click=clicked)
    st.markdown(quiet(t("requests.due_note", time=_hour(now_ms), n=DUE_DAYS)))


def _hour(now_ms: int) -> str:
    return figures.clock(due_after(now_ms, 1, utc_offset_s()))
