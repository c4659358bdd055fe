"""Cells of a workbook that cannot be taken: where, what stands there, and why not."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cockpit.ui import tables
from cockpit.ui.marks import quiet
from cockpit.ui.words import t


def draw(cells: Sequence[tuple[str, str, str, str]], more: int, *, key: str, height: int) -> None:
    """Sheet, cell, what was found and why it is wrong, of each; `more` are wrong and not among these."""
    names = ("sheet", "cell", "found", "why")
    table = tables.arrow({name: [cell[at] for cell in cells] for at, name in enumerate(names)})
    columns = {
        "sheet": tables.text_column(t("plans.col_sheet"), 120),
        "cell": tables.text_column(t("plans.col_cell"), 60),
        "found": tables.text_column(t("plans.col_found"), 200),
        "why": tables.text_column(t("plans.col_wrong"), 420),
    }
    tables.show(tables.seen(table), columns, key=key, alt=t("plans.wrong_alt"), height=height)
    if more:
        st.markdown(quiet(t("plans.wrong_more", shown=len(cells), n=more)))
