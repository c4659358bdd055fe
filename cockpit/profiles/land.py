"""The land of a profile in map cells: which unit a cell of resolution 8 lies in, by the areas of the maps."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cockpit.domain.coverage.people import ground
from cockpit.profiles.boundaries import BoundaryError, read_geojson
from cockpit.profiles.model import Profile

Seats = tuple[tuple[str, float, float], ...]


def land_of(profile: Profile) -> Mapping[str, str]:
    """The unit by cell; nothing where the file cannot be read, which `cockpit check` tells."""
    return _land(profile.areas_path, tuple((u.code, u.lat, u.lon) for u in profile.units))


@lru_cache(maxsize=4)
def _land(path: Path, seats: Seats) -> Mapping[str, str]:
    try:
        content: Any = read_geojson(path.read_bytes())
        shapes = [(f["properties"]["code"], f["geometry"]) for f in content["features"]]
        found = ground(shapes, {code: (lat, lon) for code, lat, lon in seats})
    except (BoundaryError, OSError, LookupError, TypeError, ValueError):
        found = {}
    return MappingProxyType(found)
