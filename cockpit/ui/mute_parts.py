"""The ledger of what is muted: the list, one entry, and the line under the desk."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cockpit.commands.mutes import Unsilence
from cockpit.commands.rules import RuleOn
from cockpit.domain.alerting.mutes import RULE_OFF
from cockpit.domain.registers import MUTE, code_of
from cockpit.domain.text import MAX_NOTE
from cockpit.ui import figures, mute_words, tables
from cockpit.ui.act import act, may
from cockpit.ui.marks import badge, escape, icon, quiet
from cockpit.ui.pick import pick
from cockpit.ui.words import t
from cockpit.views.muting import Muting

SHOWN = 3
"""Mutes that the line under the desk names; the list has all of them."""


def line(ledger: Sequence[Muting], now_ms: int) -> str:
    """What is muted, in one line."""
    if not ledger:
        return quiet(f"{icon('notifications')} {t('mutes.none')}")
    items = [
        t(
            "mutes.item",
            what=t(f"mutes.what_{m.mute.what}"),
            matter=escape(mute_words.matter(m.mute.matcher)),
            until=_until(m, now_ms),
            actor=escape(m.mute.actor),
            reason=escape(m.mute.reason),
        )
        for m in ledger[:SHOWN]
    ]
    if len(ledger) > SHOWN:
        items.append(t("mutes.more", n=len(ledger) - SHOWN))
    soonest = figures.instant(ledger[0].mute.until, now_ms)
    text = t("mutes.line", n=len(ledger), list="; ".join(items), when=soonest)
    return f"{icon('notifications_off')} {text}"


def _until(muting: Muting, now_ms: int) -> str:
    until = figures.instant(muting.mute.until, now_ms)
    return until if muting.next is None else f"{until}, {mute_words.coming(muting.next, now_ms)}"


def listing(ledger: Sequence[Muting], *, key: str) -> str | None:
    """All of it, what ends first at the top; returns the number of the chosen one."""
    again = any(m.next for m in ledger)
    table = tables.arrow(
        {
            "what": [t(f"mutes.what_{m.mute.what}") for m in ledger],
            "matter": [mute_words.matter(m.mute.matcher) for m in ledger],
            "owner": [m.mute.actor for m in ledger],
            "reason": [m.mute.reason for m in ledger],
            "until": [figures.naive(m.mute.until) for m in ledger],
            "hides": [m.hides for m in ledger],
            **({"next": [figures.naive(m.next.begin) if m.next else None for m in ledger]} if again else {}),
        }
    )
    columns = {
        "what": tables.text_column(t("mutes.col_what"), 130),
        "matter": tables.text_column(t("mutes.col_matter"), 250),
        "hides": tables.number_column(t("mutes.col_hides"), 70),
        "until": tables.instant_column(t("mutes.col_until"), 110),
        **({"next": tables.instant_column(t("mutes.col_next"), 110)} if again else {}),
        "owner": tables.text_column(t("mutes.col_owner"), 120),
        "reason": tables.text_column(t("mutes.col_reason"), 200),
    }
    return pick(
        table,
        [str(m.number) for m in ledger],
        columns,
        key=key,
        alt=t("mutes.alt"),
        param="mute",
        height=520,
        required=True,
    )


def detail(muting: Muting, now_ms: int) -> None:
    """One mute, and for who may the button that ends it."""
    mute = muting.mute
    code = code_of(MUTE, muting.number)
    between = muting.next is not None and muting.next.begin > now_ms
    state = t("mutes.planned") if muting.planned or between else t("mutes.active")
    st.markdown(
        f"## {icon('notifications_off', 'blue')} {escape(mute_words.matter(mute.matcher))}\n\n"
        f"{badge(t(f'mutes.what_{mute.what}'), 'blue')} {badge(code)} {badge(state)}",
        anchors=False,
    )
    until = f"{figures.instant(mute.until, now_ms)} ({figures.left(mute.until, now_ms)})"
    pairs = [
        (t("mutes.col_owner"), escape(mute.actor)),
        (t("mutes.col_reason"), escape(mute.reason)),
        (t("mutes.col_since"), figures.instant(mute.since, now_ms)),
        (t("mutes.col_until"), until),
        (t("mutes.col_hides"), figures.number(muting.hides, 0)),
    ]
    if mute.weekly is not None and muting.next is not None:
        pairs.append((t("mutes.col_weekly"), mute_words.weekly(mute.weekly)))
        pairs.append((t("mutes.col_next"), mute_words.coming(muting.next, now_ms)))
    if now_ms < mute.critical_until < mute.until:
        pairs.append((t("mutes.critical"), figures.instant(mute.critical_until, now_ms)))
    tables.facts(pairs, alt=t("mutes.alt"))
    kind = RuleOn if mute.what == RULE_OFF else Unsilence
    if not may(kind):
        return
    note_key = f"unmute-note-{muting.number}"

    def clicked() -> None:
        reason = str(st.session_state.get(note_key) or "")
        if mute.what == RULE_OFF:
            name = mute_words.rule_name(mute.matcher.rule)
            act(RuleOn(rule=mute.matcher.rule), what=name, reason=reason)
        else:
            act(Unsilence(mute=muting.number, version=muting.version), what=code, reason=reason)

    st.text_input(t("acting.note"), key=note_key, max_chars=MAX_NOTE, on_change="ignore")
    st.button(
        t("mutes.end"), icon=":material/notifications:", key=f"unmute-{muting.number}", on_click=clicked
    )
