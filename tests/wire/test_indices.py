"""Published figures and the two calculators over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.wire.conftest import Bench

QUANG_NAM = {
    "openness": 13.2, "progress": 18.4, "online": 7.7, "payment": 7.6, "satisfaction": 17.6,
    "digitisation": 15.6,
}  # fmt: skip
QUANG_NINH = {
    "foundation": [0.9581, 0.9, 0.7648, 0.625, 0.5382], "government": 0.8385, "economy": 0.5904,
    "society": 0.4505,
}  # fmt: skip
SERVICE, DTI = "/api/v1/calculators/766", "/api/v1/calculators/dti"


def test_the_published_service_index_of_quang_nam_is_reckoned(client: TestClient) -> None:
    answer = client.post(SERVICE, json=QUANG_NAM)
    assert (answer.status_code, answer.json()) == (200, {"total": 80.1, "class": "tot"})


@pytest.mark.parametrize(
    ("openness", "told"),
    [(18, "tot"), (13.1, "tot"), (13.0, "kha"), (0, "trung_binh")],
)
def test_classes_follow_the_total(client: TestClient, openness: float, told: str) -> None:
    assert client.post(SERVICE, json=QUANG_NAM | {"openness": openness}).json()["class"] == told


def test_the_published_dti_of_quang_ninh_is_reckoned(client: TestClient) -> None:
    answer = client.post(DTI, json=QUANG_NINH)
    pillars = {"government": 0.7804, "economy": 0.7187, "society": 0.6864}
    assert (answer.status_code, answer.json()) == (200, {"dti": 0.7024, "pillars": pillars})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (SERVICE, QUANG_NAM | {"openness": 18.1}),
        (SERVICE, QUANG_NAM | {"payment": -1}),
        (SERVICE, QUANG_NAM | {"payment": "7"}),
        (SERVICE, QUANG_NAM | {"colour": 1}),
        (SERVICE, {k: v for k, v in QUANG_NAM.items() if k != "online"}),
        (SERVICE, []),
        (DTI, QUANG_NINH | {"foundation": [1, 1, 1, 1]}),
        (DTI, QUANG_NINH | {"foundation": [1, 1, 1, 1, 1.01]}),
        (DTI, QUANG_NINH | {"government": 83.85}),
    ],
)
def test_what_is_no_index_is_refused(client: TestClient, path: str, body: Any) -> None:
    answer = client.post(path, json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_parameter")


@pytest.mark.parametrize("path", [SERVICE, DTI])
def test_a_body_that_is_no_json_or_too_large_is_refused(client: TestClient, path: str) -> None:
    assert client.post(path, content=b"{").status_code == 400
    assert client.post(path, content=b" " * (64 * 1024 + 1)).status_code == 413


def test_a_calculator_needs_a_token_beyond_loopback(bench: Bench) -> None:
    object.__setattr__(bench.config, "host", "0.0.0.0")
    assert bench.client().post(SERVICE, json=QUANG_NAM).status_code == 401
    assert bench.client(bench.token("cam-vms")).post(SERVICE, json=QUANG_NAM).status_code == 403
    reader = bench.client(bench.token(role="reader"))
    assert reader.post(SERVICE, json=QUANG_NAM).json()["total"] == 80.1
    assert reader.post(DTI, json=QUANG_NINH).json()["dti"] == 0.7024


def test_every_published_figure_has_its_source_and_date(client: TestClient) -> None:
    facts = {fact["code"]: fact for fact in client.get("/api/v1/facts").json()["facts"]}
    assert list(facts) == [f"F{n}" for n in range(1, 27)]
    assert all(fact["date"] and fact["source"]["vi"] and fact["source"]["en"] for fact in facts.values())
    first, second = facts["F1"], facts["F2"]
    assert (first["value"], first["numerator"], first["denominator"]) == (40.7, 11, 27)
    assert (second["value"], second["numerator"], second["denominator"]) == (37.3, 19, 51)
    assert facts["F18"]["value"] == 125_506
    assert "numerator" not in facts["F18"]
    assert facts["F24"]["value"] is None
    assert [(f["value"], f["over"]) for f in facts["F22"]["further"]] == [(2_100_000, True)]


def test_made_up_parts_are_said_to_be_and_are_none_outside_a_demo(demo: Bench, bench: Bench) -> None:
    origins = {p["code"]: p["origin"] for p in demo.client().get("/api/v1/indices").json()["parts"]}
    assert origins["reused"] == "made_up"
    assert origins["on_time"] == "measured"
    told = bench.client().get("/api/v1/indices").json()
    assert {p["origin"] for p in told["parts"]} == {"measured", "unknown"}
    assert told["units"] == []
