"""Sentences about alerts: why one fires, and amounts in the unit of their metric."""

from __future__ import annotations

from cockpit.domain.catalog import Rule
from cockpit.ui import count_words, figures
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape
from cockpit.ui.words import has, lang, t
from cockpit.views.alert import is_flag as flagged
from cockpit.views.alerts import Alert


def why(alert: Alert, rule: Rule | None) -> str:
    """One sentence with numbers, as markdown: what broke which limit, since when."""
    language = lang()
    subject = escape(alert.subject_name.get(language))
    first = figures.instant(alert.since)
    hold = figures.span(rule.for_s) if rule else ""
    if rule is not None and rule.kind in count_words.KINDS:
        sentence = count_words.why(alert, rule, subject, first)
    elif rule is not None and rule.kind in ("asset_silent", "source_silent", "source_late"):
        sentence = t(f"alerts.why_{rule.kind}", subject=subject, first=first, hold=hold)
    elif rule is not None and rule.kind in ("threshold", "indicator") and rule.raise_at is not None:
        side = "flag" if is_flag(rule.metric) else "over" if rule.op == ">" else "under"
        sentence = t(
            f"alerts.why_{rule.kind}_{side}",
            metric=escape(metric_name(rule.metric)),
            subject=subject,
            value=escape(amount(alert.value, rule.metric)),
            limit=escape(limit(rule.raise_at, rule.metric)),
            first=first,
            hold=hold,
        )
    else:
        sentence = t("alerts.why_unknown", subject=subject, first=first)
    return sentence[:1].upper() + sentence[1:]


def close_reason(alert: Alert, language: str | None = None) -> str:
    """Why an alert was closed, in words."""
    key = f"log.reason_{alert.close_reason or 'cleared'}"
    return t(key, language) if has(key) else alert.close_reason


def is_flag(code: str) -> bool:
    """Whether a metric says only yes or no, as 1 or 0."""
    metric = cockpit().profile.metric.get(code)
    return metric is not None and flagged(metric)


def metric_name(code: str) -> str:
    """Name of a metric or an indicator; the code itself if nobody knows it."""
    profile = cockpit().profile
    found = profile.metric.get(code) or profile.indicator.get(code)
    return found.name.get(lang()) if found else code


def amount(value: float | None, code: str) -> str:
    """A value of a metric or an indicator with its unit."""
    profile = cockpit().profile
    if code in profile.metric:
        return figures.quantity(value, unit(code), len(str(profile.metric[code].scale)) - 1)
    if code in profile.indicator:
        return figures.quantity(value, unit(code), profile.indicator[code].decimals)
    return figures.number(value, 1)


def limit(value: float, code: str) -> str:
    """A threshold with its unit, in no more digits than it has."""
    digits = next((d for d in range(4) if round(value, d) == value), 4)
    return figures.quantity(value, unit(code), digits)


def unit(code: str) -> str:
    """Unit of a metric or an indicator; nothing for a mere number or a yes or no."""
    profile = cockpit().profile
    if code in profile.metric:
        return unit_word(profile.metric[code].unit)
    return profile.indicator[code].unit.get(lang()) if code in profile.indicator else ""


def unit_word(code: str) -> str:
    """A unit as the wire writes it in the words of people; most need none."""
    if code == "1":
        return ""
    key = {"Cel": "unit.celsius", "d": "unit.days", "1/s": "unit.frames", "10^9 VND": "unit.billions"}.get(
        code
    )
    return t(key) if key else code
