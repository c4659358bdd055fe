"""Sentences about rules that count: shares of a group or a feed, multiples of a volume, clocks."""

from __future__ import annotations

from cockpit.domain.catalog import Rule
from cockpit.ui import figures
from cockpit.ui.context import cockpit
from cockpit.ui.words import lang, t
from cockpit.views.alerts import Alert

KINDS = ("group", "asset_skew", "source_lag", "source_duplicates", "source_flood", "source_refused")


def why(alert: Alert, rule: Rule, subject: str, first: str) -> str:
    """Why a counting rule fires, with its numbers. `subject` and `first` are ready for Markdown."""
    facts = {k: float(v) for k, v in alert.facts.items() if isinstance(v, int | float)}
    if rule.kind == "group":
        words = {k: figures.number(facts.get(k)) for k in ("bad", "known", "dark", "silent")}
        return t("alerts.why_group", subject=subject, first=first, **words)
    if rule.kind == "asset_skew":
        return _clock(facts, subject, first)
    events = figures.number(facts.get("events"))
    value = facts.get("value", alert.value)  # of the same minutes as the other numbers
    if rule.kind == "source_lag":
        return t(
            "alerts.why_source_lag",
            subject=subject,
            first=first,
            share=figures.percent(value),
            limit=figures.span(facts.get("limit_s", 0)),
            lag=figures.span(facts.get("lag_s", 0)),
        )
    if counted := {"source_duplicates": "repeats", "source_refused": "refused"}.get(rule.kind):
        return t(
            f"alerts.why_{rule.kind}",
            subject=subject,
            first=first,
            share=figures.percent(value),
            events=events,
            minutes=figures.span(60 * facts.get("minutes", 1)),
            **{counted: figures.number(facts.get(counted))},
        )
    return t(
        "alerts.why_source_flood",
        subject=subject,
        first=first,
        events=events,
        times=figures.number(value, 1),
        promised=figures.number(facts.get("promised"), 1),
    )


def _clock(facts: dict[str, float], subject: str, first: str) -> str:
    if "wrong" in facts:
        counts = {k: figures.number(facts.get(k)) for k in ("wrong", "known")}
        return t("alerts.why_asset_skew_feed", subject=subject, first=first, **counts)
    offset = facts.get("offset_s", 0.0)
    what = t("alerts.skew_refused" if facts.get("refused") else "alerts.skew_taken")
    key = "alerts.why_asset_skew_ahead" if offset > 0 else "alerts.why_asset_skew_behind"
    return t(key, subject=subject, first=first, by=figures.span(abs(offset)), refused=what)


def when(rule: Rule) -> str:
    """In which case a counting rule fires, in a few words."""
    kinds = cockpit().profile.kind
    kind = kinds[rule.asset_kind].name.get(lang()) if rule.asset_kind in kinds else rule.asset_kind
    least = figures.number(rule.least)
    return t(f"rules.when_{rule.kind}", kind=kind, limit=_limit(rule, rule.raise_at), least=least)


def clears(rule: Rule, hold: str) -> str:
    """When a counting rule's alert closes."""
    at = rule.clear_at if rule.clear_at is not None else rule.raise_at
    return t(f"alerts.clear_{rule.kind}", limit=_limit(rule, at), hold=hold)


def _limit(rule: Rule, value: float | None) -> str:
    """A threshold in the measure of its kind: seconds, a multiple, or a share."""
    if value is None:
        return figures.NOTHING
    if rule.kind == "asset_skew":
        return figures.span(value)
    if rule.kind == "source_flood":
        return figures.number(value, 0 if value == int(value) else 1)
    return figures.percent(value)
