"""A mute in words: what kind it is, and what it hides."""

from __future__ import annotations

from cockpit.domain.alerting.mutes import Matcher
from cockpit.domain.alerting.rules import split
from cockpit.domain.alerting.weekly import Weekly, Window, clock_of
from cockpit.ui import dates, figures
from cockpit.ui.context import cockpit
from cockpit.ui.words import lang, t


def matter(matcher: Matcher, language: str | None = None) -> str:
    """What is hidden, by name; a code that nobody knows stands for itself."""
    parts = []
    if matcher.alert:
        parts.append(t("alerts.code", language, id=str(matcher.alert)))
    rule, asset = matcher.rule, matcher.asset
    if matcher.key:
        rule, asset = split(matcher.key)
    if rule:
        parts.append(rule_name(rule, language))
    if asset:
        parts.append(asset_name(asset))
    if matcher.unit:
        parts.append(unit_name(matcher.unit))
    return " · ".join(parts)


def day_name(day: int, language: str, *, short: bool = False) -> str:
    """A day of the week from 1, Monday, to 7, Sunday."""
    return dates.days(language, "abbreviated" if short else "wide")[day % 7]


def weekly(found: Weekly, language: str | None = None) -> str:
    """When a mute comes back."""
    shown = language or lang()
    days = ", ".join(day_name(day, shown) for day in found.days)
    times = f"{clock_of(found.begin)}–{clock_of(found.end)}"
    if len(found.days) == len(dates.days(shown)):
        return t("mutes.daily", shown, times=times)
    return t("mutes.weekly", shown, days=days, times=times)


def coming(window: Window, now_ms: int) -> str:
    """The window that lasts, or the next one."""
    if window.begin <= now_ms:
        return t("mutes.now", until=figures.instant(window.end, now_ms))
    begin = figures.instant(window.begin, now_ms)
    return t("mutes.next", begin=begin, end=figures.instant(window.end, window.begin))


def rule_name(code: str, language: str | None = None) -> str:
    """A rule by its code."""
    rule = cockpit().profile.rule.get(code)
    return rule.name.get(language or lang()) if rule else code


def asset_name(code: str) -> str:
    """An asset by its code; what is none is named by its code."""
    asset = cockpit().profile.asset.get(code)
    return asset.name if asset else code


def unit_name(code: str) -> str:
    """A unit by its code."""
    unit = cockpit().profile.unit.get(code)
    return unit.name if unit else code
