"""Requests for an explanation over HTTP: who may ask, answer and judge, and what two people at once get."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from starlette.testclient import TestClient

from cockpit.domain.instants import iso
from cockpit.ingest.tokens import issue
from tests.store import inside
from tests.waiting import PATIENCE_S
from tests.wire import handed
from tests.wire.conftest import START, Bench
from tests.wire.test_evidence import hand_in
from tests.wire.test_plans import ship
from tests.wire.test_registers import begin

HOUR_MS = 3_600_000
# START is a Sunday, and the Tuesday after it a public holiday: the third working day on is Thursday.
MONDAY, THURSDAY = "2026-11-23T10:00:00.000+00:00", "2026-11-26T10:00:00.000+00:00"
ABOUT = {"kind": "indicator", "code": "I08"}


def client(bench: Bench, role: str, unit: str = "", name: str = "Lan") -> TestClient:
    token = bench.store.write(lambda conn: issue(conn, (), role, name, unit=unit)).result(PATIENCE_S)
    return bench.client(token)


def do(who: TestClient, name: str, reason: str = "", **args: Any) -> dict[str, Any]:
    answer = who.post("/api/v1/commands", json={"name": name, "args": args, "reason": reason})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ask(bench: Bench, to: str = "skhcn", who: TestClient | None = None, **args: Any) -> int:
    asker = who or client(bench, "leader", name="Chủ tịch")
    found = do(asker, "request_explanation", "Vì sao giảm?", **({"about": ABOUT, "to": to} | args))
    assert found["code"] == "done", found
    assert next(iter(found["facts"])) == "request"
    return int(found["facts"]["request"])


def entry(bench: Bench, number: int) -> dict[str, Any]:
    found: dict[str, Any] = bench.client().get(f"/api/v1/registers/request/{number}").json()
    return found


def test_the_whole_way_from_asking_to_accepting(bench: Bench) -> None:
    leader, officer = client(bench, "leader", name="Chủ tịch"), client(bench, "officer", "skhcn", "Minh")
    number = ask(bench, who=leader)
    asked = entry(bench, number)
    assert (asked["code"], asked["state"], asked["owner"], asked["due"]) == (
        f"YC-{number}", "asked", "skhcn", THURSDAY,
    )  # fmt: skip
    assert (asked["facts"]["question"], asked["facts"]["about"]) == ("Vì sao giảm?", ABOUT)
    file = hand_in(officer, handed.PDF, "Báo cáo.pdf").json()["evidence"]
    done = do(officer, "answer", request=number, text="Do thiếu người.", evidence=[file])
    assert done["facts"] == {"request": number, "state": "answered", "due": None, "version": 2}
    answered = entry(bench, number)
    assert (answered["state"], answered["due"]) == ("answered", None)
    assert answered["facts"]["evidence"] == [
        {"id": file, "name": "Báo cáo.pdf", "kind": "pdf", "size": len(handed.PDF)}
    ]
    assert bench.client().get(f"/api/v1/evidence/{file}").content == handed.PDF  # as the entry is read
    back = do(leader, "send_back", "Chưa nêu giải pháp", request=number)
    assert back["facts"]["due"] is not None
    assert entry(bench, number)["due"] == MONDAY
    assert do(officer, "answer", request=number, text="Bổ sung 2 người.")["code"] == "done"
    assert do(leader, "accept", request=number)["code"] == "done"
    over = entry(bench, number)
    assert (over["state"], over["closed"], over["version"]) == ("accepted", iso(START), 5)
    assert [(s["actor"], s["what"], s["before"], s["after"]) for s in over["history"]] == [
        ("Chủ tịch", "asked", "", "asked"),
        ("Minh", "answered", "asked", "answered"),
        ("Chủ tịch", "sent_back", "answered", "sent_back"),
        ("Minh", "answered", "sent_back", "answered"),
        ("Chủ tịch", "accepted", "answered", "accepted"),
    ]
    assert over["history"][1]["evidence"]["evidence"][0]["id"] == file


@pytest.mark.parametrize(
    ("role", "unit", "code"),
    [
        ("leader", "", "done"), ("unit_leader", "skhcn", "done"), ("unit_leader", "ca", "no_right"),
        ("officer", "skhcn", "no_right"), ("operator", "", "no_right"), ("admin", "", "no_right"),
    ],
)  # fmt: skip
def test_leaders_ask_and_leaders_of_a_unit_within_it(bench: Bench, role: str, unit: str, code: str) -> None:
    found = do(client(bench, role, unit), "request_explanation", about=ABOUT, to="skhcn")
    assert found["code"] == code
    listed = bench.client().get("/api/v1/registers/request").json()["request"]
    assert len(listed) == (code == "done")


@pytest.mark.parametrize(
    ("role", "unit", "code"),
    [
        ("officer", "skhcn", "done"), ("unit_leader", "skhcn", "done"), ("officer", "ca", "no_right"),
        ("unit_leader", "ca", "no_right"), ("leader", "", "no_right"), ("operator", "", "no_right"),
        ("admin", "", "no_right"),
    ],
)  # fmt: skip
def test_only_the_unit_that_was_asked_answers(bench: Bench, role: str, unit: str, code: str) -> None:
    number = ask(bench)
    assert do(client(bench, role, unit), "answer", request=number, text="Do mưa lớn.")["code"] == code
    assert entry(bench, number)["state"] == ("answered" if code == "done" else "asked")


@pytest.mark.parametrize("name", ["accept", "send_back"])
@pytest.mark.parametrize(
    ("role", "unit", "who", "code"),
    [
        ("unit_leader", "skhcn", "Trưởng phòng", "done"),
        ("leader", "", "Ai khác", "done"),
        ("unit_leader", "skhcn", "Phó phòng", "no_right"),
        ("unit_leader", "ca", "Trưởng phòng", "no_right"),
        ("officer", "skhcn", "Trưởng phòng", "no_right"),
        ("admin", "", "Trưởng phòng", "no_right"),
    ],
)
def test_who_asked_or_a_leader_judges_the_answer(
    bench: Bench, name: str, role: str, unit: str, who: str, code: str
) -> None:
    number = ask(bench, who=client(bench, "unit_leader", "skhcn", "Trưởng phòng"))
    do(client(bench, "officer", "skhcn"), "answer", request=number, text="Do mưa lớn.")
    judge = client(bench, role, unit, who)
    assert do(judge, name, "Chưa đủ căn cứ", request=number)["code"] == code
    assert (entry(bench, number)["state"] == "answered") is (code != "done")


def test_everything_that_stands_on_a_page_can_be_asked_about(bench: Bench) -> None:
    ship(bench)
    begin(bench)
    registers = bench.client()
    for kind in ("target", "task", "gap"):
        one = registers.get(f"/api/v1/registers/{kind}").json()[kind][0]
        for code in (one["code"], str(one["id"]), one["id"]):
            number = ask(bench, about={"kind": kind, "code": code})
            facts = entry(bench, number)["facts"]
            assert facts["about"] == {"kind": kind, "code": str(one["id"])}
            assert facts["name"]["vi"]
    alert = inside.put_alert(
        bench.store, key="k", rule="camera-silent", priority="high", asset="cam-00001",
        first_seen=START, opened=START, updated=START, due=START,
    )  # fmt: skip
    facts = entry(bench, ask(bench, about={"kind": "alert", "code": f"CB-{alert}"}))["facts"]
    assert facts["about"] == {"kind": "alert", "code": str(alert)}
    assert bench.profile.asset["cam-00001"].name in facts["name"]["vi"]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"to": "nowhere"}, "bad_argument"),
        ({"due": iso(START)}, "bad_argument"),
        ({"due": iso(START + 400 * 24 * HOUR_MS)}, "bad_argument"),
        ({"due": iso(START + HOUR_MS)}, "done"),
        ({"about": {"kind": "plan", "code": "x"}}, "bad_argument"),
        ({"about": {"kind": "indicator", "code": "I999"}}, "unknown"),
        ({"about": {"kind": "task", "code": "99"}}, "unknown"),
        ({"about": {"kind": "alert", "code": "LS-1"}}, "unknown"),
        ({"about": {"kind": "gap", "code": "9" * 30}}, "unknown"),
        ({"extra": 1}, "bad_argument"),
    ],
)
def test_a_request_that_cannot_be_is_refused(bench: Bench, args: dict[str, Any], code: str) -> None:
    order = {"about": ABOUT, "to": "skhcn"} | args
    assert do(client(bench, "leader"), "request_explanation", **order)["code"] == code


def test_rights_come_before_arguments_and_arguments_before_the_state(bench: Bench) -> None:
    number = ask(bench)
    operator, leader = client(bench, "operator"), client(bench, "leader")
    assert do(operator, "answer", nonsense=1)["code"] == "no_right"
    assert do(leader, "send_back", request=number)["code"] == "reason_needed"
    assert do(leader, "send_back", "", request=number, due="soon")["code"] == "bad_argument"
    assert do(leader, "send_back", "Chưa đủ", request=number)["code"] == "wrong_state"
    assert do(leader, "accept", request=number)["code"] == "wrong_state"
    assert do(leader, "accept", request=999)["code"] == "unknown"


@pytest.mark.parametrize(
    ("name", "role", "args"),
    [
        ("answer", "officer", {"text": ""}), ("answer", "unit_leader", {"text": "đủ", "evidence": ["x"]}),
        ("send_back", "unit_leader", {}), ("accept", "unit_leader", {"version": "old"}),
        ("send_back", "unit_leader", {"due": "soon"}),
    ],
)  # fmt: skip
def test_whose_it_is_comes_before_what_is_wrong_in_it(
    bench: Bench, name: str, role: str, args: dict[str, Any]
) -> None:
    number = ask(bench)
    stranger = client(bench, role, "ca")
    assert do(stranger, name, request=number, **args)["code"] == "no_right"
    # What there is not is nobody's: then the arguments speak.
    assert do(stranger, name, request=number + 1, **args)["code"] in {"bad_argument", "reason_needed"}


def test_a_unit_leader_who_asks_elsewhere_is_told_so_whatever_else_is_wrong(bench: Bench) -> None:
    leader = client(bench, "unit_leader", "ca")
    assert do(leader, "request_explanation", to="skhcn", due="soon")["code"] == "no_right"
    assert do(leader, "request_explanation", to="ca", due="soon")["code"] == "bad_argument"


@pytest.mark.parametrize(
    "args",
    [
        {"text": ""}, {"text": " \n "}, {"text": "x" * 4001}, {"text": "đủ", "evidence": ["x"]},
        {"text": "Do mưa", "evidence": [f"{n:064x}" for n in range(6)]},
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_is_refused(bench: Bench, args: dict[str, Any]) -> None:
    number = ask(bench)
    found = do(client(bench, "officer", "skhcn"), "answer", request=number, **args)
    assert (found["code"], entry(bench, number)["version"]) == ("bad_argument", 1)


def test_a_long_answer_is_kept_whole(bench: Bench) -> None:
    number, text = ask(bench), "Lý do. " * 570
    assert do(client(bench, "officer", "skhcn"), "answer", request=number, text=text)["code"] == "done"
    assert entry(bench, number)["facts"]["text"] == text.strip()


def test_an_answer_names_only_what_was_handed_in_within_the_unit(bench: Bench) -> None:
    number = ask(bench)
    mine, colleague = (client(bench, "officer", "skhcn", name) for name in ("Minh", "Hoa"))
    stranger = client(bench, "officer", "ca", "Tú")
    theirs = hand_in(stranger, handed.PDF).json()["evidence"]
    ours = hand_in(colleague, handed.png()).json()["evidence"]
    for wrong in (theirs, "0" * 64):
        found = do(mine, "answer", request=number, text="Do mưa", evidence=[ours, wrong])
        assert (found["code"], found["facts"]["evidence"]) == ("unknown", wrong)
    assert bench.client().get(f"/api/v1/evidence/{ours}").status_code == 404  # nothing names it yet
    assert do(mine, "answer", request=number, text="Do mưa", evidence=[ours, ours])["code"] == "done"
    assert [piece["id"] for piece in entry(bench, number)["facts"]["evidence"]] == [ours]


def test_of_two_at_once_one_acts_and_the_other_is_told(bench: Bench) -> None:
    number = ask(bench)
    one, other = (client(bench, "officer", "skhcn", name) for name in ("Minh", "Hoa"))
    assert do(one, "answer", request=number, text="Do mưa lớn.", version=1)["code"] == "done"
    late = do(other, "answer", request=number, text="Do mất điện.", version=1)
    assert (late["code"], late["facts"]["version"]) == ("changed", 2)
    blank = do(other, "answer", request=number, text="   ")
    assert blank["code"] == "bad_argument", "arguments before state"
    again = do(other, "answer", request=number, text="Do mất điện.")
    assert (again["code"], again["facts"]["request"]) == ("already", number)
    first, second = (client(bench, "leader", name=name) for name in ("A", "B"))
    assert do(first, "accept", request=number, version=2)["code"] == "done"
    assert do(second, "send_back", "Chưa đủ", request=number, version=2)["code"] == "changed"
    assert do(second, "send_back", "Chưa đủ", request=number)["code"] == "closed"
    assert do(second, "accept", request=number)["code"] == "already"
    assert do(one, "answer", request=number, text="Thêm nữa.")["code"] == "closed"
    assert entry(bench, number)["facts"]["text"] == "Do mưa lớn."


def test_the_register_is_asked_for_by_state_and_unit(bench: Bench) -> None:
    first, second = ask(bench), ask(bench, to=bench.profile.units[0].code)
    do(client(bench, "officer", "skhcn"), "answer", request=first, text="Do mưa lớn.")
    reader = bench.client()

    def asked(query: str) -> list[int]:
        return [e["id"] for e in reader.get(f"/api/v1/registers/request?{query}").json()["request"]]

    assert asked("") == [first, second]
    assert asked("unit=skhcn") == asked("state=answered") == [first]
    assert asked(f"unit={bench.profile.units[0].code}&state=asked") == [second]
    assert reader.get("/api/v1/registers/request?state=done").status_code == 400


def test_every_step_is_on_record_with_its_arguments(bench: Bench) -> None:
    number = ask(bench)
    leader = client(bench, "leader", name="Chủ tịch")
    do(client(bench, "officer", "ca", "Tú"), "answer", request=number, text="Không phải việc tôi")
    found = leader.get("/api/v1/audit").json()["audit"]
    assert [(e["name"], e["actor"], e["code"]) for e in found] == [
        ("answer", "Tú", "no_right"), ("request_explanation", "Chủ tịch", "done"),
    ]  # fmt: skip
    assert (found[1]["reason"], found[1]["args"]["to"]) == ("Vì sao giảm?", "skhcn")


def test_of_many_who_answer_in_the_same_instant_one_does(bench: Bench) -> None:
    number, n = ask(bench), 8
    people = [client(bench, "officer", "skhcn", f"Minh {k}") for k in range(n)]
    begin, found = threading.Barrier(n), []

    def answer(k: int) -> None:
        begin.wait(PATIENCE_S)
        found.append(do(people[k], "answer", request=number, text=f"Lý do {k}", version=1)["code"])

    threads = [threading.Thread(target=answer, args=(k,)) for k in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert sorted(found) == ["changed"] * (n - 1) + ["done"]
    told = entry(bench, number)
    assert (told["version"], len(told["history"])) == (2, 2)
    assert told["history"][1]["evidence"]["note"] == told["facts"]["text"]
