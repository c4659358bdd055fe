"""Drive-test logs with their own columns: a TOML file says what each of them is.

Semicolons and decimal commas are read only where the file states them: nothing is guessed from the rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from cockpit.domain.decimals import decimal
from cockpit.domain.instants import iso
from cockpit.ingest.absence import absent
from cockpit.ingest.codes import Code, Refusal, shown
from cockpit.ingest.textlines import FileError, whole
from cockpit.profiles import toml

FOLDER = Path(__file__).with_name("logs")
MAX_MAPPING = 256 * 1024
"""Bytes of a mapping file."""

EPOCHS = {"epoch_s": 1000, "epoch_ms": 1}


class Columns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a log is written. `columns`: by column of ours, the name that the log gives it; `values`: what all
    rows have where the log has no column; `factors`: what its numbers are multiplied with; `translate`: by
    column, words of the log and ours. `time` is a format of strptime, `epoch_s`, `epoch_ms`, or empty where
    the log writes times as RFC 3339; `offset` the zone of times that name none."""

    columns: dict[str, str] = {}
    values: dict[str, str] = {}
    factors: dict[str, float] = {}
    translate: dict[str, dict[str, str]] = {}
    separator: Literal[",", ";", "\t", "|"] = ","
    decimal: Literal[".", ","] = "."
    time: str = ""
    offset: str = ""

    @property
    def plain(self) -> bool:
        """Whether times and numbers are written as in our own files."""
        return not self.time and not self.factors and self.decimal == "."

    def called(self, column: str) -> str:
        """The log's name of a column of ours."""
        return self.columns.get(column, column)

    def number(self, column: str, text: str) -> float | None:
        """The number in a field, None if it holds none as the log is said to write them."""
        if self.decimal == ",":
            text = "?" if "." in text else text.replace(",", ".")
        value = decimal(text)
        factor = self.factors.get(column)
        return value if value is None or factor is None else round(value * factor, 9)

    def word(self, column: str, text: str) -> str:
        """What the log writes in a column, in our words."""
        text = text.strip()
        return self.translate.get(column, {}).get(text, text)

    def instant(self, text: str) -> str:
        """A time as RFC 3339. Raises Refusal."""
        text = text.strip()
        if not self.time:
            return text
        try:
            if self.time in EPOCHS:
                value = decimal(text)
                return iso(round((value if value is not None else float("nan")) * EPOCHS[self.time]))
            found = dt.datetime.strptime(text, self.time)  # noqa: DTZ007 - the zone follows
            if found.tzinfo is None:
                found = found.replace(tzinfo=_zone(self.offset))
            return found.isoformat()
        except (ValueError, OverflowError):
            name = self.called("ts")
            raise Refusal(
                Code.BAD_TIME, f"column {name}: {shown(text)}, expected a time as {self.time} says"
            ) from None


OURS = Columns()
"""The file has our columns."""


def styles() -> list[str]:
    """Names of the mappings that are shipped."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(name: str, known: tuple[str, ...], values: Mapping[str, str]) -> Columns:
    """A shipped mapping by its name, or somebody's file; `values` for all rows come on top. Raises FileError
    that names what is wrong."""
    path = FOLDER / f"{name}.toml" if name in styles() else Path(name)
    if not name:
        found = OURS
    else:
        try:
            found = msgspec.convert(toml.parse(whole(path, MAX_MAPPING).decode()), Columns)
        except OSError as error:
            shipped = ", ".join(styles())
            why = error.strerror or str(error)
            raise FileError(f"mapping {name}: {why}: give a file, or one of {shipped}") from None
        except (FileError, ValueError) as error:  # what TOML, UTF-8 and msgspec say
            raise FileError(f"mapping {name}: {error}") from None
    found = msgspec.structs.replace(found, values={**found.values, **values})
    for part in ("columns", "values", "factors", "translate"):
        for column in getattr(found, part):
            if column not in known:
                raise FileError(
                    f"mapping {name}: {part} names {shown(column)}, expected one of {', '.join(known)}"
                )
    if found.time and found.time not in EPOCHS and "%z" not in found.time:
        _zone(found.offset, name)
    if found.decimal == found.separator:
        raise FileError(f"mapping {name}: decimal and separator are the same sign, expected two")
    return found


def _zone(offset: str, name: str = "") -> dt.tzinfo:
    try:
        zone = dt.datetime.strptime(offset, "%z").tzinfo
    except ValueError:
        zone = None
    if zone is None or absent(offset):
        raise FileError(f"mapping {name}: offset is {shown(offset)}, expected one such as +07:00")
    return zone
