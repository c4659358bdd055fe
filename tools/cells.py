"""Power cells: land divided among points, each with the area it is due."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from shapely.geometry import Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

ROUNDS = 150
MARGIN = 0.25
"""How far inside its cell a point stays, as a share of the smaller neighbour's radius squared."""

PULL, ROAM = 0.1, 0.3
"""How far a generator moves in a round towards putting the cell's centre on its point, and how far it may
get away from that in radii: cells lie about their points, as units do about theirs."""

SPECK = 0.4
"""A piece cut off from its cell stays land of its own from this size on, in km²."""


@dataclass
class Cell:
    """A cell in kilometres on a plane: its point, the area it is due, its generator and weight."""

    code: str
    x: float
    y: float
    area: float
    gx: float = field(init=False)
    gy: float = field(init=False)
    weight: float = field(init=False)

    def __post_init__(self) -> None:
        self.gx, self.gy, self.weight = self.x, self.y, self.area / math.pi

    @property
    def r(self) -> float:
        """Radius of a disc of the area."""
        return math.sqrt(self.area / math.pi)

    @property
    def point(self) -> Point:
        return Point(self.x, self.y)


def polygons(what: BaseGeometry) -> list[Polygon]:
    """The polygons of any geometry; lines and points are dropped."""
    if isinstance(what, Polygon):
        return [] if what.is_empty else [what]
    return [p for g in getattr(what, "geoms", []) for p in polygons(g)]


def divided(land: BaseGeometry, cells: list[Cell]) -> dict[str, BaseGeometry]:
    """The whole land by cells: every piece of a cell that does not hold its point goes to the neighbour with
    the longest common border."""
    _fit(land, cells)
    window = box(*land.bounds)
    bodies: dict[str, BaseGeometry] = {}
    loose: list[tuple[str, Polygon]] = []
    for cell in cells:
        found = sorted(polygons(land.intersection(power(cell, cells, window))), key=cell.point.distance)
        bodies[cell.code] = found[0]
        loose += [(cell.code, piece) for piece in found[1:]]
    for home, piece in sorted(loose, key=lambda item: -item[1].area):
        near = piece.buffer(0.05)
        common = {code: body.intersection(near).area for code, body in bodies.items()}
        best = max(common, key=lambda code: common[code])
        if common[best] > 0:
            bodies[best] = bodies[best].union(piece)
        elif piece.area > SPECK:
            bodies[home] = unary_union([bodies[home], piece])
    return bodies


def power(cell: Cell, cells: list[Cell], window: Polygon) -> Polygon:
    """Where `cell` is nearest by power distance: the window clipped by half-planes (Aurenhammer 1987)."""
    corners = list(window.exterior.coords)[:-1]
    for other in cells:
        if other is cell or not corners:
            continue
        nx, ny = other.gx - cell.gx, other.gy - cell.gy
        limit = (other.gx**2 + other.gy**2 - other.weight - cell.gx**2 - cell.gy**2 + cell.weight) / 2
        side = [nx * x + ny * y - limit for x, y in corners]
        kept = []
        for i, (x1, y1) in enumerate(corners):
            (x0, y0), s0, s1 = corners[i - 1], side[i - 1], side[i]
            if (s0 <= 0) != (s1 <= 0):
                t = s0 / (s0 - s1)
                kept.append((x0 + t * (x1 - x0), y0 + t * (y1 - y0)))
            if s1 <= 0:
                kept.append((x1, y1))
        corners = kept
    return Polygon(corners) if len(corners) > 2 else Polygon()


def _fit(land: BaseGeometry, cells: list[Cell]) -> None:
    """Iterate the weights until areas fit, and the generators until cells lie about their points."""
    window = box(*land.bounds)
    for number in range(ROUNDS):
        calm = 0.2 if number < ROUNDS * 0.7 else 0.08
        pieces = {}
        for cell in cells:
            found = polygons(land.intersection(power(cell, cells, window)))
            pieces[cell.code] = min(found, key=cell.point.distance, default=Polygon())
        for cell in cells:
            piece = pieces[cell.code]
            cell.weight += calm * max(-cell.area, min(cell.area, cell.area - piece.area))
            if piece.is_empty:
                cell.gx, cell.gy = cell.x, cell.y
                continue
            gx = cell.gx + 5 * calm * PULL * (cell.x - piece.centroid.x) - cell.x
            gy = cell.gy + 5 * calm * PULL * (cell.y - piece.centroid.y) - cell.y
            shrink = 1 / max(1.0, math.hypot(gx, gy) / (ROAM * cell.r))
            cell.gx, cell.gy = cell.x + gx * shrink, cell.y + gy * shrink
        _hold(cells)
    for _ in range(100):
        _hold(cells)


def _hold(cells: list[Cell]) -> None:
    """Shift weights so that every point lies inside its own cell, by a margin."""
    for cell in cells:
        for other in cells:
            if other is cell:
                continue
            mine = (cell.gx - cell.x) ** 2 + (cell.gy - cell.y) ** 2 - cell.weight
            theirs = (other.gx - cell.x) ** 2 + (other.gy - cell.y) ** 2 - other.weight
            short = mine + MARGIN * min(cell.r, other.r) ** 2 - theirs
            if short > 0:
                cell.weight += short / 2
                other.weight -= short / 2
