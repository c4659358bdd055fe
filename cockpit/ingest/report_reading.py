"""A workbook of reports (XLSX) read: its sheets with their heads, then its rows as figures, or every wrong
cell by sheet and cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cockpit.domain.decimals import decimal
from cockpit.domain.reporting import MEMBERS, reportable
from cockpit.domain.text import MAX_NOTE, plain
from cockpit.ingest.plan_layout import folded
from cockpit.ingest.report_layout import (
    HEAD_WITHIN,
    MAX_COLUMNS,
    MAX_FILE,
    MAX_INFLATED,
    MAX_LINES,
    MAX_SHEETS,
    known_heads,
    names_of,
    period_of_cell,
    places_of,
)
from cockpit.ingest.workbooks import NoWorkbook, opened
from cockpit.profiles import Profile

MAX_PROBLEMS = 100
MOST_HEAD = 100
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+")
_WITH_DECIMALS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+")

Columns = Mapping[str, str]
"""Member of a report -> the head of its column in a workbook."""


class Wrong(NamedTuple):
    """A cell that cannot be taken: `code` says why, `found` what stands there, `among` the codes of all that
    it may mean. A file that is none at all has neither sheet nor cell."""

    sheet: str
    cell: str
    code: str
    found: str = ""
    among: tuple[str, ...] = ()


class Sheet(NamedTuple):
    """A sheet with the line of its heads and these, in order; "" where a column has none."""

    title: str
    line: int
    heads: tuple[str, ...]

    def guessed(self, kept: Columns) -> dict[str, str]:
        """Which head is which member: as it was remembered, else as the layout knows it."""
        there = {folded(head): head for head in self.heads if head}
        found = {m: there[folded(head)] for m, head in kept.items() if folded(head) in there and m in MEMBERS}
        taken = set(found.values())
        for name, head in there.items():
            member = known_heads().get(name)
            if member is not None and member not in found and head not in taken:
                found[member] = head
                taken.add(head)
        return {m: found[m] for m in MEMBERS if m in found}


class Cells(NamedTuple):
    """A row of figures as it stands in a sheet; `values` by member; what it lacks is left out."""

    line: int
    values: dict[str, Any]


class Brought(NamedTuple):
    """The rows of a sheet, and the first of what is wrong with it: `more` cells are wrong beside these.
    `blank`: rows that hold no figure and are left out."""

    sheet: str
    rows: list[Cells]
    wrong: list[Wrong]
    letters: Mapping[str, str]
    blank: int
    more: int = 0

    def where(self, row: int, member: str, code: str) -> Wrong:
        """What is wrong with a row of `rows`, as a cell."""
        letter = self.letters.get(member) or next(iter(self.letters.values()), "A")
        found = self.rows[row].values.get(member, "")
        return Wrong(self.sheet, f"{letter}{self.rows[row].line}", code, plain(str(found))[:60])


class _Bad(Exception):
    def __init__(self, code: str, among: tuple[str, ...] = ()) -> None:
        self.code, self.among = code, among


def look(data: bytes) -> list[Sheet] | Wrong:
    """The sheets of a workbook that have anything like heads, or why it is none."""
    try:
        with opened(data, MAX_FILE, MAX_INFLATED) as book:
            found = [_headed(page) for page in book.worksheets[:MAX_SHEETS]]
    except NoWorkbook as no:
        return Wrong("", "", no.code)
    sheets = [sheet for sheet in found if sheet is not None]
    return sheets or Wrong("", "", "no_heads")


def _headed(page: Any) -> Sheet | None:
    """The line with most texts, of the first ones; of those that say as much the first."""
    best: Sheet | None = None
    most = 1  # a title alone is no line of heads
    for number, line in enumerate(page.iter_rows(max_row=HEAD_WITHIN, max_col=MAX_COLUMNS), 1):
        heads = tuple(plain(cell.value)[:MOST_HEAD] if isinstance(cell.value, str) else "" for cell in line)
        known = sum(folded(head) in known_heads() for head in heads)
        weight = sum(bool(head) for head in heads) + 100 * (known > 1)
        if weight > most:
            best, most = Sheet(page.title, number, heads), weight
    return best


def read(data: bytes, sheet: Sheet, columns: Columns, profile: Profile, *, unit: str, period: str) -> Brought:
    """The rows under the heads of a sheet; `unit` and `period` are those of rows that name none, "" for the
    whole province and for none. Nothing is raised: what is no workbook is wrong as a whole."""
    reading = _Reading(profile, sheet, columns, unit, period)
    try:
        with opened(data, MAX_FILE, MAX_INFLATED) as book:
            pages = [page for page in book.worksheets if page.title == sheet.title]
            reading.page(pages[0])
    except NoWorkbook as no:
        return Brought(sheet.title, [], [Wrong("", "", no.code)], {}, 0)
    return Brought(sheet.title, reading.rows, reading.wrong, reading.letters, reading.blank, reading.more)


class _Reading:
    def __init__(self, profile: Profile, sheet: Sheet, columns: Columns, unit: str, period: str) -> None:
        from openpyxl.utils import get_column_letter

        self._sheet, self._unit, self._period = sheet, unit, period
        self._reportable = {one.code for one in reportable(profile.indicators, profile.sources)}
        self._indicators = names_of(profile.indicators)
        self._shares = {i.code for i in profile.indicators if i.unit.vi == "%"}
        self._places = places_of(profile)
        at = {folded(head): n for n, head in reversed(list(enumerate(sheet.heads))) if head}
        self._at = {m: at[folded(head)] for m, head in columns.items() if folded(head) in at}
        self.letters = {m: get_column_letter(n + 1) for m, n in self._at.items()}
        self.rows: list[Cells] = []
        self.wrong: list[Wrong] = []
        self.blank = self.more = 0
        self._heads_once()
        if "indicator" not in self._at:
            self._add(f"A{sheet.line}", "no_indicator")
        if "value" not in self._at and not {"numerator", "denominator"} <= set(self._at):
            self._add(f"A{sheet.line}", "no_value")
        if "period" not in self._at and not period:
            self._add(f"A{sheet.line}", "no_period")

    def _heads_once(self) -> None:
        """A head that a member is read from stands above one column alone."""
        from openpyxl.utils import get_column_letter

        for at in self._at.values():
            name = folded(self._sheet.heads[at])
            for n, head in enumerate(self._sheet.heads):
                if n != at and folded(head) == name:
                    self._add(f"{get_column_letter(n + 1)}{self._sheet.line}", "two_columns", head)

    def page(self, page: Any) -> None:
        """Take every row under the heads."""
        if self.wrong:
            return
        lines = page.iter_rows(min_row=self._sheet.line + 1, max_row=MAX_LINES + 1, max_col=MAX_COLUMNS)
        for number, line in enumerate(lines, self._sheet.line + 1):
            cells = {m: line[n] for m, n in self._at.items() if n < len(line)}
            told = {m: cell for m, cell in cells.items() if cell.value not in (None, "")}
            if not told:
                continue
            if number > MAX_LINES:
                self._add(f"A{number}", "too_many")
                return
            if not {"value", "numerator", "denominator"} & told.keys():
                self.blank += 1
                continue
            self._row(number, told)
        if not self.rows and not self.wrong:
            self._add(f"A{self._sheet.line + 1}", "no_rows")

    def _row(self, number: int, told: Mapping[str, Any]) -> None:
        values: dict[str, Any] = {}
        bad = False
        for member in MEMBERS:
            cell = told.get(member)
            try:
                values[member] = self._value(member, cell, values)
            except _Bad as error:
                bad = True
                letter = self.letters.get(member, next(iter(self.letters.values())))
                found = "" if cell is None else str(cell.value)
                self._add(f"{letter}{number}", error.code, found, error.among)
        if not bad:
            self.rows.append(Cells(number, {m: v for m, v in values.items() if v is not None}))

    def _value(self, member: str, cell: Any, row: Mapping[str, Any]) -> Any:
        """What a cell says, None where there is none. Raises _Bad."""
        if cell is not None and cell.data_type in ("f", "e"):
            raise _Bad("formula" if cell.data_type == "f" else "error")
        value = None if cell is None else cell.value
        if member == "indicator":
            return self._indicator(value)
        if member == "unit":
            return self._place(value)
        if member == "period":
            if value is None:
                if not self._period:
                    raise _Bad("needed")
                return self._period
            if not (found := period_of_cell(value, cell.number_format)):
                raise _Bad("period")
            return found
        if member == "note":
            text = "" if value is None else plain(str(value))
            if len(text) > MAX_NOTE:
                raise _Bad("long")
            return text
        return None if value is None else self._number(member, value, cell.number_format, row)

    def _indicator(self, value: object) -> str:
        if value is None:
            raise _Bad("needed")
        codes = self._indicators.get(folded(str(value)), ())
        # Also where all but one of them take no report: which was meant, nobody can tell.
        if len(codes) > 1:
            raise _Bad("ambiguous_indicator", codes)
        if not codes:
            raise _Bad("unknown_indicator")
        if codes[0] not in self._reportable:
            raise _Bad("foreign_indicator")
        return codes[0]

    def _place(self, value: object) -> str:
        if value is None:
            return self._unit
        name = folded(str(int(value) if isinstance(value, float) and value.is_integer() else value))
        # Spreadsheets turn the code 06652 into the number 6652.
        codes = self._places.get(name) or self._places.get(name.zfill(5) if name.isdigit() else name, ())
        if len(codes) != 1:
            raise _Bad("ambiguous_unit" if codes else "unknown_unit", codes)
        return codes[0]

    def _number(self, member: str, value: object, number_format: str, row: Mapping[str, Any]) -> float:
        share = member == "value" and row.get("indicator") in self._shares
        if isinstance(value, int | float) and not isinstance(value, bool):
            # A cell that is shown as 97.5% holds 0.975.
            return float(value) * 100 if share and "%" in number_format else float(value)
        text = plain(str(value)).strip()
        if share:
            text = text.removesuffix("%").strip()
        if _WITH_DECIMALS.fullmatch(text):
            text = text.replace(".", "")
        elif _THOUSANDS.fullmatch(text):
            raise _Bad("thousands")
        found = decimal(text.replace(",", "."))
        if found is None:
            raise _Bad("number")
        return found

    def _add(self, cell: str, code: str, found: str = "", among: tuple[str, ...] = ()) -> None:
        if len(self.wrong) < MAX_PROBLEMS:
            self.wrong.append(Wrong(self._sheet.title, cell, code, plain(found)[:60], among))
        else:
            self.more += 1


def first_used(sheets: Sequence[Sheet], kept: Columns) -> int:
    """The sheet that most likely holds the figures: whose heads say most."""
    weights = [len(sheet.guessed(kept)) for sheet in sheets]
    return weights.index(max(weights))
