"""Reading official boundaries of units from GeoJSON: joined by code, never by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain import geo
from cockpit.profiles.model import Profile

CODE_KEYS = ("code", "ma_xa", "maXa", "ma", "ward_code", "unit")
"""Properties that may hold the unit's code, tried in this order."""

_MAX_SHOWN = 20


class BoundaryError(ValueError):
    """A file of boundaries that cannot be used. `problems` are sentences naming the feature."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        shown = problems[:_MAX_SHOWN]
        if len(problems) > _MAX_SHOWN:
            shown = [*shown, f"… and {len(problems) - _MAX_SHOWN} more"]
        super().__init__("the boundaries cannot be used:\n" + "\n".join(shown))


def parse_boundaries(geojson: Mapping[str, Any], profile: Profile) -> list[tuple[str, dict[str, Any]]]:
    """Unit code and geometry of every unit of the profile, in the profile's order.

    Expects a FeatureCollection in WGS84 degrees with exactly one Polygon or MultiPolygon for each
    unit and the five-digit code in one of the properties CODE_KEYS. Raises BoundaryError with every
    mistake: a missing or unknown or repeated code, another coordinate system, open or short rings.
    """
    if geojson.get("type") != "FeatureCollection":
        raise BoundaryError([f"key type: found {geojson.get('type')!r}, expected 'FeatureCollection'"])
    features = geojson.get("features")
    if not isinstance(features, list) or not features:
        raise BoundaryError(["key features: found nothing, expected one feature for each unit"])
    problems: list[str] = []
    found_units: dict[str, dict[str, Any]] = {}
    for position, feature in enumerate(features, 1):
        where = f"feature {position}"
        code = _code(feature)
        if code is None:
            keys = ", ".join(CODE_KEYS)
            problems.append(f"{where}: found no code of a unit in its properties, expected one of {keys}")
            continue
        where = f"{where} (unit {code})"
        if code not in profile.unit:
            problems.append(f"{where}: found an unknown code, expected one of the profile's units")
            continue
        if code in found_units:
            problems.append(f"{where}: found a second time, expected each unit once")
            continue
        geometry = feature.get("geometry")
        wrong = _wrong(geometry, profile)
        if wrong:
            problems.append(f"{where}: {wrong}")
            continue
        found_units[code] = dict(geometry)
    missing = [c for c in profile.unit if c not in found_units]
    if missing and not problems:
        names = ", ".join(f"{c} {profile.unit[c].name}" for c in missing)
        problems.append(f"key features: found no boundary for {names}, expected every unit")
    if problems:
        raise BoundaryError(problems)
    return [(u.code, found_units[u.code]) for u in profile.units]


def _code(feature: Any) -> str | None:
    """The code in a feature's properties as five digits; numbers lose leading zeros in spreadsheets."""
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    if not isinstance(properties, Mapping):
        return None
    for key in CODE_KEYS:
        value = properties.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return f"{value:05d}"
        if isinstance(value, str) and value.strip().isdigit():
            return value.strip().zfill(5)
    return None


def _wrong(geometry: Any, profile: Profile) -> str:
    """What is wrong with a geometry, "" if nothing."""
    if not isinstance(geometry, Mapping) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        found = geometry.get("type") if isinstance(geometry, Mapping) else None
        return f"geometry: found {found!r}, expected Polygon or MultiPolygon"
    broken = "geometry: found broken coordinates, expected lists of lon, lat"
    try:
        rings = [ring for polygon in geo.polygons(geometry) for ring in polygon]
        if not rings:
            return "geometry: found no rings, expected at least one"
        for ring in rings:
            if len(ring) < 4 or list(ring[0]) != list(ring[-1]):
                return (
                    f"geometry: found an open ring or one of {len(ring)} corners, expected 4 or more, closed"
                )
        west, south, east, north = geo.bbox(geometry)
    except (TypeError, KeyError, IndexError, ValueError):
        return broken
    if not all(isinstance(p[i], int | float) for p in geo.points(geometry) for i in (0, 1)):
        return broken
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return (
            f"geometry: found coordinates up to {east:g}, {north:g}, expected WGS84 degrees "
            "(convert from VN-2000 or metres first)"
        )
    lon0, lat0, lon1, lat1 = profile.bbox
    if east < lon0 or west > lon1 or north < lat0 or south > lat1:
        return (
            f"geometry: found the box {west:g}, {south:g}, {east:g}, {north:g}, "
            f"expected it near the province {lon0:g}, {lat0:g}, {lon1:g}, {lat1:g}"
        )
    return ""
