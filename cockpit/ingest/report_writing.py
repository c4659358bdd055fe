"""The template of a workbook of reports (XLSX): what somebody may report, to fill in and bring back."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from cockpit.domain.catalog import Indicator
from cockpit.ingest.report_layout import layout
from cockpit.profiles import Profile

if TYPE_CHECKING:  # a fifth of a second and twenty megabytes, for those who ask for a workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

WIDTHS = (12, 34, 14, 12, 12, 12, 44)


class Asked(NamedTuple):
    """A row to be filled in: the figure, whose ("" for the whole province), the period."""

    indicator: Indicator
    unit: str
    period: str


def template(asked: Sequence[Asked], profile: Profile, language: str) -> bytes:
    """The workbook with a row for each figure that is asked, and the figures by code on a sheet beside."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    words = layout()
    book = Workbook()
    page = book.active
    page.title = words.title.get(language)
    _line(page, 1, [column.head.get(language) for column in words.column])
    for number, row in enumerate(asked, 2):
        owner = profile.owner_name(row.unit)
        place = words.province.get(language) if owner is None else owner.get(language)
        _line(page, number, [row.indicator.code, place, row.period])
    lists = book.create_sheet(words.lists.get(language))
    _line(lists, 1, [word.get(language) for word in (words.code, words.name, words.measure)])
    shown = {row.indicator.code: row.indicator for row in asked}
    for number, one in enumerate(shown.values(), 2):
        _line(lists, number, [one.code, one.name.get(language), one.unit.get(language)])
    for sheet, widths in ((page, WIDTHS), (lists, (12, 60, 20))):
        sheet.freeze_panes = "A2"
        for at, width in enumerate(widths, 1):
            head = sheet.cell(1, at)
            head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
            sheet.column_dimensions[get_column_letter(at)].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _line(page: Worksheet, number: int, texts: Sequence[str]) -> None:
    for at, text in enumerate(texts, 1):
        _put(page.cell(number, at), text)


def _put(cell: Cell, text: str) -> None:
    """Text as text: a period stays what it is, and what begins like a formula is none."""
    if text:
        cell.value = text
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = text[0] in "=+-@"
