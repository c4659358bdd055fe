"""Parts of the page of one unit or department."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from cockpit.domain.plans.model import item_of
from cockpit.domain.registers import Entry, code_of
from cockpit.ui import choose, figures, nav, need_parts, plan_words, tables
from cockpit.ui import ranking_parts as ranking
from cockpit.ui.context import cockpit
from cockpit.ui.kept import kept
from cockpit.ui.marks import escape, icon, lines, quiet
from cockpit.ui.screen import phone
from cockpit.ui.status import LOOKS, PRIORITIES
from cockpit.ui.words import lang, t
from cockpit.views.home import Need
from cockpit.views.unit_page import OfUnit, UnitPage

TASKS = 6
"""Open tasks that are shown; the others are one click away."""


def chosen() -> None:
    """Another unit or department by its name."""
    profile, language = cockpit().profile, lang()
    names = {u.code: u.short for u in profile.units} | {c: b.get(language) for c, b in profile.bodies.items()}
    code = choose.asked("id") or ""
    key = f"unit-pick-{code}-{language}"

    def clicked() -> None:
        choose.put("id", st.session_state[key] or code)

    st.selectbox(
        t("units.pick", language), list(names), index=list(names).index(code) if code in names else None,
        placeholder=t("units.pick", language), format_func=lambda c: names[c], key=key, on_change=clicked,
        label_visibility="collapsed", width=300,
    )  # fmt: skip


def head(view: UnitPage) -> None:
    """Its name, what it is, and how much of it is red, open or late."""
    language, n = lang(), view.counts
    bad = len(view.red) + sum(f.status == "red" for f in view.owned)
    told = [
        t("units.head_red", language, n=bad),
        t("units.head_alerts", language, n=n.alerts),
        t("units.head_late", language, n=n.late),
    ]
    look = LOOKS["red" if bad else "orange" if n.alerts or n.late else "stale" if view.unsure else "green"]
    st.markdown(
        f"# {icon(look.icon, look.tone)} {escape(view.name.get(language))}: "
        + ", ".join(part for part in told if part),
        anchors=False,
    )
    unit = view.unit
    if unit is None:
        st.markdown(quiet(t("units.a_department", language)))
        return
    st.markdown(quiet(" · ".join((
        t(f"unit_kind.{unit.kind}", language),
        t("units.people", language, n=figures.number(unit.population, 0, language)),
        t("units.area", language, n=figures.number(unit.area_km2, 1, language)),
        escape(unit.code),
    ))))  # fmt: skip


def counts(view: UnitPage) -> None:
    """What is open, each with its way there."""
    language, n = lang(), view.counts
    with st.container(horizontal=True, gap="small"):
        if view.unit is not None:
            place = {"unit": view.code} | ({} if n.waiting else {"list": "working"})
            nav.link(
                "alerts", t("home.unit_alerts", language, n=n.alerts), icon="notifications", params=place
            )
            if n.cameras:
                label = t("units.cameras", language, offline=n.offline, n=n.cameras)
                nav.link("cameras", label, icon="videocam", params={"unit": view.code})
            label = t("units.gaps", language, n=n.gaps)
            nav.link("gaps", label, icon="signal_cellular_off", params={"unit": view.code} if n.gaps else {})
            written = view.feedback
            label = t("units.feedback", language, n=written.n, late=written.late)
            nav.link("feedback", label, icon="record_voice_over", params={"unit": view.code})
        if n.asked:
            label = t("units.asked", language, n=n.asked)
            nav.link("requests", label, icon="forum", params={"view": "all", "unit": view.code})
        label = t("units.tasks", language, n=n.tasks, late=n.late)
        nav.link(
            "plans", label, icon="checklist", params={"unit": view.code} | ({"view": "due"} if n.late else {})
        )


def own_figures(view: UnitPage) -> None:
    """Its figures with targets and places."""
    language, small = lang(), phone()
    st.markdown(
        f"## {t('units.figures', language)} {quiet(figures.number(len(view.figures), 0, language))}",
        anchors=False,
    )
    if not view.figures:
        st.markdown(quiet(t("units.no_figures", language)))
        return
    table, columns = kept(
        view, lambda: _figures(view.figures, view, language, small), "unit-figures", language, small
    )
    tables.show(table, columns, key=f"unit-figures-{view.code}", alt=t("units.figures_alt", language))
    st.markdown(quiet(t("units.bounds_note", language)))


def _figures(
    found: Sequence[OfUnit], view: UnitPage, language: str, small: bool
) -> tuple[pa.Table, tables.Columns]:
    words = {status: t(f"status.{status}", language) for status in LOOKS}
    cells: dict[str, Sequence[Any]] = {
        "name": [f.indicator.short.get(language) for f in found],
        "value": [
            figures.quantity(f.row.value, f.indicator.unit.get(language), f.indicator.decimals, language)
            for f in found
        ],
        "target": [
            figures.goal(f.aim.target, f.indicator.direction, "", language)
            if f.aim is not None else figures.NOTHING
            for f in found
        ],
        "status": [tables.badge(LOOKS[f.row.status], words[f.row.status]) for f in found],
        "place": [
            f"{f.row.place.rank}/{f.row.place.of}" if f.row.place is not None else figures.NOTHING
            for f in found
        ],
        "bounds": [ranking.within(f.row.bounds, language) for f in found],
        "move": [ranking.moved(f.row.move, language) for f in found],
    }  # fmt: skip
    columns = {
        "name": tables.text_column(t("units.col_figure", language), 160 if small else 210),
        "value": tables.text_column(t("indicators.value", language), 120, right=True),
        "target": tables.text_column(t("indicators.target", language), 90, right=True),
        "status": tables.badge_column(
            t("indicators.status", language), {words[s]: look for s, look in LOOKS.items()}, 150
        ),
        "place": tables.text_column(t(f"units.place_{view.group}", language), 120, right=True),
        "move": tables.text_column(t("units.col_move", language, days=7), 150),
        "bounds": tables.text_column(t("units.col_bounds", language), 130, right=True),
    }
    return tables.arrow({name: cells[name] for name in columns}), columns


def owned(view: UnitPage) -> None:
    """The province's figures that a department answers for, what is red first."""
    language = lang()
    if not view.owned:
        return
    rank = list(LOOKS)
    st.markdown(f"## {t('units.owned', language)} {quiet(str(len(view.owned)))}", anchors=False)
    for figure in sorted(view.owned, key=lambda f: (rank.index(f.status), f.number)):
        look = LOOKS[figure.status]
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
            unit = escape(figure.unit.get(language))
            value = figures.quantity(figure.value, unit, figure.decimals, language)
            goal = figures.target(figure.target, figure.direction, unit, language)
            named = escape(figure.short.get(language))
            st.markdown(f"{icon(look.icon, look.tone)} {named} **{value}** {quiet(goal)}", width="stretch")
            nav.open_link("indicators", {"id": figure.code})


def needs(view: UnitPage) -> None:
    """What is open there, the most urgent first."""
    language = lang()
    counted = quiet(figures.number(view.counts.alerts, 0, language))
    st.markdown(f"## {t('units.open', language)} {counted}", anchors=False)
    if not view.needs:
        st.markdown(f"{icon('task_alt', 'green')} {t('units.nothing_open', language)}")
    for need in view.needs:
        alert(need, language)


def alert(need: Need, language: str) -> None:
    """One alert with its way there."""
    row, look = need.alert, PRIORITIES[need.alert.priority]
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        told = (
            t("home.since", language, when=figures.instant(row.since, need.now_ms, language)),
            escape(row.owner.get(language)),
            t(f"alerts.state_{row.state}", language),
        )
        st.markdown(
            lines(f"{icon(look.icon, look.tone)} {need_parts.title(row, language)}", quiet(" · ".join(told))),
            width="stretch",
        )
        nav.open_link("alerts", {"id": str(row.id)})


def tasks(view: UnitPage) -> None:
    """What it has to do, what is due first."""
    language = lang()
    counted = quiet(figures.number(view.counts.tasks, 0, language))
    st.markdown(f"## {t('units.to_do', language)} {counted}", anchors=False)
    if not view.tasks:
        st.markdown(quiet(t("units.no_tasks", language)))
    for entry in view.tasks[:TASKS]:
        _task(entry, view.now_ms, language)
    if len(view.tasks) > TASKS:
        nav.link("plans", t("units.all_tasks", language, n=len(view.tasks)), icon="list")


def _task(entry: Entry, now_ms: int, language: str) -> None:
    item = item_of(entry)
    look = plan_words.look_of(item, now_ms)
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        named = f"{code_of(entry.kind, entry.id)} {item.facts.name.get(language)}"
        st.markdown(
            lines(f"{icon(look.icon, look.tone)} {escape(named)}",
                  quiet(f"{t('units.due', language)} {plan_words.due(item, now_ms, language)}")),
            width="stretch",
        )  # fmt: skip
        nav.open_link("plans", {"id": f"{entry.kind}-{entry.id}"})


def sources(view: UnitPage) -> None:
    """The feeds that a department sends."""
    language = lang()
    if not view.sources:
        return
    st.markdown(f"## {t('units.sources', language)} {quiet(str(len(view.sources)))}", anchors=False)
    for source in view.sources:
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
            st.markdown(escape(source.name.get(language)), width="stretch")
            nav.open_link("sources", {"id": source.code})


def gone(code: str) -> str:
    return f"# {icon('help', 'gray')} {t('units.gone', code=escape(code))}"
