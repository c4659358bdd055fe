"""Shapes of units from GeoJSON: every corner a place near the province, every part an area."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping

from cockpit.domain.geo import Box

MARGIN = 0.5
"""Degrees around the province's box in which a corner may lie: islands and sea belong to units too."""


class ShapeError(ValueError):
    """A geometry that is no area of the province; the message says what was found and is expected."""


def mended(geometry: Any, box: Box) -> tuple[dict[str, Any], str]:
    """A valid Polygon or MultiPolygon of corners lon, lat, and a sentence if it had to be mended.

    Raises ShapeError.
    """
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise ShapeError(
            f"geometry: found {'null' if kind is None else repr(kind)[:40]}, expected Polygon or MultiPolygon"
        )
    coordinates = geometry.get("coordinates")
    given = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(given, list) or not given:
        raise ShapeError("geometry: found no rings, expected at least one")
    parts = [_part(part, number, box) for number, part in enumerate(given, 1)]
    shape = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    if shapely.is_valid(shape):
        return _plain(shape), ""
    why = shapely.is_valid_reason(shape)
    areas = [p for p in shapely.get_parts(shapely.make_valid(shape)) if isinstance(p, Polygon | MultiPolygon)]
    whole = shapely.union_all(areas)
    if whole.is_empty or not whole.area:
        raise ShapeError(f"geometry: found no area ({why}), expected rings around one")
    return _plain(whole), f"the shape was mended ({why})"


def _part(part: Any, number: int, box: Box) -> Polygon:
    if not isinstance(part, list) or not part:
        raise ShapeError(f"geometry: part {number} is empty, expected rings: take it out")
    rings = [_ring(ring, number, box) for ring in part]
    made = Polygon(rings[0], rings[1:])
    # A ring that crosses itself may have no area by its corners alone.
    if not made.area and not shapely.make_valid(made).area:
        raise ShapeError(f"geometry: part {number} has no area, expected rings around one: take it out")
    return made


def _ring(ring: Any, number: int, box: Box) -> list[tuple[float, float]]:
    if not isinstance(ring, list) or not ring:
        raise ShapeError(f"geometry: a ring of part {number} is empty, expected 4 or more corners, closed")
    corners = [_corner(corner, number, box) for corner in ring]
    if len(corners) < 4 or corners[0] != corners[-1]:
        raise ShapeError(
            f"geometry: found an open ring or one of {len(corners)} corners, expected 4 or more, closed"
        )
    return corners


def _corner(corner: Any, number: int, box: Box) -> tuple[float, float]:
    if (
        not isinstance(corner, list)
        or len(corner) < 2
        or any(isinstance(x, bool) or not isinstance(x, int | float) for x in corner[:2])
    ):
        raise ShapeError(f"geometry: found broken coordinates in part {number}, expected lists of lon, lat")
    try:
        lon, lat = float(corner[0]), float(corner[1])
    except OverflowError:
        lon = lat = math.inf
    west, south, east, north = box
    if west - MARGIN <= lon <= east + MARGIN and south - MARGIN <= lat <= north + MARGIN:
        return lon, lat
    found = f"geometry: found the corner {lon:g}, {lat:g} in part {number}"
    near = f"expected it near the province {west:g}, {south:g}, {east:g}, {north:g}"
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise ShapeError(f"geometry: found a corner that is no number in part {number}, {near}")
    if abs(lon) > 180 or abs(lat) > 180:
        raise ShapeError(f"{found}, expected WGS84 degrees (convert from VN-2000 or metres first)")
    if west - MARGIN <= lat <= east + MARGIN and south - MARGIN <= lon <= north + MARGIN:
        raise ShapeError(f"{found}, expected lon before lat: swap them")
    raise ShapeError(f"{found}, {near}: take the corner out or give its true place")


def _plain(shape: Any) -> dict[str, Any]:
    made = mapping(shape)
    return {"type": made["type"], "coordinates": _lists(made["coordinates"])}


def _lists(value: Any) -> Any:
    return [_lists(v) for v in value] if isinstance(value, tuple) else value
