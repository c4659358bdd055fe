"""The rules with their switches: list, and one rule to switch off or on."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cockpit.commands import Instant
from cockpit.commands.rules import RuleOff, RuleOn
from cockpit.domain.alerting.rules import ENTRY_OWNER, SOURCE_OWNER
from cockpit.domain.catalog import Rule
from cockpit.domain.periods import HOUR_MS
from cockpit.ui import backtest_parts, figures, people, rule_reload, tables, why_parts
from cockpit.ui.act import act, may, role_name
from cockpit.ui.alert_words import when
from cockpit.ui.context import cockpit
from cockpit.ui.marks import badge, escape, icon, quiet
from cockpit.ui.pick import pick
from cockpit.ui.status import PRIORITIES, Look
from cockpit.ui.words import lang, t
from cockpit.views.alerts import RuleState

ON, OFF = Look("notifications", "●", "", "", "gray"), Look("notifications_off", "△", "", "", "blue")
TERMS = (1, 8, 24, 7 * 24, 30 * 24)
"""Hours for which a rule can be switched off; each is allowed, so no choice can be refused."""

USUAL_TERM = 24


def listing(rules: Sequence[RuleState], *, key: str) -> str | None:
    """All rules; returns the code of the chosen one."""
    rule_reload.draw()
    language = lang()
    priorities = {p: t(f"priority.{p}") for p in PRIORITIES}
    on, off = t("rules.on"), t("rules.off")
    table = tables.arrow(
        {
            "rule": [r.rule.name.get(language) for r in rules],
            "state": [tables.badge(OFF, off) if r.off else tables.badge(ON, on) for r in rules],
            "until": [figures.naive(r.off.until) if r.off else None for r in rules],
            "open": [r.open for r in rules],
            "priority": [
                tables.badge(PRIORITIES[r.rule.priority], priorities[r.rule.priority]) for r in rules
            ],
            "when": [when(r.rule) for r in rules],
            "for": [figures.span(r.rule.for_s) for r in rules],
            "respond": [figures.span(r.rule.respond_s) for r in rules],
        }
    )
    columns = {
        "rule": tables.text_column(t("rules.col_rule"), 205),
        "state": tables.badge_column(t("rules.col_state"), {on: ON, off: OFF}, 105),
        "when": tables.text_column(t("rules.col_when"), 265),
        "priority": tables.badge_column(
            t("rules.col_priority"), {priorities[p]: look for p, look in PRIORITIES.items()}, 115
        ),
        "open": tables.number_column(t("rules.col_open"), 80),
        "until": tables.instant_column(t("rules.col_until"), 100),
        "for": tables.text_column(t("rules.col_for"), 80, right=True),
        "respond": tables.text_column(t("rules.col_respond"), 95, right=True),
    }
    return pick(
        table,
        [r.rule.code for r in rules],
        columns,
        key=key,
        alt=t("rules.table_alt"),
        param="rule",
        height=520,
        required=True,
    )


def detail(state: RuleState, now_ms: int) -> None:
    """One rule: facts, and its switch."""
    rule, language = state.rule, lang()
    look = OFF if state.off else ON
    word = t("rules.off") if state.off else t("rules.on")
    st.markdown(
        f"## {icon(look.icon)} {escape(rule.name.get(language))}\n\n"
        f"{badge(f'{look.glyph} {word}', look.tone)} {badge(escape(rule.code))}",
        anchors=False,
    )
    tables.facts(
        [
            (t("rules.col_when"), escape(when(rule))),
            (t("rules.col_for"), figures.span(rule.for_s)),
            (t("rules.col_respond"), figures.span(rule.respond_s)),
            (t("rules.col_owner"), escape(_owner(rule, language))),
            (t("alerts.fact_next"), escape(rule.next_step.get(language))),
            (t("rules.col_version"), str(rule.version)),
        ],
        alt=t("rules.table_alt"),
    )
    why_parts.of_rule(rule)
    backtest_parts.of_rule(rule)
    if state.off:
        st.markdown(
            t(
                "rules.off_by",
                actor=escape(state.off.actor),
                since=figures.instant(state.off.since, now_ms),
                until=figures.instant(state.off.until, now_ms),
                left=figures.left(state.off.until, now_ms),
            )
            + "  \n"
            + t("rules.off_reason", reason=escape(state.off.reason))
        )
    if not may(RuleOn if state.off else RuleOff):
        st.markdown(quiet(f"{icon('lock')} {t('rules.read_only', role=role_name())}"))
    elif state.off:
        _switch_on(state)
    else:
        _switch_off(state)


def _owner(rule: Rule, language: str) -> str:
    owner = rule.owner.get(language)
    for name in (SOURCE_OWNER, ENTRY_OWNER):
        owner = owner.replace(name, t(f"rules.{name.strip('{}')}"))
    return owner


def _switch_on(state: RuleState) -> None:
    code, name = state.rule.code, state.rule.name.get(lang())
    note_key = f"rule-on-{code}"

    def clicked() -> None:
        reason = str(st.session_state.get(note_key) or "")
        act(RuleOn(rule=code), what=name, reason=reason)

    st.text_input(t("rules.on_reason"), key=note_key, max_chars=500, on_change="ignore")
    st.button(t("rules.switch_on"), icon=":material/notifications:", key=f"on-{code}", on_click=clicked)


def _switch_off(state: RuleState) -> None:
    code, name = state.rule.code, state.rule.name.get(lang())
    reason_key, term_key = f"rule-off-{code}", f"rule-term-{code}"

    def clicked() -> None:
        reason = str(st.session_state.get(reason_key) or "")
        until = cockpit().clock.domain_ms() + int(st.session_state[term_key]) * HOUR_MS
        act(RuleOff(rule=code, until=Instant(until)), what=name, reason=reason)

    st.markdown(quiet(t("rules.off_effect")))
    st.text_input(t("rules.reason"), key=reason_key, max_chars=500, on_change="ignore")
    language = lang()
    within = RuleOff.WITHIN_MS.get(people.current().role, 0)
    terms = [hours for hours in TERMS if hours * HOUR_MS <= within]
    st.selectbox(
        t("rules.term", language),
        terms,
        index=terms.index(USUAL_TERM),
        format_func=lambda hours: term(hours, language),
        key=term_key,
        on_change="ignore",
        width=220,
    )
    st.button(t("rules.switch_off"), icon=":material/notifications_off:", key=f"off-{code}", on_click=clicked)


def term(hours: int, language: str) -> str:
    """`24 giờ`, from two days on `7 ngày`."""
    return t("time.hours", language, n=hours) if hours < 48 else t("time.days", language, n=hours // 24)
