"""Commands over HTTP: a person's token, the answer, the record, and what is refused on the way."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from cockpit.cli import main
from cockpit.commands import dispatch, name_of
from cockpit.commands.registry import KINDS
from cockpit.domain.instants import iso
from cockpit.domain.roles import ROLES
from cockpit.ingest.tokens import issue
from cockpit.store import alerting
from tests.waiting import PATIENCE_S, until
from tests.wire.conftest import START, Bench

HOUR = 3_600_000
OFF = {"rule": "camera-silent", "until": iso(START + HOUR)}


def person(bench: Bench, role: str, name: str = "Lan") -> TestClient:
    token = bench.store.write(lambda conn: issue(conn, (), role, name, unit="u1")).result(PATIENCE_S)
    return bench.client(token)


@contextmanager
def standing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A writer that stands, as on a disk that does not answer, and commands that do not wait for long."""
    monkeypatch.setattr(dispatch, "_WAIT_S", 0.05)
    go_on = threading.Event()
    stood = bench.store.write(lambda conn: go_on.wait(PATIENCE_S))
    try:
        yield
    finally:
        go_on.set()
        stood.result(PATIENCE_S)
        bench.store.write(lambda conn: None).result(PATIENCE_S)  # behind all that was ordered meanwhile


def give(client: TestClient, name: str, args: dict[str, Any], reason: str = "", **more: Any) -> Any:
    return client.post("/api/v1/commands", json={"name": name, "args": args, "reason": reason}, **more)


def test_an_operator_switches_a_rule_off_and_on_and_both_are_on_record(bench: Bench) -> None:
    operator = person(bench, "operator")
    off = give(operator, "rule_off", OFF, "thay đầu ghi")
    assert off.status_code == 200
    assert off.json() == {
        "code": "done",
        "facts": {"rule": "camera-silent", "since": START, "until": START + HOUR},
    }
    assert give(operator, "rule_on", {"rule": "camera-silent"}).json()["code"] == "done"
    assert give(operator, "rule_on", {"rule": "camera-silent"}).json()["code"] == "already"
    told = operator.get("/api/v1/audit").json()["audit"]
    assert [(e["actor"], e["role"], e["name"], e["code"], e["reason"]) for e in told] == [
        ("Lan", "operator", "rule_on", "already", ""),
        ("Lan", "operator", "rule_on", "done", ""),
        ("Lan", "operator", "rule_off", "done", "thay đầu ghi"),
    ]
    assert (told[0]["time"], told[0]["real"]) == (iso(START), iso(START))


@pytest.mark.parametrize(
    ("role", "hours", "code"),
    [
        ("operator", 24, "done"),
        ("operator", 25, "too_long"),
        ("admin", 30 * 24, "done"),
        ("admin", 721, "too_long"),
    ],
)
def test_how_long_a_rule_may_be_off_is_up_to_the_role(bench: Bench, role: str, hours: int, code: str) -> None:
    args = {"rule": "camera-silent", "until": iso(START + hours * HOUR)}
    assert give(person(bench, role), "rule_off", args, "sửa chữa").json()["code"] == code


def off(client: TestClient, hours: float, name: str = "rule_off") -> tuple[str, int]:
    """Switch a rule off until so many hours after the start; the code, and until when it may be."""
    args = {"rule": "camera-silent", "until": iso(START + round(hours * HOUR))}
    answer = give(client, name, args, "sửa chữa").json()
    return answer["code"], (answer["facts"].get("until", 0) - START) // HOUR


def test_a_rule_is_off_for_as_long_as_a_role_may_reckoned_from_when_it_went_off(bench: Bench) -> None:
    operator, admin = person(bench, "operator"), person(bench, "admin")
    assert off(operator, 20) == ("done", 20)
    bench.clock.domain = START + 19 * HOUR  # type: ignore[attr-defined]
    assert off(operator, 25) == ("too_long", 24)
    assert off(operator, 24) == ("done", 24)
    assert off(admin, 30 * 24 + 1) == ("too_long", 30 * 24)
    assert off(admin, 30 * 24) == ("done", 30 * 24)
    bench.clock.domain = START + 31 * 24 * HOUR  # type: ignore[attr-defined]  # it has been on since
    assert off(operator, 32 * 24) == ("done", 32 * 24)


def test_who_may_not_switch_off_for_so_long_does_not_change_it(bench: Bench) -> None:
    assert off(person(bench, "admin", "Minh"), 10 * 24) == ("done", 10 * 24)
    assert off(person(bench, "operator"), 2) == ("no_right", 10 * 24)
    assert off(person(bench, "admin"), 2) == ("done", 2)
    with bench.store.read() as conn:
        (kept,) = alerting.rules_off(conn)
    assert (kept.actor, kept.since, kept.until) == ("Lan", START, START + 2 * HOUR)


@pytest.mark.parametrize("role", ROLES)
def test_every_command_is_refused_to_every_other_role_before_its_arguments_are_read(
    demo: Bench, role: str
) -> None:
    client = person(demo, role)
    found = {name: give(client, name, {"no": "such"}, "sửa chữa").json()["code"] for name in KINDS}
    assert found == {
        name: "bad_argument" if role in kind.ROLES else "no_right" for name, kind in KINDS.items()
    }


def test_rights_come_before_arguments_arguments_before_the_state_of_things(bench: Bench) -> None:
    assert give(person(bench, "leader"), "rule_off", {"rule": 7}).json()["code"] == "no_right"
    operator = person(bench, "operator")
    wrong = give(operator, "rule_off", {"rule": 7, "until": OFF["until"]}).json()
    assert (wrong["code"], wrong["facts"]["argument"]) == ("bad_argument", "rule")
    assert give(operator, "rule_off", {**OFF, "rule": "no-such"}).json()["code"] == "reason_needed"
    assert give(operator, "rule_off", {**OFF, "rule": "no-such"}, "sửa chữa").json()["code"] == "unknown"
    assert give(operator, "no_such", {}).json() == {"code": "unknown", "facts": {"name": "no_such"}}
    assert give(person(bench, "presenter"), "rule_off", OFF, "sửa chữa").json()["code"] == "read_only"


def test_without_a_token_of_a_person_nothing_is_done(bench: Bench) -> None:
    assert give(bench.client(), "rule_off", OFF).status_code == 401
    for token in (bench.token("cam-vms"), bench.token(role="reader"), bench.token(role="recorder")):
        assert give(bench.client(token), "rule_off", OFF).json()["error"]["code"] == "no_right"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_parameter"),
        (b"[]", 400, "bad_parameter"),
        (b'{"name":"rule_on","args":{},"actor_name":"x"}', 400, "bad_parameter"),
        (b'{"name":"rule_on","args":{"rule":"' + b"x" * 70_000 + b'"}}', 413, "too_large"),
        (b'{"name":"rule_on","args":{"rule":"r"},"actor":{"name":"Hoa","role":"admin"}}', 403, "no_right"),
    ],
)
def test_a_body_that_is_no_command_is_refused_whole(
    bench: Bench, body: bytes, status: int, code: str
) -> None:
    answer = person(bench, "operator").post("/api/v1/commands", content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_the_page_of_another_server_cannot_act_through_a_browser(bench: Bench) -> None:
    operator = person(bench, "operator")
    foreign = give(operator, "rule_off", OFF, "sửa chữa", headers={"Origin": "http://example.org"})
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (403, "foreign_origin")
    own = give(operator, "rule_off", OFF, "sửa chữa", headers={"Origin": "http://testserver"})
    assert own.json()["code"] == "done"


def test_what_was_done_is_read_only_by_people(bench: Bench, demo: Bench) -> None:
    assert bench.client().get("/api/v1/audit").status_code == 401
    assert bench.client(bench.token("cam-vms")).get("/api/v1/audit").status_code == 403
    assert person(bench, "leader").get("/api/v1/audit").json() == {"audit": []}
    assert demo.client().get("/api/v1/audit").json() == {"audit": []}


def test_the_record_is_found_by_person_command_and_time(bench: Bench) -> None:
    lan, hoa = person(bench, "operator"), person(bench, "admin", "Hoa")
    give(lan, "rule_off", OFF, "sửa chữa")
    give(hoa, "rule_on", {"rule": "camera-silent"})
    for query, names in (
        ({"actor": "Hoa"}, ["rule_on"]),
        ({"name": "rule_off"}, ["rule_off"]),
        ({"limit": "1"}, ["rule_on"]),
        ({"from": iso(START + 1), "to": iso(START + HOUR)}, []),
    ):
        told = lan.get("/api/v1/audit", params=query).json()["audit"]
        assert [e["name"] for e in told] == names, query


def test_the_list_of_commands_says_arguments_and_roles(bench: Bench, demo: Bench) -> None:
    serve = {c["name"]: c for c in bench.client().get("/api/v1/commands").json()["commands"]}
    assert set(serve) == {name for name, kind in KINDS.items() if not kind.DEMO}
    off = serve["rule_off"]
    assert off["roles"] == ["operator", "admin", "presenter"]
    assert off["within_s"] == {"operator": 86_400, "presenter": 86_400, "admin": 30 * 86_400}
    assert off["args"]["required"] == ["rule", "until"]
    assert {name_of(kind) for kind in KINDS.values()} == {
        c["name"] for c in demo.client().get("/api/v1/commands").json()["commands"]
    }


def test_a_person_gets_a_token_by_command_that_works_at_once_and_reads_too(bench: Bench) -> None:
    folder = str(bench.config.data_dir)
    ran = CliRunner().invoke(
        main, ["token", "person", "Nguyễn Lan", "--role", "operator", "--data-dir", folder]
    )
    assert ran.exit_code == 0, ran.output
    token = ran.output.strip()
    client = bench.client(token)
    assert give(client, "rule_off", OFF, "sửa chữa").json()["code"] == "done"
    assert client.get("/api/v1/audit").json()["audit"][0]["actor"] == "Nguyễn Lan"
    assert client.post("/api/v1/events", json={}).status_code == 403


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["Lan", "--role", "king"], "king"),
        (["Lan", "--role", "officer"], "--unit"),
        (["Lan", "--role", "officer", "--unit", "no-such"], "no-such"),
        (["L\u202ean", "--role", "operator"], "name"),
        ([" ", "--role", "operator"], "name"),
    ],
)
def test_a_person_who_cannot_be_gets_no_token(bench: Bench, args: list[str], told: str) -> None:
    folder = str(bench.config.data_dir)
    ran = CliRunner().invoke(main, ["token", "person", *args, "--data-dir", folder])
    assert ran.exit_code != 0
    assert told in ran.output


def test_what_a_refused_command_brought_is_on_record_but_not_without_end(bench: Bench) -> None:
    give(person(bench, "operator"), "rule_on", {"x": "y" * 30_000})
    (entry,) = person(bench, "admin").get("/api/v1/audit").json()["audit"]
    assert (entry["name"], entry["code"]) == ("rule_on", "bad_argument")
    assert len(json.dumps(entry)) < 5_000


def test_a_command_that_was_not_waited_for_takes_effect_all_the_same(
    demo: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    presenter = person(demo, "presenter")
    with standing(demo, monkeypatch):
        late = give(presenter, "clock_pause", {"paused": True})
        assert (late.status_code, late.json()["error"]["code"]) == (503, "busy")
        assert "may still be carried out" in late.json()["error"]["reason"]
        assert presenter.post("/api/v1/clock", json={"speed": 60}).json()["error"]["code"] == "busy"
        fault = {"asset": "cam-00001", "kind": "silent"}
        assert give(presenter, "fault", fault).json()["error"]["code"] == "busy"
    until(lambda: len(demo.demo.run.faults()) == 1, "the fault that was ordered")
    shown = presenter.get("/api/v1/clock").json()
    assert (shown["paused"], shown["speed"]) == (True, 60)
    told = [(e["name"], e["code"]) for e in presenter.get("/api/v1/audit").json()["audit"]]
    assert told == [("fault", "done"), ("clock_speed", "done"), ("clock_pause", "done")]


def test_of_two_commands_the_one_that_was_stored_last_is_what_holds(
    demo: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    presenter = person(demo, "presenter")
    with standing(demo, monkeypatch):
        for paused in (True, False, True, False):
            assert give(presenter, "clock_pause", {"paused": paused}).status_code == 503
    assert not presenter.get("/api/v1/clock").json()["paused"]


def test_a_refusal_stands_whether_it_could_be_recorded_in_time_or_not(
    demo: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = person(demo, "leader")
    with standing(demo, monkeypatch):
        assert give(leader, "clock_pause", {"paused": True}).json()["code"] == "no_right"
    told = leader.get("/api/v1/audit").json()["audit"]
    assert [(e["name"], e["code"]) for e in told] == [("clock_pause", "no_right")]
