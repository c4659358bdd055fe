"""Sentences about alerts: what one is about, why it fires, when it closes, why it was closed; and when a rule
fires."""

from __future__ import annotations

from cockpit.domain.catalog import Rule
from cockpit.ui import figures
from cockpit.ui.kind_words import WORDS
from cockpit.ui.marks import escape, lower
from cockpit.ui.words import has, lang, t
from cockpit.views.alerts import Alert
from cockpit.views.desk import Group, Row


def matter(alert: Alert | Row, language: str | None = None) -> str:
    """What it is about in one line."""
    language = language or lang()
    return _said(alert, alert.subject_name.get(language), language)


def matter_here(alert: Alert | Row, language: str | None = None) -> str:
    """The same where its place stands beside it: without the place, and without the subject where nothing but
    its kind is left, which its rule says."""
    language = language or lang()
    subject = alert.subject_name.get(language)
    if alert.place:
        subject = subject.removesuffix(alert.place).rstrip(" ,") or subject
    if alert.kind is not None and subject.casefold() == alert.kind.vi.casefold():
        return alert.rule_name.get(language)
    return _said(alert, subject, language)


def _said(alert: Alert | Row, subject: str, language: str) -> str:
    """The rule's sentence about its subject; of a rule without one its name, and the subject where the name
    does not begin with it."""
    if alert.about is not None:
        return _sentence(alert.about.get(language), subject, alert.place)
    rule = alert.rule_name.get(language)
    if rule.casefold().startswith(subject.casefold()):
        return rule
    return t("alerts.matter", language, rule=rule, subject=subject)


def _sentence(about: str, subject: str, place: str) -> str:
    """`about` with its subject: "Camera {subject} mất tín hiệu". What both begin with is said once, and the
    place at the end of a name stands in brackets."""
    before, hole, after = about.partition("{subject}")
    if not hole:
        return about
    if place and subject.endswith(f", {place}"):
        subject = f"{subject.removesuffix(f', {place}')} ({place})"
    first, _, rest = subject.partition(" ")
    if rest and before.split(" ", 1)[0].casefold() == first.casefold():
        subject = rest
    return f"{before}{subject}{after}"


def matter_of_group(group: Group, language: str | None = None, *, here: bool = False) -> str:
    """What the alerts of a group are about, and how many they are; `here` without what stands beside it: in
    how many places, and how much is folded under it."""
    language = language or lang()
    rule = _rule_of(group, language)
    if not group.wave:
        return t("alerts.many", language, rule=rule, n=group.n)
    kind = lower(group.kind.get(language)) if group.kind else t("alerts.kind_any", language)
    if here:
        return t("alerts.wave_here", language, rule=lower(rule), n=group.n, kind=kind)
    said = t("alerts.wave", language, rule=lower(rule), n=group.n, kind=kind, units=group.units)
    if group.problems == group.n:
        return said
    return f"{said}, {t('alerts.wave_problems', language, problems=group.problems)}"


def _rule_of(group: Group, language: str) -> str:
    """Its rule; of alerts of another system the rule there as well."""
    first = group.members[0]
    name = first.rule_name.get(language)
    return f"{name}: {first.sort}" if first.sort else name


def group_in_short(group: Group, language: str) -> str:
    """The same within a sentence."""
    rule = lower(_rule_of(group, language))
    if group.wave:
        return t("alerts.wave_short", language, rule=rule, units=group.units)
    return t("alerts.many_short", language, rule=rule, n=group.n)


def state_of_group(group: Group, language: str | None = None) -> str:
    """How many of it somebody has acknowledged, and how many have come to their end."""
    taken = group.n - group.waiting
    if taken and group.waiting:
        state = t("alerts.group_state", language, n=group.waiting, taken=taken)
    else:
        state = t("alerts.state_unack" if group.waiting else "alerts.state_ack", language)
    over = t("alerts.group_over", language, n=group.over) if group.over else ""
    return " · ".join(part for part in (state, over) if part)


def why(alert: Alert, rule: Rule | None) -> str:
    """One sentence with numbers, as markdown: what broke which limit, since when."""
    subject, first = escape(alert.subject_name.get(lang())), figures.instant(alert.since)
    if rule is None:
        return _begun(t("alerts.why_unknown", subject=subject, first=first))
    return _begun(WORDS[rule.kind].why(alert, rule, subject, first))


def when(rule: Rule) -> str:
    """In which case a rule fires, in a few words."""
    return _begun(WORDS[rule.kind].when(rule))


def clears(rule: Rule) -> str:
    """When an alert of a rule closes."""
    return WORDS[rule.kind].clears(rule, figures.span(rule.keep_s))


def close_reason(alert: Alert, language: str | None = None) -> str:
    """Why an alert was closed, in words."""
    key = f"log.reason_{alert.close_reason or 'cleared'}"
    return t(key, language) if has(key) else alert.close_reason


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
