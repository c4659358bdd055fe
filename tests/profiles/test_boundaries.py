"""Official boundaries are joined by code, or refused with a reason; the drawn map holds every point."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cockpit.domain import geo
from cockpit.profiles import BoundaryError, Profile, load, parse_boundaries


@pytest.fixture(scope="module")
def province() -> Profile:
    return load("quang_ninh")


@pytest.fixture
def drawn(province: Profile) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(province.areas_path.read_text("utf-8"))
    return found


def refusal(geojson: dict[str, Any], profile: Profile) -> str:
    with pytest.raises(BoundaryError) as caught:
        parse_boundaries(geojson, profile)
    return "\n".join(caught.value.problems)


def test_drawn_areas_are_a_valid_file_of_boundaries(province: Profile, drawn: dict[str, Any]) -> None:
    assert [code for code, _ in parse_boundaries(drawn, province)] == [u.code for u in province.units]


def test_the_drawn_areas_hold_the_points_of_their_units(province: Profile, drawn: dict[str, Any]) -> None:
    for code, geometry in parse_boundaries(drawn, province):
        unit = province.unit[code]
        assert geo.contains(geometry, unit.lat, unit.lon), unit.name


def test_codes_are_found_under_other_names_and_as_numbers(province: Profile, drawn: dict[str, Any]) -> None:
    for feature in drawn["features"]:
        feature["properties"] = {"ma_xa": int(feature["properties"]["code"]), "ten": "Không dùng"}
    assert len(parse_boundaries(drawn, province)) == 54


def test_a_missing_unit_is_named(province: Profile, drawn: dict[str, Any]) -> None:
    drawn["features"] = [f for f in drawn["features"] if f["properties"]["code"] != "07192"]
    assert "07192 Đặc khu Cô Tô" in refusal(drawn, province)


def test_every_wrong_feature_is_named(province: Profile, drawn: dict[str, Any]) -> None:
    features = drawn["features"]
    features[0]["properties"] = {"name": "Phường Hà Tu"}
    features[1]["properties"]["code"] = "99999"
    features[3]["properties"]["code"] = features[2]["properties"]["code"]
    features[4]["geometry"] = {"type": "Point", "coordinates": [107, 21]}
    features[5]["geometry"] = {"type": "Polygon", "coordinates": [[[107, 21], [107.1, 21], [107.1, 21.1]]]}
    features[6]["geometry"] = {
        "type": "Polygon",
        "coordinates": [[[2.3e6, 4e5], [2.4e6, 4e5], [2.4e6, 5e5], [2.3e6, 4e5]]],
    }
    features[7]["geometry"] = {
        "type": "Polygon",
        "coordinates": [[[105, 10], [105.1, 10], [105.1, 10.1], [105, 10]]],
    }
    features[8]["geometry"] = {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}
    features[9]["geometry"] = None
    found = refusal(drawn, province)
    for said in (
        "feature 1: found no code",
        "feature 2 (unit 99999): found an unknown code",
        "found a second time",
        "found 'Point', expected Polygon or MultiPolygon",
        "found an open ring",
        "expected WGS84 degrees",
        "expected it near the province",
        "found broken coordinates",
        "found null, expected Polygon",
    ):
        assert said in found


@pytest.mark.parametrize("wrong", [{}, {"type": "Feature"}, {"type": "FeatureCollection", "features": []}])
def test_other_documents_are_refused(province: Profile, wrong: dict[str, Any]) -> None:
    assert "expected" in refusal(wrong, province)


def test_each_point_lies_in_its_drawn_area_and_no_other(province: Profile, drawn: dict[str, Any]) -> None:
    areas = dict(parse_boundaries(drawn, province))
    for unit in province.units:
        holders = [code for code, g in areas.items() if geo.contains(g, unit.lat, unit.lon)]
        assert holders == [unit.code], unit.name
