"""People of a hexagon. Without a count of its own, a unit's people are spread evenly over its land."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import h3

from cockpit.domain.geo import polygons

RESOLUTION = 8


def ground(
    shapes: Iterable[tuple[str, Mapping[str, Any]]],
    seats: Mapping[str, tuple[float, float]],
    resolution: int = RESOLUTION,
) -> dict[str, str]:
    """Which unit a land cell belongs to, by the cell's id: the shape its middle lies in.

    `shapes` are codes with GeoJSON polygons; of shapes that overlap the lower code takes the cell. A unit too
    small for a middle has the cell of its seat (latitude, longitude), which it then takes from its neighbour.
    """
    found: dict[str, str] = {}
    for unit, geometry in sorted(shapes, key=lambda shape: shape[0]):
        if unit not in seats:
            continue
        for polygon in polygons(geometry):
            rings = [[(lat, lon) for lon, lat, *_ in ring] for ring in polygon if len(ring) > 3]
            if rings:
                for cell in h3.h3shape_to_cells(h3.LatLngPoly(*rings), resolution):
                    found.setdefault(cell, unit)
    held = set(found.values())
    for unit in sorted(seats.keys() - held):
        found[h3.latlng_to_cell(*seats[unit], resolution)] = unit
    return dict(sorted(found.items()))


def spread(
    people: Mapping[str, int], ground: Mapping[str, str], known: Mapping[str, int] | None = None
) -> dict[str, int]:
    """People of each cell of `ground`, in whole people that add up to those of its unit.

    `known` are counts of single cells: they stand, and what is left of the unit goes to its other cells. What
    does not divide goes to the cells with the lowest ids.
    """
    known = known or {}
    members: dict[str, list[str]] = {}
    for cell in sorted(ground):
        members.setdefault(ground[cell], []).append(cell)
    found: dict[str, int] = {}
    for unit, cells in members.items():
        counted = {cell: known[cell] for cell in cells if cell in known}
        others = [cell for cell in cells if cell not in known]
        left = max(people.get(unit, 0) - sum(counted.values()), 0)
        found |= counted
        if others:
            each, over = divmod(left, len(others))
            found |= {cell: each + (n < over) for n, cell in enumerate(others)}
    return dict(sorted(found.items()))
