"""A workbook of plans (XLSX) read back: a plan, or every wrong cell by sheet and cell."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cockpit.domain.catalog import Text
from cockpit.domain.decimals import decimal
from cockpit.domain.plans.days import is_day, is_month
from cockpit.domain.plans.drafts import Mistake, mistakes
from cockpit.domain.plans.model import CODE, Draft, Month, Part, ProjectRow, Row
from cockpit.domain.text import plain
from cockpit.ingest.plan_layout import (
    MAX_COLUMNS,
    MAX_FILE,
    MAX_INFLATED,
    MAX_ROWS,
    Column,
    Head,
    Sheet,
    by_names,
    folded,
    heads,
    layout,
    owners,
)
from cockpit.ingest.workbooks import unfit
from cockpit.profiles import Profile

if TYPE_CHECKING:  # loaded by who reads a workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

LONG = {"code": 40, "lines": 200}
MOST_SIGNS = 500
MAX_PROBLEMS = 100
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})")
_CODE = re.compile(CODE)


class Wrong(NamedTuple):
    """A cell that cannot be taken: `code` says why, `found` what stands there."""

    sheet: str
    cell: str
    code: str
    found: str = ""


class Brought(NamedTuple):
    """What a workbook brings: a plan and where each of its rows stands, or the first of what is wrong: `more`
    cells are wrong beside these."""

    draft: Draft | None
    wrong: list[Wrong]
    places: Mapping[tuple[str, int], tuple[str, int, Mapping[str, str]]]
    """By part and row of the draft: the sheet, the row there, and the letters of its columns by member."""
    more: int = 0

    def where(self, mistake: Mistake) -> Wrong:
        """A mistake of the plan as a cell of the workbook."""
        part = mistake.part or "plan"
        sheet, row, letters = self.places.get((part, mistake.row), (part, 1, {}))
        letter = letters.get(mistake.member, "A")
        return Wrong(sheet, f"{letter}{row}", mistake.code, mistake.found)


class _Bad(Exception):
    """A value that cannot be taken, by the code of what is wrong."""

    def __init__(self, code: str) -> None:
        self.code = code


def read(data: bytes, profile: Profile) -> Brought:
    """The plan in a workbook, checked as far as it can be by itself. Nothing is raised: what is no workbook
    is wrong as a whole, with the sheet "" and the cell ""."""
    code = unfit(data, MAX_FILE, MAX_INFLATED)
    if code:
        return Brought(None, [Wrong("", "", code)], {})
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    except Exception:  # whatever a broken file makes the library stumble over
        return Brought(None, [Wrong("", "", "no_workbook")], {})
    reading = _Reading(profile)
    try:
        pages = {folded(page.title): page for page in book.worksheets}
        for sheet in layout().sheet:
            page = next((pages[folded(w)] for w in _both(sheet.title) if folded(w) in pages), None)
            if page is not None:
                reading.sheet(sheet, page)
            elif sheet.part == "plan":
                reading.wrong.append(Wrong(sheet.title.vi, "", "missing_sheet"))
    except Exception:
        return Brought(None, [Wrong("", "", "no_workbook")], {})
    finally:
        book.close()
    return reading.brought()


def _both(text: Text) -> tuple[str, str]:
    return text.vi, text.en


class _Reading:
    """Sheets as they are read one after the other."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._owners = by_names((code, _both(name)) for code, name in owners(profile).items())
        self._states = {
            folded(word): code for code, name in layout().states.items() for word in (code, *_both(name))
        }
        self.wrong: list[Wrong] = []
        self.more = 0
        self._wrong_cells: set[tuple[str, str]] = set()
        self.rows: dict[str, list[dict[str, Any]]] = {sheet.part: [] for sheet in layout().sheet}
        self.places: dict[tuple[str, int], tuple[str, int, Mapping[str, str]]] = {}

    def sheet(self, sheet: Sheet, page: ReadOnlyWorksheet) -> None:
        """Take every row of a sheet."""
        from openpyxl.utils import get_column_letter

        lines = page.iter_rows(min_row=1, max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS)
        first = next(lines, ())
        columns = self._columns(sheet, page.title, [cell.value for cell in first])
        letters = {
            head.column.member: get_column_letter(at + 1)
            for at, head in sorted(columns.items(), reverse=True)
        }
        for number, line in enumerate(lines, 2):
            cells = {at: line[at] for at in columns if at < len(line)}
            if all(cell.value in (None, "") for cell in cells.values()):
                continue
            if number > MAX_ROWS + 1:
                self.wrong.append(Wrong(page.title, f"A{number}", "too_many"))
                return
            row: dict[str, Any] = {}
            for at, cell in cells.items():
                head = columns[at]
                try:
                    self._take(row, head, cell.value, formula=cell.data_type == "f")
                except _Bad as bad:
                    found = "" if cell.value is None else plain(str(cell.value))[:60]
                    self._add(page.title, f"{get_column_letter(at + 1)}{number}", bad.code, found)
            self._need(sheet, row, page.title, number, letters)
            self.places[sheet.part, len(self.rows[sheet.part])] = page.title, number, letters
            self.rows[sheet.part].append(row)

    def _columns(self, sheet: Sheet, title: str, found: list[Any]) -> dict[int, Head]:
        """Which column stands where. What nobody knows is wrong, and so is what is missing."""
        from openpyxl.utils import get_column_letter

        known = {folded(word): head for head in heads(sheet.part) for word in head.words.values()}
        columns: dict[int, Head] = {}
        for at, value in enumerate(found):
            if value in (None, ""):
                continue
            head = known.get(folded(str(value)))
            if head is None or head in columns.values():
                code = "unknown_column" if head is None else "repeated"
                self._add(title, f"{get_column_letter(at + 1)}1", code, plain(str(value))[:60])
            else:
                columns[at] = head
        there = {head.column.member for head in columns.values()}
        for column in sheet.columns:
            if column.member not in there and _needed(sheet.part, column):
                self._add(title, "A1", "missing_column", column.head.vi)
        return columns

    def _need(
        self, sheet: Sheet, row: Mapping[str, Any], title: str, number: int, letters: Mapping[str, str]
    ) -> None:
        for column in sheet.columns:
            member = column.member
            if not _needed(sheet.part, column) or member not in letters or row.get(member) not in (None, ""):
                continue
            cell = f"{letters[member]}{number}"
            if (title, cell) not in self._wrong_cells:
                self._add(title, cell, "needed", "")

    def _take(self, row: dict[str, Any], head: Head, value: Any, *, formula: bool) -> None:
        """Put what a cell holds into its row. Raises _Bad."""
        if formula:
            raise _Bad("formula")
        member = head.column.member
        if head.column.kind == "words":
            words = _text(value, MOST_SIGNS)
            before = row.get(member)
            if head.english:
                row[member] = before if not words else Text(before.vi if before else words, words)
            elif words:
                row[member] = Text(words, before.en if before else words)
            return
        row[member] = self._value(head.column, value)

    def _value(self, column: Column, value: Any) -> Any:
        match column.kind:
            case "day":
                return _day(value)
            case "month":
                return _month(value)
            case "number":
                return _number(value)
            case "whole" | "millions":
                return _whole(value, 0 if column.kind == "millions" else None)
            case "flag":
                return _text(value, 10) != ""
            case "lines":
                return tuple(
                    line for part in str(value or "").splitlines() if (line := _text(part, LONG["lines"]))
                )
            case "owner":
                return self._owner(_text(value, MOST_SIGNS))
            case "owners":
                names = (_text(part, MOST_SIGNS) for part in str(value or "").split(";"))
                return tuple(self._owner(name) for name in names if name)
            case "state":
                text = _text(value, 60)
                if text and folded(text) not in self._states:
                    raise _Bad("state")
                return self._states.get(folded(text), "")
            case "direction":
                text = _text(value, 10)
                if text not in ("", "≥", "≤", ">=", "<="):
                    raise _Bad("direction")
                return "down" if text in ("≤", "<=") else "up"
            case "code":
                text = _text(value, LONG["code"])
                if text and not _CODE.fullmatch(text):
                    raise _Bad("form")
                return text
        return _text(value, MOST_SIGNS)

    def _owner(self, text: str) -> str:
        if not text:
            return ""
        codes = self._owners.get(folded(text), ())
        if len(codes) != 1:
            raise _Bad("owner_ambiguous" if codes else "owner")
        return codes[0]

    def _add(self, sheet: str, cell: str, code: str, found: str) -> None:
        self._wrong_cells.add((sheet, cell))
        if len(self.wrong) < MAX_PROBLEMS:
            self.wrong.append(Wrong(sheet, cell, code, found))
        else:
            self.more += 1

    def brought(self) -> Brought:
        """The plan of all sheets."""
        if not self.rows["plan"] and not self.wrong:
            self.wrong.append(Wrong(layout().sheet[0].title.vi, "A2", "needed"))
        months: dict[str, dict[str, Month]] = {}
        for n, row in enumerate(self.rows["months"]):
            project = row.get("project", "")
            if project not in {p.get("code") for p in self.rows["projects"]}:
                sheet, number, letters = self.places["months", n]
                self._add(sheet, f"{letters.get('project', 'A')}{number}", "project", project)
            money = Month(row.get("planned") or 0, row.get("paid") or 0)
            months.setdefault(project, {})[row.get("month", "")] = money
        if self.wrong:
            return Brought(None, self.wrong, self.places, self.more)
        try:
            draft = self._draft(months)
        except msgspec.ValidationError as error:  # no cell can be named for what no kind of cell foresees
            return Brought(
                None, [Wrong(layout().sheet[0].title.vi, "", "form", str(error)[:60])], self.places
            )
        brought = Brought(draft, [], self.places)
        wrong = [brought.where(one) for one in mistakes(draft, self._profile.nameable)]
        more = max(0, len(wrong) - MAX_PROBLEMS)
        return Brought(draft if not wrong else None, wrong[:MAX_PROBLEMS], self.places, more)

    def _draft(self, months: Mapping[str, Mapping[str, Month]]) -> Draft:
        projects = [{**row, "months": months.get(row["code"], {})} for row in self.rows["projects"]]
        parts = {
            "pillars": _all(Part, self.rows["pillars"]),
            "groups": _all(Part, self.rows["groups"]),
            "targets": _all(Row, self.rows["targets"]),
            "tasks": _all(Row, self.rows["tasks"]),
            "projects": _all(ProjectRow, projects),
        }
        return msgspec.convert({**_given(self.rows["plan"][0]), **parts}, Draft)


def _all(kind: type[Any], rows: list[dict[str, Any]]) -> tuple[Any, ...]:
    return tuple(msgspec.convert(_given(row), kind) for row in rows)


def _given(row: Mapping[str, Any]) -> dict[str, Any]:
    """Members that a row gives; what is left empty is as if it were not there."""
    return {name: value for name, value in row.items() if value is not None}


def _needed(part: str, column: Column) -> bool:
    """Whether a row cannot do without it."""
    member = column.member
    if part == "plan":
        return member in ("code", "name", "document", "source", "first", "last")
    return member in ("code", "name", "allotted", "project", "month")


def _text(value: Any, most: int) -> str:
    if isinstance(value, bool) or value is None:
        return "x" if value is True else ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date):
        value = value.strftime("%Y-%m-%d")
    text = plain(str(value))
    if len(text) > most:
        raise _Bad("long")
    return text


def _day(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    text = _text(value, 40)
    if found := _DAY.fullmatch(text):
        text = f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    if text and not is_day(text):
        raise _Bad("day")
    return text


def _month(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m")
    text = _text(value, 40)
    if found := _MONTH.fullmatch(text):
        text = f"{found[2]}-{int(found[1]):02d}"
    if text and not is_month(text):
        raise _Bad("month")
    return text


def _number(value: Any) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = _text(value, 40)
    found = decimal(text.replace(",", ".")) if text else None
    if text and found is None:
        raise _Bad("number")
    return found


def _whole(value: Any, least: int | None) -> int | None:
    found = _number(value)
    if found is None:
        return None
    if not found.is_integer() or (least is not None and not least <= found <= 1_000_000_000):
        raise _Bad("whole")
    return int(found)
