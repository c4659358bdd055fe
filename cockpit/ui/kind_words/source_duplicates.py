"""A feed that repeats itself, in words."""

from __future__ import annotations

from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.source_duplicates import SourceDuplicates
from cockpit.ui import figures
from cockpit.ui.kind_words.kind import Counts, numbers
from cockpit.ui.words import t
from cockpit.views.alerts import Alert


class SourceDuplicatesWords(Counts):
    code = SourceDuplicates.code

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        facts = numbers(alert)
        return t(
            "alerts.why_source_duplicates",
            subject=subject,
            first=first,
            share=figures.percent(facts.get("value", alert.value)),  # of the same minutes as the others
            events=figures.number(facts.get("events")),
            minutes=figures.span(60 * facts.get("minutes", 1)),
            repeats=figures.number(facts.get("repeats")),
        )
