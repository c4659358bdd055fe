"""Plane and sphere geometry of small areas. Coordinates are WGS84 degrees, order lon, lat as in GeoJSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import asin, cos, radians, sin, sqrt
from typing import Any, Protocol, TypeVar

EARTH_M = 6_371_008.8
"""Mean radius of the earth in metres (IUGG)."""

Box = tuple[float, float, float, float]
"""West, south, east, north."""

Ring = Sequence[Sequence[float]]


def haversine_m(lat0: float, lon0: float, lat1: float, lon1: float) -> float:
    """Great-circle distance in metres."""
    half_lat, half_lon = radians(lat1 - lat0) / 2, radians(lon1 - lon0) / 2
    h = sin(half_lat) ** 2 + cos(radians(lat0)) * cos(radians(lat1)) * sin(half_lon) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(h)))


class Placed(Protocol):
    """What has a point and a code."""

    @property
    def code(self) -> str: ...
    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...


P = TypeVar("P", bound=Placed)


def nearest(things: Iterable[P], lat: float, lon: float) -> P:
    """The thing whose point lies nearest, of equals the one with the lower code. Raises ValueError if there
    is none."""
    narrow = cos(radians(lat)) ** 2  # degrees of longitude are shorter than those of latitude: squared
    return min(things, key=lambda u: ((u.lat - lat) ** 2 + narrow * (u.lon - lon) ** 2, u.code))


def polygons(geometry: Mapping[str, Any]) -> list[Sequence[Ring]]:
    """The polygons of a GeoJSON Polygon or MultiPolygon, each an outer ring and its holes.

    Raises ValueError for any other type.
    """
    kind = geometry.get("type")
    if kind == "Polygon":
        return [geometry["coordinates"]]
    if kind == "MultiPolygon":
        return list(geometry["coordinates"])
    raise ValueError(f"geometry {kind!r}: expected Polygon or MultiPolygon")


def points(geometry: Mapping[str, Any]) -> Iterator[Sequence[float]]:
    """Every corner of a geometry."""
    for polygon in polygons(geometry):
        for ring in polygon:
            yield from ring


def bbox(geometry: Mapping[str, Any]) -> Box:
    """The smallest box around a geometry. Raises ValueError for an empty one."""
    corners = [(p[0], p[1]) for p in points(geometry)]
    if not corners:
        raise ValueError("geometry without corners has no box")
    lons, lats = zip(*corners, strict=True)
    return min(lons), min(lats), max(lons), max(lats)


def contains(geometry: Mapping[str, Any], lat: float, lon: float) -> bool:
    """Whether a point lies in a Polygon or MultiPolygon. On the very edge either answer may come."""
    return any(
        _in_ring(polygon[0], lat, lon) and not any(_in_ring(hole, lat, lon) for hole in polygon[1:])
        for polygon in polygons(geometry)
        if polygon
    )


def _in_ring(ring: Ring, lat: float, lon: float) -> bool:
    """Even-odd rule: how many sides a ray to the east crosses."""
    inside = False
    x1, y1 = ring[-1][0], ring[-1][1]
    for corner in ring:
        x0, y0 = x1, y1
        x1, y1 = corner[0], corner[1]
        if (y0 > lat) != (y1 > lat) and lon < (x1 - x0) * (lat - y0) / (y1 - y0) + x0:
            inside = not inside
    return inside


def area_km2(geometry: Mapping[str, Any]) -> float:
    """Area on the sphere's tangent cylinder at the geometry's own latitude; good to 0.1 % for a province."""
    total = 0.0
    for polygon in polygons(geometry):
        for position, ring in enumerate(polygon):
            size = abs(_ring_km2(ring))
            total += size if position == 0 else -size
    return total


def _ring_km2(ring: Ring) -> float:
    if len(ring) < 3:
        return 0.0
    total = 0.0
    x1, y1 = ring[-1][0], ring[-1][1]
    for corner in ring:
        x0, y0 = x1, y1
        x1, y1 = corner[0], corner[1]
        total += radians(x1 - x0) * (sin(radians(y0)) + sin(radians(y1)))
    return total / 2 * (EARTH_M / 1000) ** 2
