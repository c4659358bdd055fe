"""A plan as a workbook (XLSX) in the layout that is also read."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from cockpit.domain.catalog import Text
from cockpit.domain.plans.days import Days, is_day
from cockpit.domain.plans.model import Plan
from cockpit.domain.plans.putting import row_of, row_of_project
from cockpit.ingest.plan_layout import MAX_ROWS, Head, Kind, heads, layout, owners
from cockpit.profiles import Profile

if TYPE_CHECKING:  # a fifth of a second and twenty megabytes, for those who ask for a workbook
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

WIDTHS: Mapping[Kind, int] = {"words": 44, "text": 18, "lines": 34, "owner": 30, "owners": 30, "state": 20}
FIRST_ROW = 2


def write(plan: Plan, profile: Profile, language: str) -> bytes:
    """The workbook of a plan with all its parts, its heads and words in a language."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    days = Days(profile.utc_offset_s)
    names = {code: name.get(language) for code, name in owners(profile).items()}
    for sheet in layout().sheet:
        page = book.create_sheet(sheet.title.get(language))
        columns = heads(sheet.part)
        for at, head in enumerate(columns, 1):
            _put(page.cell(1, at), head.words[language])
        for number, row in enumerate(_rows(plan, sheet.part, days), FIRST_ROW):
            for at, head in enumerate(columns, 1):
                _fill(page.cell(number, at), head, row, names, language)
        _dress(page, columns)
    _lists(book, profile, names, language)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(plan: Plan, part: str, days: Days) -> Iterable[Mapping[str, Any]]:
    match part:
        case "plan":
            return [_members(plan.facts)]
        case "pillars" | "groups":
            return [_members(one) for one in getattr(plan.facts, part)]
        case "targets" | "tasks":
            return [_members(row_of(item, days)) for item in getattr(plan, part)]
        case "projects":
            return [_members(row_of_project(project)) for project in plan.projects]
    return [
        {"project": project.facts.code, "month": month, "planned": money.planned, "paid": money.paid}
        for project in plan.projects
        for month, money in sorted(project.facts.months.items())
    ]


def _members(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}


def _fill(cell: Cell, head: Head, row: Mapping[str, Any], names: Mapping[str, str], language: str) -> None:
    value = row[head.column.member]
    match head.column.kind:
        case "words":
            _put(cell, _half(value, english=head.english))
        case "day":
            if is_day(value):
                cell.value = date.fromisoformat(value)
                cell.number_format = "DD/MM/YYYY"
        case "number" | "whole" | "millions":
            cell.value = value
        case "flag":
            _put(cell, "x" if value else "")
        case "lines":
            _put(cell, "\n".join(value))
        case "owner":
            _put(cell, names.get(value, value))
        case "owners":
            _put(cell, "; ".join(names.get(code, code) for code in value))
        case "state":
            _put(cell, layout().states[value].get(language))
        case "direction":
            _put(cell, "≤" if value == "down" else "≥")
        case _:
            _put(cell, str(value))


def _half(value: Text | None, *, english: bool) -> str:
    """The Vietnamese words, and beside them the English ones where they differ."""
    if value is None:
        return ""
    if not english:
        return value.vi
    return value.en if value.en != value.vi else ""


def _put(cell: Cell, text: str) -> None:
    """Text as text: what begins like a formula is none, now and when the cell is edited."""
    if text:
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text[0] in "=+-@"


def _dress(page: Worksheet, columns: Iterable[Head]) -> None:
    """Heads that stay in sight, widths that can be read."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    page.freeze_panes = "B2"
    for at, head in enumerate(columns, 1):
        cell = page.cell(1, at)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        page.column_dimensions[get_column_letter(at)].width = WIDTHS.get(head.column.kind, 14)


def _lists(book: Workbook, profile: Profile, names: Mapping[str, str], language: str) -> None:
    """The sheet to choose from, and the choices in the cells."""
    from openpyxl.utils import get_column_letter, quote_sheetname
    from openpyxl.worksheet.datavalidation import DataValidation

    lists = layout().lists
    title = lists.title.get(language)
    page = book.create_sheet(title)
    states = [word.get(language) for word in layout().states.values()]
    for at, (head, values) in enumerate(
        ((lists.owners, names.values()), (lists.codes, names), (lists.states, states)), 1
    ):
        _put(page.cell(1, at), head.get(language))
        for number, value in enumerate(values, FIRST_ROW):
            _put(page.cell(number, at), value)
    page.column_dimensions["A"].width = 46
    ranges = {"owner": ("A", len(names)), "state": ("C", len(states))}
    for sheet in layout().sheet:
        for at, one in enumerate(heads(sheet.part), 1):
            if one.column.kind not in ranges:
                continue
            column, n = ranges[one.column.kind]
            formula = f"{quote_sheetname(title)}!${column}$2:${column}${n + 1}"
            choice = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=False)
            letter = get_column_letter(at)
            choice.add(f"{letter}{FIRST_ROW}:{letter}{MAX_ROWS}")
            book[sheet.title.get(language)].add_data_validation(choice)
