"""Official boundaries take the place of the drawn areas as soon as they are imported."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cockpit.cli import main
from cockpit.profiles import load
from cockpit.web import static

OFFICIAL = Path(__file__).parents[3] / "shared" / "geo" / "qn_units_2025_50m.geojson"


def square(code: str, lon: float) -> dict[str, object]:
    ring = [[lon, 21.0], [lon + 0.1, 21.0], [lon + 0.1, 21.1], [lon, 21.0]]
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def all_units() -> dict[str, object]:
    units = load("quang_ninh").units
    return {"type": "FeatureCollection", "features": [square(u.code, u.lon) for u in units]}


def serve(data_dir: Path) -> TestClient:
    cockpit = SimpleNamespace(profile=load("quang_ninh"), config=SimpleNamespace(data_dir=data_dir))
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


@pytest.mark.skipif(not OFFICIAL.exists(), reason="the reference boundaries are not beside this clone")
def test_the_reference_boundaries_are_taken_whole(tmp_path: Path) -> None:
    answer = CliRunner().invoke(main, ["import", "boundaries", str(OFFICIAL), "--data-dir", str(tmp_path)])
    assert answer.exit_code == 0, answer.output
    assert len(serve(tmp_path).get("/assets/areas.json").json()["features"]) == 54
