"""A feed much of which is refused, in words."""

from __future__ import annotations

from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.source_refused import SourceRefused
from cockpit.ui import figures
from cockpit.ui.kind_words.kind import Counts, numbers
from cockpit.ui.words import t
from cockpit.views.alerts import Alert


class SourceRefusedWords(Counts):
    code = SourceRefused.code

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        facts = numbers(alert)
        return t(
            "alerts.why_source_refused",
            subject=subject,
            first=first,
            share=figures.percent(facts.get("value", alert.value)),  # of the same minutes as the others
            events=figures.number(facts.get("events")),
            minutes=figures.span(60 * facts.get("minutes", 1)),
            refused=figures.number(facts.get("refused")),
        )
