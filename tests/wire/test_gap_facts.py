"""Whom a gap concerns, over HTTP and in the files that operators get."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import h3
import openpyxl
import pytest
from click.testing import CliRunner

from cockpit.cli import main
from cockpit.domain.coverage.affected import Weighed, Weights, ranks
from cockpit.domain.coverage.hamlets import Hamlet
from cockpit.domain.registers import GAP, Entry
from cockpit.store import hamlets
from tests.store import inside
from tests.wire.conftest import START, Bench
from tests.wire.test_registers import FACTS, keep

UNIT = "06652"
LAT, LON = 20.9627, 107.1593
CELL = h3.latlng_to_cell(LAT, LON, 8)


def put(bench: Bench, name: str = "Khu 1") -> None:
    """A gap under a hamlet of 900 people, where two operators are bad and one is not measured."""
    facts = {**FACTS, "cells": [CELL], "lat": LAT, "lon": LON}
    keep(bench, Entry(GAP, 1, "reported", UNIT, "skhcn", START, START + 1000, facts=facts), 0, "found", "")
    found = [
        Hamlet("T1", UNIT, name, LAT, LON, 900, 250, 1, None, True, False),
        Hamlet("T2", UNIT, "Khu xa", LAT + 0.3, LON, 100),
    ]
    bench.store.write(lambda conn: hamlets.put(conn, found)).result()
    bench.store.write(lambda conn: hamlets.put_people(conn, {CELL: 1000})).result()
    for operator in ("viettel", "vnpt"):
        inside.put_cell(bench.store, operator, CELL, 40, bad=40, last=START)


def test_a_gap_tells_operators_people_and_what_stands_on_its_ground(bench: Bench) -> None:
    put(bench)
    (gap,) = bench.client().get("/api/v1/coverage/gaps").json()["gaps"]
    assert (gap["kind"], gap["operators"]) == ("patchy", ["viettel", "vnpt"])
    assert gap["people"] == {"low": 870, "mid": 950, "high": 990, "basis": "cells"}
    assert [(h["code"], h["inside"], h["made_up"]) for h in gap["hamlets"]] == [("T1", True, False)]
    assert (gap["households"], gap["schools"], gap["offices"], gap["grid"], gap["road"]) == (
        250, 1, None, True, False,
    )  # fmt: skip
    inside.put_cell(bench.store, "mobifone", CELL, 40, bad=40, last=START)
    (gap,) = bench.client().get("/api/v1/coverage/gaps").json()["gaps"]
    assert gap["kind"] == "white"


def test_without_a_file_a_units_people_are_spread_over_its_land(bench: Bench) -> None:
    facts = {**FACTS, "cells": [CELL], "lat": LAT, "lon": LON}
    keep(bench, Entry(GAP, 1, "reported", UNIT, "skhcn", START, START, facts=facts), 0, "found", "")
    (gap,) = bench.client().get("/api/v1/coverage/gaps").json()["gaps"]
    assert gap["people"]["basis"] == "spread"
    assert 0 < gap["people"]["low"] <= gap["people"]["mid"] <= gap["people"]["high"]


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson"])
def test_the_register_goes_to_operators_in_three_forms_and_no_cell_is_reckoned(
    bench: Bench, tmp_path: Path, form: str
) -> None:
    put(bench, name="=1+1")
    file = tmp_path / f"gaps.{form}"
    data_dir = str(bench.store.path.parent)
    ran = CliRunner().invoke(main, ["export", "gaps", str(file), "--data-dir", data_dir])
    assert (ran.exit_code, ran.output.strip()) == (0, f"{file}: 1 gaps")
    if form == "csv":
        (row,) = csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig")))
    elif form == "xlsx":
        head, values = openpyxl.load_workbook(file).active.values
        row = dict(zip(head, values, strict=True))
    else:
        (feature,) = json.loads(file.read_bytes())["features"]
        assert feature["geometry"]["type"] in ("Polygon", "MultiPolygon")
        row = feature["properties"]
    assert (row["code"], row["hamlets"]) == ("LS-1", "=1+1" if form == "geojson" else "'=1+1")
    assert (str(row["people"]), str(row["hamlets_made_up"])) == ("950", "0")
    assert row["operators"] == "Viettel; VNPT VinaPhone"


def test_another_ending_is_refused_with_those_there_are(tmp_path: Path) -> None:
    ran = CliRunner().invoke(main, ["export", "gaps", str(tmp_path / "x.pdf")])
    assert ran.exit_code == 1
    assert "expected one of .csv, .geojson, .xlsx" in ran.output


def test_weights_decide_which_gap_comes_first() -> None:
    found = {1: Weighed(100, None, 1000, None), 2: Weighed(10, 4, 2000, 500)}
    assert ranks(found, Weights(10, 0, 0, 0)) == {1: 100, 2: 10}
    assert ranks(found, Weights(0, 10, 0, 0)) == {1: 0, 2: 100}
    assert ranks(found, Weights(0, 0, 0, 0)) == {1: 0, 2: 0}
