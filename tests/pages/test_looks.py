"""Charts, maps and tables: nothing from outside, no broken numbers, nothing drawn twice."""

from __future__ import annotations

import base64
import json
import re
from typing import Any, get_args

import altair as alt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.indicators import Status
from cockpit.ui import charts, maps, status, step_chart, tables
from cockpit.views.figure import URGENCY
from tests.pages.conftest import Visit


def test_a_map_asks_nobody_outside(visit: Visit) -> None:
    app = visit("coverage")
    for element in app.get("deck_gl_json_chart"):
        spec = element.proto.json
        made = json.loads(spec)
        assert "mapProvider" not in made
        assert made.get("mapStyle") in (None, "", "__MAP_STYLE__")
        assert "cartocdn" not in spec
        assert "NaN" not in spec


def test_hexagons_carry_ids_as_text_and_the_ground_by_address(cockpit: Any) -> None:
    layer = maps.HexLayer("bad", [{"h3": "87415a000ffffff", "text": "kém"}])
    made = json.loads(maps.deck([maps.hex_layer(layer)]).to_json())
    by_id = {layer["id"]: layer["data"] for layer in made["layers"]}
    assert by_id["areas"] == maps.AREAS_URL
    assert by_id["surroundings"] == by_id["names"] == maps.SURROUNDINGS_URL
    assert by_id["hex-bad"][0]["h3"] == "87415a000ffffff"


@pytest.mark.parametrize("room", [maps.DESK_PX, maps.PHONE_PX])
def test_a_map_shows_the_whole_province_and_wastes_no_room(cockpit: Any, room: tuple[int, int]) -> None:
    lon0, lat0, lon1, lat1 = box = maps.province()
    assert all(lon0 <= u.lon <= lon1 and lat0 <= u.lat <= lat1 for u in cockpit.profile.units)
    px_per_degree = 512 * 2 ** maps.zoom(box, room) / 360
    used = (lon1 - lon0) * px_per_degree / room[0], (lat1 - lat0) * px_per_degree / 0.932 / room[1]
    assert max(used) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_specifications_are_made_once(lang: str) -> None:
    assert charts.trend(lang) is charts.trend(lang)
    assert charts.calendar(lang, 24) is charts.calendar(lang, 24)


def test_annotations_have_one_row_of_their_own_and_are_silent() -> None:
    for layer in charts.trend("vi", 95.0, "Mục tiêu")["layer"][1:]:
        assert len(layer["data"]["values"]) == 1
        assert layer["mark"]["aria"] is False


@given(
    st.lists(st.floats(-1e9, 1e9), max_size=60),
    st.none() | st.floats(-1e9, 1e9),
)
def test_a_sparkline_stays_within_its_picture(values: list[float], target: float | None) -> None:
    uri = charts.sparkline_svg(values, target, status.RED)
    svg = base64.b64decode(uri.split(",", 1)[1]).decode()
    assert "nan" not in svg
    if len(values) > 1:
        points = svg.split('points="')[1].split('"')[0].split()
        assert len(points) == len(values)
        assert all(-0.1 <= float(p.split(",")[1]) <= 36.1 for p in points)


def test_a_flat_line_is_drawn_in_the_middle() -> None:
    svg = base64.b64decode(charts.sparkline_svg([5.0, 5.0, 5.0], None, "#000").split(",")[1]).decode()
    assert "18.0" in svg.split('points="')[1]


def test_a_strip_leaves_missing_half_hours_blank() -> None:
    svg = base64.b64decode(tables.strip_svg(("good", "", "bad") * 16).split(",")[1]).decode()
    assert svg.count("M") == 32


def test_hours_that_are_still_being_brought_in_are_drawn_thinner_than_any_judged_one() -> None:
    waiting, *judged = (tables.STRIP_STATES[state][0] for state in ("wait", "good", "warn", "bad"))
    assert waiting < min(judged)
    svg = base64.b64decode(tables.strip_svg(("good",) * 23 + ("wait",)).split(",")[1]).decode()
    assert svg.count("<path") == 2


def test_every_status_has_a_look_and_an_urgency() -> None:
    assert set(status.LOOKS) == set(get_args(Status)) == set(URGENCY)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_specification_is_one_that_vega_lite_knows(lang: str) -> None:
    specs = (
        charts.trend(lang, 95.0, "Mục tiêu"),
        charts.calendar(lang, 24, 40),
    )
    for spec in specs:
        alt.Chart.from_dict({**spec, "data": {"values": []}})  # raises where the schema does not fit


HOUR = 3_600_000
VALUES = st.floats(-1e9, 1e9, allow_nan=False).map(lambda v: round(v, 3))


@given(st.lists(VALUES, min_size=1, max_size=24), st.none() | VALUES)
def test_steps_stay_within_their_picture_whatever_the_values(
    values: list[float], limit: float | None
) -> None:
    points = [(1_795_312_800_000 + n * HOUR, v) for n, v in enumerate(values)]
    made = step_chart.svg(points, limit, "<b>", alt='"x"', language="vi")
    assert "<b>" not in made
    assert 'aria-label="&quot;x&quot;"' in made
    for path in re.findall(r' d="([^"]*)"', made):
        numbers = [float(n) for n in re.findall(r"-?[\d.]+(?:e[+-]?\d+)?", path)]
        assert all(0 <= n <= step_chart.WIDTH for n in numbers), path
    assert 2 <= made.count('class="grid"') <= 2 * step_chart.TICKS


def test_an_hour_without_a_value_is_a_gap_in_the_steps(cockpit: Any) -> None:
    start = 1_795_312_800_000
    whole = step_chart.svg([(start, 1.0), (start + HOUR, 2.0)], None, "", alt="", language="vi")
    holed = step_chart.svg([(start, 1.0), (start + 2 * HOUR, 2.0)], None, "", alt="", language="vi")
    (line,), (parted,) = (re.findall(r'class="line" d="([^"]*)"', made) for made in (whole, holed))
    assert (line.count("M"), parted.count("M")) == (1, 2)
