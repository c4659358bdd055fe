"""Why firing, why quiet: on the panel of an alert, and of any subject on the panel of a rule."""

from __future__ import annotations

import streamlit as st

from cockpit.domain.alerting.subjects import ASSET, INCOMING, INDICATOR, SOURCE, UNIT, Subject
from cockpit.domain.catalog import Rule
from cockpit.domain.registers import KINDS
from cockpit.engine.why import subject_of
from cockpit.ui import figures, live
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape, lines, quiet
from cockpit.ui.panel import guarded
from cockpit.ui.pick import search_key
from cockpit.ui.why_words import sentence
from cockpit.ui.words import lang, t
from cockpit.views import why as view
from cockpit.views.alerts import Alert

MOST = 50
"""So many subjects are offered; a word narrows them down."""


def of_alert(alert: Alert) -> None:
    """What is so now of an alert's rule, as it is today, and its subject."""
    rule = cockpit().profile.rule.get(alert.rule)
    if rule is None:
        return
    with guarded("why"):
        _say(rule, _about(alert, rule))


def of_rule(rule: Rule) -> None:
    """Any subject that the rule watches, and why it fires there or is quiet."""
    with guarded("why"):
        st.markdown(f"**{t('why.title')}**")
        known = live.view(view.subjects, rule)
        words = search_key(
            st.text_input(t("why.search"), key=f"why-search-{rule.code}", max_chars=80)
        ).split()
        language = lang()
        names = {code: name.get(language) for code, name in known}
        found = [c for c, name in names.items() if all(w in search_key(f"{c} {name}") for w in words)]
        if not found:
            st.markdown(quiet(t("why.nothing")))
            return
        chosen = st.selectbox(
            t("why.pick"),
            found[:MOST],
            index=None,
            format_func=lambda code: f"{names[code]} · {code}",
            placeholder=t("why.hint"),
            key=f"why-subject-{rule.code}",
        )
        if len(found) > MOST:
            st.markdown(quiet(t("why.more", n=len(found), shown=MOST)))
        subject = subject_of(cockpit().profile, chosen) if chosen else None
        if subject is not None:
            _say(rule, subject)


def _say(rule: Rule, subject: Subject) -> None:
    found = live.view(view.build, rule, subject)
    at = t("why.at", at=figures.instant(found.at)) if found.at else ""
    st.markdown(lines(t("why.now", sentence=sentence(found)), quiet(escape(at)) if at else ""))


def _about(alert: Alert, rule: Rule) -> Subject:
    """What an alert is about."""
    if alert.asset:
        return Subject(ASSET, alert.asset)
    if alert.subject_kind == INCOMING:
        return Subject(INCOMING, alert.subject.rpartition("-")[2])
    if rule.metric in KINDS:
        return Subject(rule.metric, alert.subject.rpartition("-")[2])
    if alert.indicator:
        return Subject(UNIT, alert.unit) if alert.unit else Subject(INDICATOR, alert.indicator)
    return Subject(SOURCE, alert.source)
