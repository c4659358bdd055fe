"""The land of a profile in map cells: which unit a cell of resolution 8 lies in, by the areas of the maps."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import h3

from cockpit.profiles.boundaries import BoundaryError, read_geojson
from cockpit.profiles.model import Profile

RESOLUTION = 8


class Land:
    """`unit` by cell, and how many cells each unit has."""

    def __init__(self, unit: Mapping[str, str]) -> None:
        self.unit = unit
        self.size: dict[str, int] = {}
        for code in unit.values():
            self.size[code] = self.size.get(code, 0) + 1


def land_of(profile: Profile) -> Land:
    """The drawn areas in cells; nothing where the file cannot be read, which `cockpit check` tells."""
    return _land(profile.areas_path, frozenset(profile.unit))


@lru_cache(maxsize=4)
def _land(path: Path, units: frozenset[str]) -> Land:
    try:
        content: Any = read_geojson(path.read_bytes())
        found: dict[str, str] = {}
        for feature in content["features"]:
            code = feature["properties"]["code"]
            if code in units:
                for cell in h3.geo_to_cells(feature["geometry"], RESOLUTION):
                    found.setdefault(cell, code)
    except (BoundaryError, OSError, LookupError, TypeError, ValueError):
        return Land({})
    return Land(found)
