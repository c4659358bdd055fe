"""The parts of the home page: verdict, trust strip, what needs someone, the map."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import streamlit as st

from cockpit.ui import figures, maps, nav, tables
from cockpit.ui.alert_words import close_reason
from cockpit.ui.indicator_parts import FILTER
from cockpit.ui.kept import kept
from cockpit.ui.marks import badge, escape, icon, lines, quiet
from cockpit.ui.screen import phone
from cockpit.ui.status import LOOKS, PRIORITIES
from cockpit.ui.words import lang, t
from cockpit.views.alerts import Alert
from cockpit.views.figure import Figure
from cockpit.views.home import ROWS, HomeView, UnitState

NAMED = 4
"""Red indicators called by name under the alerts; the others are one click away."""

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
        f":small[:gray[{day_span(view, language)}:] {day_counts(view, language)}]"
    )


def day_span(view: HomeView, language: str) -> str:
    """The time that what is new and over is counted for: a day, or less where nobody watched before."""
    if view.counted_since is None:
        return t("home.day", language)
    return t("home.day_since", language, when=figures.instant(view.counted_since, view.now_ms))


def day_counts(view: HomeView, language: str) -> str:
    """What changed within that time."""
    told = [t("home.day_new", language, n=view.opened_day), t("home.day_over", language, n=view.closed_day)]
    if view.unwatched_day:
        told.append(t("home.day_unwatched", language, n=view.unwatched_day))
    return " · ".join([*told, t("home.day_waiting", language, n=view.waiting)])


def verdict_sentence(view: HomeView, language: str) -> str:
    """The verdict in words, without icon."""
    if view.verdict == "unknown":
        trust = view.trust
        if not trust.silent + trust.never:
            return t("home.verdict_empty", language)
        told = []
        if trust.silent:
            since = figures.instant(view.silent_since, view.now_ms)
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
            return f"{head}. {t('home.farthest', language, what=against_target(view.red[0], language))}"
        since = figures.instant(view.worst.alert.since, view.worst.now_ms)
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
    """Name and value in one breath: markdown."""
    value = figures.quantity(figure.value, escape(figure.unit.get(language)), figure.decimals, language)
    return f"{escape(lower(figure.short.get(language)))} {value}"


def against_target(figure: Figure, language: str) -> str:
    """Name in full, value and target, as markdown: for who does not know the figure by heart."""
    unit = escape(figure.unit.get(language))
    value = figures.quantity(figure.value, unit, figure.decimals, language)
    goal = figures.target(figure.target, figure.direction, unit, language)
    return f"{escape(lower(figure.name.get(language)))} {value}, {lower(goal)}"


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
            unit = escape(figure.unit.get(language))
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
        told = f" {t('home.muted', language, n=view.muted)}" if view.muted else ""
        st.markdown(f"{icon('task_alt', 'green')} {t('home.nothing', language)}{told}")
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
                                t("home.since", language, when=figures.instant(row.since, need.now_ms)),
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
    if view.needs:
        _red_line(view.red, language)
    else:
        _red(view.red[:ROWS], language)
    if len(view.needs) <= 1:
        _closed(view, language)


def _red_line(found: tuple[Figure, ...], language: str) -> None:
    """Which indicators are red, in one line under the alerts: it is the way to them, too."""
    if not found:
        return
    names = ", ".join(escape(figure.short.get(language)) for figure in found[:NAMED])
    more = ", …" if len(found) > NAMED else ""
    look = LOOKS["red"]
    label = t("home.red_names", language, names=f"{names}{more}")
    if phone():  # a link is cut at the edge of a narrow screen, text is not
        st.markdown(quiet(f"{names}{more}"))
        label = t("home.red_all", language, n=len(found))
    nav.link("indicators", label, icon=look.icon, params={FILTER: "red"})


def _red(found: tuple[Figure, ...], language: str) -> None:
    """Red indicators in the place that alerts leave free."""
    if not found:
        return
    st.markdown(f"**{t('home.red_farthest', language)}**")
    for figure in found:
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
            unit = escape(figure.unit.get(language))
            value = figures.quantity(figure.value, unit, figure.decimals, language)
            goal = lower(figures.target(figure.target, figure.direction, unit, language))
            name = escape(figure.name.get(language))
            st.markdown(
                lines(
                    f"{icon(LOOKS['red'].icon, LOOKS['red'].tone)} {name} **{value}**",
                    quiet(f"{goal} · {escape(figure.owner.get(language))}"),
                ),
                width="stretch",
            )
            nav.open_link("indicators", {"id": figure.code})


def _closed(view: HomeView, language: str) -> None:
    """What came to its end within a day."""
    ended = [
        f"{icon('check' if row.alert.over else 'visibility_off', 'gray')} {title(row.alert, language)} "
        + quiet(ending(row.alert, row.now_ms, language))
        for row in view.closed
    ]
    if ended:
        st.markdown(lines(quiet(t("home.closed_day", language)), *ended))
    elif view.last_closed:
        closed = figures.instant(view.last_closed, view.now_ms)
        st.markdown(quiet(t("home.last_closed", language, time=closed)))


def ending(alert: Alert, now_ms: int, language: str) -> str:
    """When it was closed, and why where its condition was not over."""
    when = figures.instant(alert.closed, now_ms)
    if alert.over:
        return t("home.closed_at", language, when=when)
    return t("home.unwatched_at", language, when=when, why=close_reason(alert, language))


def reason(row: Alert, language: str) -> str:
    """One line under the title: what is folded into it, and the next step."""
    folded = t("home.folded", language, n=row.folded) if row.folded else ""
    return escape(". ".join(part for part in (folded, row.next_step.get(language)) if part))


def map_of_units(view: HomeView) -> None:
    """The province by unit: what is red and orange, with the same as a table one click away."""
    language = lang()
    counts = {state: sum(u.state == state for u in view.units) for state in ("red", "orange")}
    st.markdown(
        f"#### {t('home.map', language)} {quiet(t('home.map_counts', language, **counts))}", anchors=False
    )
    same = tuple((u.unit.code, u.state, u.alerts, u.missed) for u in view.units)
    table, twin, columns = kept(None, lambda: _units(view.units, language), "home-map", same, language)
    alt = t("home.map_alt", language, **counts)
    maps.choropleth(table, key="home_map", alt=alt)
    asked = ", ".join(escape(lower(name.get(language))) for name in view.asked)
    st.markdown(maps.legend(counts, t("map.note", language, names=asked)))
    tables.twin(twin, columns, key="home_map_twin", alt=alt)


def _units(units: Sequence[UnitState], language: str) -> tuple[pa.Table, pa.Table, tables.Columns]:
    """The rows of the map, and the same for reading, what is wrong first."""
    missed = [", ".join(name.get(language) for name in u.missed) for u in units]
    texts = [
        t("home.unit_text", language, alerts=u.alerts, indicators=len(u.missed))
        + (f": {names}" if names else "")
        for u, names in zip(units, missed, strict=True)
    ]
    names_of = dict(zip((u.unit.code for u in units), missed, strict=True))
    places = [
        maps.Place(u.unit.code, u.unit.name, u.state, text, u.unit.lon, u.unit.lat)
        for u, text in zip(units, texts, strict=True)
    ]
    rank = list(LOOKS)
    ordered = sorted(units, key=lambda u: (rank.index(u.state), u.unit.name))
    words = {state: t(f"home.state_{state}", language) for state in ("red", "orange", "green")}
    twin = tables.arrow(
        {
            "unit": [u.unit.name for u in ordered],
            "state": [tables.badge(LOOKS[u.state], words[u.state]) for u in ordered],
            "alerts": [u.alerts for u in ordered],
            "missed": [names_of[u.unit.code] for u in ordered],
        }
    )
    return (
        maps.rows(places),
        twin,
        {
            "unit": tables.text_column(t("indicators.unit", language), 190),
            "state": tables.badge_column(
                t("indicators.status", language),
                {words[s]: LOOKS[s] for s in ("red", "orange", "green")},
                130,
            ),
            "alerts": tables.number_column(t("home.col_alerts", language), 95),
            "missed": tables.text_column(t("home.col_indicators", language), 190),
        },
    )
