"""Maps follow the boundaries that are imported while the cockpit runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cockpit.cli import main
from cockpit.profiles import load
from cockpit.profiles.imported import NAME
from cockpit.ui import maps
from cockpit.web import static
from tests.pages.conftest import Visit, sent_to


@pytest.fixture
def data_dir(cockpit: Any) -> Iterator[Path]:
    found: Path = cockpit.config.data_dir
    yield found
    (found / NAME).unlink(missing_ok=True)


def bring(data_dir: Path, tmp_path: Path, west: float) -> None:
    """Import squares for all units, beginning at a longitude."""
    ring = [[west, 21.0], [west + 0.5, 21.0], [west + 0.5, 21.2], [west, 21.0]]
    units = [
        {
            "type": "Feature",
            "properties": {"code": unit.code},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for unit in load("quang_ninh").units
    ]
    file = tmp_path / "units.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": units}), "utf-8")
    done = CliRunner().invoke(main, ["import", "boundaries", str(file), "--data-dir", str(data_dir)])
    assert done.exit_code == 0, done.output


def shown(visit: Visit, page: str) -> tuple[str, float]:
    """Address of the areas and the longitude a page's map looks at."""
    (chart,) = visit(page, view="map").get("deck_gl_json_chart")
    made = json.loads(chart.proto.json)
    areas = next(layer for layer in made["layers"] if layer["id"] == "areas")
    return areas["data"], made["initialViewState"]["longitude"]


@pytest.mark.parametrize("page", ["coverage", "cameras"])
def test_a_second_import_is_drawn_in_its_own_box(
    visit: Visit, data_dir: Path, tmp_path: Path, page: str
) -> None:
    drawn, _ = shown(visit, page)
    assert drawn == maps.AREAS_URL
    bring(data_dir, tmp_path, 106.5)
    first, west = shown(visit, page)
    bring(data_dir, tmp_path, 107.5)
    second, east = shown(visit, page)
    assert len({drawn, first, second}) == 3
    assert west == pytest.approx(106.75)
    assert east == pytest.approx(107.75)


def test_home_draws_each_import_anew_without_the_diagrams_outline(
    visit: Visit, cockpit: Any, data_dir: Path, tmp_path: Path
) -> None:
    addresses = set()
    with TestClient(Starlette(routes=static.routes(cockpit))) as client:
        for west in (None, 106.5, 107.5):
            if west is not None:
                bring(data_dir, tmp_path, west)
            (sent,) = sent_to("province", visit("home")._tree)
            address = sent["drawing"]
            addresses.add(address)
            drawing = client.get(address).text
            assert ("outlined" in drawing) == (west is None)
            assert drawing.count("data-name") >= 54
    assert len(addresses) == 3, addresses


def test_a_broken_file_of_before_does_not_break_the_page(visit: Visit, data_dir: Path) -> None:
    (data_dir / NAME).write_text(
        '{"features":[{"geometry":{"type":"MultiPolygon","coordinates":[[]]}}]}', "utf-8"
    )
    assert not visit("coverage").exception
    assert maps.province()[0] > 106
    app = visit("home")
    assert not app.exception
    assert list(sent_to("province", app._tree))
