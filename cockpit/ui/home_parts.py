"""The parts of the home page: verdict, trust strip, the map."""

from __future__ import annotations

import streamlit as st

from cockpit.domain.periods import HOUR_MS
from cockpit.domain.visits import VISIT_MS
from cockpit.ui import figure_compared, figures
from cockpit.ui.alert_words import group_in_short
from cockpit.ui.marks import badge, escape, icon, lower, quiet
from cockpit.ui.need_parts import title
from cockpit.ui.status import LOOKS
from cockpit.ui.words import lang, t
from cockpit.views.figure import Figure
from cockpit.views.home import HomeView, Need
from cockpit.views.news import News

_VERDICT_ICONS = {
    "red": ("report", "red"),
    "orange": ("warning", "orange"),
    "green": ("check_circle", "green"),
    "unknown": ("help", "gray"),
}


def verdict(view: HomeView, news: News) -> str:
    """One sentence that tells what to do, and what changed meanwhile: markdown."""
    language = lang()
    name, tone = _VERDICT_ICONS[view.verdict]
    return (
        f"# {icon(name, tone)} {verdict_sentence(view, language)}\n\n"
        f":small[:gray[{news_span(news, view.now_ms, language)}:] {news_counts(view, news, language)}]"
    )


def news_span(news: News, now_ms: int, language: str) -> str:
    """The time for which is counted what is new and what is over."""
    hours, when = VISIT_MS // HOUR_MS, figures.instant(news.since, now_ms, language)
    return t(f"home.news_{news.counted}", language, hours=hours, when=when)


def news_counts(view: HomeView, news: News, language: str) -> str:
    """What changed within that time, and what waits."""
    told = [t("home.news_new", language, n=news.opened), t("home.news_over", language, n=news.over)]
    if news.unwatched:
        told.append(t("home.news_unwatched", language, n=news.unwatched))
    return " · ".join([*told, t("home.news_waiting", language, n=view.waiting)])


def news_line(view: HomeView, news: News, language: str) -> str:
    """Both as one line of markdown."""
    return f"{news_span(news, view.now_ms, language)}: {news_counts(view, news, language)}"


def verdict_sentence(view: HomeView, language: str) -> str:
    """The verdict in words, without icon."""
    if view.verdict == "unknown":
        trust = view.trust
        if not trust.silent + trust.never:
            return t("home.verdict_empty", language)
        told = []
        if trust.silent:
            since = figures.instant(view.silent_since, view.now_ms, language)
            told.append(t("home.unknown_silent", language, n=trust.silent, since=since))
        if trust.never:
            told.append(t("home.unknown_never", language, n=trust.never))
        return t("home.verdict_unknown", language, total=trust.sources, what=", ".join(told))
    if view.verdict == "red":
        parts = []
        if view.counts.get("red"):
            parts.append(t("home.red_indicators", language, n=view.counts["red"]))
        if view.overdue:
            parts.append(t("home.overdue", language, n=view.overdue))
        if view.open and not view.overdue:
            parts.append(t("home.open", language, n=view.open))
        head = ", ".join(parts)
        if view.worst is None:
            if not view.red:
                return f"{head}."
            figure = view.red[0]
            what, owner = against_target(figure, language), escape(figure.owner.get(language))
            return f"{head}. {t('home.farthest', language, what=what, owner=owner)}"
        return f"{head}. {_worst(view.worst, language)}"
    if view.verdict == "orange":
        head = t("home.verdict_orange", language, n=view.counts.get("orange", 0))
        if view.nearest is None:
            return f"{head}."
        return f"{head}. {t('home.nearest', language, what=short(view.nearest, language))}"
    return t("home.verdict_green", language, n=view.counts.get("green", 0))


def _worst(need: Need, language: str) -> str:
    """The alert or the group that the verdict names, as markdown."""
    group = need.group
    what = lower(title(need.alert, language)) if group is None else escape(group_in_short(group, language))
    since = figures.instant(need.alert.since if group is None else group.since, need.now_ms, language)
    return t("home.worst", language, what=what, since=since)


def short(figure: Figure, language: str) -> str:
    """Name and value in one breath: markdown."""
    value = figures.quantity(figure.value, escape(figure.unit.get(language)), figure.decimals, language)
    return f"{escape(lower(figure.short.get(language)))} {value}"


def against_target(figure: Figure, language: str) -> str:
    """Name in full, value and target, as markdown: for who does not know the figure by heart."""
    unit = escape(figure.unit.get(language))
    value = figures.quantity(figure.value, unit, figure.decimals, language)
    goal = figures.target(figure.target, figure.direction, unit, language)
    return f"{escape(lower(figure.name.get(language)))} {value}, {lower(goal)}"


def trust(view: HomeView) -> None:
    """How far the figures can be trusted, as one quiet line."""
    language = lang()
    found = view.trust
    items = [f"{icon('verified')} **{t('home.trust', language)}**"]
    for key, figure in (("home.machine", found.machine), ("home.complete", found.complete)):
        if figure is not None:
            unit = escape(figure.unit.get(language))
            value = figures.quantity(figure.value, unit, figure.decimals, language)
            goal = figures.target(figure.target, figure.direction, unit, language)
            # What misses its target says so; what meets it stays quiet.
            look = LOOKS[figure.status]
            missed = figure.status in ("red", "orange")
            aim = f":{look.tone}[{t('home.below', language)}], {lower(goal)}" if missed else lower(goal)
            items.append(
                f"{icon(look.icon, look.tone) if missed else ''} {t(key, language)} **{value}** {quiet(aim)}"
            )
    late = ", ".join(
        t(f"home.{name}", language, n=n)
        for name, n in (("late", found.late), ("silent", found.silent), ("never", found.never))
        if n
    )
    fresh = (
        f"{t('home.fresh', language)} **{found.fresh}/{found.sources}** {quiet(late)}"
        if late
        else (f"{t('home.fresh', language)} **{found.fresh}/{found.sources}**")
    )
    items.insert(2, fresh)
    if found.devices_silent:
        n = figures.number(found.devices_silent, 0, language)
        items.insert(
            3,
            quiet(t("home.devices_silent", language, n=n, total=figures.number(found.devices, 0, language))),
        )
    if found.doubtful:
        items.append(badge(f"{t('home.doubtful', language)} **{found.doubtful}**", "gray", "help"))
    with st.container(border=True, horizontal=True, gap="small", vertical_alignment="center", key="trust"):
        for item in items:
            st.markdown(item, width="content")
        if found.differences:
            figure_compared.differences(found.differences, language)
