"""Official boundaries take the place of the drawn areas as soon as they are imported."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from shapely.geometry import shape
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cockpit.cli import main
from cockpit.config import from_env
from cockpit.profiles import imported, load
from cockpit.ui import province
from cockpit.web import static


def square(code: str, lon: float) -> dict[str, Any]:
    ring = [[lon, 21.0], [lon + 0.1, 21.0], [lon + 0.1, 21.1], [lon, 21.0]]
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def all_units() -> dict[str, Any]:
    units = load("quang_ninh").units
    return {"type": "FeatureCollection", "features": [square(u.code, u.lon) for u in units]}


def serve(data_dir: Path, **settings: str) -> TestClient:
    config = from_env({"COCKPIT_DATA_DIR": str(data_dir), **settings})
    cockpit = SimpleNamespace(profile=load("quang_ninh"), config=config)
    return TestClient(Starlette(routes=static.routes(cockpit)))  # type: ignore[arg-type]


def test_the_drawn_areas_are_served_until_a_file_is_imported(tmp_path: Path) -> None:
    client = serve(tmp_path)
    before = client.get("/assets/areas.json").json()
    assert len(before["features"]) == 54
    file = tmp_path / "units.geojson"
    file.write_text(json.dumps(all_units()), "utf-8")
    answer = CliRunner().invoke(main, ["import", "boundaries", str(file), "--data-dir", str(tmp_path)])
    assert answer.exit_code == 0, answer.output
    after = client.get("/assets/areas.json").json()
    assert after["features"][0]["geometry"]["coordinates"][0][0][1] == 21.0
    assert {f["properties"]["name"] for f in after["features"]} >= {"Phường Hạ Long", "Đặc khu Cô Tô"}


def test_where_only_pages_know_who_asks_imported_areas_want_their_full_address(tmp_path: Path) -> None:
    client = serve(tmp_path, COCKPIT_MODE="serve", COCKPIT_HOST="0.0.0.0")
    assert client.get("/assets/areas.json").status_code == 200  # the profile's own drawing
    file = tmp_path / "units.geojson"
    file.write_text(json.dumps(all_units()), "utf-8")
    done = CliRunner().invoke(main, ["import", "boundaries", str(file), "--data-dir", str(tmp_path)])
    assert done.exit_code == 0, done.output
    for query in ("", "?v=", "?v=1-1"):
        assert client.get(f"/assets/areas.json{query}").status_code == 403
    _, version = imported.areas(tmp_path, load("quang_ninh"))
    found = client.get(f"/assets/areas.json?v={version}")
    assert (found.status_code, found.headers["cache-control"].partition(",")[0]) == (200, "private")


def test_so_does_the_drawing_of_them_which_is_kept_for_ever_under_its_digest(tmp_path: Path) -> None:
    client = serve(tmp_path, COCKPIT_MODE="serve", COCKPIT_HOST="0.0.0.0")
    own = client.get("/assets/province.svg?room=wide&lang=vi")
    assert own.status_code == 200
    assert own.headers["content-type"] == "image/svg+xml"
    assert "immutable" not in own.headers["cache-control"]
    assert bring(tmp_path, all_units()).exit_code == 0
    shut = serve(tmp_path / "var", COCKPIT_MODE="serve", COCKPIT_HOST="0.0.0.0")
    profile = load("quang_ninh")
    before = province.of_profile(profile, tmp_path, "vi").digest
    for query in ("", "?v=", f"?v={before}"):
        assert shut.get(f"/assets/province.svg{query}").status_code == 403
    digest = province.of_profile(profile, tmp_path / "var", "vi").digest
    found = shut.get(f"/assets/province.svg?room=wide&lang=vi&v={digest}")
    assert found.status_code == 200
    assert found.headers["cache-control"].startswith("private")
    assert "immutable" in found.headers["cache-control"]
    assert found.text != own.text
    assert shut.get("/assets/province.svg?room=hall").status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "units.geojson"),
        ('{"type":"FeatureCollection","features":[]}', "expected one feature for each unit"),
        ("[]", "units.geojson"),
    ],
)
def test_a_wrong_file_is_refused_by_name_and_changes_nothing(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "units.geojson"
    file.write_text(content, "utf-8")
    answer = CliRunner().invoke(main, ["import", "boundaries", str(file), "--data-dir", str(tmp_path)])
    assert answer.exit_code == 1
    assert said in answer.output
    assert not (tmp_path / "boundaries.geojson").exists()


Change = Callable[[list[dict[str, Any]]], object]


def bring(tmp_path: Path, collection: object, name: str = "units.geojson") -> Result:
    """`cockpit import boundaries` of a document, or of bytes as they are."""
    content = collection if isinstance(collection, bytes) else json.dumps(collection).encode()
    file = tmp_path / name
    file.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    done = CliRunner().invoke(main, ["import", "boundaries", str(file), "--data-dir", str(tmp_path / "var")])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return done


def changed(change: Change) -> dict[str, Any]:
    """All units, something changed in their features."""
    made = all_units()
    change(made["features"])
    return made


def ring(features: list[dict[str, Any]]) -> list[list[float]]:
    found: list[list[float]] = features[2]["geometry"]["coordinates"][0]
    return found


def parted(features: list[dict[str, Any]], *more: object) -> None:
    shape = features[2]["geometry"]
    features[2]["geometry"] = {"type": "MultiPolygon", "coordinates": [shape["coordinates"], *more]}


WRONG: dict[str, tuple[Change, str]] = {
    "zero": (lambda f: ring(f).insert(2, [0, 0]), "found the corner 0, 0 in part 1, expected it near"),
    "minus one": (lambda f: ring(f).insert(2, [-1, -1]), "found the corner -1, -1 in part 1"),
    "nan": (lambda f: ring(f).insert(2, [float("nan"), 21.0]), "found a corner that is no number in part 1"),
    "huge": (lambda f: ring(f).insert(2, [10**400, 21.0]), "found a corner that is no number in part 1"),
    "metres": (
        lambda f: ring(f).insert(2, [428_000, 2_310_000]),
        "expected WGS84 degrees (convert from VN-2000",
    ),
    "swapped": (lambda f: ring(f).insert(2, [21.0, 107.0]), "expected lon before lat: swap them"),
    "empty part": (lambda f: parted(f, []), "part 2 is empty"),
    "empty ring": (lambda f: parted(f, [[]]), "a ring of part 2 is empty"),
    "no area": (lambda f: parted(f, [[[107, 21], [107.1, 21], [107, 21], [107, 21]]]), "part 2 has no area"),
    "crs": (
        lambda f: f[2].update(crs={"type": "name", "properties": {"name": "EPSG:9210"}}),
        "key crs: found 'EPSG:9210', expected WGS 84 (CRS84 or EPSG:4326): convert the file",
    ),
    "no geometry": (lambda f: f[2].update(geometry=None), "found null, expected Polygon or MultiPolygon"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_shape_is_told_with_its_feature_and_cause(tmp_path: Path, wrong: str) -> None:
    change, said = WRONG[wrong]
    done = bring(tmp_path, changed(change))
    assert done.exit_code == 1
    assert "feature 3 (unit 06661 " in done.output
    assert said in done.output
    assert not (tmp_path / "var").exists()


def test_a_unit_twice_and_a_unit_missing_are_both_told(tmp_path: Path) -> None:
    done = bring(tmp_path, changed(lambda f: f.__setitem__(3, f[2])))
    assert "feature 4 (unit 06661 " in done.output
    assert "found a second time after feature 3" in done.output
    assert f"found no boundary for {load('quang_ninh').units[3].code} " in done.output


@pytest.mark.parametrize(
    ("crs", "taken"),
    [
        (None, True),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, True),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}, True),
        ({"type": "name", "properties": {"name": "EPSG:4326"}}, True),
        ({"type": "EPSG", "properties": {"code": 4326}}, True),
        ({"type": "EPSG", "properties": {"code": "4326"}}, True),
        ({"type": "EPSG", "properties": {"code": 9210}}, False),
        ({"type": "EPSG", "properties": {"code": True}}, False),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4756"}}, False),
        ({"type": "name", "properties": {"name": "EPSG:14326"}}, False),
        ({"type": "link", "properties": {"href": "http://example.org/vn2000"}}, False),
        ("VN-2000", False),
        ([1], False),
    ],
)
def test_only_wgs84_is_taken(tmp_path: Path, crs: object, taken: bool) -> None:
    done = bring(tmp_path, all_units() | {"crs": crs})
    assert (done.exit_code == 0) == taken, done.output
    assert taken or "expected WGS 84 (CRS84 or EPSG:4326): convert the file from VN-2000 first" in done.output


@pytest.mark.parametrize(
    "properties",
    [
        lambda n, code: {"MA_XA": code},
        lambda n, code: {"Ma_Xa": float(code)},
        lambda n, code: {"MaXa": f"{int(code)}.0"},
        lambda n, code: {"code": n, "ma_xa": int(code)},
        lambda n, code: {"CODE": f"{n}", "ma": None, "ward_code": f" {code} "},
    ],
    ids=["capitals", "float", "text", "running", "last"],
)
def test_codes_are_found_whatever_stands_beside_them(tmp_path: Path, properties: Any) -> None:
    made = all_units()
    for n, feature in enumerate(made["features"], 1):
        feature["properties"] = properties(n, feature["properties"]["code"])
    done = bring(tmp_path, made, "units.geojson.gz")
    assert done.exit_code == 0, done.output
    assert "54 boundaries are shown" in done.output


def test_a_shape_that_crosses_itself_is_mended_and_told(tmp_path: Path) -> None:
    def cross(features: list[dict[str, Any]]) -> None:
        corners = [[107.0, 21.0], [107.1, 21.1], [107.1, 21.0], [107.0, 21.1], [107.0, 21.0]]
        features[2]["geometry"]["coordinates"] = [corners]

    done = bring(tmp_path, changed(cross))
    assert done.exit_code == 0
    assert "feature 3 (unit 06661 " in done.output
    assert "the shape was mended (Self-intersection" in done.output
    stored = json.loads((tmp_path / "var" / "boundaries.geojson").read_text("utf-8"))
    made = shape(stored["features"][2]["geometry"])
    assert made.is_valid
    assert made.area == pytest.approx(0.005)
    assert [f.name for f in (tmp_path / "var").iterdir()] == ["boundaries.geojson"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[1]", "found a list, expected an object of type FeatureCollection"),
        (b"null", "found null, expected an object"),
        (b"7", "found 7, expected an object"),
        (b'"x"', "found 'x', expected an object"),
        (b"[" * 100_000, "brackets are nested absurdly deep"),
        (b'{"type":"FeatureCollection","features":[1,null,[]]}', "feature 2: found null, expected an object"),
        ("{}".encode("utf-16"), "found UTF-16 or no text at all"),
        (b'{"a":"\xff"}', "byte 6 is no UTF-8"),
        (b" " * (33 * 2**20), "holds more than 32 MiB"),
    ],
    ids=["list", "null", "number", "text", "deep", "features", "utf-16", "bytes", "large"],
)
@pytest.mark.parametrize("name", ["units.geojson", "units.geojson.gz"])
def test_a_document_of_another_kind_gets_a_sentence(
    tmp_path: Path, content: bytes, said: str, name: str
) -> None:
    done = bring(tmp_path, content, name)
    assert done.exit_code == 1
    assert f"{name}: " in done.output
    assert said in done.output


def test_an_import_that_fails_leaves_the_one_before_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bring(tmp_path, all_units()).exit_code == 0
    before = (tmp_path / "var" / "boundaries.geojson").read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cockpit.profiles.imported.os.fsync", full)
    done = bring(tmp_path, all_units())
    assert done.exit_code == 1
    assert "No space left on device" in done.output
    assert (tmp_path / "var" / "boundaries.geojson").read_bytes() == before
    assert len(list((tmp_path / "var").iterdir())) == 1
