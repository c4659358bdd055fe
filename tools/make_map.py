"""Draw the map files of Quảng Ninh: land.geojson, areas.geojson, frame.geojson.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/make_map.py package/countries-10m.json

Land is Natural Earth (public domain) cut to the province's box. Areas are no administrative
boundaries: they are areas nearest to each unit's point, on land, fitted to the unit's known area (a
power diagram whose weights are iterated). Nothing but the atlas and units.csv goes in.
"""

from __future__ import annotations

import csv
import json
import math
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atlas import Atlas, as_multi
from shapely import coverage_simplify
from shapely.affinity import affine_transform
from shapely.geometry import MultiPolygon, Point, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union
from shapely.validation import make_valid

FOLDER = Path(__file__).parents[1] / "cockpit" / "profiles" / "quang_ninh"
LAT0, LON0, KM = 21.2, 107.2, 111.195
STRETCH = math.cos(math.radians(LAT0))
ROUNDS = 500
SLACK = 9.0
"""How far, in km², a cell reaches beyond its disc where nobody is near: closes the gaps between discs."""

PRESSURE = 2.5
"""Most weight of a cell, in its known radius squared: where land is short a unit stays smaller."""

MARGIN = 0.3
"""How far inside its cell a point stays, as a share of the smaller neighbour's radius squared."""

PULL = 0.1
"""How far a generator moves in one round towards putting the cell's centre on the unit's point."""

ROAM = 0.3
"""How far a generator may move from its point, in radii of the unit."""

INLET = 1.8
"""Half the width of river mouths and inlets that are drawn as land, in km."""

GROUND = 1.0
"""Land is added around a point the rough coast leaves in the water or beyond the border: share of r."""

ISLAND_REACH = 3.0
"""An islet belongs to an island unit up to this many of its radii away."""

MIN_ISLET_KM2 = 0.5
NEAR_KM = 2.0
"""A point this near to an island counts as on it: the coast is rough."""


@dataclass
class Site:
    """A unit in kilometres on the local plane. `r` is the radius of a disc of its known area."""

    code: str
    name: str
    x: float
    y: float
    area: float
    weight: float
    gx: float  # generator of its cell
    gy: float

    @property
    def r(self) -> float:
        return math.sqrt(self.area / math.pi)

    @property
    def point(self) -> Point:
        return Point(self.x, self.y)


def main(atlas_path: str) -> None:
    bbox = tuple(tomllib.loads((FOLDER / "profile.toml").read_text("utf-8"))["bbox"])
    atlas = Atlas(Path(atlas_path))
    write("land.geojson", [({}, atlas.land(bbox).simplify(0.0005))], "Natural Earth 1:10m, public domain")
    ground = to_plane(atlas.land(bbox, "Vietnam"))
    sites = read_sites()
    main_land, islets = split(ground, sites)
    inland = [s for s in sites if s.code not in islets]
    cells = tidy(fitted(main_land, inland), inland)
    for site in sites:
        if site.code in islets:
            cells[site.code] = islets[site.code]
    codes = [s.code for s in sites]
    smooth = coverage_simplify([cells[c] for c in codes], 0.05)
    cells = {c: as_multi(shape) for c, shape in zip(codes, smooth, strict=True)}
    shapes = {c: from_plane(cells[c]) for c in codes}
    note = "Areas nearest to a point, on land, fitted to the known area. No administrative boundaries."
    write("areas.geojson", [({"code": s.code, "name": s.name}, shapes[s.code]) for s in sites], note)
    outline = unary_union([c.buffer(0.05) for c in cells.values()]).buffer(-0.05).simplify(0.05)
    write("frame.geojson", [({}, from_plane(as_multi(outline)))], note)
    for site in sites:
        got, inside = cells[site.code].area, cells[site.code].contains(site.point)
        flag = "" if abs(got / site.area - 1) < 0.05 and inside else "  <--"
        print(f"{site.code} {site.name:24} {site.area:7.1f} {got:7.1f} {'in' if inside else 'OUT'}{flag}")


def read_sites() -> list[Site]:
    sites = []
    for row in csv.DictReader((FOLDER / "units.csv").open(encoding="utf-8")):
        x = (float(row["lon"]) - LON0) * KM * STRETCH
        y = (float(row["lat"]) - LAT0) * KM
        area = float(row["area_km2"])
        sites.append(Site(row["code"], row["name"], x, y, area, area / math.pi, x, y))
    return sites


def to_plane(shape: BaseGeometry) -> MultiPolygon:
    moved = affine_transform(shape, [KM * STRETCH, 0, 0, KM, -LON0 * KM * STRETCH, -LAT0 * KM])
    return as_multi(make_valid(moved))


def from_plane(shape: BaseGeometry) -> MultiPolygon:
    return as_multi(affine_transform(shape, [1 / KM / STRETCH, 0, 0, 1 / KM, LON0, LAT0]))


def split(ground: MultiPolygon, sites: list[Site]) -> tuple[BaseGeometry, dict[str, MultiPolygon]]:
    """The mainland with islands that hold several units, and the islands of each island unit."""
    alone: dict[str, list[Polygon]] = {}
    rest: list[Polygon] = []
    main_parts: list[Polygon] = []
    for part in ground.geoms:
        inside = [s for s in sites if part.distance(s.point) < NEAR_KM]
        if not inside:
            rest.append(part)
        elif len(inside) > 1 or part.area > 2 * inside[0].area:
            main_parts.append(part)
        else:
            own = part.union(inside[0].point.buffer(NEAR_KM / 2)).buffer(1.5).buffer(-1.5)
            alone[inside[0].code] = list(as_multi(own).geoms)
    islanders = [s for s in sites if s.code in alone]
    for part in rest:
        middle = part.centroid
        best = min(islanders, key=lambda s: middle.distance(s.point) ** 2 - s.weight)
        nearest_inland = min(middle.distance(s.point) / s.r for s in sites if s.code not in alone)
        reach = middle.distance(best.point) / best.r
        if reach <= ISLAND_REACH and reach < nearest_inland and part.area >= MIN_ISLET_KM2:
            alone[best.code].append(part)
    added = [
        s.point.buffer(GROUND * s.r)
        for s in sites
        if s.code not in alone and ground.intersection(s.point.buffer(s.r)).area < 0.85 * s.area
    ]
    taken = unary_union([p for parts in alone.values() for p in parts]).buffer(0.3)
    joined = unary_union([*main_parts, *added]).buffer(INLET).buffer(-INLET)
    main_land = joined.difference(taken)
    return main_land, {code: MultiPolygon(parts) for code, parts in alone.items()}


def power_cell(site: Site, sites: list[Site], window: Polygon) -> Polygon:
    """Where `site` is nearest by power distance: the window clipped by half-planes."""
    corners = list(window.exterior.coords)[:-1]
    for other in sites:
        if other is site or not corners:
            continue
        nx, ny = other.gx - site.gx, other.gy - site.gy
        limit = (other.gx**2 + other.gy**2 - other.weight - site.gx**2 - site.gy**2 + site.weight) / 2
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


def fitted(ground: BaseGeometry, sites: list[Site]) -> dict[str, MultiPolygon]:
    """Cells fitted to the known areas, bounded by discs, and their hollows between discs filled.

    Two things are iterated: the weight of a cell until its area fits, and its generator until the
    cell's centre lies on the unit's point, which is the centre of the unit's largest part.
    """
    window = box(*ground.bounds)
    for number in range(ROUNDS):
        cells = {}
        for site in sites:
            reach = math.sqrt(max(site.weight + SLACK, 1.0))
            disc = Point(site.gx, site.gy).buffer(reach, 24)
            cell = as_multi(ground.intersection(power_cell(site, sites, window).intersection(disc)))
            cells[site.code] = body(cell, site)
        worst = max(abs(cells[s.code].area / s.area - 1) for s in sites)
        hold_points(sites)
        calm = 1.0 if number < ROUNDS * 0.6 else 0.4
        for site in sites:
            cell = cells[site.code]
            push = calm * 0.2 * max(-site.area, min(site.area, site.area - cell.area))
            site.weight = max(-SLACK, min(PRESSURE * site.r**2 + SLACK, site.weight + push))
            if cell.is_empty:
                site.gx, site.gy = site.x, site.y
                continue
            middle = cell.centroid
            gx = site.gx + calm * PULL * (site.x - middle.x)
            gy = site.gy + calm * PULL * (site.y - middle.y)
            away = math.hypot(gx - site.x, gy - site.y) / (ROAM * site.r)
            shrink = 1 / max(1.0, away)
            site.gx = site.x + (gx - site.x) * shrink
            site.gy = site.y + (gy - site.y) * shrink
    for _ in range(100):
        hold_points(sites)
    print(f"after {ROUNDS} rounds the worst area is off by {worst:.1%}")
    joined = unary_union([c.buffer(0.01) for c in cells.values()])
    region = as_multi(joined.buffer(4).buffer(-5).buffer(1).intersection(ground).union(joined))
    region = MultiPolygon([Polygon(p.exterior) for p in region.geoms if p.area > MIN_ISLET_KM2])
    region = as_multi(region.intersection(ground))
    return {s.code: as_multi(region.intersection(power_cell(s, sites, window))) for s in sites}


def hold_points(sites: list[Site]) -> None:
    """Shift weights so that every point lies inside its own cell, by a margin."""
    for site in sites:
        for other in sites:
            if other is site:
                continue
            mine = (site.gx - site.x) ** 2 + (site.gy - site.y) ** 2 - site.weight
            theirs = (other.gx - site.x) ** 2 + (other.gy - site.y) ** 2 - other.weight
            short = mine + MARGIN * min(site.r, other.r) ** 2 - theirs
            if short > 0:
                site.weight += short / 2
                other.weight -= short / 2


def body(cell: MultiPolygon, site: Site) -> MultiPolygon:
    """The piece of a cell around the unit's point: nothing beyond a river mouth or a bay."""
    return MultiPolygon([min(cell.geoms, key=lambda p: p.distance(site.point))] if cell.geoms else [])


def tidy(cells: dict[str, MultiPolygon], sites: list[Site]) -> dict[str, MultiPolygon]:
    """Pieces cut off from their unit's point go to the neighbour with the longest common border."""
    bodies: dict[str, BaseGeometry] = {}
    loose: list[tuple[str, Polygon]] = []
    for site in sites:
        parts = sorted(cells[site.code].geoms, key=lambda p: p.distance(site.point)) or [Polygon()]
        bodies[site.code] = parts[0]
        loose += [(site.code, p) for p in parts[1:]]
    for home, piece in sorted(loose, key=lambda item: -item[1].area):
        near = piece.buffer(0.05)
        common = {c: b.boundary.intersection(near).length for c, b in bodies.items()}
        best = max(common, key=lambda c: common[c])
        if common[best] > 0.2:
            bodies[best] = bodies[best].union(piece)
        elif piece.area > MIN_ISLET_KM2:
            bodies[home] = unary_union([bodies[home], piece])
    return {code: as_multi(body.buffer(0.01).buffer(-0.01)) for code, body in bodies.items()}


def write(file: str, shapes: list[tuple[dict[str, Any], MultiPolygon]], note: str) -> None:
    features = [
        {"type": "Feature", "properties": properties, "geometry": rounded(shape)}
        for properties, shape in shapes
    ]
    doc = {"type": "FeatureCollection", "note": note, "features": features}
    text = json.dumps(doc, ensure_ascii=False, separators=(",", ":"))
    (FOLDER / file).write_text(text.replace('{"type":"Feature",', '\n{"type":"Feature",') + "\n", "utf-8")


def rounded(shape: MultiPolygon) -> dict[str, Any]:
    """GeoJSON with four decimals (11 m), rings that the rounding closed to nothing left out."""
    polygons = []
    for polygon in mapping(shape)["coordinates"]:
        rings = []
        for ring in polygon:
            points = [[round(x, 4), round(y, 4)] for x, y in ring]
            kept = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
            if len(kept) >= 4:
                rings.append(kept)
        if rings:
            polygons.append(rings)
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


if __name__ == "__main__":
    main(sys.argv[1])
