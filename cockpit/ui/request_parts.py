"""The parts of the page of requests: its verdict, its lists, how fast units answer."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cockpit.commands.requests import Answer, RequestExplanation
from cockpit.domain.requests import Request
from cockpit.ui import choose, figures, people, scope, tables
from cockpit.ui import request_words as words
from cockpit.ui.act import may
from cockpit.ui.marks import icon, quiet
from cockpit.ui.pick import pick
from cockpit.ui.plan_words import body
from cockpit.ui.screen import phone
from cockpit.ui.words import lang, t
from cockpit.views.requests import RequestsView

EVERYBODY = ""
LIST_PX = 470


def sections() -> tuple[str, ...]:
    """What somebody sees here, what concerns them most first."""
    inbox = ("inbox",) if may(Answer) and people.current().unit else ()
    mine = ("asked",) if may(RequestExplanation) else ()
    return (*inbox, *mine, "all", "times")


def verdict(view: RequestsView) -> str:
    """How many wait, how many are overdue, how many answers wait to be judged: markdown."""
    if not view.requests:
        return f"# {icon('forum', 'gray')} {t('requests.none')}"
    told = [t("requests.verdict_waiting", n=view.waiting)] if view.waiting else []
    if view.late:
        told.append(t("requests.verdict_late", n=view.late))
    if view.answered:
        told.append(t("requests.verdict_answered", n=view.answered))
    look = (
        ("report", "red")
        if view.late
        else ("hourglass_empty", "orange")
        if told
        else ("check_circle", "green")
    )
    return f"# {icon(*look)} {', '.join(told) or t('requests.verdict_over', n=len(view.requests))}"


def section() -> str:
    """Draw the choice of what to see."""
    return choose.one("view", sections(), t("requests.section"), lambda name: t(f"requests.section_{name}"))


def unit(view: RequestsView) -> str:
    """Draw the choice of one unit of those that were asked."""
    whole = {scope.unit()} - {EVERYBODY}
    owners = sorted({r.entry.owner for r in view.requests} | whole, key=body)
    return choose.follow(
        scope.PARAM,
        [EVERYBODY, *owners],
        t("requests.to"),
        lambda code: body(code) if code else t("requests.every_unit"),
        width=300,
    )


def of_section(view: RequestsView, name: str, owner: str) -> list[Request]:
    """The requests of a section, of one unit or of all."""
    person = people.current()
    found = [r for r in view.requests if owner in ("", r.entry.owner, r.entry.unit)]
    if name == "inbox":
        return [r for r in found if r.entry.owner == person.unit]
    if name == "asked":
        return [r for r in found if r.facts.asker == person.name and r.facts.role == person.role]
    return found


def listing(view: RequestsView, found: Sequence[Request], name: str) -> None:
    """Requests as a table; choosing one opens it."""
    if not found:
        st.markdown(quiet(t(f"requests.empty_{name}")))
        return
    language, now_ms = lang(), view.now_ms
    shown = {words.state_word(r, now_ms, language): words.look_of(r, now_ms) for r in found}
    table = tables.arrow(
        {
            "state": [
                tables.badge(words.look_of(r, now_ms), words.state_word(r, now_ms, language)) for r in found
            ],
            "about": [words.about(r, language) for r in found],
            "due": [
                words.due(r, now_ms, language) if r.waiting else figures.compact(r.facts.due, now_ms)
                for r in found
            ],
            "owner": [body(r.entry.owner, language) for r in found],
            "asker": [r.facts.asker for r in found],
            "opened": [figures.naive(r.entry.opened) for r in found],
            "code": [words.code(r) for r in found],
        }
    )
    columns = {
        "state": tables.badge_column(t("requests.col_state", language), shown, 150),
        "about": tables.text_column(t("requests.col_about", language), 170 if phone() else 320),
        "due": tables.text_column(t("requests.due", language), 150),
        "owner": tables.text_column(t("requests.to", language), 220),
        "asker": tables.text_column(t("requests.asker", language), 150),
        "opened": tables.instant_column(t("requests.opened", language)),
        "code": tables.text_column(t("requests.col_code", language), 70),
    }
    pick(
        tables.seen(table),
        [str(r.entry.id) for r in found],
        columns,
        key=f"requests-{name}",
        alt=t("requests.list_alt", n=len(found)),
        height=LIST_PX,
    )


def times(view: RequestsView, owner: str) -> None:
    """How fast units answer."""
    rows = [row for row in view.times if not owner or row.owner == owner]
    if not rows:
        st.markdown(quiet(t("requests.empty_times")))
        return
    language = lang()
    table = tables.arrow(
        {
            "owner": [body(row.owner, language) for row in rows],
            "asked": [figures.number(row.asked, 0, language) for row in rows],
            "answered": [figures.number(row.answered, 0, language) for row in rows],
            "in_time": [figures.number(row.in_time, 0, language) for row in rows],
            "late": [figures.number(row.late, 0, language) for row in rows],
            "took": [
                figures.NOTHING if row.median_ms is None else figures.span(row.median_ms / 1000, language)
                for row in rows
            ],
        }
    )
    columns = {
        "owner": tables.text_column(t("requests.to", language), 280),
        **{
            name: tables.text_column(t(f"requests.col_{name}", language), 130, right=True)
            for name in ("asked", "answered", "in_time", "late", "took")
        },
    }
    tables.show(table, columns, key="requests-times", alt=t("requests.times_alt", n=len(rows)))
    st.markdown(quiet(t("requests.times_note")))
