"""The map files of a profile: every load sees that they are there, `cockpit check` what they hold."""

from __future__ import annotations

import math
from typing import Any

from cockpit.domain import geo
from cockpit.profiles.boundaries import BoundaryError, parse_boundaries, read_geojson
from cockpit.profiles.model import Profile
from cockpit.profiles.reader import Problems, words

FILES = {
    "areas.geojson": "GeoJSON with an area for every unit, its property code the unit's",
    "world_land.geojson": "GeoJSON of the land of the simulated world",
}


def present(profile: Profile, problems: Problems) -> None:
    """Add a problem for each file that is missing."""
    for name, expected in FILES.items():
        if not (profile.folder / name).is_file():
            problems.add(name, words("no such file"), expected)


def mistakes(profile: Profile) -> list[str]:
    """What is wrong in the files: sentences naming file and feature."""
    found: list[str] = []
    for path, read in ((profile.areas_path, _areas), (profile.world_land_path, _land)):
        try:
            read(read_geojson(path.read_bytes()), profile)
        except BoundaryError as error:
            found += [f"{path.name}: {problem}" for problem in error.problems]
        except OSError as error:
            found.append(f"{path.name}: found {error.strerror}, expected {FILES[path.name]}")
    return found


def _areas(content: Any, profile: Profile) -> None:
    parse_boundaries(content, profile)


def _land(content: Any, _: Profile) -> None:
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        raise BoundaryError(["key features: found nothing, expected one or more areas of land"])
    wrong = []
    for position, feature in enumerate(features, 1):
        try:
            west, south, east, north = geo.bbox(feature["geometry"])
            fine = all(map(math.isfinite, (west, south, east, north))) and abs(south) <= 90 >= abs(north)
        except (LookupError, TypeError, ValueError):
            fine = False
        if not fine:
            wrong.append(f"feature {position}: found no area, expected a Polygon or MultiPolygon of lon, lat")
    if wrong:
        raise BoundaryError(wrong)
