"""Parts of the alert desk: verdict and list."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cockpit.domain.numbers import AlertId
from cockpit.ui import alert_similar, choose, figures, live, scope
from cockpit.ui.alert_list import Shown, alone, listing, shown
from cockpit.ui.alert_words import matter as matter
from cockpit.ui.context import cockpit
from cockpit.ui.kept import kept
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.pick import search_key
from cockpit.ui.plain import mark, to_html
from cockpit.ui.status import LOOKS, Look
from cockpit.ui.words import lang, t
from cockpit.views import alerts as alerts_view
from cockpit.views.alerts import Alert, AlertsView
from cockpit.views.desk import Line, Row

WORK = {
    "unack": Look("radio_button_unchecked", "○", "", "", "gray"),
    "ack": Look("person_check", "◆", "", "", "blue"),
    "muted": Look("notifications_off", "△", "", "", "blue"),
    "closed": Look("check", "✓", "", "", "gray"),
}


def desk() -> AlertsView:
    """The desk, or a unit's part of it, which is said."""
    return live.view(alerts_view.build, scope.line(t("scope.rules")))


def head(view: AlertsView, now_ms: int) -> str:
    """The first line of the page, and under it what it leaves out: HTML."""
    look, said, under = verdict(view, now_ms)
    below = f'<p class="gray small">{to_html(under)}</p>' if under else ""
    return f'<h1 class="verdict">{mark(look)}{to_html(said)}</h1>{below}'


def verdict(view: AlertsView, now_ms: int) -> tuple[Look, str, str]:
    """Both as markdown, with how they look."""
    parts = []
    if view.n_waiting and view.oldest_waiting_s is not None:
        span = figures.span(view.oldest_waiting_s)
        parts.append(t("alerts.verdict_waiting", n=view.n_waiting, span=span))
    elif view.n_working:
        parts.append(t("alerts.verdict_working", n=view.n_working))
    if view.overdue:
        parts.append(t("alerts.verdict_overdue", n=view.overdue))
    if not parts:
        last = view.last_closed
        told = (
            t("alerts.last_closed", when=figures.instant(last, now_ms)) if last else t("alerts.none_closed")
        )
        return LOOKS["green"], t("alerts.verdict_none"), told
    urgent = view.overdue or any(a.priority in ("critical", "high") for a in view.waiting)
    look = LOOKS["red"] if urgent else LOOKS["orange"] if view.n_waiting else WORK["ack"]
    return look, " · ".join(parts), t("alerts.symptoms", n=view.symptoms) if view.symptoms else ""


def matching(view: AlertsView, name: str, query: str) -> Sequence[Row | Alert]:
    """Alerts of a list that hold every word of the query, diacritics aside. Told once for all readers."""
    rows: Sequence[Row | Alert] = getattr(view, name)
    wanted = search_key(query).split()
    if not wanted:
        return rows
    language = lang()

    def texts() -> list[str]:
        told = (
            (alert_similar.code(a.id), matter(a), a.subject, a.place, a.owner.get(language), a.ack_by)
            for a in rows
        )
        return [search_key(" ".join(words)) for words in told]

    told = kept(rows, texts, "alert-texts", name, language)
    return [a for a, text in zip(rows, told, strict=True) if all(word in text for word in wanted)]


def listed(view: AlertsView, name: str, query: str, asked: str | None) -> tuple[list[Shown], int]:
    """The rows of a list to draw, and how many alerts they stand for."""
    if name == "hidden" or name == "closed":
        found = rows_of(view, name, query)
        return found, len(found)
    if not query.strip():
        return _opened(_lines(view, name, ""), asked), len(getattr(view, name))
    return _opened(_lines(view, name, query), asked), len(matching(view, name, query))


def rows_of(view: AlertsView, name: str, query: str) -> list[Shown]:
    """The rows of a list of which no group stands open."""
    if name == "hidden" or name == "closed":
        return alone(a for a in matching(view, name, query) if isinstance(a, Alert))
    return shown(_lines(view, name, query), None)


def _lines(view: AlertsView, name: str, query: str) -> Sequence[Line]:
    if not query.strip():
        return view.desk.waiting_lines if name == "waiting" else view.desk.working_lines
    return view.desk.lines([r for r in matching(view, name, query) if isinstance(r, Row)])


def _opened(lines: Sequence[Line], asked: str | None) -> list[Shown]:
    """The rows of a list. The group that stood open last stays so until it is shut or another is opened:
    nothing moves under a reader who goes on to the next row."""
    rows = shown(lines, asked)
    if asked is not None and not any(row.open for row in rows):
        rows = shown(lines, st.session_state.get(_OPEN))
    st.session_state[_OPEN] = next((row.key for row in rows if row.open), None)
    return rows


def search() -> str:
    """The search field; its text stays in the address."""
    return st.text_input(
        t("alerts.search"),
        key="q",
        placeholder=t("alerts.search"),
        icon=":material/search:",
        label_visibility="collapsed",
        bind="query-params",
        width=260,
        max_chars=80,
        on_change=choose.let_go,
        args=("id",),
    )


def draw(view: AlertsView, name: str, query: str, total: int) -> tuple[str | None, list[Shown]]:
    """One list, or why it is empty. Returns the key of what is chosen, which may be of another list, and the
    rows."""
    asked = choose.asked("id")
    rows, n = listed(view, name, query, asked)
    if not rows:
        if query.strip():
            st.markdown(quiet(t("alerts.no_match", query=escape(query))))
        else:
            st.markdown(f"{icon('task_alt', 'green')} {t(f'alerts.empty_{name}')}")
        return asked, rows
    if query.strip():
        st.markdown(quiet(t("alerts.found", n=n, total=total, query=escape(query))))
    elif n < total:
        st.markdown(quiet(t("alerts.shown", n=n, total=total)))
    elif len(rows) < n:
        st.markdown(quiet(t("alerts.lines", n=n, lines=len([r for r in rows if not r.under]))))
    source = view.closed if name == "closed" else view.hidden if name == "hidden" else view.desk
    opened = next((row.key for row in rows if row.open), "")
    code = listing(rows, source, closed=name == "closed", key=f"alerts-{name}", name=f"{opened}/{query}")
    return code, rows


_OPEN = "alert-group-open"
"""Where a session holds which group stands open."""

LIST_OF = {"unack": "waiting", "ack": "working", "muted": "hidden", "closed": "closed"}


def elsewhere(alert: Alert, chosen: str) -> None:
    """That the alert on the right is not of the list on the left, with the way to its own: it has just been
    acknowledged, or a link led here."""
    own = LIST_OF[alert.state]
    place = st.container(horizontal=True, vertical_alignment="center", gap="small")
    if own == chosen:
        return  # its place stays, so that the panel under it keeps its own and is not drawn anew
    with place:
        st.markdown(quiet(t(f"alerts.now_{own}")), width="content")
        st.button(
            t("alerts.to_list"),
            key="alert-to-list",
            type="tertiary",
            icon=":material/list:",
            on_click=choose.put,
            args=("list", own),
        )


def now_of(alert: Row | Alert) -> int:
    """The present on the clock of its source (ms)."""
    clock = cockpit().clock
    return clock.real_ms() if alert.real else clock.domain_ms()


def number(text: str) -> AlertId | None:
    """The alert that an address names, None where it names none at all."""
    digits = text.removeprefix("-")
    return AlertId(int(text)) if text.isascii() and digits.isdecimal() and len(text) <= 18 else None


def escaped(text: str) -> str:
    """Text of the address as it may be shown."""
    return escape(text[:40])
