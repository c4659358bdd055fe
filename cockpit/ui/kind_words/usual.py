"""A value far from what is usual in its hour, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.alerting.usual import PERCENT
from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.usual import UsualHour
from cockpit.ui import figures
from cockpit.ui.amounts import amount, metric_name
from cockpit.ui.kind_words.kind import Words, numbers, side
from cockpit.ui.marks import escape
from cockpit.ui.words import t
from cockpit.views.alerts import Alert


class UsualWords(Words):
    code = UsualHour.code

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        facts = numbers(alert)
        if "usual" not in facts or "apart" not in facts:
            return t("alerts.why_unknown", subject=subject, first=first)
        return t(
            f"alerts.why_usual_{side(rule)}",
            metric=escape(metric_name(rule.metric)),
            subject=subject,
            value=escape(amount(facts.get("value"), rule.metric)),
            usual=escape(amount(facts["usual"], rule.metric)),
            apart=escape(_apart(facts["apart"], rule)),
            weeks=int(facts.get("weeks", 0)),
            first=first,
            hold=figures.span(rule.for_s),
        )

    def when(self, rule: Rule) -> str:
        return t(
            f"rules.when_usual_{side(rule)}",
            metric=metric_name(rule.metric),
            limit=_apart(rule.raise_at, rule),
            weeks=figures.number(rule.weeks),
        )

    def reading(self, rule: Rule, facts: Mapping[str, Any]) -> str:
        value = facts.get("value")
        if value is None:
            return ""
        said = escape(amount(value, rule.metric))
        usual = facts.get("usual")
        if usual is None:
            return t("why.usual_unknown", value=said, weeks=int(facts.get("weeks", 0)))
        return t("why.usual", value=said, usual=escape(amount(usual, rule.metric)))

    def clears(self, rule: Rule, hold: str) -> str:
        return t(f"alerts.clear_usual_{side(rule)}", limit=escape(_apart(rule.clear_at, rule)), hold=hold)


def _apart(value: float | None, rule: Rule) -> str:
    """How far from what is usual, without its sign, in the rule's own measure."""
    if value is None:
        return figures.NOTHING
    if rule.by == PERCENT:
        return figures.percent(abs(value) / 100)
    return t("rules.spreads", n=figures.number(abs(value), 1))
