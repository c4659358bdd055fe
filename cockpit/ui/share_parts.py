"""Area and people covered side by side: the province by operator, and commune by commune."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cockpit.ui import figures, live, tables
from cockpit.ui.context import cockpit
from cockpit.ui.coverage_parts import operator_name
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.words import lang, t
from cockpit.views import sites as sites_view
from cockpit.views.sites import Share


def verdict(whole: Share, operator: str) -> str:
    """How much of the province is covered: markdown."""
    text = t(
        "sites.shares_verdict",
        area=figures.percent(whole.area, 1),
        people=figures.percent(whole.population, 1),
        operator=escape(operator_name(operator)),
    )
    return f"# {icon('cell_tower', 'blue')} {text}"


def shares(operator: str, verdict_at: DeltaGenerator) -> None:
    """The section, its verdict in the place given."""
    found = live.view(sites_view.shares, operator)
    verdict_at.markdown(verdict(found[0], operator), anchors=False)
    whole = live.view(sites_view.by_operator)
    st.markdown(f"## {t('sites.by_operator')}", anchors=False)
    names = [t("sites.all_operators") if code == sites_view.ALL else operator_name(code) for code in whole]
    _table("sites-operators", t("coverage.operator"), names, list(whole.values()), operator)
    st.markdown(f"## {t('coverage.section_shares')}", anchors=False)
    units = cockpit().profile.unit
    rows = found[1:]
    _table("sites-shares", t("sites.col_unit"), [units[s.unit].short for s in rows], rows, operator)
    st.markdown(quiet(f"{t('sites.shares_note')} {t('sites.method')}"))


def _table(key: str, head: str, names: Sequence[str], rows: Sequence[Share], operator: str) -> None:
    language = lang()
    table = tables.arrow(
        {
            "name": names,
            "area": [round(s.area * 100, 1) for s in rows],
            "population": [round(s.population * 100, 1) for s in rows],
            "people": [figures.number(s.people, 0, language) for s in rows],
            "without": [figures.number(s.without, 0, language) for s in rows],
        }
    )
    columns = {
        "name": tables.text_column(head, 150),
        "area": tables.share_column(t("sites.col_area"), 150),
        "population": tables.share_column(t("sites.col_population"), 150),
        "people": tables.text_column(t("sites.col_people"), 110, right=True),
        "without": tables.text_column(t("sites.col_without"), 150, right=True),
    }
    alt = t("sites.shares_alt", operator=operator_name(operator))
    tables.show(table, columns, key=key, alt=alt, height=None)
