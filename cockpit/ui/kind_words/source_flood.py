"""A feed that brings far more than promised, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.source_flood import SourceFlood
from cockpit.ui import figures
from cockpit.ui.kind_words.kind import Counts, numbers
from cockpit.ui.words import t
from cockpit.views.alerts import Alert


class SourceFloodWords(Counts):
    code = SourceFlood.code

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        facts = numbers(alert)
        return t(
            "alerts.why_source_flood",
            subject=subject,
            first=first,
            events=figures.number(facts.get("events")),
            times=figures.number(facts.get("value", alert.value), 1),
            promised=figures.number(facts.get("promised"), 1),
        )

    def reading(self, rule: Rule, facts: Mapping[str, Any]) -> str:
        value = facts.get("value")
        return "" if value is None else t("why.times", times=figures.number(value, 1))

    def limit(self, value: float | None) -> str:
        return figures.number(value, 0 if value is None or value == int(value) else 1)
