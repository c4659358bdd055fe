"""Parts of the alert desk: verdict, list, what is muted."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cockpit.ui import choose, figures, tables
from cockpit.ui.alert_words import close_reason
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.pick import pick, search_key
from cockpit.ui.status import PRIORITIES, Look
from cockpit.ui.words import lang, t
from cockpit.views.alerts import Alert, AlertsView

WORK = {
    "unack": Look("radio_button_unchecked", "○", "", "", "gray"),
    "ack": Look("person_check", "◆", "", "", "blue"),
    "muted": Look("notifications_off", "△", "", "", "blue"),
    "closed": Look("check", "✓", "", "", "gray"),
}


OVER = Look("check", "✓", "", "", "gray")
UNWATCHED = Look("visibility_off", "△", "", "", "gray")


def verdict(view: AlertsView, now_ms: int) -> str:
    """The first line of the page, and under it what it leaves out."""
    parts = []
    if view.n_waiting and view.oldest_waiting_s is not None:
        span = figures.span(view.oldest_waiting_s)
        parts.append(t("alerts.verdict_waiting", n=view.n_waiting, span=span))
    elif view.n_working:
        parts.append(t("alerts.verdict_working", n=view.n_working))
    if view.overdue:
        parts.append(t("alerts.verdict_overdue", n=view.overdue))
    if not parts:
        head = f"# {icon('task_alt', 'green')} {t('alerts.verdict_none')}"
        last = view.last_closed
        told = (
            t("alerts.last_closed", when=figures.instant(last, now_ms)) if last else t("alerts.none_closed")
        )
        return f"{head}\n\n{quiet(told)}"
    urgent = view.overdue or any(a.priority in ("critical", "high") for a in view.waiting)
    tone = (
        ("report", "red") if urgent else ("warning", "orange") if view.n_waiting else ("person_check", "blue")
    )
    text = f"# {icon(*tone)} {' · '.join(parts)}"
    return f"{text}\n\n{quiet(t('alerts.symptoms', n=view.symptoms))}" if view.symptoms else text


def matter(alert: Alert) -> str:
    """What it is about in one line."""
    language = lang()
    return t("alerts.matter", rule=alert.rule_name.get(language), subject=alert.subject_name.get(language))


def matching(alerts: Sequence[Alert], query: str) -> list[Alert]:
    """Alerts that hold every word of the query, diacritics aside."""
    wanted = search_key(query).split()
    if not wanted:
        return list(alerts)
    language = lang()

    def text(a: Alert) -> str:
        return search_key(f"CB-{a.id} {matter(a)} {a.subject} {a.place} {a.owner.get(language)} {a.ack_by}")

    return [a for a in alerts if all(word in text(a) for word in wanted)]


def listing(alerts: Sequence[Alert], *, closed: bool, key: str) -> str | None:
    """The list; returns the id of the chosen alert."""
    language = lang()
    priorities = {p: t(f"priority.{p}") for p in PRIORITIES}
    table = tables.arrow(
        {
            "priority": [tables.badge(PRIORITIES[a.priority], priorities[a.priority]) for a in alerts],
            "matter": [matter(a) for a in alerts],
            "place": [a.place or t("alerts.province") for a in alerts],
            "folded": [a.folded or None for a in alerts],
            "since": [figures.naive(a.since) for a in alerts],
            "due": [figures.naive((a.closed or a.due) if closed else a.due) for a in alerts],
            "ending": [tables.badge(_ending(a), close_reason(a, language)) for a in alerts],
            "owner": [a.owner.get(language) for a in alerts],
        }
    )
    columns = {
        "priority": tables.badge_column(
            t("alerts.col_priority"), {priorities[p]: look for p, look in PRIORITIES.items()}, 112
        ),
        "matter": tables.text_column(t("alerts.col_matter"), 235),
        "place": tables.text_column(t("alerts.col_place"), 100),
        "folded": tables.number_column(t("alerts.col_folded"), 56),
        "since": tables.instant_column(t("alerts.col_since"), 95),
        "due": tables.instant_column(t("alerts.col_closed" if closed else "alerts.col_due"), 95),
        "owner": tables.text_column(t("alerts.col_owner")),
    }
    if closed:
        words = {close_reason(a, language): _ending(a) for a in alerts}
        ending = {"ending": tables.badge_column(t("alerts.col_ending"), words, 165)}
        columns = {"matter": columns.pop("matter"), **ending, **columns}
    ids = [str(a.id) for a in alerts]
    return pick(table, ids, columns, key=key, alt=t("alerts.table_alt"), required=True)


def _ending(alert: Alert) -> Look:
    return OVER if alert.over else UNWATCHED


def muted(view: AlertsView, now_ms: int) -> str:
    """The rules that are off, always listed."""
    off = view.muted
    if not off:
        return quiet(f"{icon('notifications')} {t('alerts.muted_none')}")
    items = [
        t(
            "alerts.muted_item",
            rule=escape(r.rule.name.get(lang())),
            until=figures.instant(r.off.until, now_ms),
            actor=escape(r.off.actor),
            reason=escape(r.off.reason),
        )
        for r in off
        if r.off
    ]
    soonest = figures.instant(off[0].off.until if off[0].off else None, now_ms)
    text = t("alerts.muted", n=len(off), list="; ".join(items), when=soonest)
    return f"{icon('notifications_off')} {text}"


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
    )


def shown(
    found: Sequence[Alert], everything: Sequence[Alert], total: int, chosen: str, query: str
) -> str | None:
    """The list, or why it is empty; returns the id of the chosen alert, which may be of another list."""
    if not found:
        if query.strip():
            st.markdown(quiet(t("alerts.no_match", query=escape(query))))
        else:
            st.markdown(f"{icon('task_alt', 'green')} {t(f'alerts.empty_{chosen}')}")
        return choose.asked("id")
    if query.strip():
        st.markdown(quiet(t("alerts.found", n=len(found), total=total, query=escape(query))))
    elif len(everything) < total:
        st.markdown(quiet(t("alerts.shown", n=len(everything), total=total)))
    return listing(found, closed=chosen == "closed", key=f"alerts-{chosen}")


LIST_OF = {"unack": "waiting", "ack": "working", "muted": "hidden", "closed": "closed"}


def elsewhere(alert: Alert, chosen: str) -> None:
    """That the alert on the right is not of the list on the left, with the way to its own: it has just been
    acknowledged, or a link led here."""
    own = LIST_OF[alert.state]
    if own == chosen:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(quiet(t(f"alerts.now_{own}")), width="content")
        st.button(
            t("alerts.to_list"),
            key="alert-to-list",
            type="tertiary",
            icon=":material/list:",
            on_click=choose.put,
            args=("list", own),
        )


def is_number(text: str) -> bool:
    """Whether an address names an alert at all."""
    return text.isascii() and text.isdecimal() and len(text) <= 18


def escaped(text: str) -> str:
    """Text of the address as it may be shown."""
    return escape(text[:40])
