"""Cells of a workbook that cannot be taken: where, what stands there, and why not."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.ui import tables
from cockpit.ui.words import t


def draw(cells: Sequence[tuple[str, str, str, str]], *, key: str, height: int) -> None:
    """Sheet, cell, what was found and why it is wrong, of each."""
    names = ("sheet", "cell", "found", "why")
    table = tables.arrow({name: [cell[at] for cell in cells] for at, name in enumerate(names)})
    columns = {
        "sheet": tables.text_column(t("plans.col_sheet"), 120),
        "cell": tables.text_column(t("plans.col_cell"), 60),
        "found": tables.text_column(t("plans.col_found"), 200),
        "why": tables.text_column(t("plans.col_wrong"), 420),
    }
    tables.show(tables.seen(table), columns, key=key, alt=t("plans.wrong_alt"), height=height)
