"""Many of a class bad at once, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.many_at_once import ManyAtOnce
from cockpit.ui import figures
from cockpit.ui.kind_words.kind import Counts, numbers, rule_names
from cockpit.ui.marks import escape
from cockpit.ui.words import t
from cockpit.views.alerts import Alert


class ManyAtOnceWords(Counts):
    code = ManyAtOnce.code

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        facts = numbers(alert)
        words = {k: figures.number(facts.get(k)) for k in ("bad", "known")}
        share = figures.percent(facts.get("value"))
        rules = escape(rule_names(rule.of))
        return t("alerts.why_many_at_once", rules=rules, first=first, share=share, **words)

    def when(self, rule: Rule) -> str:
        return t(
            "rules.when_many_at_once",
            rules=rule_names(rule.of),
            limit=self.limit(rule.raise_at),
            least=figures.number(rule.least),
            span=figures.span(rule.span_s),
        )

    def reading(self, rule: Rule, facts: Mapping[str, Any]) -> str:
        counts = {k: figures.number(facts.get(k)) for k in ("bad", "known")}
        return t("why.many_at_once", **counts) if facts.get("known") else ""
