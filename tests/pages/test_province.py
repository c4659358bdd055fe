"""The drawing of the province: whole, each mark once, names apart, and as small as it looks."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.profiles import load
from cockpit.profiles.imported import NAME
from cockpit.ui import province
from cockpit.ui.province import ROOMS
from cockpit.ui.province.labels import Label, overlap, placed

SVG = "{http://www.w3.org/2000/svg}"
PROFILE = load("quang_ninh")


def made(room: str, tmp_path: Path, language: str = "vi") -> province.Picture:
    return province.of_profile(PROFILE, tmp_path, language).pictures[room]


def parsed(drawing: province.Picture) -> ElementTree.Element:
    return ElementTree.fromstring(drawing.bare)  # noqa: S314 - of our own making


@pytest.mark.parametrize("room", ROOMS)
def test_every_unit_is_drawn_and_has_one_mark(room: str, tmp_path: Path) -> None:
    tree = parsed(made(room, tmp_path))
    areas = [p.get("data-unit") for p in tree.iter(f"{SVG}path") if p.get("data-name")]
    marks = [p.get("data-unit") for p in tree.iter(f"{SVG}path") if p.get("class") == "mark"]
    codes = [u.code for u in PROFILE.units]
    assert set(areas) == set(codes)
    assert sorted(str(code) for code in marks) == sorted(codes)
    frame = next(r for r in tree.iter(f"{SVG}rect") if r.get("class") == "frame")
    left, top = float(frame.get("x", "")), float(frame.get("y", ""))
    inset = PROFILE.inset
    assert inset is not None
    west, south, east, north = inset.box
    for unit in PROFILE.units:
        (mark,) = (
            m for m in tree.iter(f"{SVG}path") if m.get("class") == "mark" and m.get("data-unit") == unit.code
        )
        x, y = map(float, re.findall(r"[\d.]+", str(mark.get("transform")))[:2])
        larger = west < unit.lon < east and south < unit.lat < north
        assert (x > left and y > top) == larger, unit.name
        assert areas.count(unit.code) == 2 or not larger, unit.name


@pytest.mark.parametrize(("room", "towns"), [("wide", 12), ("narrow", 8), ("small", 7), ("wall", 12)])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_names_are_all_there_apart_and_within_the_picture(
    room: str, towns: int, language: str, tmp_path: Path
) -> None:
    drawing = made(room, tmp_path, language)
    tree = parsed(drawing)
    labels = []
    for text in tree.iter(f"{SVG}text"):
        if text.get("class") != "title":
            size = float(text.get("font-size", ""))
            x, y = float(text.get("x", "")), float(text.get("y", "")) - size * 0.34
            labels.append(Label(str(text.get("class")), str(text.text), x, y, size))
    assert sum(label.kind == "town" for label in labels) >= towns
    for a, b in itertools.combinations(labels, 2):
        assert not overlap(a.box(), b.box()), (a.text, b.text)
    for label in labels:
        left, top, right, bottom = label.box()
        assert min(left, top) > 0, label.text
        assert right < drawing.width, label.text
        assert bottom < drawing.height, label.text


def test_states_put_in_colour_areas_and_leave_marks_of_those_alone(tmp_path: Path) -> None:
    told = made("wall", tmp_path).svg({"06994": "red", "06979": "orange", "06757": "gray"})
    assert re.findall(r'class="mark ?(\w*)"', told) in (["red", "orange"], ["orange", "red"])
    assert re.search(r'<path class="red" data-unit="06994"', told)
    assert re.search(r'<path class="gray" data-unit="06757"', told)


def test_a_drawing_is_made_once_and_another_language_has_another_digest(tmp_path: Path) -> None:
    vi, en = (province.of_profile(PROFILE, tmp_path, language) for language in ("vi", "en"))
    assert province.of_profile(PROFILE, tmp_path, "vi") is vi
    assert vi.digest != en.digest
    for picture in vi.pictures.values():
        assert len(picture.bare.encode()) < 45_000


def test_the_drawing_has_no_script_and_no_style_of_its_own(tmp_path: Path) -> None:
    drawing = made("wide", tmp_path).bare
    assert not re.search(
        r"<script|<style|style=|\son\w+=|javascript:|https?://(?!www\.w3\.org/2000/svg)", drawing
    )
    assert not re.search(r"nan|inf", drawing)


def test_corners_that_nobody_can_see_are_not_sent(tmp_path: Path) -> None:
    """Official boundaries have a corner every few metres."""
    made = {code: json.loads(PROFILE.areas_path.read_text("utf-8")) for code in ("plain", "dense")}
    for feature in made["dense"]["features"]:
        shape = feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        many = [[dense(ring) for ring in polygon] for polygon in polygons]
        feature["geometry"] = {"type": "MultiPolygon", "coordinates": many}
    sizes = {}
    for name, document in made.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / NAME).write_text(json.dumps(document), "utf-8")
        drawing = province.of_profile(PROFILE, tmp_path / name, "vi")
        assert not drawing.own
        sizes[name] = len(drawing.pictures["wide"].bare)
    assert sizes["dense"] < 6 * sizes["plain"]


def dense(ring: list[list[float]]) -> list[list[float]]:
    """The same ring with a hundred corners for one."""
    return [
        [x + (to_x - x) * i / 100, y + (to_y - y) * i / 100]
        for (x, y), (to_x, to_y) in itertools.pairwise(ring)
        for i in range(100)
    ]


@given(
    st.lists(st.tuples(st.text("ăâớ Qhn", min_size=1, max_size=14), st.floats(0, 300), st.floats(0, 200))),
    st.lists(st.tuples(st.floats(0, 300), st.floats(0, 200)), max_size=20),
)
def test_placed_names_never_overlap(names: list[Any], marks: list[Any]) -> None:
    found = placed(
        [Label("town", text, x, y, 12) for text, x, y in names],
        within=(0, 0, 300, 200),
        taken=[(100, 100, 200, 200)],
        marks=[(x - 7, y - 7, x + 7, y + 7) for x, y in marks],
    )
    for a, b in itertools.combinations(found, 2):
        assert not overlap(a.box(), b.box())
    for label in found:
        assert not overlap(label.box(), (100, 100, 200, 200))
        left, top, right, bottom = label.box()
        assert min(left, top, 300 - right, 200 - bottom) >= 0
