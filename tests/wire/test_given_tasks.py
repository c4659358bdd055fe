"""Tasks outside of plans over HTTP: about what, for whom, how they are moved and that no plan counts them."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.domain.instants import iso
from tests.store import inside
from tests.wire.conftest import START, Bench
from tests.wire.test_plans import ship
from tests.wire.test_registers import begin
from tests.wire.test_requests import client, do

DAY_MS = 86_400_000
ORDER: dict[str, Any] = {"to": "skhcn", "due": iso(START + DAY_MS), "text": "Kiểm tra thực địa và báo cáo"}
FIGURE = {"kind": "indicator", "code": "I08"}


def give(
    bench: Bench, about: dict[str, Any], role: str = "leader", unit: str = "", **more: Any
) -> dict[str, Any]:
    return do(client(bench, role, unit), "task_assign", about=about, **(ORDER | more))


def entry(bench: Bench, number: int) -> dict[str, Any]:
    found: dict[str, Any] = bench.client().get(f"/api/v1/registers/task/{number}").json()
    return found


def test_a_task_about_a_figure_is_given_moved_and_done(bench: Bench) -> None:
    made = give(bench, FIGURE)
    assert made == {"code": "done", "facts": {"task": 1, "indicator": "I08", "version": 1}}
    kept = entry(bench, 1)
    assert (kept["code"], kept["state"], kept["owner"], kept["due"]) == (
        "NV-1",
        "not_started",
        "skhcn",
        ORDER["due"],
    )
    assert kept["facts"]["about"] == FIGURE
    assert kept["facts"]["about_name"]["vi"] == bench.profile.indicator["I08"].name.vi
    assert "plan" not in kept["facts"]
    officer = client(bench, "officer", "skhcn", "Minh")
    assert do(client(bench, "officer", "ca"), "task_move", task=1, state="doing")["code"] == "no_right"
    assert do(officer, "task_move", task=1, state="doing", version=1)["code"] == "done"
    assert do(officer, "task_move", task=1, state="done")["code"] == "evidence_needed"
    assert do(officer, "task_move", task=1, state="done", evidence=["12/BC-SKHCN"])["code"] == "done"
    over = entry(bench, 1)
    assert (over["state"], over["closed"]) == ("done", iso(START))
    assert [s["what"] for s in over["history"]] == ["assigned", "to_doing", "to_done"]
    unit = bench.client().get("/api/v1/units/skhcn").json()
    assert unit["counts"]["tasks"] == 0


@pytest.mark.parametrize("kind", ["target", "alert", "gap"])
def test_a_task_is_about_what_there_is_by_its_number(bench: Bench, kind: str) -> None:
    ship(bench)
    begin(bench)
    number = 1
    if kind == "alert":
        number = inside.put_alert(
            bench.store, key="power", rule="feeder-out", priority="critical", asset="", source="dien-luc",
            first_seen=START, opened=START, updated=START, due=START + 1000,
        )  # fmt: skip
    before = bench.client().get("/api/v1/plans").json()["plans"]
    made = give(bench, {"kind": kind, "code": number})
    assert made["code"] == "done", made
    assert made["facts"][kind] == str(number)
    kept = entry(bench, made["facts"]["task"])
    assert kept["facts"]["about"] == {"kind": kind, "code": str(number)}
    assert bench.client().get("/api/v1/plans").json()["plans"] == before  # no plan counts it
    assert give(bench, {"kind": kind, "code": 4_000})["code"] == "unknown"


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"kind": "indicator", "code": "nope"}, "unknown"), ({"kind": "task", "code": 1}, "bad_argument"),
        ({"kind": "indicator", "code": ""}, "bad_argument"), ({"kind": "gap", "code": "x"}, "unknown"),
        ({"kind": "indicator"}, "bad_argument"),
    ],
)  # fmt: skip
def test_about_what_is_not_there_no_task_is_given(bench: Bench, about: dict[str, Any], code: str) -> None:
    assert give(bench, about)["code"] == code
    assert bench.client().get("/api/v1/registers/task").json() == {"task": []}


@pytest.mark.parametrize(
    ("role", "unit", "code"),
    [
        ("leader", "", "done"), ("unit_leader", "skhcn", "done"), ("unit_leader", "ca", "no_right"),
        ("officer", "skhcn", "no_right"), ("operator", "", "no_right"), ("admin", "", "no_right"),
    ],
)  # fmt: skip
def test_who_may_give_one(bench: Bench, role: str, unit: str, code: str) -> None:
    assert give(bench, FIGURE, role, unit)["code"] == code
