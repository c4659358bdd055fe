"""What needs someone, on the home page: a line an alert or a group, red figures, what came to its end."""

from __future__ import annotations

import streamlit as st

from cockpit.ui import figures, nav, request_ask
from cockpit.ui.alert_words import close_reason, matter, matter_of_group, state_of_group
from cockpit.ui.indicator_parts import FILTER
from cockpit.ui.marks import escape, icon, lines, lower, quiet
from cockpit.ui.screen import phone
from cockpit.ui.status import LOOKS, PRIORITIES
from cockpit.ui.words import lang, t
from cockpit.views.alerts import Alert
from cockpit.views.desk import Group, Row
from cockpit.views.figure import Figure
from cockpit.views.home import ROWS, HomeView, Need

KNOWN_LATE_MS = 15 * 60_000
"""From so long a time on a line says when the cockpit could know: from then the due time counts."""

NAMED = 4
"""Red indicators called by name under the alerts; the others are one click away."""


def title(alert: Alert, language: str) -> str:
    """What an alert is about, as markdown."""
    said, subject = matter(alert, language), alert.subject_name.get(language)
    return escape(f"{said}, {alert.place}" if alert.place and alert.place not in subject else said)


def needs(view: HomeView) -> None:
    """The alerts that need someone: what, why, since when, whose, by when."""
    language = lang()
    st.markdown(
        f"## {t('home.needs', language)} {quiet(figures.number(view.open, 0, language))}", anchors=False
    )
    if not view.needs:
        told = f" {t('home.muted', language, n=view.muted)}" if view.muted else ""
        st.markdown(f"{icon('task_alt', 'green')} {t('home.nothing', language)}{told}")
    for need in view.needs:
        with st.container(gap="xxsmall"):
            _need(need, language)
    if view.needs:
        st.markdown(quiet(t("home.times", language)))
    if view.open > sum(need.group.n if need.group else 1 for need in view.needs):
        nav.link("alerts", t("home.all", language, n=view.open), icon="list")
    if view.needs:
        _red_line(view.red, language)
    else:
        _red(view.red[:ROWS], language)
    if len(view.needs) <= 1:
        _closed(view, language)


def _need(need: Need, language: str) -> None:
    """A line of the list; one of several alerts opens to show where they are."""
    row, group = need.alert, need.group
    look = PRIORITIES[row.priority]
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        st.markdown(
            lines(
                f"{icon(look.icon, look.tone)} **{headline(need, language)}**",
                reason(need, language),
                quiet(" · ".join(told(need, language))),
                quiet(asked) if (asked := _asked(need)) else "",
            ),
            width="stretch",
        )
        nav.open_link("alerts", {"id": group.key if group else str(row.id)})
    if group is not None:
        _members(group, need.now_ms, language)


def _asked(need: Need) -> str:
    """What was asked about an alert that stands for itself."""
    return request_ask.told("alert", str(need.alert.id)) if need.group is None else ""


def headline(need: Need, language: str) -> str:
    """What a line is about, as markdown."""
    return (
        title(need.alert, language) if need.group is None else escape(matter_of_group(need.group, language))
    )


def told(need: Need, language: str) -> tuple[str, ...]:
    """Since when, whose, by when, and whether somebody has taken it up: markdown."""
    row, group = need.alert, need.group
    one = row if group is None else group
    since = t("home.since", language, when=figures.instant(one.since, need.now_ms, language))
    if one.opened - one.since >= KNOWN_LATE_MS:
        known = t("home.known", language, when=figures.instant(one.opened, need.now_ms, language))
        since = f"{since} ({known})"
    return (
        since,
        escape(row.owner.get(language)),
        figures.due(one.due, need.now_ms, language),
        t(f"alerts.state_{row.state}", language) if group is None else state_of_group(group, language),
    )


def _members(group: Group, now_ms: int, language: str) -> None:
    """Where the alerts of a group are. What is shut costs nothing."""
    fold = st.expander(
        t("home.places", language, n=group.n),
        key=f"places-{group.key}",
        type="compact",
        on_change="rerun",
    )
    if not fold.open:
        return
    named = [
        f"{escape(place_of(row, language))} {quiet(figures.compact(row.since, now_ms))}"
        for row in group.members
    ]
    if group.n > len(named):
        named.append(t("home.places_more", language, n=group.n - len(named)))
    fold.markdown(" · ".join(named))


def place_of(row: Row, language: str) -> str:
    """Where a row of a group is: what sets it apart from the others of its rule."""
    name = row.subject_name.get(language)
    return f"{name}, {row.place}" if row.place and row.place not in name else name


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
    for figure in found:
        if asked := request_ask.told("indicator", figure.code):
            st.markdown(quiet(f"{escape(figure.short.get(language))} · {asked}"))


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
                    quiet(asked) if (asked := request_ask.told("indicator", figure.code)) else "",
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
        closed = figures.instant(view.last_closed, view.now_ms, language)
        st.markdown(quiet(t("home.last_closed", language, time=closed)))


def ending(alert: Alert, now_ms: int, language: str) -> str:
    """When it was closed, and why where its condition was not over."""
    when = figures.instant(alert.closed, now_ms, language)
    if alert.over:
        return t("home.closed_at", language, when=when)
    return t("home.unwatched_at", language, when=when, why=close_reason(alert, language))


def reason(need: Need, language: str) -> str:
    """One line under the title: what is folded into it, and the next step."""
    row = need.alert
    if need.group is not None:
        return escape(row.next_step.get(language))
    folded = t("home.folded", language, n=row.folded) if row.folded else ""
    return escape(". ".join(part for part in (folded, row.next_step.get(language)) if part))
