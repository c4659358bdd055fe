"""An alert of another system of monitoring, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.incoming import IncomingAlert
from cockpit.ui import figures
from cockpit.ui.kind_words.kind import Words
from cockpit.ui.words import t
from cockpit.views.alerts import Alert


class IncomingWords(Words):
    code = IncomingAlert.code

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        stale = alert.facts.get("stale")
        if isinstance(stale, int):
            return t("alerts.why_incoming_stale", subject=subject, first=first, heard=figures.instant(stale))
        return t("alerts.why_incoming", subject=subject, first=first)

    def when(self, rule: Rule) -> str:
        return t("rules.when_incoming")

    def reading(self, rule: Rule, facts: Mapping[str, Any]) -> str:
        stale = facts.get("stale")
        return t("why.last", last=figures.instant(stale)) if isinstance(stale, int) else ""

    def clears(self, rule: Rule, hold: str) -> str:
        return t("alerts.clear_incoming")
