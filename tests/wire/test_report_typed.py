"""Figures that people type into the cockpit: rights by unit, the checks of the wire, and what stands then."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from cockpit.domain.instants import iso
from cockpit.domain.periods import day_number
from cockpit.engine import Engine
from cockpit.ingest.tokens import issue
from cockpit.store.queries import figures, reports
from tests.store import inside
from tests.waiting import PATIENCE_S
from tests.wire import handed
from tests.wire.conftest import START, Bench
from tests.wire.test_commands import give
from tests.wire.test_events import post, report

OWNER = "pvhcc"
"""Owns I08, the dossiers on time."""


def of_unit(bench: Bench, role: str, unit: str, name: str = "Lan") -> TestClient:
    token = bench.store.write(lambda conn: issue(conn, (), role, name, unit=unit)).result(PATIENCE_S)
    return bench.client(token)


def add(client: TestClient, **args: Any) -> dict[str, Any]:
    found: dict[str, Any] = give(
        client, "report_add", {"indicator": "I08", "period": "2026-10", **args}
    ).json()
    return found


@pytest.fixture
def unit(bench: Bench) -> str:
    return bench.profile.units[0].code


def test_an_officer_reports_for_the_own_unit_and_it_stands(bench: Bench, unit: str) -> None:
    officer = of_unit(bench, "officer", unit)
    told = add(officer, unit=unit, value=97.5, note="số của phòng")
    assert told == {
        "code": "done",
        "facts": {
            "report": 1, "indicator": "I08", "unit": unit, "period": "2026-10", "value": 97.5, "at": START,
        },
    }  # fmt: skip
    with bench.store.read() as conn:
        found = reports.standing(conn, "I08", day_number(START), unit)
    assert found is not None
    assert (found.person, found.of_unit, found.way, found.note) == ("Lan", unit, "form", "số của phòng")
    again = add(officer, unit=unit, value=97.5, note="số của phòng")
    assert (again["code"], again["facts"]["report"], again["facts"]["by"]) == ("already", 1, "Lan")
    mended = add(officer, unit=unit, numerator=195, denominator=200)
    assert (mended["facts"]["value"], mended["facts"]["replaces"]) == (97.5, 1)
    assert [c.outcome for c in inside.commands(bench.store)] == ["done", "already", "done"]


def test_nobody_reports_for_another_unit_nor_for_the_province_who_does_not_own_the_figure(
    bench: Bench, unit: str
) -> None:
    other = bench.profile.units[1].code
    officer = of_unit(bench, "officer", unit)
    assert add(officer, unit=other, value=97.0)["code"] == "no_right"
    assert add(officer, value=97.0)["code"] == "no_right"
    assert add(of_unit(bench, "officer", "ca"), value=97.0)["code"] == "no_right"
    assert add(of_unit(bench, "operator", unit), unit=unit, value=97.0)["code"] == "no_right"
    assert inside.count(bench.store, inside.Rows.REPORTS) == 0
    assert add(of_unit(bench, "officer", OWNER), value=97.0)["code"] == "done"
    assert add(of_unit(bench, "unit_leader", OWNER), unit=OWNER, value=96.0)["code"] == "done"
    assert add(of_unit(bench, "admin", "", "Nam"), unit=other, value=95.0)["code"] == "done"


@pytest.mark.parametrize(
    ("args", "argument", "why"),
    [
        ({"indicator": "I99", "value": 1}, "indicator", "unknown_indicator"),
        ({"indicator": "I01", "value": 1}, "indicator", "foreign_indicator"),
        ({"unit": "nowhere", "value": 1}, "unit", "unknown_unit"),
        ({"period": "2026-13", "value": 1}, "period", "bad_period"),
        ({"period": "2026-12", "value": 1}, "period", "bad_period"),
        ({"value": 1e300}, "value", "out_of_range"),
        ({}, "value", "needed"),
        ({"numerator": 0, "denominator": 0}, "value", "needed"),
        ({"value": 97.5, "numerator": 195}, "numerator", "bad_parts"),
        ({"value": 90.0, "numerator": 195, "denominator": 200}, "numerator", "bad_parts"),
    ],
)
def test_what_the_wire_would_refuse_is_refused_and_said(
    bench: Bench, args: dict[str, Any], argument: str, why: str
) -> None:
    told = add(of_unit(bench, "admin", ""), **args)
    assert told["code"] == "bad_argument"
    assert (told["facts"]["argument"], told["facts"]["why"]) == (argument, why)
    assert inside.count(bench.store, inside.Rows.REPORTS) == 0


def test_what_was_typed_replaces_what_came_over_the_wire_and_the_other_way_round(bench: Bench) -> None:
    clock: Any = bench.clock
    engine = Engine(bench.store, bench.profile, bench.clock, played=True)
    wire, admin = bench.client(bench.token("bao-cao")), of_unit(bench, "admin", "")

    def stands() -> float | None:
        clock.advance(1000)
        engine.tick()
        engine.tick()
        with bench.store.read() as conn:
            return figures.province(conn, ["I39"])["I39"].value

    engine.tick()
    sent = {**report(period="2026-Q3", value=41.0), "id": "w1", "time": iso(clock.domain)}
    assert post(wire, [sent]).json()["accepted"] == 1
    clock.advance(120_000)
    assert add(admin, indicator="I39", period="2026-Q3", value=44.0)["facts"]["replaces"] == 1
    assert stands() == 44.0, "the very next tick"
    told = {s["code"]: s for s in wire.get("/api/v1/sources").json()["sources"]}["bao-cao"]
    assert told["state"] == "fresh", "a feed is heard that people type into"
    clock.advance(60_000)
    assert post(wire, [{**sent, "id": "w2", "time": iso(clock.domain)}]).json()["accepted"] == 1
    with bench.store.read() as conn:
        found = reports.standing(conn, "I39", day_number(clock.domain))
    assert found is not None
    assert found.value == 41.0
    withdrawn = give(admin, "report_withdraw", {"report": 3}, "gửi nhầm").json()
    assert withdrawn["code"] == "done"
    assert stands() == 44.0
    engine.stop()


def test_who_reported_withdraws_it_again_with_a_file_that_showed_it(bench: Bench) -> None:
    officer = of_unit(bench, "officer", OWNER)
    file = officer.post("/api/v1/evidence?name=bb.pdf", content=handed.PDF).json()["evidence"]
    stranger = of_unit(bench, "officer", bench.profile.units[0].code, "Minh")
    assert add(officer, value=97.0, evidence=["0" * 64])["code"] == "unknown"
    told = add(officer, value=97.0, evidence=[file])
    assert told["code"] == "done"
    assert stranger.get(f"/api/v1/evidence/{file}").content == handed.PDF, "a report names it"
    number = told["facts"]["report"]
    order = {"report": number}
    assert give(stranger, "report_withdraw", order, "không phải của tôi").json()["code"] == "no_right"
    assert give(officer, "report_withdraw", order, "nhầm kỳ").json()["code"] == "done"
