"""Reading a TopoJSON atlas (npm `world-atlas`, Natural Earth, public domain) into shapely geometries."""

from __future__ import annotations

import json
from itertools import accumulate
from pathlib import Path
from typing import Any

from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union
from shapely.validation import make_valid

Point = tuple[float, float]


class Atlas:
    """The countries of a TopoJSON file, decoded on demand."""

    def __init__(self, path: Path) -> None:
        self._doc: dict[str, Any] = json.loads(path.read_text("utf-8"))
        (self._sx, self._sy), (self._tx, self._ty) = (
            self._doc["transform"]["scale"],
            self._doc["transform"]["translate"],
        )

    def land(self, bbox: tuple[float, float, float, float], country: str = "") -> MultiPolygon:
        """Land inside a box, of one country by its name or of all."""
        window = box(*bbox)
        parts: list[BaseGeometry] = []
        for item in self._doc["objects"]["countries"]["geometries"]:
            if country and item["properties"]["name"] != country:
                continue
            polygons = {"Polygon": [item.get("arcs")], "MultiPolygon": item.get("arcs")}.get(item["type"], [])
            for rings in polygons or []:
                shell, *holes = [self._ring(ring) for ring in rings]
                if len(shell) < 4:  # quantised to nothing
                    continue
                polygon = Polygon(shell, [h for h in holes if len(h) >= 4])
                if polygon.intersects(window):
                    parts.append(make_valid(polygon).intersection(window))
        return as_multi(unary_union(parts))

    def _ring(self, arcs: list[int]) -> list[Point]:
        points: list[Point] = []
        for number in arcs:
            arc = self._arc(~number)[::-1] if number < 0 else self._arc(number)
            points.extend(arc[1:] if points else arc)
        return points

    def _arc(self, number: int) -> list[Point]:
        steps = self._doc["arcs"][number]
        xs, ys = accumulate(s[0] for s in steps), accumulate(s[1] for s in steps)
        return [(x * self._sx + self._tx, y * self._sy + self._ty) for x, y in zip(xs, ys, strict=True)]


def as_multi(shape: BaseGeometry) -> MultiPolygon:
    """The polygons of any geometry; lines and points are dropped."""
    if isinstance(shape, Polygon):
        return MultiPolygon([] if shape.is_empty else [shape])
    if isinstance(shape, MultiPolygon):
        return shape
    return MultiPolygon([p for g in getattr(shape, "geoms", []) for p in as_multi(g).geoms])
