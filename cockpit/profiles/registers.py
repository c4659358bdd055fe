"""The registers of a profile that are tables of lines: units, places, assets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from cockpit.domain import decimals
from cockpit.domain.catalog import Asset, Source, Unit, UnitKind
from cockpit.domain.numbers import AssetId
from cockpit.profiles.model import AssetKind, Place
from cockpit.profiles.reader import Problems, number, read_csv

UNIT_COLUMNS = ("code", "kind", "name", "short", "district", "area_km2", "population", "lat", "lon")
PLACE_COLUMNS = ("code", "unit", "name", "lat", "lon", "population")
PLACE_MORE = ("households", "schools", "offices", "grid", "road")
"""Further columns of places, all of them or none."""
ASSET_COLUMNS = ("id", "code", "name", "unit", "lat", "lon", "depends_on")
OWN_SOURCE_COLUMNS = ("source", "rhythm_s")
"""Further columns of kinds whose assets each belong to a source of their own."""


def read_units(path: Path, problems: Problems) -> list[Unit]:
    """units.csv: one line a unit."""
    out = []
    for line, (code, kind, name, short, district, area, people, lat, lon) in read_csv(
        path, UNIT_COLUMNS, problems
    ):
        where = f"{path.name} line {line}, column"
        if kind not in get_args(UnitKind):
            problems.add(f"{where} kind", kind, f"one of {', '.join(get_args(UnitKind))}")
            continue
        if not (len(code) == 5 and code.isascii() and code.isdigit()):
            problems.add(f"{where} code", code, "five digits")
        for column, text in (("name", name), ("short", short)):
            if not text.strip():
                problems.add(f"{where} {column}", text, "a name")
        area_km2 = number(area, f"{where} area_km2", "a number of km²", problems)
        population = number(people, f"{where} population", "a whole number", problems, whole=True)
        y = number(lat, f"{where} lat", "degrees north", problems)
        x = number(lon, f"{where} lon", "degrees east", problems)
        if area_km2 is None or population is None or y is None or x is None:
            continue
        for column, value in (("area_km2", area_km2), ("population", population)):
            if value <= 0:
                problems.add(f"{where} {column}", value, "more than 0")
        out.append(Unit(code, kind, name, short, district, area_km2, int(population), y, x))  # type: ignore[arg-type]
    return out


def read_places(path: Path, problems: Problems) -> list[Place]:
    """places.csv: one line a settlement."""
    out = []
    columns = PLACE_COLUMNS + PLACE_MORE * _has_more(path)
    for line, (code, unit, name, lat, lon, people, *more) in read_csv(path, columns, problems):
        where = f"{path.name} line {line}, column"
        y = number(lat, f"{where} lat", "degrees north", problems)
        x = number(lon, f"{where} lon", "degrees east", problems)
        population = number(people, f"{where} population", "a whole number", problems, whole=True)
        counts = [
            number(text, f"{where} {column}", "a whole number, or nothing", problems, whole=True)
            if text
            else None
            for column, text in zip(PLACE_MORE[:3], more, strict=False)
        ]
        for column, text in zip(PLACE_MORE[3:], more[3:], strict=False):
            if text not in _REACHED:
                problems.add(f"{where} {column}", text, "1 or 0, or nothing")
        if y is not None and x is not None and population is not None:
            told = [None if n is None else int(n) for n in counts]
            households, schools, offices = (told + [None] * 3)[:3]
            grid, road = [*(_REACHED.get(text) for text in more[3:]), None, None][:2]
            place = (code, unit, name, y, x, int(population))
            out.append(Place(*place, households, schools, offices, grid, road))
    return out


_REACHED = {"1": True, "0": False, "": None}


def _has_more(path: Path) -> bool:
    """Whether a file of places tells what stands there."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            return PLACE_MORE[0] in file.readline()
    except (OSError, UnicodeDecodeError):
        return False  # reading it says what is wrong


def read_assets(
    folder: Path, kinds: list[AssetKind], sources: Mapping[str, Source], problems: Problems
) -> list[Asset]:
    """Every kind's file in turn; the order of assets is that of kinds and lines."""
    out: list[Asset] = []
    for kind in kinds:
        own = OWN_SOURCE_COLUMNS if not kind.source else ()
        columns = ASSET_COLUMNS + own + tuple(kind.attrs)
        path = folder / kind.file
        numeric = tuple(k for k, form in kind.attrs.items() if form == "number")
        for key, form in kind.attrs.items():
            if form not in ("text", "number"):
                problems.add(f"profile.toml [[kind]] {kind.code} key attrs.{key}", form, "text or number")
        for line, row in read_csv(path, columns, problems):
            try:
                attrs: dict[str, str | int | float] = dict(
                    zip(kind.attrs, row[len(columns) - len(kind.attrs) :], strict=True)
                )
                for key in numeric:
                    attrs[key] = _plain(str(attrs[key]))
                asset = Asset(
                    AssetId(_whole(row[0])),
                    row[1],
                    kind.code,
                    row[2],
                    row[3],
                    row[7] if own else kind.source,
                    _decimal(row[4]) if row[4] else None,
                    _decimal(row[5]) if row[5] else None,
                    _whole(row[8]) if own else kind.rhythm_s,
                    row[6],
                    attrs,
                )
            except ValueError:
                _explain(path, line, columns, row, numeric, problems)
                continue
            if asset.source not in sources:
                problems.add(
                    f"{path.name} line {line}, column source", asset.source, "a code of sources.toml"
                )
            out.append(asset)
    return out


def _whole(cell: str) -> int:
    value = decimals.whole(cell)
    if value is None:
        raise ValueError(cell)
    return value


def _decimal(cell: str) -> float:
    value = decimals.decimal(cell)
    if value is None:
        raise ValueError(cell)
    return value


def _plain(cell: str) -> int | float:
    value = _decimal(cell)
    return int(value) if value.is_integer() else value


def _explain(
    path: Path,
    line: int,
    columns: tuple[str, ...],
    row: list[str],
    numeric: tuple[str, ...],
    problems: Problems,
) -> None:
    """Name the cells of a line that are no numbers."""
    for column, cell in zip(columns, row, strict=True):
        where = f"{path.name} line {line}, column {column}"
        if column in ("id", "rhythm_s"):
            number(cell, where, "a whole number", problems, whole=True)
        elif (column in ("lat", "lon") and cell) or column in numeric:
            number(cell, where, "a number", problems)
