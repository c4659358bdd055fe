"""Hamlets: where people of a unit live, and what stands there. What nobody has told is None, never 0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import h3

from cockpit.domain.geo import haversine_m

NEAR_M = 5_000
"""A hamlet further off is not called near a gap, unless it is the only one told."""
MOST_NEAR = 4


@dataclass(frozen=True, slots=True)
class Hamlet:
    """`grid` and `road`: whether power and a road reach it."""

    code: str
    unit: str
    name: str
    lat: float
    lon: float
    population: int
    households: int | None = None
    schools: int | None = None
    offices: int | None = None
    grid: bool | None = None
    road: bool | None = None
    made_up: bool = False


class Near(NamedTuple):
    """A hamlet near a gap; `inside` says whether its point lies on the ground of the gap."""

    hamlet: Hamlet
    metres: int
    inside: bool


def near(hamlets: Iterable[Hamlet], cells: Sequence[str], lat: float, lon: float) -> tuple[Near, ...]:
    """Those on the ground of a gap, then the nearest to its middle: at least one where there are any."""
    resolution = h3.get_resolution(cells[0])
    ground = frozenset(cells)
    found = []
    for one in hamlets:
        away = haversine_m(lat, lon, one.lat, one.lon)
        inside = _cell(one.lat, one.lon, resolution) in ground
        found.append((not inside, away, one.code, Near(one, round(away), inside)))
    found.sort(key=lambda row: row[:3])
    return tuple(
        row[3] for n, row in enumerate(found[:MOST_NEAR]) if n == 0 or row[3].inside or row[1] <= NEAR_M
    )


@lru_cache(maxsize=20_000)
def _cell(lat: float, lon: float, resolution: int) -> str:
    """The same hamlets are looked for by every gap."""
    found: str = h3.latlng_to_cell(lat, lon, resolution)
    return found


class Ground(NamedTuple):
    """What stands on the ground of a gap: sums over its hamlets, None where one of them has not told it."""

    households: int | None
    schools: int | None
    offices: int | None
    grid: bool | None
    road: bool | None


def standing(hamlets: Sequence[Near]) -> Ground:
    """Of the hamlets inside; where none is, nothing is known."""
    inside = [one.hamlet for one in hamlets if one.inside]
    return Ground(
        _sum([h.households for h in inside]),
        _sum([h.schools for h in inside]),
        _sum([h.offices for h in inside]),
        _all([h.grid for h in inside]),
        _all([h.road for h in inside]),
    )


def _sum(told: Sequence[int | None]) -> int | None:
    known = [one for one in told if one is not None]
    return sum(known) if known and len(known) == len(told) else None


def _all(told: Sequence[bool | None]) -> bool | None:
    if False in told:
        return False
    return True if told and None not in told else None
