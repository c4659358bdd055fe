"""What a meeting decided, over HTTP: who may note it, what is kept, how a wrong note is withdrawn."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.domain.instants import iso
from tests.wire.conftest import START, Bench
from tests.wire.test_requests import client, do

DAY_MS = 86_400_000
NOTED: dict[str, Any] = {
    "meeting": "Giao ban tháng 11", "text": "Sở Y tế hoàn thành kết nối trước 15/12.",
    "indicators": ["I08", "I42"],
}  # fmt: skip


def entry(bench: Bench, number: int) -> dict[str, Any]:
    found: dict[str, Any] = bench.client().get(f"/api/v1/registers/decision/{number}").json()
    return found


def test_a_decision_is_kept_with_its_figures_and_withdrawn_with_a_reason(bench: Bench) -> None:
    leader = client(bench, "leader", name="Chủ tịch")
    held = iso(START - DAY_MS)
    made = do(leader, "decision_note", **NOTED, held=held)
    assert made == {"code": "done", "facts": {"decision": 1, "indicators": ["I08", "I42"], "version": 1}}
    kept = entry(bench, 1)
    assert (kept["code"], kept["state"], kept["closed"]) == ("KL-1", "noted", None)
    assert kept["facts"]["text"] == NOTED["text"]
    assert (kept["facts"]["by"], kept["facts"]["held"]) == ("Chủ tịch", START - DAY_MS)
    assert do(leader, "decision_withdraw", decision=1)["code"] == "reason_needed"
    over = do(leader, "decision_withdraw", "Ghi nhầm cuộc họp", decision=1, version=1)
    assert (over["code"], over["facts"]["state"]) == ("done", "withdrawn")
    kept = entry(bench, 1)
    assert (kept["state"], kept["closed"]) == ("withdrawn", iso(START))
    assert kept["facts"]["text"] == NOTED["text"]  # it stays on record
    assert [(s["what"], s["evidence"]["note"]) for s in kept["history"]] == [
        ("noted", NOTED["text"]), ("withdrawn", "Ghi nhầm cuộc họp"),
    ]  # fmt: skip
    assert do(leader, "decision_withdraw", "Một lần nữa", decision=1)["code"] == "already"
    assert do(leader, "decision_withdraw", "Không có", decision=9)["code"] == "unknown"
    audit = client(bench, "admin").get("/api/v1/audit?name=decision_note").json()["audit"]
    assert [(a["actor"], a["code"], a["args"]["indicators"]) for a in audit] == [
        ("Chủ tịch", "done", ["I08", "I42"])
    ]


@pytest.mark.parametrize(
    ("role", "unit", "code"),
    [
        ("leader", "", "done"), ("unit_leader", "skhcn", "done"), ("admin", "", "done"),
        ("officer", "skhcn", "no_right"), ("operator", "", "no_right"),
    ],
)  # fmt: skip
def test_who_may_note_one(bench: Bench, role: str, unit: str, code: str) -> None:
    assert do(client(bench, role, unit), "decision_note", **NOTED)["code"] == code


def test_another_ones_note_is_withdrawn_by_a_leader_alone(bench: Bench) -> None:
    do(client(bench, "unit_leader", "skhcn", "Sơn"), "decision_note", **NOTED)
    for role, name, code in (
        ("admin", "Sơn", "no_right"), ("unit_leader", "Nam", "no_right"), ("leader", "Lan", "done"),
    ):  # fmt: skip
        who = client(bench, role, "skhcn" if role == "unit_leader" else "", name)
        assert do(who, "decision_withdraw", "Ghi nhầm", decision=1)["code"] == code


@pytest.mark.parametrize(
    ("change", "code", "what"),
    [
        ({"text": "  a "}, "bad_argument", {"argument": "text"}),
        ({"meeting": " \n  "}, "bad_argument", {"argument": "meeting"}),
        ({"indicators": ["I08", "nope"]}, "unknown", {"indicator": "nope"}),
        ({"indicators": []}, "bad_argument", {}),
        ({"indicators": [f"I{n:02}" for n in range(1, 14)]}, "bad_argument", {}),
        ({"held": iso(START + 1000)}, "bad_argument", {"argument": "held"}),
        ({"held": iso(START - 400 * DAY_MS)}, "bad_argument", {"argument": "held"}),
    ],
)
def test_what_cannot_be_is_refused(
    bench: Bench, change: dict[str, Any], code: str, what: dict[str, Any]
) -> None:
    found = do(client(bench, "leader"), "decision_note", **(NOTED | change))
    assert found["code"] == code, found
    assert {name: found["facts"].get(name) for name in what} == what
    assert bench.client().get("/api/v1/registers/decision").json() == {"decision": []}


def test_a_figure_named_twice_is_named_once(bench: Bench) -> None:
    made = do(client(bench, "leader"), "decision_note", **(NOTED | {"indicators": ["I08", "I08"]}))
    assert made["facts"]["indicators"] == ["I08"]
