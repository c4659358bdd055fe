"""The parts of the home page: verdict, trust strip, what needs someone, the map."""

from __future__ import annotations

import streamlit as st

from cockpit.ui import figures, maps, nav
from cockpit.ui.context import cockpit
from cockpit.ui.marks import badge, escape, icon, lines, quiet
from cockpit.ui.status import PRIORITIES
from cockpit.ui.words import lang, t
from cockpit.views.alerts import Alert
from cockpit.views.figure import Figure
from cockpit.views.home import HomeView, UnitState

_VERDICT_ICONS = {
    "red": ("report", "red"),
    "orange": ("warning", "orange"),
    "green": ("check_circle", "green"),
    "unknown": ("help", "gray"),
}


def verdict(view: HomeView) -> str:
    """One sentence that tells what to do, and what changed within a day: markdown."""
    language = lang()
    name, tone = _VERDICT_ICONS[view.verdict]
    return (
        f"# {icon(name, tone)} {verdict_sentence(view, language)}\n\n"
        f":small[:gray[{t('home.day', language)}] "
        f"{t('home.day_counts', language, opened=view.opened_day, closed=view.closed_day, n=view.waiting)}]"
    )


def verdict_sentence(view: HomeView, language: str) -> str:
    """The verdict in words, without icon."""
    if view.verdict == "unknown":
        trust = view.trust
        out = trust.silent + trust.never
        if not out:
            return t("home.verdict_empty", language)
        since = figures.instant(view.silent_since, view.now_ms) if view.silent_since else figures.NOTHING
        return t("home.verdict_unknown", language, n=out, total=trust.sources, since=since)
    if view.verdict == "red":
        parts = []
        if view.counts.get("red"):
            parts.append(t("home.red_indicators", language, n=view.counts["red"]))
        if view.overdue:
            parts.append(t("home.overdue", language, n=view.overdue))
        head = ", ".join(parts) or t("home.open", language, n=view.open)
        if view.worst is None:
            if view.farthest is None:
                return f"{head}."
            return f"{head}. {t('home.farthest', language, what=short(view.farthest, language))}"
        since = figures.instant(view.worst.alert.opened, view.worst.now_ms)
        return (
            f"{head}. {t('home.worst', language, what=lower(title(view.worst.alert, language)), since=since)}"
        )
    if view.verdict == "orange":
        head = t("home.verdict_orange", language, n=view.counts.get("orange", 0))
        if view.nearest is None:
            return f"{head}."
        return f"{head}. {t('home.nearest', language, what=short(view.nearest, language))}"
    return t("home.verdict_green", language, n=view.counts.get("green", 0))


def short(figure: Figure, language: str) -> str:
    """Name and value in one breath."""
    value = figures.quantity(figure.value, figure.unit.get(language), figure.decimals, language)
    return f"{lower(figure.short.get(language))} {value}"


def lower(text: str) -> str:
    """The same within a sentence: the first letter small, unless it begins a name or an abbreviation."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def title(alert: Alert, language: str) -> str:
    """What an alert is about, as markdown."""
    rule, subject = alert.rule_name.get(language), alert.subject_name.get(language)
    matter = t("alerts.matter", language, rule=rule, subject=subject)
    return escape(f"{matter}, {alert.place}" if alert.place and alert.place not in subject else matter)


def trust(view: HomeView) -> None:
    """How far the figures can be trusted, as one quiet line."""
    language = lang()
    found = view.trust
    items = [f"{icon('verified')} **{t('home.trust', language)}**"]
    for key, figure in (("home.machine", found.machine), ("home.complete", found.complete)):
        if figure is not None:
            unit = figure.unit.get(language)
            value = figures.quantity(figure.value, unit, figure.decimals, language)
            goal = figures.target(figure.target, figure.direction, unit, language)
            items.append(f"{t(key, language)} **{value}** {quiet(lower(goal))}")
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
    if found.compared:
        counted = t("home.of", language, n=found.differing, total=found.compared)
        items.append(f"{t('home.differing', language)} **{counted}**")
    if found.doubtful:
        items.append(badge(f"{t('home.doubtful', language)} **{found.doubtful}**", "gray", "help"))
    with st.container(border=True, horizontal=True, gap="small", vertical_alignment="center", key="trust"):
        for item in items:
            st.markdown(item, width="content")


def needs(view: HomeView) -> None:
    """The alerts that need someone: what, why, since when, whose, by when."""
    language = lang()
    st.markdown(
        f"#### {t('home.needs', language)} {quiet(figures.number(view.open, 0, language))}", anchors=False
    )
    if not view.needs:
        closed = figures.instant(view.last_closed, view.now_ms) if view.last_closed else ""
        told = [t("home.last_closed", language, time=closed)] if closed else []
        told += [t("home.muted", language, n=view.muted)] if view.muted else []
        st.markdown(
            lines(
                f"{icon('task_alt', 'green')} {t('home.nothing', language)}",
                quiet(" ".join(told)) if told else "",
            )
        )
        return
    for need in view.needs:
        row = need.alert
        look = PRIORITIES[row.priority]
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
            st.markdown(
                lines(
                    f"{icon(look.icon, look.tone)} **{title(row, language)}**",
                    reason(row, language),
                    quiet(
                        " · ".join(
                            (
                                t("home.since", language, when=figures.instant(row.opened, need.now_ms)),
                                escape(row.owner.get(language)),
                                figures.due(row.due, need.now_ms, language),
                                t(f"alerts.state_{row.state}", language),
                            )
                        )
                    ),
                ),
                width="stretch",
            )
            nav.open_link("alerts", {"id": str(row.id)})
    if view.open > len(view.needs):
        nav.link("alerts", t("home.all", language, n=view.open), icon="list")


def reason(row: Alert, language: str) -> str:
    """One line under the title: what is folded into it, and the next step."""
    folded = t("home.folded", language, n=row.folded) if row.folded else ""
    rule = cockpit().profile.rule.get(row.rule)
    step = rule.next_step.get(language) if rule else ""
    return escape(". ".join(part for part in (folded, step) if part))


def map_of_units(view: HomeView) -> None:
    """The province by unit: what is red and orange, with the same as a table one click away."""
    language = lang()
    counts = {state: sum(u.state == state for u in view.units) for state in ("red", "orange")}
    st.markdown(
        f"#### {t('home.map', language)} {quiet(t('home.map_counts', language, **counts))}", anchors=False
    )
    places = [_place(state, language) for state in view.units]
    maps.choropleth(places, key="home_map", alt=t("home.map_alt", language, **counts))
    st.markdown(maps.legend(counts))


def _place(state: UnitState, language: str) -> maps.Place:
    text = t("home.unit_text", language, alerts=state.alerts, indicators=state.indicators)
    unit = state.unit
    return maps.Place(unit.code, unit.name, state.state, text, unit.lon, unit.lat)
