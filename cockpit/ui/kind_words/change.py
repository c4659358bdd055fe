"""A value that changes fast, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.change import Change
from cockpit.ui import figures
from cockpit.ui.amounts import amount, limit, metric_name
from cockpit.ui.kind_words.kind import Words, numbers, side
from cockpit.ui.marks import escape
from cockpit.ui.words import t
from cockpit.views.alerts import Alert


class ChangeWords(Words):
    code = Change.code

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        begun = numbers(alert).get("value")  # what it opened with: meanwhile it may move the other way
        value = None if begun is None else abs(begun)
        return t(
            f"alerts.why_change_{side(rule)}",
            metric=escape(metric_name(rule.metric)),
            subject=subject,
            value=escape(amount(value, rule.metric)),
            limit=escape(_speed(rule.raise_at, rule)),
            span=figures.span(rule.span_s),
            first=first,
            hold=figures.span(rule.for_s),
        )

    def when(self, rule: Rule) -> str:
        words = {"metric": metric_name(rule.metric), "limit": _speed(rule.raise_at, rule)}
        return t(f"rules.when_change_{side(rule)}", span=figures.span(rule.span_s), **words)

    def reading(self, rule: Rule, facts: Mapping[str, Any]) -> str:
        value = facts.get("value")
        if value is None:
            return ""
        said = amount(abs(value), rule.metric)
        key = "why.sinks" if value < 0 else "why.rises"
        return t(key, value=escape(said), span=figures.span(rule.span_s))

    def clears(self, rule: Rule, hold: str) -> str:
        return t("alerts.clear_change", limit=escape(_speed(rule.clear_at, rule)), hold=hold)


def _speed(value: float | None, rule: Rule) -> str:
    """A threshold as an amount an hour, without its sign."""
    return figures.NOTHING if value is None else limit(abs(value), rule.metric)
