"""What is reported against what the data say, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.differs import Differs
from cockpit.ui import figures
from cockpit.ui.amounts import amount
from cockpit.ui.kind_words.kind import Words
from cockpit.ui.marks import escape
from cockpit.ui.words import t
from cockpit.views.alerts import Alert


class DiffersWords(Words):
    code = Differs.code

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        told = _told(alert.facts)
        if not told:
            return t("alerts.why_unknown", subject=subject, first=first)
        return t(
            "alerts.why_differs", **told, who=escape(str(alert.facts.get("person", ""))), first=first,
            limit=_limit(rule.raise_at),
        )  # fmt: skip

    def when(self, rule: Rule) -> str:
        when = t("rules.when_differs", limit=_limit(rule.raise_at))
        return t("rules.when_each_unit", when=when) if rule.each_unit else when

    def reading(self, rule: Rule, facts: Mapping[str, Any]) -> str:
        told = _told(facts)
        return t("why.differs", **told) if told else ""

    def clears(self, rule: Rule, hold: str) -> str:
        return t("alerts.clear_differs", limit=_limit(rule.clear_at), hold=hold)


def _limit(value: float | None) -> str:
    """A difference in the unit of the figures, which the sentence around it names."""
    return figures.plain(value)


def _told(facts: Mapping[str, Any]) -> dict[str, str]:
    """Both figures and how far they lie apart; nothing where one is not known."""
    code = str(facts.get("indicator", ""))
    both = facts.get("reported"), facts.get("measured")
    if not all(isinstance(one, int | float) for one in both):
        return {}
    apart = abs(float(both[0]) - float(both[1]))  # type: ignore[arg-type]
    return {
        "period": figures.period(str(facts.get("period", ""))),
        "told": escape(amount(float(both[0]), code)),  # type: ignore[arg-type]
        "measured": escape(amount(float(both[1]), code)),  # type: ignore[arg-type]
        "apart": escape(amount(apart, code)),
    }
