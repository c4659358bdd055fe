"""Plans over HTTP: what is told of them, and a whole one put and read back."""

from __future__ import annotations

from typing import Any

from cockpit.ingest import shipped
from cockpit.ingest.tokens import issue
from tests.waiting import PATIENCE_S
from tests.wire.conftest import START, Bench

OURS = "MAU-2026"


def ship(bench: Bench) -> None:
    """All plans of the profile, with what a demo makes up."""
    shipped.ship(bench.store, bench.profile, START, demo=True)


def person(bench: Bench, role: str, unit: str = "") -> str:
    return bench.store.write(lambda conn: issue(conn, (), role, "Lan", unit=unit)).result(PATIENCE_S)


def test_plans_are_listed_with_what_was_published(bench: Bench) -> None:
    ship(bench)
    found = {p["code"]: p for p in bench.client().get("/api/v1/plans").json()["plans"]}
    counts = {code: plan["counts"] for code, plan in found.items()}
    assert (counts["KH59-2022"]["targets"]["achieved"], counts["KH59-2022"]["targets"]["total"]) == (11, 27)
    assert round(counts["KH59-2022"]["tasks"]["share"], 1) == 37.3
    assert (counts["QT-1982"]["tasks"]["achieved"], counts["QT-1982"]["tasks"]["total"]) == (28, 47)
    assert counts["QT-1982"]["targets"]["share"] is None
    assert found["QN-2023"]["money"] == {"allotted": 148_000, "paid": 0, "share": 0.0}
    assert [code for code, plan in found.items() if plan["made_up"]] == [OURS]
    assert found["BK-2023"]["province"] == "Bắc Kạn"


def test_one_plan_tells_owner_due_state_evidence_and_money(bench: Bench) -> None:
    ship(bench)
    client = bench.client()
    plan = client.get(f"/api/v1/plans/{OURS}").json()
    assert client.get(f"/api/v1/plans/{plan['id']}").json() == plan
    done = next(t for t in plan["tasks"] if t["row"] == "N01")
    assert (done["owner"], done["state"], done["due"], done["late"]) == (
        "vpub", "done", "2026-02-28T17:00:00.000+00:00", False,
    )  # fmt: skip
    assert done["evidence"] == ["Báo cáo kết quả thực hiện (giả lập)"]
    assert [t["row"] for t in plan["tasks"] if t["late"]] == ["N05", "N14"]
    one = plan["projects"][0]
    assert one["money"]["paid"] == sum(m["paid"] for m in one["months"].values()) > 0
    old = client.get("/api/v1/plans/KH59-2022").json()
    assert [(p["fact"], p["of"], p["done"], p["all"]) for p in old["published"]] == [
        ("F1", "target", 11, 27), ("F2", "task", 19, 51),
    ]  # fmt: skip


def test_what_is_not_there_is_said(bench: Bench) -> None:
    ship(bench)
    client = bench.client()
    for path in ("nothing", "999", "%00"):
        answer = client.get(f"/api/v1/plans/{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_such_plan")
    assert client.get("/api/v1/plans?state=x").status_code == 400


def test_tasks_are_in_their_register_by_unit_and_by_department(bench: Bench) -> None:
    ship(bench)
    client = bench.client()

    def asked(query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = client.get(f"/api/v1/registers/task?{query}").json()["task"]
        return found

    unit = bench.profile.units[0].code
    assert [(t["unit"], t["owner"]) for t in asked(f"unit={unit}")] == [(unit, unit)]
    theirs = asked("unit=sct&state=doing")
    assert {(t["owner"], t["state"], t["unit"]) for t in theirs} == {("sct", "doing", "")}
    one = client.get(f"/api/v1/registers/task/{theirs[0]['id']}").json()
    assert [s["what"] for s in one["history"]] == ["entered", "to_doing"]
    assert one["code"] == f"NV-{one['id']}"


def test_in_earnest_only_what_was_published_is_there(bench: Bench) -> None:
    shipped.ship(bench.store, bench.profile, START, demo=False)
    client = bench.client()
    plans = client.get("/api/v1/plans").json()["plans"]
    assert OURS not in {p["code"] for p in plans}
    for plan in plans:
        whole = client.get(f"/api/v1/plans/{plan['code']}").json()
        assert not any(row["made_up"] for row in (*whole["targets"], *whole["tasks"], *whole["projects"]))
    assert len(client.get("/api/v1/plans/BK-2023").json()["targets"]) == 5
    assert client.get("/api/v1/plans/KH59-2022").json()["tasks"] == []
    shipped.ship(bench.store, bench.profile, START, demo=False)
    assert client.get("/api/v1/plans").json()["plans"] == plans, "a second start enters nothing twice"


def test_an_officer_moves_the_own_task_over_http(bench: Bench) -> None:
    ship(bench)
    plan = bench.client().get(f"/api/v1/plans/{OURS}").json()
    task = next(t for t in plan["tasks"] if t["row"] == "N13")
    order = {"name": "task_move", "args": {"task": task["id"], "state": "done", "evidence": ["QĐ 1"]}}
    for role, unit, code in (("officer", "ca", "no_right"), ("officer", "skhcn", "done")):
        answer = bench.client(person(bench, role, unit)).post("/api/v1/commands", json=order)
        assert (answer.status_code, answer.json()["code"]) == (200, code)
    after = bench.client().get(f"/api/v1/registers/task/{task['id']}").json()
    assert (after["state"], after["history"][-1]["actor"]) == ("done", "Lan")


def test_a_plan_put_over_http_is_read_back_and_a_wrong_member_is_named(bench: Bench) -> None:
    word = {"vi": "Thử", "en": "Trial"}
    plan: dict[str, Any] = {
        "code": "THU", "name": word, "document": word, "source": word, "first": "2026-01-01",
        "last": "2026-12-31", "tasks": [{"code": "N1", "name": word, "owner": "ca"}],
        "projects": [
            {"code": "D", "name": word, "owner": "ca", "allotted": 9, "months": {"2026-02": [4, 3]}},
        ],
    }  # fmt: skip
    client = bench.client(person(bench, "admin"))

    def put(**more: Any) -> dict[str, Any]:
        order = {"name": "plan_put", "args": {"plan": plan | more}, "reason": "thử"}
        answer: dict[str, Any] = client.post("/api/v1/commands", json=order).json()
        return answer

    assert put()["facts"] == {"plan": "THU", "new": 3, "edited": 0, "same": 0, "left": 0}
    found = client.get("/api/v1/plans/THU").json()
    assert (found["tasks"][0]["state"], found["projects"][0]["months"]) == (
        "not_started", {"2026-02": {"planned": 4, "paid": 3}},
    )  # fmt: skip
    for more, argument in (
        ({"colour": "red"}, "plan"), ({"first": "2026-13-01"}, "plan.first"),
        ({"tasks": [{"code": "N 1", "name": word}]}, "plan.tasks[0].code"),
        ({"projects": [{"code": "D", "name": word}]}, "plan.projects[0]"),
    ):  # fmt: skip
        answer = put(**more)
        assert (answer["code"], answer["facts"]["argument"]) == ("bad_argument", argument)
