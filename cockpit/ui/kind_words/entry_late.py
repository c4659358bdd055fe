"""An entry of a register whose next step is overdue, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.entry_late import EntryLate
from cockpit.ui import figures
from cockpit.ui.kind_words.kind import Words
from cockpit.ui.words import t
from cockpit.views.alerts import Alert


class EntryLateWords(Words):
    code = EntryLate.code

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        begun, due = (figures.instant(_instant(alert.facts.get(name))) for name in ("begun", "due"))
        return t("alerts.why_entry_late", subject=subject, begun=begun, due=due)

    def when(self, rule: Rule) -> str:
        return t("rules.when_entry_late", register=t(f"registers.{rule.metric}"))

    def reading(self, rule: Rule, facts: Mapping[str, Any]) -> str:
        due = _instant(facts.get("due"))
        return "" if due is None else t("why.due", due=figures.instant(due))

    def clears(self, rule: Rule, hold: str) -> str:
        return t("alerts.clear_entry_late")


def _instant(found: object) -> int | None:
    return found if isinstance(found, int) else None
