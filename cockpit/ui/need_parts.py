"""What needs someone, on the home page: a line an alert or a group, red figures, what came to its end."""

from __future__ import annotations

import html
from collections.abc import Mapping

from cockpit.domain.requests import Of
from cockpit.ui import figures, request_ask, sheets
from cockpit.ui.alert_words import close_reason, matter, matter_of_group, state_of_group
from cockpit.ui.indicator_parts import FILTER
from cockpit.ui.links import to
from cockpit.ui.marks import escape, lines, lower, quiet
from cockpit.ui.plain import mark, to_html
from cockpit.ui.status import LOOKS, PRIORITIES
from cockpit.ui.words import t
from cockpit.views.alerts import Alert
from cockpit.views.desk import Group, Row
from cockpit.views.figure import Figure
from cockpit.views.home import ROWS, HomeView, Need

KNOWN_LATE_MS = 15 * 60_000
"""From so long a time on a line says when the cockpit could know: from then the due time counts."""

PLACES = 100
"""Places of a group called by name in its line; the others are one click away."""

NAMED = 4
"""Red indicators called by name under the alerts; the others are one click away."""


def title(alert: Alert, language: str) -> str:
    """What an alert is about, as markdown."""
    said, subject = matter(alert, language), alert.subject_name.get(language)
    return escape(f"{said}, {alert.place}" if alert.place and alert.place not in subject else said)


def needs(view: HomeView, query: Mapping[str, str], language: str) -> str:
    """The alerts that need someone: what, why, since when, whose, by when. HTML, as are its parts; `query` is
    what of the address its links take along."""
    count = quiet(figures.number(view.open, 0, language))
    parts = [f"<h2>{to_html(t('home.needs', language))} {to_html(count)}</h2>"]
    if view.needs:
        rows = "".join(_need(need, query, language) for need in view.needs)
        parts += [f'<ol class="rows">{rows}</ol>', sheets.quiet(t("home.times", language))]
    else:
        told = f" {t('home.muted', language, n=view.muted)}" if view.muted else ""
        parts.append(f"<p>{mark(LOOKS['green'])}{to_html(t('home.nothing', language) + told)}</p>")
    if view.open > sum(need.group.n if need.group else 1 for need in view.needs):
        label = to_html(t("home.all", language, n=view.open))
        parts.append(f'<p><a href="{to("alerts", query)}">{label}</a></p>')
    parts.append(_red_line(view.red, query, language) if view.needs else _red(view.red, query, language))
    if len(view.needs) <= 1:
        parts.append(_closed(view, language))
    return "".join(parts)


def _need(need: Need, query: Mapping[str, str], language: str) -> str:
    """A line of the list; one of several alerts opens to show where they are."""
    key = need.group.key if need.group else str(need.alert.id)
    told_ = to_html(" · ".join(told(need, language)))
    why = to_html(reason(need, language))
    return (
        f'<li data-key="{html.escape(key)}">{mark(PRIORITIES[need.alert.priority])}'
        f'<a href="{to("alerts", query, id=key)}">{to_html(headline(need, language))}</a>'
        f"{f'<span>{why}</span>' if why else ''}<small>{told_}</small>{_asked(need)}"
        f"{_members(need.group, need.now_ms, language) if need.group else ''}</li>"
    )


def _asked(need: Need) -> str:
    """What was asked about it and by when; of a group about which of its alerts."""
    if need.group is None:
        return _said("alert", str(need.alert.id))
    told_ = request_ask.of_several("alert", [str(row.id) for row in need.group.members])
    return f"<small>{to_html(told_)}</small>" if told_ else ""


def _said(kind: Of, code: str) -> str:
    """What was asked about it last and by when: HTML, "" where nothing is open."""
    said = request_ask.said(kind, code)
    return f"<small>{to_html(said)}</small>" if said else ""


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


def _members(group: Group, now_ms: int, language: str) -> str:
    """Where the alerts of a group are, shut."""
    named = [
        f"{escape(place_of(row, language))} {quiet(figures.compact(row.since, now_ms))}"
        for row in group.members[:PLACES]
    ]
    if group.n > len(named):
        named.append(t("home.places_more", language, n=group.n - len(named)))
    told_ = f"<p>{to_html(' · '.join(named))}</p>"
    return sheets.fold(t("home.places", language, n=group.n), told_, key=f"places-{group.key}")


def place_of(row: Row, language: str) -> str:
    """Where a row of a group is: what sets it apart from the others of its rule."""
    name = row.subject_name.get(language)
    return f"{name}, {row.place}" if row.place and row.place not in name else name


def _red_line(found: tuple[Figure, ...], query: Mapping[str, str], language: str) -> str:
    """Which indicators are red, in one line under the alerts: it is the way to them, too."""
    if not found:
        return ""
    names = ", ".join(escape(figure.short.get(language)) for figure in found[:NAMED])
    more = ", …" if len(found) > NAMED else ""
    label = to_html(t("home.red_names", language, names=f"{names}{more}"))
    where = to("indicators", query, **{FILTER: "red"})
    asked = "".join(
        sheets.quiet(f"{escape(figure.short.get(language))} · {said}")
        for figure in found
        if (said := request_ask.said("indicator", figure.code))
    )
    return f'<p>{mark(LOOKS["red"])}<a href="{where}">{label}</a></p>{asked}'


def _red(found: tuple[Figure, ...], query: Mapping[str, str], language: str) -> str:
    """Red indicators in the place that alerts leave free."""
    if not found:
        return ""
    rows = []
    for figure in found[:ROWS]:
        unit = escape(figure.unit.get(language))
        value = figures.quantity(figure.value, unit, figure.decimals, language)
        goal = lower(figures.target(figure.target, figure.direction, unit, language))
        rows.append(
            f'<li data-key="{html.escape(figure.code)}">{mark(LOOKS["red"])}'
            f'<a href="{to("indicators", query, id=figure.code)}">'
            f"{to_html(f'{escape(figure.name.get(language))} {value}')}</a>"
            f"<small>{to_html(f'{goal} · {escape(figure.owner.get(language))}')}</small>"
            f"{_said('indicator', figure.code)}</li>"
        )
    title_ = to_html(t("home.red_farthest", language))
    return f'<p><b>{title_}</b></p><ol class="rows">{"".join(rows)}</ol>'


def _closed(view: HomeView, language: str) -> str:
    """What came to its end within a day."""
    ended = [
        f"{title(row.alert, language)} {quiet(ending(row.alert, row.now_ms, language))}"
        for row in view.closed
    ]
    if ended:
        return f"<p>{to_html(lines(quiet(t('home.closed_day', language)), *ended))}</p>"
    if view.last_closed:
        closed = figures.instant(view.last_closed, view.now_ms, language)
        return sheets.quiet(t("home.last_closed", language, time=closed))
    return ""


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
