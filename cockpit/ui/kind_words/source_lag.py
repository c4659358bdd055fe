"""A feed that lags, in words."""

from __future__ import annotations

from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.source_lag import SourceLag
from cockpit.ui import figures
from cockpit.ui.kind_words.kind import Counts, numbers
from cockpit.ui.words import t
from cockpit.views.alerts import Alert


class SourceLagWords(Counts):
    code = SourceLag.code

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        facts = numbers(alert)
        return t(
            "alerts.why_source_lag",
            subject=subject,
            first=first,
            share=figures.percent(facts.get("value", alert.value)),  # of the same minutes as the others
            limit=figures.span(facts.get("limit_s", 0)),
            lag=figures.span(facts.get("lag_s", 0)),
        )
