"""The layout of a workbook of reports: the heads of its columns, and the words of periods."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path

import msgspec

from cockpit.domain.catalog import Indicator, Text
from cockpit.domain.periods import is_report_period
from cockpit.ingest.plan_layout import by_names, folded
from cockpit.profiles import Profile

MAX_FILE, MAX_INFLATED, MAX_LINES, MAX_COLUMNS, MAX_SHEETS = 2 << 20, 16 << 20, 2000, 60, 30
"""Bytes of a workbook, bytes of what is packed in it, lines and columns of a sheet, sheets."""
HEAD_WITHIN = 20
"""The heads stand within so many lines: a title and a line of who reports may stand above."""


class Column(msgspec.Struct, frozen=True):
    """A column of the template; `also` are other heads by which it is known."""

    member: str
    head: Text
    also: tuple[str, ...] = ()


class Layout(msgspec.Struct, frozen=True):
    """All of it."""

    title: Text
    lists: Text
    code: Text
    name: Text
    measure: Text
    province: Text
    column: tuple[Column, ...]
    words: dict[str, tuple[str, ...]]


@cache
def layout() -> Layout:
    """As the file beside this one says."""
    path = Path(__file__).with_name("report_layout.toml")
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Layout)


@cache
def known_heads() -> dict[str, str]:
    """Member by the folded heads by which it is known at once."""
    found: dict[str, str] = {}
    for column in layout().column:
        for word in (column.head.vi, column.head.en, *column.also):
            found.setdefault(folded(word), column.member)
    return found


def names_of(indicators: Iterable[Indicator]) -> dict[str, tuple[str, ...]]:
    """Codes of indicators by their folded codes and names: several where a name is that of several."""
    return by_names((one.code, (one.name.vi, one.name.en, one.short.vi, one.short.en)) for one in indicators)


def places_of(profile: Profile) -> dict[str, tuple[str, ...]]:
    """Codes of units and departments by their folded codes and names, "" for the whole province."""
    bodies = [(code, profile.bodies[code]) for code in profile.addressees if code in profile.bodies]
    return by_names(
        [
            ("", (layout().province.vi, layout().province.en)),
            *((unit.code, (unit.name,)) for unit in profile.units),
            *((code, (name.vi, name.en)) for code, name in bodies),
        ]
    )


_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_YEAR = r"(?P<year>\d{4})"
_FORMS = (
    re.compile(rf"(?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}})[/.-]{_YEAR}"),
    re.compile(rf"(?P<month>\d{{1,2}})[/.-]{_YEAR}"),
    re.compile(rf"{_YEAR}[/.-](?P<month>\d{{1,2}})"),
)


def period_of_cell(value: object, number_format: str = "") -> str:
    """The period that a cell names, as reports name it: "2026-11-22", "2026-11", "2026-Q4", "2026". A date is
    a month where the cell shows no day. "" where it names none."""
    if isinstance(value, datetime | date):
        shows_day = not number_format or "d" in number_format.lower()
        return value.strftime("%Y-%m-%d" if shows_day else "%Y-%m")
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
    text = folded(str(value))
    if is_report_period(text.upper()):
        return text.upper()
    words = layout().words
    quarter = re.fullmatch(
        rf"(?:{'|'.join(words['quarter'])})\s*(?P<n>[1-4]|iv|i{{1,3}})[\s/.-]*(?:{'|'.join(words['year'])})?\s*{_YEAR}",
        text,
    )
    if quarter:
        return f"{quarter['year']}-Q{_ROMAN.get(quarter['n'], quarter['n'])}"
    text = re.sub(rf"^(?:{'|'.join((*words['month'], *words['year']))})\s*(?=\d)", "", text)
    text = re.sub(rf"\s*(?:{'|'.join(words['year'])})\s*", "/", text).replace(" ", "")
    for form in _FORMS:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            label = f"{parts['year']}-{int(parts['month']):02d}"
            label += f"-{int(parts['day']):02d}" if parts.get("day") else ""
            return label if is_report_period(label) else ""
    return text if is_report_period(text) else ""
