"""Geometry of small areas."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain import geo

SQUARE = {"type": "Polygon", "coordinates": [[[107, 21], [108, 21], [108, 22], [107, 22], [107, 21]]]}
RING = {
    "type": "Polygon",
    "coordinates": [
        SQUARE["coordinates"][0],
        [[107.4, 21.4], [107.6, 21.4], [107.6, 21.6], [107.4, 21.6], [107.4, 21.4]],
    ],
}


def test_distance_of_one_degree_north_is_known() -> None:
    assert geo.haversine_m(21, 107, 22, 107) == pytest.approx(111_195, abs=1)
    assert geo.haversine_m(21, 107, 21, 107) == 0


@dataclass
class Spot:
    code: str
    lat: float
    lon: float


@pytest.mark.parametrize(("lat", "nearest"), [(8.0, "north"), (60.0, "east")])
def test_a_degree_of_longitude_is_the_shorter_the_farther_from_the_equator(lat: float, nearest: str) -> None:
    spots = [Spot("north", lat + 0.08, 106), Spot("east", lat, 106.1)]
    assert geo.nearest(spots, lat, 106).code == nearest


def test_a_hole_is_outside() -> None:
    assert geo.contains(RING, 21.2, 107.2)
    assert not geo.contains(RING, 21.5, 107.5)


def test_several_polygons_are_one_place() -> None:
    both = {
        "type": "MultiPolygon",
        "coordinates": [SQUARE["coordinates"], [[[109, 21], [109.5, 21], [109.5, 21.5], [109, 21]]]],
    }
    assert geo.contains(both, 21.5, 107.5)
    assert geo.contains(both, 21.2, 109.3)
    assert not geo.contains(both, 21.5, 108.5)
    assert geo.bbox(both) == (107, 21, 109.5, 22)


@given(st.floats(20, 23), st.floats(106, 109))
def test_a_box_holds_what_lies_between_its_sides(lat: float, lon: float) -> None:
    if 21 < lat < 22 and 107 < lon < 108:
        assert geo.contains(SQUARE, lat, lon)
    elif not (21 <= lat <= 22 and 107 <= lon <= 108):
        assert not geo.contains(SQUARE, lat, lon)


def test_area_is_that_of_the_sphere() -> None:
    assert geo.area_km2(SQUARE) == pytest.approx(11_500, rel=0.005)
    assert geo.area_km2(RING) == pytest.approx(11_500 * 0.96, rel=0.005)


def test_other_geometries_are_refused() -> None:
    with pytest.raises(ValueError, match="Polygon"):
        geo.polygons({"type": "Point", "coordinates": [107, 21]})
    with pytest.raises(ValueError, match="corners"):
        geo.bbox({"type": "MultiPolygon", "coordinates": []})
