"""The layout of a workbook of plans: sheets, columns, and the words that stand for codes in them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from cockpit.domain.catalog import Text
from cockpit.profiles import Profile

Kind = Literal[
    "code", "text", "words", "day", "month", "number", "whole", "millions", "flag", "lines", "owner",
    "owners", "state", "direction",
]  # fmt: skip
"""What a cell holds. `words` are two columns: Vietnamese, and the same in English."""

MAX_FILE, MAX_INFLATED, MAX_ROWS, MAX_COLUMNS = 2 << 20, 16 << 20, 2000, 100
"""Bytes of a workbook, bytes of what is packed in it, rows and columns of a sheet."""


class Column(msgspec.Struct, frozen=True):
    """A column, by what it holds of a row."""

    member: str
    kind: Kind
    head: Text


class Sheet(msgspec.Struct, frozen=True):
    """A sheet, by the list of a plan that it holds; `plan` is the plan itself."""

    part: str
    title: Text
    columns: tuple[Column, ...]


class Lists(msgspec.Struct, frozen=True):
    """The sheet that only helps to choose."""

    title: Text
    owners: Text
    codes: Text
    states: Text


class Layout(msgspec.Struct, frozen=True):
    """All of it. `english` is what the head of the second of two columns ends with."""

    english: Text
    states: dict[str, Text]
    lists: Lists
    sheet: tuple[Sheet, ...]


class Head(NamedTuple):
    """The head of one column of a sheet: whose member it is, and whether it is the English half of two."""

    column: Column
    english: bool
    words: Mapping[str, str]  # by language


@cache
def layout() -> Layout:
    """As the file beside this one says."""
    path = Path(__file__).with_name("plan_layout.toml")
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Layout)


@cache
def heads(part: str) -> tuple[Head, ...]:
    """The columns of a sheet as they stand beside each other."""
    found = []
    (sheet,) = (one for one in layout().sheet if one.part == part)
    for column in sheet.columns:
        for english in (False, True) if column.kind == "words" else (False,):
            ends = layout().english if english else Text("", "")
            words = {lang: column.head.get(lang) + ends.get(lang) for lang in ("vi", "en")}
            found.append(Head(column, english, words))
    return tuple(found)


def owners(profile: Profile) -> dict[str, Text]:
    """Everybody who may own a part of a plan, by code: departments and others, then units."""
    return profile.bodies | {unit.code: Text(unit.name, unit.name) for unit in profile.units}


def folded(text: str) -> str:
    """Text as it is compared: case and spaces do not count."""
    return " ".join(text.split()).casefold()


def by_names(named: Iterable[tuple[str, Iterable[str]]]) -> dict[str, tuple[str, ...]]:
    """Of things with a code and names: the codes by each folded code or name. A code names its own thing
    alone; a name that several have leads to all of these."""
    things = [(code, tuple(names)) for code, names in named]
    found: dict[str, tuple[str, ...]] = {}
    for code, names in things:
        for word in dict.fromkeys(folded(name) for name in names):
            found[word] = (*found.get(word, ()), code)
    return found | {folded(code): (code,) for code, _ in things if code}
