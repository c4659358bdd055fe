"""The channels that tell people outside: one line, a table, and what could not be sent, to be tried again."""

from __future__ import annotations

import streamlit as st

from cockpit.commands.notices import NotifyRetry, NotifyTest
from cockpit.store.notices import ChannelNow, Notice
from cockpit.ui import figures, tables
from cockpit.ui.act import may, order
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.words import has, t
from cockpit.views.channels import LATE_MS, ChannelsView


def panel(view: ChannelsView) -> None:
    """Nothing where nobody is told."""
    if not view.channels:
        return
    with st.container(border=True, gap="small", key="channels-card"):
        st.markdown(f"## {t('channels.title')}\n\n{verdict(view)}", anchors=False)
        _table(view)
        for letter in view.letters:
            _letter(letter, view.real_ms)
        if left := view.dead - len(view.letters):
            st.markdown(quiet(t("channels.more", n=left)))
        if may(NotifyTest):
            _trial(view.channels)


def verdict(view: ChannelsView) -> str:
    """Whether people outside are told, in a sentence or two."""
    said = []
    if view.dead:
        said.append(f"{icon('error', 'red')} {t('channels.dead_said', n=view.dead)}")
    if view.late:
        age = figures.span(LATE_MS / 1000)
        said.append(f"{icon('schedule', 'orange')} {t('channels.late', n=view.late, age=age)}")
    well = f"{icon('check_circle', 'green')} {t('channels.well', n=len(view.channels))}"
    return " ".join(said) if said else well


def failure(code: str) -> str:
    """Why something could not be sent, in words."""
    kind, _, number = code.partition("_")
    if kind == "status" and number:
        return t("channels.error_status", code=number)
    key = f"channels.error_{code}"
    return t(key) if has(key) else escape(code)


def _table(view: ChannelsView) -> None:
    found = view.channels
    tables.read(
        {
            t("channels.col_name"): [escape(one.channel) for one in found],
            t("channels.col_waiting"): [figures.number(one.waiting) for one in found],
            t("channels.col_sent"): [figures.number(one.sent) for one in found],
            t("channels.col_dead"): [figures.number(one.dead) for one in found],
            t("channels.col_last"): [figures.instant(one.last, view.real_ms) for one in found],
            t("channels.col_error"): [failure(one.error) if one.error else figures.NOTHING for one in found],
        },
        alt=t("channels.alt"),
    )


def _letter(letter: Notice, now_ms: int) -> None:
    said = t(
        "channels.letter",
        title=escape(str(letter.body.get("title", ""))),
        channel=escape(letter.channel),
        at=figures.instant(letter.made, now_ms),
        error=failure(letter.error),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(said)
        if may(NotifyRetry):
            st.button(
                t("channels.again"),
                icon=":material/refresh:",
                key=f"notify-retry-{letter.number}",
                on_click=order,
                args=(NotifyRetry(notice=letter.number), str(letter.number)),
            )


def _trial(found: tuple[ChannelNow, ...]) -> None:
    names = [one.channel for one in found]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = st.selectbox(t("channels.choose"), names, key="notify-channel", width=240)
        st.button(
            t("channels.try"),
            icon=":material/send:",
            key="notify-test",
            on_click=order,
            args=(NotifyTest(channel=name or names[0]), name or names[0]),
        )
