"""A wrong clock, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.asset_skew import AssetSkew
from cockpit.ui import figures
from cockpit.ui.kind_words.kind import Counts, numbers
from cockpit.ui.words import t
from cockpit.views.alerts import Alert


class AssetSkewWords(Counts):
    code = AssetSkew.code

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        facts = numbers(alert)
        if "wrong" in facts:
            counts = {k: figures.number(facts.get(k)) for k in ("wrong", "known")}
            return t("alerts.why_asset_skew_feed", subject=subject, first=first, **counts)
        offset = facts.get("offset_s", 0.0)
        what = t("alerts.skew_refused" if facts.get("refused") else "alerts.skew_taken")
        key = "alerts.why_asset_skew_ahead" if offset > 0 else "alerts.why_asset_skew_behind"
        return t(key, subject=subject, first=first, by=figures.span(abs(offset)), refused=what)

    def reading(self, rule: Rule, facts: Mapping[str, Any]) -> str:
        if "wrong" in facts:
            counts = {k: figures.number(facts[k]) for k in ("wrong", "known")}
            return t("why.clocks", **counts)
        offset = facts.get("offset_s") or 0
        if not offset:
            return t("why.clock_right")
        return t("why.clock_ahead" if offset > 0 else "why.clock_behind", by=figures.span(abs(offset)))

    def limit(self, value: float | None) -> str:
        return figures.NOTHING if value is None else figures.span(value)
