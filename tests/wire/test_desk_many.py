"""The same done with many alerts by one command, over HTTP."""

from __future__ import annotations

from tests.wire.conftest import Bench
from tests.wire.test_commands import give, person
from tests.wire.test_desk import alerts, shown


def test_those_that_wait_are_acknowledged_and_the_others_are_told_of(bench: Bench) -> None:
    alerts(bench)
    assert give(person(bench, "operator", "Minh"), "acknowledge", {"alert": 1}).json()["code"] == "done"
    operator = person(bench, "operator", "Lan")
    told = give(operator, "acknowledge_many", {"alerts": [1, 2, 2, 77], "note": "đang kiểm tra"}).json()
    assert told["code"] == "done"
    assert told["facts"] == {"alerts": [2], "n": 1, "refused": {"already": 1, "unknown": 1}}
    assert {n: (a["ack_by"], a["version"]) for n, a in shown(bench).items()} == {
        1: ("Minh", 2),
        2: ("Lan", 2),
    }


def test_where_none_can_be_taken_it_says_what_kept_the_first(bench: Bench) -> None:
    alerts(bench)
    operator = person(bench, "operator", "Lan")
    given = give(operator, "acknowledge_many", {"alerts": [1, 2]}, "đang kiểm tra").json()
    assert given["facts"]["alerts"] == [1, 2]
    told = give(operator, "acknowledge_many", {"alerts": [2, 1]}).json()
    assert (told["code"], told["facts"]["by"], told["facts"]["refused"]) == ("already", "Lan", {"already": 2})


def test_many_are_given_to_one_department(bench: Bench) -> None:
    alerts(bench)
    operator = person(bench, "operator")
    told = give(operator, "assign_many", {"alerts": [1, 2], "to": "skhcn"}).json()
    assert told["facts"] == {"alerts": [1, 2], "n": 2, "to": "skhcn", "refused": {}}
    assert {a["assigned"] for a in shown(bench).values()} == {"skhcn"}
    assert give(operator, "assign_many", {"alerts": [1, 2], "to": "nobody"}).json()["code"] == "bad_argument"


def test_rights_come_before_arguments_and_arguments_have_bounds(bench: Bench) -> None:
    alerts(bench)
    for name, more in (("acknowledge_many", {}), ("assign_many", {"to": "skhcn"})):
        assert give(person(bench, "leader"), name, {"alerts": []}).json()["code"] == "no_right"
        for wrong in ([], [0], ["1"], list(range(1, 10_002)), 5):
            given = {"alerts": wrong, **more}
            assert give(person(bench, "operator"), name, given).json()["code"] == "bad_argument", wrong
    assert all(a["ack_by"] is None for a in shown(bench).values())


def test_a_critical_alert_wants_a_note(bench: Bench) -> None:
    alerts(bench)
    operator = person(bench, "operator", "Lan")
    told = give(operator, "acknowledge", {"alert": 2, "note": "ok"}).json()
    assert told == {"code": "reason_needed", "facts": {"min": 3}}
    several = give(operator, "acknowledge_many", {"alerts": [1, 2]}).json()["facts"]
    assert (several["alerts"], several["refused"]) == ([1], {"reason_needed": 1})
    assert give(operator, "acknowledge", {"alert": 2}, "đã gọi điện lực").json()["code"] == "done"


def test_one_alert_is_told_with_its_history_and_an_unknown_one_is_not_there(bench: Bench) -> None:
    alerts(bench)
    operator = person(bench, "operator", "Lan")
    assert (
        give(operator, "acknowledge_many", {"alerts": [1], "note": "đang kiểm tra"}).json()["code"] == "done"
    )
    told = bench.client().get("/api/v1/alerts/1").json()
    more = {key: told[key] for key in ("symptoms", "evidence", "history", "escalates_to", "escalates_at")}
    assert {**shown(bench)[1], **more} == told
    assert [(s["what"], s["actor"], s["data"]["note"]) for s in told["history"]] == [
        ("acknowledged", "Lan", "đang kiểm tra")
    ]
    for unknown in ("3", "9999999999999999999", "9" * 5000):
        answer = bench.client().get(f"/api/v1/alerts/{unknown}")
        assert answer.status_code == 404, unknown[:30]
        assert answer.json()["error"]["code"] in ("no_such_alert", "no_such_path")
