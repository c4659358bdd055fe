"""An outage inferred from what a thing supplies, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.group import Group
from cockpit.ui import figures
from cockpit.ui.kind_words.kind import Counts, numbers
from cockpit.ui.words import t
from cockpit.views.alerts import Alert


class GroupWords(Counts):
    code = Group.code

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        facts = numbers(alert)
        words = {k: figures.number(facts.get(k)) for k in ("bad", "known", "dark", "silent")}
        key = "alerts.why_group_all" if facts.get("bad", 0.0) == facts.get("known") else "alerts.why_group"
        return t(key, subject=subject, first=first, **words)

    def reading(self, rule: Rule, facts: Mapping[str, Any]) -> str:
        counts = {k: figures.number(facts.get(k)) for k in ("bad", "known")}
        return t("why.group", **counts) if facts.get("known") else ""
