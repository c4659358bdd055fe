"""Files about where people live: the register of hamlets, and the people of map cells. CSV in UTF-8.

A row that is wrong is refused alone, with its line, column, value and what to do; its neighbours stay.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, TypeVar

import h3

from cockpit.domain import decimals
from cockpit.domain.coverage.hamlets import Hamlet
from cockpit.domain.geo import Box
from cockpit.ingest.absence import absent

MAX_FILE = 64 << 20
MAX_NAME = 200
NEEDED = ("code", "unit", "name", "lat", "lon", "population")
MAY = ("households", "schools", "offices", "grid", "road")
RESOLUTION = 8
"""Cells are kept at this one; finer ones are added up."""
FINEST = 11
MAX_PEOPLE = 10_000_000

YES, NO = frozenset({"1", "true", "yes", "x", "co"}), frozenset({"0", "false", "no", "khong"})
"""Without the marks of Vietnamese."""

T = TypeVar("T")


class FileWrong(ValueError):
    """The file cannot be read at all; the message says what was found and is expected."""


class Refused(NamedTuple):
    """A cell of a row that was left out: what it should hold is the cure."""

    line: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: found {self.value!r}, expected {self.expected}"


class _Wrong(ValueError):
    def __init__(self, column: str, value: str, expected: str) -> None:
        super().__init__(expected)
        self.column, self.value, self.expected = column, value[:60], expected


def hamlets(data: bytes, units: Mapping[str, object], box: Box) -> tuple[list[Hamlet], list[Refused]]:
    """The hamlets of a file with columns code, unit, name, lat, lon, population and, if there,
    households, schools, offices, grid, road. Raises FileWrong."""
    seen: dict[str, int] = {}
    west, south, east, north = box

    def read(line: int, row: Mapping[str, str]) -> Hamlet:
        code = row["code"]
        if not code or len(code) > 60:
            raise _Wrong("code", code, "a code of at most 60 signs")
        if code in seen:
            raise _Wrong("code", code, f"a code once: it stands in line {seen[code]}, take one of them out")
        if row["unit"] not in units:
            raise _Wrong("unit", row["unit"], "a code of a unit of the province, such as in units.csv")
        if not row["name"] or len(row["name"]) > MAX_NAME:
            raise _Wrong("name", row["name"], f"a name of at most {MAX_NAME} signs")
        for name in ("code", "name"):
            if not row[name].isprintable():
                raise _Wrong(name, row[name], "signs that can be seen, on one line")
        lat, lon = (_number(row, name) for name in ("lat", "lon"))
        for name, value, low, high in (("lat", lat, south, north), ("lon", lon, west, east)):
            if not low <= value <= high:
                cure = "swap lat and lon" if south <= lon <= north and west <= lat <= east else "correct it"
                raise _Wrong(name, row[name], f"{low:g} to {high:g}, a place in the province: {cure}")
        households, schools, offices = (
            None if absent(row.get(name, "")) else _count(row, name) for name in MAY[:3]
        )
        made = Hamlet(
            code, row["unit"], row["name"], lat, lon, _count(row, "population"), households, schools, offices,
            _yes(row, "grid"), _yes(row, "road"),
        )  # fmt: skip
        seen[code] = line
        return made

    return _read(data, NEEDED, read)


def people(data: bytes) -> tuple[dict[str, int], list[Refused]]:
    """People by cell of resolution 8, from a file with columns h3, people. Raises FileWrong."""
    seen: dict[str, int] = {}

    def read(line: int, row: Mapping[str, str]) -> tuple[str, int]:
        cell = row["h3"].lower()
        if not h3.is_valid_cell(cell) or not RESOLUTION <= h3.get_resolution(cell) <= FINEST:
            raise _Wrong("h3", row["h3"], f"an H3 cell of resolution {RESOLUTION} to {FINEST}")
        if cell in seen:
            raise _Wrong("h3", row["h3"], f"a cell once: it stands in line {seen[cell]}, take one out")
        n = _count(row, "people")
        seen[cell] = line
        return h3.cell_to_parent(cell, RESOLUTION), n

    found, refused = _read(data, ("h3", "people"), read)
    sums: dict[str, int] = {}
    for cell, n in found:
        sums[cell] = sums.get(cell, 0) + n
    return sums, refused


def _read(
    data: bytes, needed: tuple[str, ...], read: Callable[[int, Mapping[str, str]], T]
) -> tuple[list[T], list[Refused]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileWrong(f"found no UTF-8 at byte {error.start}, expected text in UTF-8") from None
    found: list[T] = []
    refused: list[Refused] = []
    for line, row in _rows(text, needed):
        if row is None:
            refused.append(Refused(line, needed[0], "", "as many cells as the header has"))
            continue
        try:
            found.append(read(line, row))
        except _Wrong as wrong:
            refused.append(Refused(line, wrong.column, wrong.value, wrong.expected))
    return found, refused


def _rows(text: str, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str] | None]]:
    """Rows with the line where each begins; None for one of another width."""
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        lacking = [name for name in needed if name not in header]
        if lacking:
            raise FileWrong(f"line 1: lacks the columns {', '.join(lacking)}: add them, separated by commas")
        begun = reader.line_num + 1
        for row in reader:
            line, begun = begun, reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                yield line, None
            else:
                yield line, {name: cell.strip() for name, cell in zip(header, row, strict=True)}
    except csv.Error as error:
        raise FileWrong(f"line {reader.line_num}: {error}, expected CSV with quotes that close") from None


def _number(row: Mapping[str, str], name: str) -> float:
    found = decimals.decimal(row[name])
    if found is None:
        raise _Wrong(name, row[name], "degrees with a decimal point")
    return found


def _count(row: Mapping[str, str], name: str) -> int:
    text = row[name]
    if text.isascii() and text.isdigit() and int(text[:12]) <= MAX_PEOPLE and len(text) < 12:
        return int(text)
    raise _Wrong(name, text, f"a whole number from 0 to {MAX_PEOPLE}, digits alone")


def _yes(row: Mapping[str, str], name: str) -> bool | None:
    if absent(row.get(name, "")):
        return None
    marked = unicodedata.normalize("NFD", row.get(name, "").casefold())
    text = "".join(sign for sign in marked if not unicodedata.combining(sign))
    if text in YES:
        return True
    if text in NO:
        return False
    raise _Wrong(name, row[name], "1 or 0, or nothing where it is not known")
