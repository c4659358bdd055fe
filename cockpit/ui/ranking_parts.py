"""Units and departments by one figure: places, how sure they are, and who moved most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from cockpit.domain.catalog import Indicator
from cockpit.domain.ranking import Bounds, Place
from cockpit.ui import choose, figures, tables
from cockpit.ui.kept import kept
from cockpit.ui.marks import escape, icon, lines, quiet
from cockpit.ui.pick import pick
from cockpit.ui.screen import phone
from cockpit.ui.status import LOOKS
from cockpit.ui.words import lang, t
from cockpit.views.units import GROUPS, MOVES_DAYS, Group, Move, Ranked, UnitsView

LIST_PX = 560


def chosen_figure(known: Sequence[Indicator]) -> str:
    """By which figure; the first of the profile is the usual one."""
    names = {i.code: i.short for i in known}
    return choose.pick_one("by", list(names), t("units.by"), lambda code: names[code].get(lang()), width=260)


def chosen_group(view: UnitsView) -> Group:
    """Wards, communes, special zones or departments: only like is compared with like."""
    there = [group for group in GROUPS if group in view.rows] or list(GROUPS)
    return choose.one("group", there, t("units.group"), lambda g: t(f"units.group_{g}"))


def verdict(view: UnitsView, group: Group) -> str:
    """Who is first and who last by the chosen figure."""
    language = lang()
    rows = [r for r in view.rows.get(group, ()) if r.place is not None]
    name = escape(view.indicator.short.get(language))
    if not rows:
        return f"# {t('units.none', language, figure=name)}"
    first, last = rows[0], rows[-1]
    if first.place is not None and last.place is not None and first.place.rank == last.place.rank:
        return f"# {t('units.all_alike', language, figure=name, value=escape(amount(view, first, language)))}"
    leading = sum(r.place is not None and r.place.rank == 1 for r in rows)
    return "# " + t(
        "units.leaders" if leading > 1 else "units.verdict", language, n=leading, figure=name,
        first=escape(first.name.get(language)), best=escape(amount(view, first, language)),
        last=escape(last.name.get(language)), worst=escape(amount(view, last, language)),
    )  # fmt: skip


def amount(view: UnitsView, row: Ranked, language: str) -> str:
    """What it is compared by: the count to so many inhabitants where there is one, else the value."""
    if row.per is not None:
        return t("units.per", language, n=figures.number(row.per, 1, language))
    unit = view.indicator.unit.get(language)
    return figures.quantity(row.value, unit, view.indicator.decimals, language)


def listing(view: UnitsView, group: Group) -> None:
    """The ranking; a row opens the page of the unit."""
    rows, language, small = view.rows.get(group, ()), lang(), phone()
    if not rows:
        st.markdown(quiet(t("units.empty", language)))
        return
    table, columns = kept(view, lambda: _listed(view, rows, language, small), "units", group, language, small)
    pick(
        table, [r.code for r in rows], columns, key=f"units-{group}-{view.indicator.code}-{language}",
        alt=t("units.list_alt", language, n=len(rows)), height=LIST_PX,
    )  # fmt: skip


def _listed(
    view: UnitsView, rows: Sequence[Ranked], language: str, small: bool
) -> tuple[pa.Table, tables.Columns]:
    indicator = view.indicator
    words = {status: t(f"status.{status}", language) for status in LOOKS}
    cells: dict[str, Sequence[Any]] = {
        "place": [place(r.place) for r in rows],
        "name": [r.name.get(language) for r in rows],
        "value": [figures.number(r.value, indicator.decimals, language) for r in rows],
        "per": [figures.number(r.per, 1, language) for r in rows],
        "status": [tables.badge(LOOKS[r.status], words[r.status]) for r in rows],
        "bounds": [within(r.bounds, language) for r in rows],
        "n": [figures.number(r.whole, 0, language) for r in rows],
        "move": [moved(r.move, language) for r in rows],
        "people": [figures.number(r.population, 0, language) for r in rows],
    }
    unit = indicator.unit.get(language)
    columns = {
        "place": tables.text_column(t("units.col_place", language), 64, right=True),
        "name": tables.text_column(t("units.col_name", language), 150 if small else 220),
        "value": tables.text_column(f"{t('indicators.value', language)} ({unit})", 110, right=True),
        "per": tables.text_column(t("units.col_per", language), 150, right=True),
        "move": tables.text_column(t("units.col_move", language, days=MOVES_DAYS), 150),
        "bounds": tables.text_column(t("units.col_bounds", language), 130, right=True),
        "n": tables.text_column(t("units.col_n", language), 100, right=True),
        "status": tables.badge_column(
            t("indicators.status", language), {words[s]: look for s, look in LOOKS.items()}, 150
        ),
        "people": tables.text_column(t("units.col_people", language), 90, right=True),
    }
    empty = {
        "per": all(r.per is None for r in rows),
        "move": all(r.move is None for r in rows),
        "bounds": all(r.bounds is None for r in rows),
        "n": all(r.whole is None for r in rows),
        "people": all(r.population is None for r in rows),
        "status": all(r.status == "unjudged" for r in rows),
    }
    shown = {name: column for name, column in columns.items() if not empty.get(name)}
    return tables.arrow({name: cells[name] for name in shown}), shown


def place(found: Place | None) -> str:
    return figures.NOTHING if found is None else str(found.rank)


def within(found: Bounds | None, language: str) -> str:
    """Between which shares the true one surely lies."""
    if found is None:
        return figures.NOTHING
    return f"{figures.number(found.low, 1, language)} – {figures.number(found.high, 1, language)}"


def moved(found: Move | None, language: str) -> str:
    """By how many points, and whether that may be chance."""
    if found is None:
        return figures.NOTHING
    if not round(found.by, 1):
        return t("units.unmoved", language)
    sign = "+" if found.by > 0 else "−"
    told = f"{sign}{figures.number(abs(found.by), 1, language)}"
    return told if found.sure else f"{told} {t('units.may_be_chance', language)}"


def movers(view: UnitsView) -> None:
    """Who gained and who lost most, and why: how many of how many."""
    language = lang()
    st.markdown(f"## {t('units.movers', language, days=MOVES_DAYS)}", anchors=False)
    if not view.better and not view.worse:
        st.markdown(quiet(t("units.no_movers", language)))
        return
    for key, rows, mark in (
        ("units.gained", view.better, icon("trending_up", "green")),
        ("units.lost", view.worse, icon("trending_down", "red")),
    ):
        st.markdown(f"**{t(key, language)}**")
        for row in rows:
            if row.move is not None:
                st.markdown(
                    lines(
                        f"{mark} {escape(row.name.get(language))} **{moved(row.move, language)}**",
                        quiet(why(row.move, language)),
                    )
                )
        if not rows:
            st.markdown(quiet(t("units.nobody", language)))
    st.markdown(quiet(t("units.chance_note", language)))


def why(found: Move, language: str) -> str:
    """The parts of both stretches: `181/190, trước đó 170/200`."""
    part, whole = found.parts
    old_part, old_whole = found.parts_before
    return t(
        "units.why", language,
        part=figures.number(part, 0, language), whole=figures.number(whole, 0, language),
        old_part=figures.number(old_part, 0, language), old_whole=figures.number(old_whole, 0, language),
    )  # fmt: skip
