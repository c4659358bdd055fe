"""A unit or a department over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cockpit.ingest.tokens import issue
from cockpit.store.handles import Write
from cockpit.store.indicators import save_now
from cockpit.store.rows import IndicatorNow
from tests.waiting import PATIENCE_S
from tests.wire.conftest import START, Bench
from tests.wire.test_commands import give, person
from tests.wire.test_desk import alerts
from tests.wire.test_plans import ship

SHARES = {"06652": (9, 10), "06658": (9, 10), "06661": (1, 10), "07192": (10, 10)}


def read(bench: Bench, path: str, status: int = 200) -> Any:
    answer = bench.client().get(f"/api/v1/{path}")
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.fixture
def known(bench: Bench) -> Bench:
    """A share of every one of four units, three of them wards."""

    def write(conn: Write) -> None:
        rows = [
            IndicatorNow(
                "I08", unit, 100 * part / whole, START, whole, "orange",
                json.dumps({"part": part, "whole": whole}), START,
            )
            for unit, (part, whole) in SHARES.items()
        ]  # fmt: skip
        save_now(conn, rows)

    bench.store.write(write).result(PATIENCE_S)
    return bench


def test_a_unit_tells_figures_with_bounds_and_its_place_among_its_like(known: Bench) -> None:
    found = read(known, "units/06652")
    assert (found["name"]["vi"], found["kind"], found["population"]) == ("Phường Hà Tu", "phuong", 29_643)
    (figure,) = (f for f in found["figures"] if f["indicator"] == "I08")
    assert (figure["value"], figure["part"], figure["whole"]) == (90.0, 9, 10)
    assert figure["low"] < 90 < figure["high"]
    ranks = {unit: read(known, f"units/{unit}")["ranks"] for unit in SHARES}
    assert ranks == {
        "06652": [{"indicator": "I08", "rank": 1, "of": 3}],
        "06658": [{"indicator": "I08", "rank": 1, "of": 3}],
        "06661": [{"indicator": "I08", "rank": 3, "of": 3}],
        "07192": [{"indicator": "I08", "rank": 1, "of": 1}],
    }
    counted = {"alerts", "waiting", "cameras", "offline", "gaps", "tasks", "late", "asked"}
    assert set(found["counts"]) == counted
    assert (figure["target"], figure["source_kind"], figure["simulated"]) == (98.0, "api", False)
    assert found["counts"]["cameras"] > 0


def test_a_department_tells_its_tasks(bench: Bench) -> None:
    ship(bench)
    found = read(bench, "units/vpub")
    assert (found["kind"], found["population"]) == ("department", None)
    tasks = [t for t in read(bench, "registers/task?unit=vpub")["task"] if not t["closed"]]
    assert [e["id"] for e in found["entries"]] == [
        t["id"] for t in sorted(tasks, key=lambda t: (t["due"] is None, t["due"] or "", t["id"]))
    ]
    assert found["counts"]["tasks"] == len(tasks) > 0


def test_what_a_feed_that_lies_says_has_no_place(known: Bench) -> None:
    def doubt(conn: Write) -> None:
        save_now(conn, [IndicatorNow("I08", "06652", 90.0, START, 10, "suspect", "{}", START)])

    known.store.write(doubt).result(PATIENCE_S)
    assert read(known, "units/06652")["ranks"] == []
    assert read(known, "units/06658")["ranks"] == [{"indicator": "I08", "rank": 1, "of": 2}]


def test_a_unit_s_own_target_is_the_one_it_is_held_to(known: Bench) -> None:
    args = {"indicator": "I08", "unit": "06652", "period": "2026", "value": 60}
    token = known.store.write(lambda conn: issue(conn, (), "leader", "Lan")).result(PATIENCE_S)
    order = {"name": "target_set", "args": args, "reason": "vùng khó khăn"}
    assert known.client(token).post("/api/v1/commands", json=order).json()["code"] == "done"
    targets = {unit: read(known, f"units/{unit}")["figures"][0]["target"] for unit in ("06652", "06658")}
    assert targets == {"06652": 60.0, "06658": 98.0}


def test_what_is_given_to_a_department_or_asked_of_a_unit_is_open_there(bench: Bench) -> None:
    alerts(bench)
    before = read(bench, "units/skhcn")["counts"]["alerts"]
    operator = person(bench, "operator")
    assert give(operator, "assign", {"alert": 1, "to": "skhcn"}).json()["code"] == "done"
    found = read(bench, "units/skhcn")
    assert found["counts"]["alerts"] == before + 1
    assert 1 in {one["id"] for one in found["open"]}
    asked = {"about": {"kind": "indicator", "code": "I08"}, "to": "06652"}
    leader = person(bench, "leader")
    assert give(leader, "request_explanation", asked, "vì sao chậm").json()["code"] == "done"
    found = read(bench, "units/06652")
    assert (found["counts"]["asked"], [e["kind"] for e in found["entries"]]) == (1, ["request"])


@pytest.mark.parametrize("code", ["99999", "source", "%00", "x" * 500])
def test_what_is_no_unit_is_not_found(bench: Bench, code: str) -> None:
    assert read(bench, f"units/{code}", 404)["error"]["code"] == "no_such_unit"
