"""What a profile says of the published indices: who brings their parts, and results that others published."""

from __future__ import annotations

from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from cockpit.domain.catalog import Indicator, Text
from cockpit.domain.indices import service
from cockpit.domain.indices.dti import DECIMALS, Index, dti
from cockpit.domain.indices.service import ComponentCode, Count, Grade
from cockpit.profiles.reader import Problems, number, read_csv, read_toml, struct, tables, words

FILE = "indices.toml"
PARTS_FILE = "service_parts.csv"
TABLES = ("service", "dti", "service_result", "dti_result")
PART_COLUMNS = ("unit", "part", "done", "all")
WITHIN = 1.01 * 10**-DECIMALS
"""How near a published DTI must be to what its main indices make: those are rounded, too."""


class Service(msgspec.Struct, frozen=True):
    """Codes of the indicators that bring the service index of the whole province: its total, its components,
    and of its parts those that are known by unit."""

    total: str
    components: dict[ComponentCode, str]
    parts: dict[str, str] = {}


class ServiceResult(msgspec.Struct, frozen=True):
    """A service index as it was published: points of the components, the total, the class."""

    code: str
    name: Text
    date: str
    source: Text
    points: dict[ComponentCode, float]
    total: float
    grade: Grade


class DtiResult(msgspec.Struct, frozen=True):
    """A DTI as it was published: main indices 0 to 1, the index, its rank, its pillars where those are
    known."""

    code: str
    name: Text
    date: str
    source: Text
    values: dict[Index, float]
    dti: float
    rank: int
    of: int  # provinces in the ranking
    pillars: dict[Index, float] = {}


class Indices(msgspec.Struct, frozen=True):
    """`made_up`: counts by unit and part that nobody sends, for a demo alone."""

    service: Service | None = None
    dti_indicator: str = ""  # brings the score of this year
    published: tuple[ServiceResult, ...] = ()
    published_dti: tuple[DtiResult, ...] = ()
    made_up: dict[str, dict[str, Count]] = {}


class _Score(msgspec.Struct, frozen=True):
    """The indicator that brings a score."""

    indicator: str


T = TypeVar("T", bound=msgspec.Struct)


def read(folder: Path, problems: Problems) -> Indices:
    """indices.toml and service_parts.csv: a province need not have either."""
    path = folder / FILE
    doc = read_toml(path, problems) if path.exists() else {}
    for unknown in (key for key in doc if key not in TABLES):
        problems.add(f"{FILE} key {unknown}", words("an unknown key"), f"one of {', '.join(TABLES)}")
    named = struct(doc["service"], f"{FILE} [service]", Service, problems) if "service" in doc else None
    score = struct(doc["dti"], f"{FILE} [dti]", _Score, problems) if "dti" in doc else None
    return Indices(
        named,
        score.indicator if score is not None else "",
        tuple(_some(doc, "service_result", ServiceResult, problems)),
        tuple(_some(doc, "dti_result", DtiResult, problems)),
        _made_up(folder / PARTS_FILE, problems),
    )


def _some(doc: dict[str, Any], key: str, kind: type[T], problems: Problems) -> list[T]:
    return tables(doc, FILE, key, kind, problems) if key in doc else []


def _made_up(path: Path, problems: Problems) -> dict[str, dict[str, Count]]:
    found: dict[str, dict[str, Count]] = {}
    if not path.exists():
        return found
    for line, (unit, part, done, whole) in read_csv(path, PART_COLUMNS, problems):
        where = f"{path.name} line {line}, column"
        n = number(done, f"{where} done", "a whole number", problems, whole=True)
        of = number(whole, f"{where} all", "a whole number", problems, whole=True)
        if n is None or of is None:
            continue
        if not 0 <= n <= of:
            problems.add(f"{where} done", done, "0 or more, and at most all")
        if part in found.setdefault(unit, {}):
            problems.add(f"{where} part", part, f"each part of {unit} only once")
        found[unit][part] = Count(int(n), int(of))
    return found


def check(
    indices: Indices, units: Container[str], indicators: Mapping[str, Indicator], problems: Problems
) -> None:
    """Add every mistake: unknown codes, and results that their own parts do not make."""
    named = indices.service
    where = f"{FILE} [service] key"
    parts: dict[str, str] = {}
    if named is not None:
        parts = named.parts
        for component in service.CODES:
            if component not in named.components:
                problems.add(f"{where} components", f"no {component}", f"each of {', '.join(service.CODES)}")
        brought = [("total", named.total)]
        brought += [(f"components.{key}", code) for key, code in named.components.items()]
        for key, code in brought:
            if code not in indicators:
                problems.add(f"{where} {key}", code, "a code of indicators.toml")
        for key, code in parts.items():
            if code not in indicators or indicators[code].unit.vi != "%":
                problems.add(f"{where} parts.{key}", code, "a code of indicators.toml with the unit %")
    if indices.dti_indicator and indices.dti_indicator not in indicators:
        problems.add(f"{FILE} [dti] key indicator", indices.dti_indicator, "a code of indicators.toml")
    for part in parts:
        if part not in service.PARTS:
            problems.add(f"{where} parts", part, f"one of {', '.join(service.PARTS)}")
    for unit, counts in indices.made_up.items():
        if unit not in units:
            problems.add(f"{PARTS_FILE} column unit", unit, "a code of units.csv")
        for part in counts:
            if part not in service.PARTS or part in parts:
                free = ", ".join(p for p in service.PARTS if p not in parts)
                problems.add(f"{PARTS_FILE} column part", part, f"one that no indicator brings: {free}")
    _results(indices, problems)


def _results(indices: Indices, problems: Problems) -> None:
    for one in indices.published:
        where = f"{FILE} [[service_result]] {one.code} key"
        try:
            total = service.total(one.points)
        except ValueError as error:
            problems.add(f"{where} points", str(error), "points of all six components")
            continue
        if (total, service.grade(total)) != (one.total, one.grade):
            expected = f"{total:g} and {service.grade(total)}, as its points make"
            problems.add(f"{where} total", f"{one.total:g} and {one.grade}", expected)
    for other in indices.published_dti:
        where = f"{FILE} [[dti_result]] {other.code} key"
        try:
            made = dti(other.values)
        except ValueError as error:
            problems.add(f"{where} values", str(error), "all eight main indices, 0 to 1")
            continue
        told: list[tuple[str, float, float | None]] = [("dti", other.dti, made.dti)]
        told += [(f"pillars.{p}", value, made.pillars.get(p)) for p, value in other.pillars.items()]
        for key, value, reckoned in told:
            if reckoned is None or abs(reckoned - value) > WITHIN:
                problems.add(f"{where} {key}", value, f"{reckoned}, as its main indices make")
