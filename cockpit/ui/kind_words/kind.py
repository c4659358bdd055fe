"""What a kind of rule says for itself. One file a kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from cockpit.domain.catalog import Rule
from cockpit.ui import figures
from cockpit.ui.amounts import amount, is_flag, limit, metric_name
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape, lower
from cockpit.ui.words import lang, t
from cockpit.views.alerts import Alert


class Words:
    """Sentences of a kind. What a kind does not say is as it is here."""

    code: ClassVar[str]

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        """Why an alert fires, with its numbers. `subject` and `first` are ready for Markdown."""
        hold = figures.span(rule.for_s)
        return t(f"alerts.why_{self.code}", subject=subject, first=first, hold=hold)

    def when(self, rule: Rule) -> str:
        """In which case a rule fires, in a few words."""
        return t(f"rules.when_{self.code}", kind=asset_kind(rule))

    def reading(self, rule: Rule, facts: Mapping[str, Any]) -> str:
        """What was seen last, as markdown; "" where nothing was. `facts` are as those of an alert."""
        last = facts.get("last")
        return t("why.last", last=figures.instant(last)) if isinstance(last, int) and last else ""

    def clears(self, rule: Rule, hold: str) -> str:
        """When its alert closes."""
        return t("alerts.clear_silent", hold=hold)


class Beyond(Words):
    """A kind that compares one value with thresholds."""

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        if rule.raise_at is None:
            return t("alerts.why_unknown", subject=subject, first=first)
        return t(
            f"alerts.why_{self.code}_{side(rule)}",
            metric=escape(_within(rule)),
            subject=subject,
            value=escape(amount(alert.value, rule.metric)),
            limit=escape(limit(rule.raise_at, rule.metric)),
            first=first,
            hold=figures.span(rule.for_s),
        )

    def when(self, rule: Rule) -> str:
        if rule.raise_at is None:
            return t("rules.when_indicator")
        at = limit(rule.raise_at, rule.metric)
        return t(f"rules.when_{side(rule)}", metric=_within(rule), limit=at)

    def reading(self, rule: Rule, facts: Mapping[str, Any]) -> str:
        value = facts.get("value")
        if value is None:
            return ""
        if is_flag(rule.metric):
            return t(f"why.flag_{'yes' if value else 'no'}", metric=escape(_within(rule)))
        return t("why.value", value=escape(amount(value, rule.metric)))

    def clears(self, rule: Rule, hold: str) -> str:
        if rule.raise_at is None:
            return super().clears(rule, hold)
        if is_flag(rule.metric):
            return t("alerts.clear_flag", metric=escape(_within(rule)), hold=hold)
        at = escape(limit(rule.clear_at if rule.clear_at is not None else rule.raise_at, rule.metric))
        return t(f"alerts.clear_{side(rule)}", limit=at, hold=hold)


class Counts(Words):
    """A kind that counts: shares of a group or a feed, multiples of a volume, seconds of a clock."""

    def when(self, rule: Rule) -> str:
        least = figures.number(rule.least)
        at = self.limit(rule.raise_at)
        return t(f"rules.when_{self.code}", kind=asset_kind(rule), limit=at, least=least)

    def reading(self, rule: Rule, facts: Mapping[str, Any]) -> str:
        value = facts.get("value")
        return "" if value is None else t("why.value", value=escape(self.limit(value)))

    def clears(self, rule: Rule, hold: str) -> str:
        at = rule.clear_at if rule.clear_at is not None else rule.raise_at
        return t(f"alerts.clear_{self.code}", limit=self.limit(at), hold=hold)

    def limit(self, value: float | None) -> str:
        """A threshold in the measure of its kind: a share, where it says nothing else."""
        return figures.percent(value)


class Shares(Counts):
    """A kind about a share of the events of a feed; `counted` is the fact that says how many of them."""

    counted: ClassVar[str]

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        facts = numbers(alert)
        return t(
            f"alerts.why_{self.code}",
            subject=subject,
            first=first,
            share=figures.percent(facts.get("value", alert.value)),  # of the same minutes as the others
            events=figures.number(facts.get("events")),
            minutes=figures.span(60 * facts.get("minutes", 1)),
            **{self.counted: figures.number(facts.get(self.counted))},
        )


class Combines(Words):
    """A kind that combines the conditions of other rules."""

    def why(self, alert: Alert, rule: Rule, subject: str, first: str) -> str:
        then = alert.facts.get(lang())  # as they were called when it opened
        names = escape(quoted(map(str, then)) if isinstance(then, list) else rule_names(rule.of))
        hold = figures.span(rule.for_s)
        return t(f"alerts.why_{self.code}", subject=subject, rules=names, first=first, hold=hold)

    def when(self, rule: Rule) -> str:
        return t(f"rules.when_{self.code}", rules=rule_names(rule.of))

    def clears(self, rule: Rule, hold: str) -> str:
        return t(f"alerts.clear_{self.code}", rules=escape(rule_names(rule.of)), hold=hold)


def rule_names(codes: Iterable[object]) -> str:
    """Names of rules in quotation marks; the code of one that nobody knows any more."""
    rules, language = cockpit().profile.rule, lang()
    return quoted(rules[c].name.get(language) if c in rules else c for c in map(str, codes))


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def side(rule: Rule) -> str:
    """On which side of its threshold a rule fires."""
    return "flag" if is_flag(rule.metric) else "over" if rule.op == ">" else "under"


def _within(rule: Rule) -> str:
    """The metric's name within a sentence: one that says yes or no is what is said of the thing, "có điện
    lưới"."""
    name = metric_name(rule.metric)
    return lower(name) if is_flag(rule.metric) else name


def asset_kind(rule: Rule) -> str:
    """Name of the kind of assets a rule is about; its code if nobody knows it."""
    kinds = cockpit().profile.kind
    return kinds[rule.asset_kind].name.get(lang()) if rule.asset_kind in kinds else rule.asset_kind


def numbers(alert: Alert) -> dict[str, float]:
    """Those facts of an alert that are numbers."""
    return {k: float(v) for k, v in alert.facts.items() if isinstance(v, int | float)}
