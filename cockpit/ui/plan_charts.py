"""Charts of a plan: done against time, when what is to be done, money against time. Each with its table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import pyarrow as pa
import streamlit as st

from cockpit.domain.plans.days import Days
from cockpit.domain.plans.model import Item
from cockpit.ui import charts, figures, tables
from cockpit.ui import plan_words as words
from cockpit.ui.context import utc_offset_s
from cockpit.ui.kept import kept
from cockpit.ui.marks import quiet, swatch
from cockpit.ui.pick import pick
from cockpit.ui.screen import phone
from cockpit.ui.status import BLUE, GRAY, GREEN, ORANGE, PALE, RED
from cockpit.ui.words import NBSP, lang, t
from cockpit.views.plans import PlanView

Spec = dict[str, Any]

ROW_PX = 22
LATE, AFTER, DONE, DOING, REST = "late", "after", "done", "doing", "rest"
_COLORS = {LATE: RED, AFTER: ORANGE, DONE: GREEN, DOING: BLUE, REST: PALE}
BARS = 60
"""Bars that are drawn at once: more are nobody's picture."""


def _line(field: str, color: str, *, dash: bool = False) -> Spec:
    mark: Spec = {"type": "line", "color": color, "strokeWidth": 2, "aria": False}
    if dash:
        mark |= {"strokeDash": [5, 4], "strokeWidth": 1.75}
    axis = {"title": None, "grid": True, "tickCount": 5}
    return {"mark": mark, "encoding": {"y": {"field": field, "type": "quantitative", "axis": axis}}}


def _today(day: str, label: str) -> list[Spec]:
    """A rule at today with its word."""
    row, at = {"values": [{"at": day, "label": label}]}, {"field": "at", "type": "temporal"}
    rule = {"type": "rule", "color": PALE, "strokeDash": [2, 3], "aria": False}
    text = {"type": "text", "align": "right", "baseline": "top", "dx": -4, "aria": False}
    return [
        {"data": row, "mark": rule, "encoding": {"x": at}},
        {"data": row, "mark": text, "encoding": {"x": at, "y": {"value": 0}, "text": {"field": "label"}}},
    ]


@cache
def path_spec(language: str, today: str, label: str, tick: str = "month") -> Spec:
    """`planned` (dashed) and `real` over `t`, with today."""
    axis = {"format": "%m/%Y", "title": None, "labelOverlap": True, "tickCount": tick}
    return {
        "height": 210,
        "encoding": {"x": {"field": "t", "type": "temporal", "axis": axis}},
        "layer": [
            _line("planned", GRAY, dash=True),
            _line("real", BLUE),
            *(_today(today, label) if today else []),
        ],
        "config": charts.untold(language),
    }


def burn_up(view: PlanView) -> None:
    """Tasks done against those that were to be done."""
    st.markdown(f"## {t('plans.burn_up')}", anchors=False)
    told, code = [b for b in view.burnt if b.done is not None], view.plan.facts.code
    if not view.plan.tasks or not view.known:
        st.markdown(quiet(t("plans.burn_up_untold")))
        return
    if view.plan.facts.asof:
        st.markdown(quiet(t("plans.burn_up_single", date=words.day(view.plan.facts.asof))))
        return
    rows = [(b.day, float(b.due), None if b.done is None else float(b.done)) for b in view.burnt]
    last = told[-1] if told else None
    alt = t(
        "plans.burn_up_alt",
        done=last.done if last else 0,
        due=last.due if last else 0,
        total=view.tasks.total,
    )
    _draw(view, rows, f"plan-burnt-{code}", alt)
    st.markdown(_legend([("─", BLUE, t("plans.done_line")), ("┄", GRAY, t("plans.due_line"))]))
    heads = ("plans.day", "plans.due_line", "plans.done_line")
    _twin(
        [(words.day(b.day), b.due, b.done) for b in view.burnt[::-1]], heads, f"plan-burnt-twin-{code}", alt
    )


def money(view: PlanView) -> None:
    """What was paid against what was to be paid."""
    st.markdown(f"## {t('plans.money')}", anchors=False)
    total, code, language = view.money, view.plan.facts.code, lang()
    if not view.plan.projects:
        st.markdown(quiet(t("plans.money_none")))
        return
    allotted, paid = words.billions(total.allotted), words.billions(total.paid)
    if not view.spent:
        st.markdown(t("plans.money_allotted", total=allotted))
        st.markdown(quiet(t("plans.money_untold")))
        return
    share = figures.quantity(total.share, "%", 1, language)
    st.markdown(t("plans.money_told", paid=paid, total=allotted, share=share))
    rows = [
        (_month_end(s.month), s.planned / 1000, None if s.paid is None else s.paid / 1000) for s in view.spent
    ]
    alt = t("plans.money_alt", paid=paid, total=allotted)
    _draw(view, rows, f"plan-spent-{code}", alt)
    st.markdown(_legend([("─", BLUE, t("plans.paid_line")), ("┄", GRAY, t("plans.planned_line"))]))
    told = [
        (words.day(s.month), words.billions(s.planned), None if s.paid is None else words.billions(s.paid))
        for s in view.spent[::-1]
    ]
    heads = ("plans.month", "plans.planned_line", "plans.paid_line")
    _twin(told, heads, f"plan-spent-twin-{code}", alt)


def _draw(view: PlanView, rows: Sequence[tuple[str, float, float | None]], key: str, alt: str) -> None:
    """A path with what became of it, and today in it."""
    spec = path_spec(lang(), _naive(view.today) if view.runs else "", t("plans.today"))
    charts.draw(kept(view, lambda: _path(rows), key), spec, key=key, alt=alt)


def gantt(view: PlanView, items: Sequence[Item]) -> None:
    """When each is to be done, and how far it is."""
    dated = [i for i in items if i.facts.start and i.facts.due]
    if not dated:
        st.markdown(quiet(t("plans.gantt_none")))
        return
    shown, small, language = dated[:BARS], phone(), lang()
    if len(shown) < len(dated):
        st.markdown(quiet(t("plans.gantt_cut", n=len(shown), total=len(dated))))
    name = ("plan-gantt", view.plan.facts.code, language, small, tuple(i.entry.id for i in shown))
    table = kept(view, lambda: _bars(view, shown, language), *name)
    spec = gantt_spec(language, len(shown), _naive(view.today) if view.runs else "", t("plans.today"), small)
    late = sum(i.late(view.now_ms) for i in shown)
    alt = t("plans.gantt_alt", n=len(shown), late=late)
    charts.draw(table, spec, key=f"plan-gantt-{view.plan.facts.code}", alt=alt)
    known = (
        ("■", RED, "late"),
        ("✓", ORANGE, "done_after"),
        ("✓", GREEN, "state_done"),
        ("▸", BLUE, "state_doing"),
        ("○", PALE, "state_not_started"),
    )
    st.markdown(_legend([(glyph, mark, t(f"plans.{key}")) for glyph, mark, key in known]))


@cache
def gantt_spec(language: str, rows: int, today: str, label: str, small: bool) -> Spec:
    """Bars from `start` to `end` by `name` in the order of the data, coloured by `state`; a tick where it was
    done."""
    month = {"format": "%m/%Y", "title": None, "orient": "top", "grid": True, "tickCount": "month"}
    x = {"type": "temporal", "axis": {**month, "labelOverlap": True}}
    axis = {"title": None, "labelLimit": 130 if small else 420}
    y = {"field": "name", "type": "nominal", "sort": None, "axis": axis}
    scale = {"domain": list(_COLORS), "range": list(_COLORS.values())}
    hint = [{"field": "text", "title": " "}]
    bars: Spec = {
        "mark": {"type": "bar", "height": 11, "cornerRadius": 2, "opacity": 0.85, "aria": False},
        "encoding": {
            "x": {"field": "start", **x},
            "x2": {"field": "end"},
            "y": y,
            "color": {"field": "state", "type": "nominal", "scale": scale},
            "tooltip": hint,
        },
    }
    ends: Spec = {
        "mark": {"type": "tick", "thickness": 2.5, "size": 16, "color": "currentColor", "aria": False},
        "encoding": {"x": {"field": "done", "type": "temporal"}, "y": y, "tooltip": hint},
    }
    return {
        "height": max(80, rows * ROW_PX),
        "layer": [bars, ends, *(_today(today, label) if today else [])],
        "config": charts.untold(language),
        "usermeta": {"embedOptions": {"renderer": "svg"}},
    }


def _bars(view: PlanView, items: Sequence[Item], language: str) -> pa.Table:
    days = Days(utc_offset_s())
    found = []
    for item in items:
        state = item.state if item.state in (DONE, DOING) else REST
        if item.late(view.now_ms):
            state = LATE
        elif state == DONE and not item.in_time:
            state = AFTER
        end = date.fromisoformat(item.facts.due) + timedelta(days=1)
        done = days.of(item.entry.closed) if item.state == "done" and item.entry.closed else None
        told = (
            item.facts.name.get(language),
            words.owner_of(item.entry, item.facts, language),
            words.state_word(item, view.now_ms, view.plan, language),
            words.due(item, view.now_ms, language),
        )
        label = f"{words.code(item.entry)} {item.facts.name.get(language)}"
        found.append(
            (
                label,
                _naive(item.facts.start),
                end.isoformat() + "T00:00:00",
                done and _naive(done),
                state,
                " · ".join(told),
            )
        )
    names = ("name", "start", "end", "done", "state", "text")
    return tables.arrow({name: [row[n] for row in found] for n, name in enumerate(names)})


def projects(view: PlanView) -> None:
    """A line a project; one opens."""
    some = view.plan.projects
    if not some:
        return
    language = lang()
    table = tables.arrow(
        {
            "code": [words.code(p.entry) for p in some],
            "name": [p.facts.name.get(language) for p in some],
            "owner": [words.owner_of(p.entry, p.facts, language) for p in some],
            "allotted": [words.billions(p.facts.allotted, language) for p in some],
            "paid": [words.billions(p.paid, language) if p.facts.months else figures.NOTHING for p in some],
            "share": [
                100 * p.paid / p.facts.allotted if p.facts.months and p.facts.allotted else None for p in some
            ],
        }
    )
    columns = {
        "name": tables.text_column(t("plans.col_project"), 180 if phone() else 300),
        "share": tables.share_column(t("plans.col_paid_share"), 120),
        "paid": tables.text_column(t("plans.paid"), 110, right=True),
        "allotted": tables.text_column(t("plans.allotted"), 110, right=True),
        "owner": tables.text_column(t("plans.col_owner"), 200),
        "code": tables.text_column(t("plans.col_code"), 64),
    }
    ids = [f"{p.entry.kind}-{p.entry.id}" for p in some]
    pick(
        table,
        ids,
        columns,
        key=f"plan-projects-{view.plan.facts.code}",
        alt=t("plans.projects_alt", n=len(some)),
    )


def _path(rows: Sequence[tuple[str, float, float | None]]) -> pa.Table:
    return tables.arrow(
        {
            "t": [_naive(day) for day, _, _ in rows],
            "planned": [float(planned) for _, planned, _ in rows],
            "real": [None if real is None else float(real) for _, _, real in rows],
        }
    )


def _month_end(month: str) -> str:
    """The last day of a month."""
    year, number = map(int, month.split("-"))
    return (date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)).isoformat()


def _naive(day: str) -> str:
    """A day as provincial wall time without a zone: charts would show the browser's."""
    return f"{day}T00:00:00"


def _legend(entries: Sequence[tuple[str, str, str]]) -> str:
    return " &nbsp; ".join(
        swatch(glyph, mark, word.replace(" ", NBSP), dark_glyph=mark in (ORANGE, PALE))
        for glyph, mark, word in entries
    )


def _twin(
    rows: Sequence[tuple[object, object, object]], heads: tuple[str, str, str], key: str, alt: str
) -> None:
    """The same as a table, one click away."""
    table = tables.arrow(
        {f"c{n}": [figures.NOTHING if row[n] is None else str(row[n]) for row in rows] for n in range(3)}
    )
    columns = {f"c{n}": tables.text_column(t(head), 170, right=n > 0) for n, head in enumerate(heads)}
    tables.twin(table, columns, key=key, alt=alt)
