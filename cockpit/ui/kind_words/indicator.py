"""An indicator beyond a threshold, in words."""

from __future__ import annotations

from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.indicator import Indicator
from cockpit.ui.amounts import metric_name
from cockpit.ui.kind_words.kind import Beyond
from cockpit.ui.marks import escape
from cockpit.ui.words import t
from cockpit.views.alerts import Alert


class IndicatorWords(Beyond):
    code = Indicator.code

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        if rule.each_unit:
            figure = escape(metric_name(rule.metric))
            subject = t("alerts.figure_of_unit", figure=figure, unit=subject)
        return super().why(alert, rule, subject, first)

    def when(self, rule: Rule) -> str:
        when = super().when(rule)
        return t("rules.when_each_unit", when=when) if rule.each_unit else when
