"""What is drawn of a province: areas, sea, borders and names out of GeoJSON, as paths of SVG in one grid.

The grid has whole numbers: its steps are finer than a pixel of the largest picture, and boundaries with more
corners than can be seen lose them here. All pictures place these same paths.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from cockpit.domain import geo

STEPS = 4000
"""Steps of the grid in a degree of latitude, of 28 m each."""

SEEN = 3
"""Steps from one corner to the next under which nobody sees that there are two."""

Box = tuple[float, float, float, float]
"""West, south, east, north: of the earth in degrees, on the grid left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name by language, at a point of the grid. `rank` 2: only where there is room."""

    kind: str
    rank: int
    words: dict[str, str]
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Ground:
    """Paths by what they show. `areas` by the code of a unit; `land` is the ground beneath them, which has
    the province's outline where the surroundings' one is theirs (`outlined`). `box` is around the areas."""

    grid: Grid
    box: Box
    areas: dict[str, str]
    boxes: dict[str, Box]
    land: str
    outlined: bool
    sea: str
    borders: str
    names: tuple[Name, ...]


class Grid:
    """Longitude and latitude as a grid, at one scale in both directions: a degree of longitude is as much
    shorter as the cosine of the latitude in the middle says."""

    def __init__(self, box: Box) -> None:
        west, south, _, north = box
        self._west, self._north = west, north
        self._narrow = math.cos(math.radians((south + north) / 2))

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """A place on the grid, to the right and down."""
        return (lon - self._west) * self._narrow * STEPS, (self._north - lat) * STEPS

    def box(self, box: Box) -> Box:
        """A box of degrees on the grid."""
        west, south, east, north = box
        return *self.at(west, north), *self.at(east, south)

    def path(self, geometry: dict[str, Any]) -> str:
        """Polygons, or lines, as the `d` of a path, "" where nothing is left of them."""
        end, least = ("z", 3) if geometry["type"].endswith("Polygon") else ("", 2)
        told = []
        for line in _lines(geometry):
            kept = _apart([(round(x), round(y)) for x, y in (self.at(p[0], p[1]) for p in line)])
            if len(kept) < least:
                continue
            steps = (f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(kept))
            told.append(f"M{kept[0][0]} {kept[0][1]}l" + " ".join(steps).replace(" -", "-") + end)
        return "".join(told)


def read(areas: Path, surroundings: Path, *, own: bool) -> Ground:
    """The ground by two files, of which the second may be missing; `own` says that both are of one drawing.
    Raises OSError, ValueError, LookupError or TypeError where a file is none."""
    features = json.loads(areas.read_bytes())["features"]
    sides = [geo.bbox(feature["geometry"]) for feature in features]
    west, south, east, north = zip(*sides, strict=True)
    around = min(west), min(south), max(east), max(north)
    if not all(map(math.isfinite, around)):
        raise ValueError("the areas have no box")
    grid = Grid(around)
    paths: dict[str, str] = {}
    boxes: dict[str, Box] = {}
    for feature, side in zip(features, sides, strict=True):
        code = str(feature["properties"].get("code", ""))
        paths[code] = paths.get(code, "") + grid.path(feature["geometry"])
        boxes[code] = _joined(boxes.get(code), grid.box(side))
    beyond = json.loads(surroundings.read_bytes())["features"] if surroundings.is_file() else []
    shapes = {f["properties"].get("kind"): f["geometry"] for f in beyond if f["geometry"]["type"] != "Point"}
    drawn = {kind: grid.path(geometry) for kind, geometry in shapes.items()}
    outline = drawn.get("outline", "") if own else ""
    return Ground(
        grid=grid,
        box=grid.box(around),
        areas=paths,
        boxes=boxes,
        land=outline or "".join(paths.values()),
        outlined=bool(outline),
        sea=drawn.get("sea", ""),
        borders=drawn.get("border", ""),
        names=tuple(_name(grid, f) for f in beyond if f["geometry"]["type"] == "Point"),
    )


def _apart(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without corners that lie at the one before."""
    kept = points[:1]
    for x, y in points[1:]:
        if abs(x - kept[-1][0]) >= SEEN or abs(y - kept[-1][1]) >= SEEN:
            kept.append((x, y))
    return kept


def _name(grid: Grid, feature: dict[str, Any]) -> Name:
    said = feature["properties"]
    x, y = grid.at(*feature["geometry"]["coordinates"])
    words = {key: value for key, value in said.items() if isinstance(value, str)}
    return Name(str(said.get("kind", "")), int(said.get("rank", 1)), words, x, y)


def _joined(a: Box | None, b: Box) -> Box:
    return b if a is None else (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))


def _lines(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    """The rings of polygons, or the lines."""
    found, kind = geometry["coordinates"], geometry["type"]
    if kind == "LineString":
        yield found
    elif kind in ("Polygon", "MultiLineString"):
        yield from found
    else:
        for polygon in found:
            yield from polygon
