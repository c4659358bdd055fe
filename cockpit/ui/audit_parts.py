"""Parts of the page of what people did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cockpit.ingest import audit_writing
from cockpit.store.queries.audit import Entry
from cockpit.ui import audit_words as words
from cockpit.ui import choose, figures, tables
from cockpit.ui.context import cockpit
from cockpit.ui.kept import kept
from cockpit.ui.marks import badge, escape, icon, quiet
from cockpit.ui.pick import pick
from cockpit.ui.screen import phone
from cockpit.ui.words import lang, t
from cockpit.views.audit import AuditView

SPANS = ("1", "7", "30", "365")
KINDS = ("all", "done", "refused")
LIST_PX = 520
HIDDEN = ("reason", "within_ms")
"""What has a line of its own, and what only machines read."""


def filters() -> tuple[int, str, str, DeltaGenerator]:
    """Days, which outcomes, and what is searched; and where else something may stand in their row."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with row:
        days = choose.one("days", SPANS, t("audit.span"), lambda d: t(f"audit.span_{d}"), drops="id")
        kind = choose.one("kind", KINDS, t("audit.kind"), lambda k: t(f"audit.kind_{k}"), drops="id")
        query = st.text_input(
            t("audit.search"), key="audit-q", placeholder=t("audit.search"), icon=":material/search:",
            label_visibility="collapsed", width=280, max_chars=80, on_change=choose.let_go, args=("id",),
        )  # fmt: skip
    return int(days), kind, query, row


def verdict(view: AuditView) -> str:
    """How much was done, by how many, and how much was refused."""
    if not view.entries:
        return f"# {t('audit.none', span=t(f'audit.span_{view.days}'))}"
    told = t(
        "audit.verdict", n=len(view.entries), people=view.actors, span=t(f"audit.span_{view.days}").lower()
    )
    more = t("audit.verdict_refused", n=view.refused) if view.refused else t("audit.verdict_none_refused")
    return f"# {told} {more}"


def found(view: AuditView, kind: str, query: str) -> tuple[Entry, ...]:
    """What the filters leave, the newest first."""
    language = lang()
    return tuple(
        e for e in view.entries
        if (kind == "all" or (e.outcome in ("done", "already")) == (kind == "done"))
        and (not query.strip() or words.matches(e, query, language))
    )  # fmt: skip


def listing(view: AuditView, entries: tuple[Entry, ...], query: str) -> str | None:
    """One row a command; returns the number of the chosen one."""
    if not entries:
        st.markdown(quiet(t("audit.no_match", query=escape(query)) if query.strip() else t("audit.empty")))
        return None
    language, small = lang(), phone()
    table, columns = kept(entries, lambda: _listed(view, entries, language, small), "audit", language, small)
    if view.cut:
        st.markdown(quiet(t("audit.cut", n=len(view.entries))))
    return pick(
        table, [str(e.seq) for e in entries], columns, key=f"audit-{language}",
        alt=t("audit.list_alt", n=len(entries)), height=LIST_PX,
    )  # fmt: skip


def _listed(
    view: AuditView, entries: tuple[Entry, ...], language: str, small: bool
) -> tuple[pa.Table, tables.Columns]:
    looks = {words.outcome(e, language): words.look(e) for e in entries}
    cells: dict[str, Sequence[Any]] = {
        "when": [figures.compact(e.t, view.now_ms) for e in entries],
        "who": [e.actor for e in entries],
        "did": [words.did(e, language) for e in entries],
        "about": [words.about(e, language) for e in entries],
        "outcome": [tables.badge(words.look(e), words.outcome(e, language)) for e in entries],
        "reason": [str(e.args.get("reason", "")) for e in entries],
        "role": [words.role(e, language) for e in entries],
    }
    columns = {
        "when": tables.text_column(t("audit.col_when"), 92),
        "who": tables.text_column(t("audit.col_who"), 120 if small else 170),
        "did": tables.text_column(t("audit.col_did"), 180),
        "outcome": tables.badge_column(t("audit.col_outcome"), looks, 190),
        "about": tables.text_column(t("audit.col_about"), 260),
        "reason": tables.text_column(t("audit.col_reason"), 240),
        "role": tables.text_column(t("audit.col_role"), 120),
    }
    return tables.seen(tables.arrow(cells)), columns


def detail(view: AuditView, entry: Entry) -> None:
    """One command in full: who, in which role, when on both clocks, with which arguments, why, what came."""
    language = lang()
    st.markdown(f"## {escape(words.did(entry, language))}", anchors=False)
    look = words.look(entry)
    whose = cockpit().profile.owner_name(entry.unit)
    who = [entry.actor, words.role(entry, language), whose.get(language) if whose else entry.unit]
    st.markdown(
        badge(words.outcome(entry, language), look.tone, look.icon)
        + " " + escape(" · ".join(part for part in who if part))
    )  # fmt: skip
    more = {name: value for name, value in entry.facts.items() if entry.args.get(name) != value}
    rows = [
        (t("audit.col_when"), figures.instant(entry.t, view.now_ms, language)),
        *[(t("audit.real"), figures.instant(entry.real, lang=language))] * cockpit().is_demo,
        (t("audit.col_reason"), str(entry.args.get("reason", "")) or figures.NOTHING),
        *_told(entry.args, language),
        *[(t("audit.fact", name=label), told) for label, told in _told(more, language)],
    ]
    tables.facts([(label, escape(told)) for label, told in rows], alt=t("audit.detail_alt"))
    st.markdown(quiet(f"{icon('tag')} {t('audit.number', n=entry.seq)} · `{entry.name}` · `{entry.outcome}`"))


def _told(found: dict[str, object], language: str) -> list[tuple[str, str]]:
    return [
        (words.argument(name, language), words.value(name, value, language))
        for name, value in found.items()
        if name not in HIDDEN and value not in (None, "", [], {})
    ]


def take_along(entries: tuple[Entry, ...]) -> None:
    """What is listed as a file."""
    st.download_button(
        t("audit.download"), data=lambda: audit_writing.write(entries), file_name="nhat-ky-thao-tac.csv",
        mime="text/csv", icon=":material/download:", key="audit-download", type="tertiary",
        on_click="ignore", disabled=not entries,
    )  # fmt: skip
