"""The review of a plan by month or quarter: who did what was due, by department and by locality."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import streamlit as st

from cockpit.domain.periods import Length, Period, to_date
from cockpit.domain.plans.progress import Reviewed
from cockpit.ui import choose, figures, tables
from cockpit.ui import plan_words as words
from cockpit.ui.kept import kept
from cockpit.ui.marks import quiet
from cockpit.ui.words import lang, t
from cockpit.views.plans import ReviewView

LENGTHS: tuple[Length, ...] = ("M", "Q")
BACK = ("0", "1", "2", "3")
"""How many periods back one may look."""


def choices() -> tuple[Length, int]:
    """Draw the choice of the period."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        length = choose.one("period", LENGTHS, t("plans.period"), lambda one: t(f"plans.period_{one}"))
        back = choose.one("back", BACK, t("plans.back"), lambda n: t(f"plans.back_{n}"))
    return length, int(back)


def review(view: ReviewView, code: str) -> None:
    """Two tables: departments, localities."""
    span = f"{_day(view.period, last=False)} – {_day(view.period, last=True)}"
    part = f" · {t('plans.part_period')}" if view.part else ""
    st.markdown(quiet(t("plans.review_span", period=label(view.period), span=span) + part))
    for name, rows in (("departments", view.departments), ("localities", view.localities)):
        if not rows:
            continue
        st.markdown(f"## {t(f'plans.review_{name}')} {quiet(str(len(rows)))}", anchors=False)
        told = (f"plan-review-{name}", code, lang())
        table, columns = kept(view, lambda rows=rows: _table(rows), *told)  # type: ignore[misc]
        tables.show(table, columns, key="-".join(told), alt=t(f"plans.review_{name}"), height=400)
    if not view.departments and not view.localities:
        st.markdown(quiet(t("plans.review_none")))
    st.markdown(quiet(t("plans.review_note")))


def label(period: Period) -> str:
    """`tháng 11/2026`, `quý 4/2026`."""
    return figures.period(period.label)


def _day(period: Period, *, last: bool) -> str:
    return to_date(period.last if last else period.first).strftime("%d/%m/%Y")


def _table(rows: Sequence[Reviewed]) -> tuple[pa.Table, tables.Columns]:
    language = lang()
    table = tables.arrow(
        {
            "owner": [words.body(r.owner, language) for r in rows],
            "due": [r.due for r in rows],
            "in_time": [r.in_time for r in rows],
            "after": [r.after for r in rows],
            "open": [r.open for r in rows],
            "share": [r.share for r in rows],
            "behind": [r.behind for r in rows],
            "idle": [r.idle for r in rows],
            "done": [r.done for r in rows],
            "coming": [r.coming for r in rows],
        }
    )
    columns = {
        "owner": tables.text_column(t("plans.col_owner"), 250),
        "share": tables.share_column(t("plans.col_in_time_share"), 120),
        **{
            name: tables.number_column(t(f"plans.col_{name}"), 96)
            for name in ("due_in", "in_time", "after", "open", "behind", "idle", "done_in", "coming")
        },
    }
    named = {"due": "due_in", "done": "done_in"}
    return table.rename_columns([named.get(name, name) for name in table.column_names]), columns
