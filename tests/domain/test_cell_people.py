"""People of hexagons: none is lost, none is invented."""

from __future__ import annotations

import json

import h3
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.coverage.people import ground, spread
from cockpit.profiles import load

QUANG_NINH = load("quang_ninh", "district")
HERE = h3.latlng_to_cell(21.35, 107.45, 8)
CELLS = sorted(h3.grid_disk(HERE, 2))


@given(st.integers(0, 5_000), st.integers(1, len(CELLS)), st.permutations(CELLS))
def test_the_people_of_a_unit_are_all_on_its_land_whatever_the_order(
    people: int, n: int, order: list[str]
) -> None:
    land = dict.fromkeys(sorted(order[:n]), "u")
    found = spread({"u": people}, land)
    assert sum(found.values()) == people
    assert max(found.values()) - min(found.values()) <= 1
    assert spread({"u": people}, dict.fromkeys(order[:n], "u")) == found


def test_a_count_of_a_cell_stands_and_the_rest_goes_to_the_others() -> None:
    land = dict.fromkeys(CELLS[:3], "u")
    assert spread({"u": 100}, land, {CELLS[1]: 90}) == {CELLS[0]: 5, CELLS[1]: 90, CELLS[2]: 5}


def test_every_unit_of_the_province_has_land_and_its_people_are_on_it() -> None:
    features = json.loads(QUANG_NINH.areas_path.read_bytes())["features"]
    shapes = [(f["properties"]["code"], f["geometry"]) for f in features]
    land = ground(shapes, {u.code: (u.lat, u.lon) for u in QUANG_NINH.units})
    assert set(land.values()) == set(QUANG_NINH.unit)
    assert land == ground(reversed(shapes), {u.code: (u.lat, u.lon) for u in QUANG_NINH.units})
    people = spread({u.code: u.population for u in QUANG_NINH.units}, land)
    assert sum(people.values()) == sum(u.population for u in QUANG_NINH.units)
