"""Reading the files of a profile, collecting every mistake instead of stopping at the first."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec.structs import FieldInfo

from cockpit.domain import decimals
from cockpit.domain.catalog import Text
from cockpit.profiles import toml

T = TypeVar("T", bound=msgspec.Struct)

_AT = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]")
_MAX_SHOWN = 40


class ProfileError(ValueError):
    """A profile that cannot be used. `problems` are sentences: file, line or key, found, expected."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        shown = problems[:_MAX_SHOWN]
        if len(problems) > _MAX_SHOWN:
            shown = [*shown, f"… and {len(problems) - _MAX_SHOWN} more"]
        super().__init__("the profile has mistakes:\n" + "\n".join(shown))


class Problems:
    """The mistakes found so far."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, where: str, found: object, expected: str) -> None:
        """One mistake: `where` names the file and the line or key."""
        self.found.append(f"{where}: found {_shown(found)}, expected {expected}")

    def stop_if_any(self) -> None:
        if self.found:
            raise ProfileError(self.found)


def _shown(value: object) -> str:
    text = value if isinstance(value, _Words) else repr(value)
    return text if len(text) <= 80 else text[:77] + "…"


class _Words(str):
    """Already words, to be shown without quotes."""


NOTHING = _Words("nothing")


def words(text: str) -> str:
    """A description of what was found that is shown without quotes."""
    return _Words(text)


def read_toml(path: Path, problems: Problems) -> dict[str, Any]:
    """The file as a dict; {} and a problem where it is missing or no TOML."""
    try:
        return toml.parse(path.read_text("utf-8-sig"))
    except OSError as error:
        problems.add(path.name, _unread(error), "a TOML file: docs/province.md says what it holds")
    except UnicodeDecodeError as error:
        problems.add(f"{path.name} byte {error.start}", words("no UTF-8"), "text in UTF-8")
    except ValueError as error:
        problems.add(path.name, words(str(error)), "valid TOML")
    return {}


def _unread(error: OSError) -> str:
    return words("no such file" if isinstance(error, FileNotFoundError) else error.strerror or str(error))


def read_csv(path: Path, columns: tuple[str, ...], problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Rows with their line number, each of exactly the given columns, in that order."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        problems.add(path.name, _unread(error), f"a CSV file with columns {','.join(columns)}")
        return
    except UnicodeDecodeError as error:
        problems.add(f"{path.name} byte {error.start}", words("no UTF-8"), "text in UTF-8")
        return
    if not unicodedata.is_normalized("NFC", text):
        for number, line in enumerate(text.split("\n"), 1):
            if not unicodedata.is_normalized("NFC", line):
                problems.add(f"{path.name} line {number}", words("decomposed accents"), "text in Unicode NFC")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    width, number = len(columns), 0
    try:
        header = next(reader, [])
        if tuple(header) != columns:
            expected = f"{','.join(columns)}: {_differing(header, columns)}"
            problems.add(f"{path.name} line 1", words(",".join(header) or "nothing"), expected)
            return
        for number, row in _begun(reader):
            if len(row) != width:
                problems.add(f"{path.name} line {number}", words(f"{len(row)} columns"), f"{width}")
            else:
                yield number, row
    except csv.Error as error:
        problems.add(f"{path.name} after line {number or 1}", words(str(error)), "CSV with quotes that close")


def _differing(header: list[str], columns: tuple[str, ...]) -> str:
    """What to do to a header to make it the expected one."""
    missing, unknown = ([c for c in a if c not in b] for a, b in ((columns, header), (header, columns)))
    told = [f"add {', '.join(missing)}"] * bool(missing) + [f"take out {', '.join(unknown)}"] * bool(unknown)
    return " and ".join(told) or "put them in this order, each once"


def _begun(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line where each begins; a reader tells where they end."""
    begun = reader.line_num + 1
    for row in reader:
        yield begun, row
        begun = reader.line_num + 1


def number(cell: str, where: str, expected: str, problems: Problems, *, whole: bool = False) -> float | None:
    """The cell as a finite number, or None and a problem."""
    value = decimals.whole(cell) if whole else decimals.decimal(cell)
    if value is None:
        problems.add(where, cell, expected)
    return value


def tables(
    doc: Mapping[str, Any], file: str, key: str, kind: type[T], problems: Problems, **extra: Any
) -> list[T]:
    """Every `[[key]]` of a document as a struct; `extra` gives fields that the file must not set."""
    rows = doc.get(key)
    if not isinstance(rows, list) or not rows:
        problems.add(f"{file} key {key}", NOTHING if rows is None else rows, f"one or more [[{key}]]")
        return []
    out = []
    for position, row in enumerate(rows, 1):
        where = f"{file} [[{key}]] {position}"
        if isinstance(row, dict):
            name = row.get("code", row.get("id"))
            where = f"{file} [[{key}]] {name}" if isinstance(name, str | int) else where
        made = struct(row, where, kind, problems, **extra)
        if made is not None:
            out.append(made)
    return out


def struct(row: Any, where: str, kind: type[T], problems: Problems, **extra: Any) -> T | None:
    """One table as a struct, or None and a problem for each unknown key and the first wrong value."""
    if not isinstance(row, dict):
        problems.add(where, row, "a table")
        return None
    wanted = _fields(kind)
    before = len(problems.found)
    for unknown in [k for k in row if k not in wanted or k in extra]:
        allowed = ", ".join(k for k in wanted if k not in extra)
        problems.add(f"{where} key {unknown}", words("an unknown key"), f"one of {allowed}")
    full = {k: _text(v) if wanted[k].type in _TEXTS else v for k, v in row.items() if k in wanted} | extra
    for field in wanted.values():
        if field.name not in full and field.required:
            problems.add(f"{where} key {field.name}", NOTHING, "a value")
    if len(problems.found) > before:
        return None
    try:
        made = msgspec.convert(full, kind)
    except msgspec.ValidationError as error:
        message = str(error)
        at = _AT.search(message)
        path = at["path"] if at else ""
        expected = (message[: at.start()] if at else message).removeprefix("Expected ").replace("`", "")
        problems.add(f"{where} key {path.lstrip('.')}", _follow(full, path), expected)
        return None
    for name, value in full.items():
        for text in _strings(value):
            if not unicodedata.is_normalized("NFC", text):
                problems.add(f"{where} key {name}", text, "text in Unicode NFC")
            if wanted[name].type in _TEXTS and not text.strip():
                problems.add(f"{where} key {name}", text, "words in both languages")
    return made


@cache
def _fields(kind: type) -> dict[str, FieldInfo]:
    """The fields of a struct by name; msgspec evaluates every annotation anew each time it is asked."""
    return {f.name: f for f in msgspec.structs.fields(kind)}


_TEXTS = (Text, Text | None)


def _text(value: Any) -> Any:
    """A plain string stands for both languages: "%" or "Mbps"."""
    return {"vi": value, "en": value} if isinstance(value, str) else value


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)


def _follow(value: Any, path: str) -> Any:
    for name, index in _STEP.findall(path):
        try:
            value = value[name] if name else value[int(index)]
        except (KeyError, IndexError, TypeError):
            return NOTHING
    return value
