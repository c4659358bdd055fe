"""How far each pillar is, and what draws it down."""

from __future__ import annotations

import streamlit as st

from cockpit.domain.scoring import Score
from cockpit.ui import choose, figures, tables
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.screen import phone
from cockpit.ui.status import LOOKS
from cockpit.ui.words import lang, t
from cockpit.views.indicators import IndicatorsView
from cockpit.views.pillars import PillarScore
from cockpit.views.unit_pillars import UnitPillars

DRIVERS = 2
"""Figures that are named because they draw a pillar down most."""
ALL = "all"
HIGH = 560


def cards(view: IndicatorsView) -> None:
    """A card a pillar: score, what is red and orange, what costs most."""
    if not view.pillars:
        return
    language = lang()
    for column, one in zip(st.columns(len(view.pillars)), view.pillars, strict=True):
        with column.container(border=True, height="stretch", gap="xsmall", key=f"pillar-{one.pillar.code}"):
            _card(one, language)
    st.markdown(quiet(t("pillars.note", language)))


def _card(one: PillarScore, language: str) -> None:
    name = escape(one.pillar.name.get(language))
    value = one.score.value
    told = figures.NOTHING if value is None else figures.number(value, 1, language)
    st.metric(name, f"{told} :small[/100]" if value is not None else told, width="content")
    counted = " · ".join(
        f"{icon(LOOKS[status].icon, LOOKS[status].tone)} {one.counts.get(status, 0)}"
        for status in ("red", "orange", "green")
    )
    rest = one.score.left_out
    more = f" · {quiet(t('pillars.left_out', language, n=rest))}" if rest else ""
    st.markdown(counted + more)
    if value is None:
        st.markdown(quiet(t("pillars.too_few", language)))
    known = cockpit().profile.indicator
    names = [
        t("pillars.driver", language, name=escape(known[d.code].short.get(language)),
          points=figures.number(d.costs, 1, language))
        for d in one.score.drivers[:DRIVERS]
    ]  # fmt: skip
    if names:
        st.markdown(quiet(t("pillars.drivers", language, names=", ".join(names))))


def chosen(view: IndicatorsView) -> frozenset[str] | None:
    """The indicators of the pillar that the list is narrowed to; None for all."""
    if not view.pillars:
        return None
    language = lang()
    names = {one.pillar.code: one.pillar.name.get(language) for one in view.pillars}
    code = choose.one(
        "pillar", [ALL, *names], t("pillars.filter", language),
        lambda c: names.get(c) or t("pillars.all", language),
    )  # fmt: skip
    return next((frozenset(p.pillar.indicators) for p in view.pillars if p.pillar.code == code), None)


SCREENS = ("list", "units")


def screen() -> str:
    """Whether all indicators are listed, or the scores of units."""
    return choose.one("view", SCREENS, t("pillars.screens"), lambda name: t(f"pillars.screen_{name}"))


def by_unit(view: UnitPillars) -> None:
    """Every unit with its score by pillar and what draws it down, the lowest first."""
    language, known = lang(), cockpit().profile.indicator
    if not view.units:
        st.markdown(quiet(t("pillars.no_units", language)))
        return

    def score(one: Score) -> str:
        return figures.NOTHING if one.value is None else figures.number(one.value, 1, language)

    def drivers(one: Score) -> str:
        return ", ".join(
            t("pillars.driver", language, name=known[d.code].short.get(language),
              points=figures.number(d.costs, 1, language))
            for d in one.drivers[:DRIVERS]
        )  # fmt: skip

    cells: dict[str, list[object]] = {
        "unit": [one.unit.name for one in view.units],
        "whole": [score(one.whole) for one in view.units],
        "drivers": [drivers(one.whole) for one in view.units],
        "judged": [figures.number(len(one.whole.parts), 0, language) for one in view.units],
        "left": [figures.number(one.whole.left_out, 0, language) for one in view.units],
    }
    columns = {
        "unit": tables.text_column(t("indicators.unit", language), 170 if phone() else 220),
        "whole": tables.text_column(t("pillars.score", language), 90, right=True),
    }
    for n, pillar in enumerate(view.pillars):
        cells[f"p{n}"] = [score(one.by_pillar[n]) for one in view.units]
        columns[f"p{n}"] = tables.text_column(pillar.name.get(language), 120, right=True)
    columns |= {
        "drivers": tables.text_column(t("pillars.col_drivers", language), 360),
        "judged": tables.text_column(t("pillars.judged", language), 110, right=True),
        "left": tables.text_column(t("pillars.col_left", language), 130, right=True),
    }
    alt = t("pillars.units_alt", language, n=len(view.units))
    tables.show(tables.arrow(cells), columns, key="unit-pillars", alt=alt, height=HIGH)
    st.markdown(quiet(t("pillars.units_note", language)))
