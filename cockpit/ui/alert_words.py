"""Sentences about alerts: why one fires, when it closes, why it was closed; and when a rule fires."""

from __future__ import annotations

from cockpit.domain.catalog import Rule
from cockpit.ui import figures
from cockpit.ui.kind_words import WORDS
from cockpit.ui.marks import escape
from cockpit.ui.words import has, lang, t
from cockpit.views.alerts import Alert


def why(alert: Alert, rule: Rule | None) -> str:
    """One sentence with numbers, as markdown: what broke which limit, since when."""
    subject, first = escape(alert.subject_name.get(lang())), figures.instant(alert.since)
    if rule is None:
        return _begun(t("alerts.why_unknown", subject=subject, first=first))
    return _begun(WORDS[rule.kind].why(alert, rule, subject, first))


def when(rule: Rule) -> str:
    """In which case a rule fires, in a few words."""
    return _begun(WORDS[rule.kind].when(rule))


def clears(rule: Rule) -> str:
    """When an alert of a rule closes."""
    return WORDS[rule.kind].clears(rule, figures.span(rule.keep_s))


def close_reason(alert: Alert, language: str | None = None) -> str:
    """Why an alert was closed, in words."""
    key = f"log.reason_{alert.close_reason or 'cleared'}"
    return t(key, language) if has(key) else alert.close_reason


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
