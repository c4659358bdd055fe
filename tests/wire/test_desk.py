"""What people do with alerts, over HTTP: every command by role, the codes it answers, and what it leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from cockpit.domain.instants import iso
from cockpit.domain.numbers import AlertId
from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.domain.roles import ROLES
from cockpit.store import alerting
from cockpit.store.alerting import Changes
from cockpit.store.alerts import Alert
from tests.store import inside
from tests.waiting import PATIENCE_S
from tests.wire.conftest import START, Bench
from tests.wire.test_commands import give, person

CAMERA, RULE, WHY = "cam-00001", "camera-silent", "thay nguồn"
KEY = f"{RULE}|{CAMERA}"


def later(hours: float) -> str:
    return iso(START + round(hours * HOUR_MS))


def alerts(bench: Bench, state: str = "firing", **changes: Any) -> Alert:
    """One open alert, and one of another camera that is critical."""
    one = Alert(
        AlertId(1), KEY, RULE, 1, "high", CAMERA, "cam-vms", "", bench.profile.asset[CAMERA].unit, "Sở",
        "Department", 1, START - 20_000, START - 10_000, START, START + HOUR_MS, None, None, 12.5, 20, "{}",
        None, 0, "asset", CAMERA,
    )  # fmt: skip
    one = replace(one, **changes)
    other = replace(one, id=AlertId(2), key="2", asset="cam-00002", subject="cam-00002", priority="critical")
    found = {a.id: a for a in (one, other)}
    conditions: dict[str, tuple[str, int] | None] = {KEY: (state, START - 10_000)} if state else {}
    bench.store.write(lambda conn: alerting.save(conn, Changes(alerts=found, conditions=conditions))).result(
        PATIENCE_S
    )
    return one


ARGS: dict[str, dict[str, Any]] = {
    "unacknowledge": {"alert": 1},
    "assign": {"alert": 1, "to": "skhcn"},
    "comment": {"alert": 1, "text": "đã gọi"},
    "escalate": {"alert": 1},
    "close": {"alert": 1, "outcome": "accepted"},
    "reopen": {"alert": 1},
    "silence": {"matchers": {"rule": RULE, "asset": CAMERA}, "until": later(1)},
    "unsilence": {"mute": 2},
    "shelve": {"alert": 1, "until": later(1)},
    "maintenance": {"matchers": {"asset": CAMERA}, "until": later(1)},
    "out_of_service": {"asset": CAMERA, "until": later(1)},
}
NEED_REASON = {"unacknowledge", "close", "reopen", "silence", "shelve", "maintenance", "out_of_service"}
MAY: dict[str, set[str]] = {
    **{name: {"operator", "admin"} for name in ARGS},
    "maintenance": {"admin"},
    "out_of_service": {"operator", "admin", "presenter"},
}


@pytest.mark.parametrize("role", ROLES)
def test_each_is_given_by_its_roles_alone(demo: Bench, role: str) -> None:
    one = alerts(demo)
    inside.change_alert(demo.store, one.id, ack_by="Minh", ack_at=START)
    client = person(demo, role)
    codes = {name: give(client, name, args, WHY).json()["code"] for name, args in ARGS.items()}
    assert codes == {name: "done" if role in MAY[name] else "no_right" for name in ARGS}


@pytest.mark.parametrize("name", ARGS)
def test_a_reason_is_needed_where_the_contract_says_so(bench: Bench, name: str) -> None:
    alerts(bench)
    code = give(person(bench, "admin"), name, ARGS[name]).json()["code"]
    assert (code == "reason_needed") == (name in NEED_REASON)


@pytest.mark.parametrize("name", [n for n in ARGS if "alert" in ARGS[n]])
def test_what_is_not_there_and_what_somebody_else_changed(bench: Bench, name: str) -> None:
    alerts(bench)
    admin = person(bench, "admin")
    assert give(admin, name, {**ARGS[name], "alert": 99}, WHY).json() == {
        "code": "unknown", "facts": {"alert": 99},
    }  # fmt: skip
    assert give(admin, name, {**ARGS[name], "version": 7}, WHY).json() == {
        "code": "changed", "facts": {"version": 1},
    }  # fmt: skip
    assert give(admin, name, {**ARGS[name], "alert": 0}, WHY).json()["code"] == "bad_argument"
    wrong = {**ARGS[name], "no": "such"}
    assert give(admin, name, wrong, WHY).json()["code"] == "bad_argument"


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("unacknowledge", ("already", "already", "closed")),
        ("assign", ("done", "already", "closed")),
        ("comment", ("done", "done", "done")),
        ("escalate", ("done", "done", "closed")),
        ("close", ("done", "already", "already")),
        ("reopen", ("already", "already", "wrong_state")),
        ("shelve", ("done", "already", "closed")),
    ],
)
def test_twice_and_after_it_has_closed(bench: Bench, name: str, codes: tuple[str, ...]) -> None:
    one = alerts(bench)
    operator = person(bench, "operator")
    found = [give(operator, name, ARGS[name], WHY).json()["code"] for _ in range(2)]
    over = replace(one, closed=START, close_reason="cleared")
    bench.store.write(lambda conn: alerting.save(conn, Changes(alerts={one.id: over}))).result(PATIENCE_S)
    assert (*found, give(operator, name, ARGS[name], WHY).json()["code"]) == codes


def test_an_acknowledgement_of_somebody_else_is_taken_back_with_a_reason(bench: Bench) -> None:
    alerts(bench)
    assert give(person(bench, "operator", "Minh"), "acknowledge", {"alert": 1}).json()["code"] == "done"
    bench.clock.domain = START + HOUR_MS  # type: ignore[attr-defined]
    told = give(person(bench, "operator"), "unacknowledge", {"alert": 1}, "đổi ca").json()
    assert told == {"code": "done", "facts": {"alert": 1, "at": START + HOUR_MS, "version": 3}}
    found = shown(bench)[1]
    assert (found["ack_by"], found["version"]) == (None, 3)


def shown(bench: Bench, state: str = "open") -> dict[int, dict[str, Any]]:
    found = bench.client().get(f"/api/v1/alerts?state={state}").json()["alerts"]
    return {a["id"]: a for a in found}


def test_an_alert_is_given_to_a_unit_or_department_and_brought_up_two_steps(bench: Bench) -> None:
    alerts(bench)
    operator = person(bench, "operator")
    assert give(operator, "assign", {"alert": 1, "to": "nobody"}).json() == {
        "code": "bad_argument",
        "facts": {"argument": "to", "expected": "a code of a unit or of a department"},
    }
    stale = give(operator, "assign", {"alert": 1, "to": "nobody", "version": 99}).json()
    assert stale["code"] == "bad_argument"  # arguments come before the state
    unit = bench.profile.units[0].code
    assert give(operator, "assign", {"alert": 1, "to": unit}).json()["facts"] == {
        "alert": 1, "to": unit, "version": 2,
    }  # fmt: skip
    for to in ("unit_leader", "leader"):
        assert give(operator, "escalate", {"alert": 1, "note": "gấp"}).json()["facts"]["to"] == to
    assert give(operator, "escalate", {"alert": 1}).json()["code"] == "already"
    found = shown(bench)[1]
    assert (found["assigned"], found["escalated"], found["outcome"]) == (unit, "leader", None)


def test_a_comment_stands_in_text_or_in_the_reason_and_is_never_empty(bench: Bench) -> None:
    alerts(bench)
    operator = person(bench, "operator")
    assert give(operator, "comment", {"alert": 1}, "đã gọi kỹ thuật").json()["code"] == "done"
    assert give(operator, "comment", {"alert": 1, "text": "  "}).json()["facts"]["argument"] == "text"
    assert give(operator, "comment", {"alert": 999_999}).json()["code"] == "bad_argument", (
        "arguments before state"
    )
    assert give(operator, "comment", {"alert": 1, "text": "a" * 501}).json()["code"] == "bad_argument"


@pytest.mark.parametrize("outcome", ["accepted", "false_alarm", "repaired"])
@pytest.mark.parametrize(
    ("role", "alert", "hours"), [("operator", 1, 24), ("operator", 2, 4), ("admin", 2, 168)]
)
def test_closing_what_lasts_hides_it_for_as_long_as_the_role_may(
    bench: Bench, outcome: str, role: str, alert: int, hours: int
) -> None:
    alerts(bench)
    told = give(person(bench, role), "close", {"alert": alert, "outcome": outcome}, WHY).json()
    if outcome == "repaired":
        assert told == {"code": "still_active", "facts": {"since": START - 20_000, "version": 1}}
        return
    until = START + hours * HOUR_MS
    assert told["facts"] == {"alert": alert, "outcome": outcome, "mute": 1, "until": until, "version": 2}
    (entry,) = register(bench)
    assert entry["facts"] == {
        "what": outcome, "matchers": {"alert": alert}, "reason": WHY, "since": iso(START),
        "until": iso(until),
    }  # fmt: skip


def test_repaired_may_be_said_of_what_is_good_again(bench: Bench) -> None:
    alerts(bench, "recovering")
    operator = person(bench, "operator")
    args = {"alert": 1, "outcome": "repaired"}
    assert [give(operator, "close", args, WHY).json()["code"] for _ in range(2)] == ["done", "already"]
    assert register(bench) == []


def register(bench: Bench, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bench.client().get(f"/api/v1/registers/mute{query}").json()["mute"]
    return found


@pytest.mark.parametrize("name", ["silence", "maintenance"])
@pytest.mark.parametrize(
    ("matchers", "code"),
    [
        ({}, "bad_argument"),
        (None, "bad_argument"),
        ({"rule": None}, "bad_argument"),
        ({"rule": ""}, "bad_argument"),
        ({"rule": RULE, "asset": ""}, "bad_argument"),
        ({"alert": 1}, "bad_argument"),
        ({"unit": 7}, "bad_argument"),
        ([], "bad_argument"),
        ({"rule": "*"}, "too_wide"),
        ({"rule": "*", "asset": "*", "unit": "*"}, "too_wide"),
        ({"rule": "no-such"}, "unknown"),
        ({"asset": "no-such"}, "unknown"),
        ({"unit": "no-such"}, "unknown"),
        ({"rule": RULE}, "done"),
        ({"asset": CAMERA}, "done"),
        ({"asset": CAMERA, "rule": "*"}, "done"),
    ],
)
def test_what_is_hidden_is_named_and_never_everything(
    bench: Bench, name: str, matchers: Any, code: str
) -> None:
    args = {"matchers": matchers, "until": later(1)}
    assert give(person(bench, "admin"), name, args, WHY).json()["code"] == code


@pytest.mark.parametrize(
    ("name", "role", "hours", "code"),
    [
        ("silence", "operator", 24, "done"),
        ("silence", "operator", 24.01, "too_long"),
        ("silence", "admin", 7 * 24, "done"),
        ("silence", "admin", 7 * 24.01, "too_long"),
        ("shelve", "operator", 8, "done"),
        ("shelve", "operator", 8.01, "too_long"),
        ("shelve", "admin", 8.01, "too_long"),
        ("maintenance", "admin", 30 * 24, "done"),
        ("maintenance", "admin", 30 * 24.01, "too_long"),
        ("out_of_service", "operator", 24, "done"),
        ("out_of_service", "operator", 24.01, "too_long"),
        ("out_of_service", "admin", 30 * 24, "done"),
        ("out_of_service", "admin", 30 * 24.01, "too_long"),
        ("silence", "operator", 0, "bad_argument"),
        ("out_of_service", "admin", -1, "bad_argument"),
    ],
)
def test_nothing_is_hidden_for_longer_than_the_role_may(
    bench: Bench, name: str, role: str, hours: float, code: str
) -> None:
    alerts(bench)
    told = give(person(bench, role), name, {**ARGS[name], "until": later(hours)}, WHY).json()
    assert told["code"] == code
    if code == "done":
        assert told["facts"]["until"] == START + hours * HOUR_MS
        assert next(iter(told["facts"])) == "mute"


def test_a_presenter_puts_out_of_service_for_a_day_in_a_demo(demo: Bench) -> None:
    presenter = person(demo, "presenter")
    for hours, code in ((24, "done"), (24.01, "too_long")):
        args = {"asset": CAMERA, "until": later(hours)}
        assert give(presenter, "out_of_service", args, WHY).json()["code"] == code


@pytest.mark.parametrize(
    ("matchers", "role", "hours", "code"),
    [
        ({"asset": "cam-00002"}, "operator", 4, "done"),
        ({"asset": "cam-00002"}, "operator", 5, "too_long"),
        ({"rule": RULE}, "operator", 5, "too_long"),
        ({"asset": "cam-00002"}, "admin", 48, "done"),
        ({"asset": CAMERA}, "operator", 5, "done"),
    ],
)
def test_what_is_critical_an_operator_silences_for_four_hours(
    bench: Bench, matchers: dict[str, str], role: str, hours: int, code: str
) -> None:
    alerts(bench)
    told = give(person(bench, role), "silence", {"matchers": matchers, "until": later(hours)}, WHY).json()
    assert told["code"] == code
    if code == "too_long":
        assert told["facts"] == {"until": START + 4 * HOUR_MS, "within_ms": 4 * HOUR_MS}
    elif role == "operator" and hours > 4:  # what becomes critical later is hidden no longer than that
        assert told["facts"]["critical_until"] == START + 4 * HOUR_MS


def test_the_same_silence_keeps_its_beginning_and_is_not_renewed_for_ever(bench: Bench) -> None:
    alerts(bench)
    operator, admin = person(bench, "operator"), person(bench, "admin", "Minh")

    def silence(client: TestClient, hours: float) -> Any:
        return give(client, "silence", {**ARGS["silence"], "until": later(hours)}, WHY).json()

    assert silence(operator, 20)["facts"]["hides"] == 1
    assert silence(operator, 20)["code"] == "already"
    bench.clock.domain = START + 19 * HOUR_MS  # type: ignore[attr-defined]
    assert silence(operator, 25)["facts"]["until"] == START + DAY_MS
    assert silence(operator, 24)["facts"]["mute"] == 1
    assert silence(admin, 48)["code"] == "done"
    assert silence(operator, 30)["code"] == "no_right"
    (entry,) = register(bench)
    assert (entry["owner"], entry["facts"]["since"], entry["due"]) == ("Minh", iso(START), later(48))
    assert give(operator, "unsilence", {"mute": 1, "version": 1}).json()["code"] == "changed"
    assert give(operator, "unsilence", {"mute": 1}).json()["code"] == "done"
    assert give(operator, "unsilence", {"mute": 1}).json()["code"] == "already"
    assert give(operator, "unsilence", {"mute": 2}).json()["code"] == "unknown"


def test_the_ledger_holds_every_kind_with_owner_reason_matcher_and_end(bench: Bench) -> None:
    alerts(bench)
    admin = person(bench, "admin")
    for name in ("silence", "shelve", "maintenance", "out_of_service", "close"):
        assert give(admin, name, ARGS[name], WHY).json()["code"] == "done"
    off = {"rule": "link-silent", "until": later(2)}
    assert give(admin, "rule_off", off, WHY).json()["facts"] == {
        "rule": "link-silent", "since": START, "until": START + 2 * HOUR_MS,
    }  # fmt: skip
    found = register(bench)
    assert [(e["code"], e["facts"]["what"], e["state"], e["owner"], e["facts"]["reason"]) for e in found] == [
        (f"TT-{n}", what, "active", "Lan", WHY)
        for n, what in enumerate(
            ("silence", "shelve", "maintenance", "out_of_service", "accepted", "rule_off"), start=1
        )
    ]
    assert [e["facts"]["matchers"] for e in found] == [
        {"rule": RULE, "asset": CAMERA}, {"key": KEY}, {"asset": CAMERA}, {"asset": CAMERA}, {"alert": 1},
        {"rule": "link-silent"},
    ]  # fmt: skip
    assert all(e["due"] == e["facts"]["until"] for e in found)
    assert give(admin, "unsilence", {"mute": 6}).json()["code"] == "wrong_state"
    assert give(admin, "rule_on", {"rule": "link-silent"}, "xong").json()["code"] == "done"
    assert [e["id"] for e in register(bench, "?state=ended")] == [6]
    one = bench.client().get("/api/v1/registers/mute/6").json()
    assert [(s["what"], s["actor"], s["after"]) for s in one["history"]] == [
        ("rule_off", "Lan", "active"), ("ended", "Lan", "ended"),
    ]  # fmt: skip


def test_planned_work_begins_later_and_before_it_ends(bench: Bench) -> None:
    admin = person(bench, "admin")
    planned = {**ARGS["maintenance"], "starts": later(10), "until": later(12)}
    assert give(admin, "maintenance", planned, WHY).json()["facts"]["since"] == START + 10 * HOUR_MS
    (entry,) = register(bench, "?state=planned")
    assert entry["facts"]["since"] == later(10)
    wrong = {**planned, "starts": later(12)}
    assert give(admin, "maintenance", wrong, WHY).json()["facts"]["argument"] == "starts"


def test_what_was_done_is_on_record_with_its_arguments(bench: Bench) -> None:
    alerts(bench)
    operator = person(bench, "operator")
    give(operator, "silence", ARGS["silence"], WHY)
    (told,) = operator.get("/api/v1/audit").json()["audit"]
    assert (told["name"], told["code"], told["reason"]) == ("silence", "done", WHY)
    assert told["args"]["matchers"] == {"rule": RULE, "asset": CAMERA}


def test_an_alert_tells_to_whom_it_goes_next_until_somebody_has_it(bench: Bench) -> None:
    opened = alerts(bench).opened
    critical = bench.client().get("/api/v1/alerts/2").json()
    assert (critical["escalates_to"], critical["escalates_at"]) == ("unit_leader", iso(opened + 300_000))
    operator = person(bench, "operator")
    assert give(operator, "escalate", {"alert": 2}).json()["code"] == "done"
    critical = bench.client().get("/api/v1/alerts/2").json()
    assert (critical["escalates_to"], critical["escalates_at"]) == ("leader", iso(opened + 900_000))
    assert give(operator, "acknowledge", {"alert": 2, "note": "đang đi"}).json()["code"] == "done"
    taken = bench.client().get("/api/v1/alerts/2").json()
    assert (taken["escalates_to"], taken["escalates_at"], taken["escalated"]) == (None, None, "unit_leader")
    bench.clock.domain = START + HOUR_MS  # type: ignore[attr-defined]
    assert give(operator, "unacknowledge", {"alert": 2}, "đổi ca").json()["code"] == "done"
    anew = bench.client().get("/api/v1/alerts/2").json()
    assert (anew["escalates_to"], anew["escalates_at"]) == ("unit_leader", iso(START + HOUR_MS + 300_000))
    assert anew["escalated"] is None
