"""What was refused of citizens: payload and reason go to those alone who may read a petition's data."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cockpit.domain.instants import iso
from cockpit.domain.refused import HIDDEN
from tests.wire.conftest import START, Bench, event
from tests.wire.test_events import post, record
from tests.wire.test_feedback_read import FIELDS, HERE, THERE
from tests.wire.test_requests import client

NAME, PHONE, WORDS = FIELDS["person"], FIELDS["phone"], FIELDS["text"]
SECRETS = (NAME, PHONE, WORDS)


def refused(bench: Bench) -> None:
    """Petitions in every form that the door refuses, and a device with a wrong figure."""

    def petition(n: int, **change: Any) -> dict[str, Any]:
        made = record(kind="feedback", key=f"PA/{n}", **({"unit": HERE, "fields": FIELDS} | change))
        return made | {"source": "phan-anh", "id": f"p{n}", "time": iso(START)}

    broken = f'{{"source":"phan-anh","text":"{NAME} {PHONE} {WORDS}"'
    torn = f"{json.dumps(petition(0, state='?'))}\n{broken}\n".encode()
    bodies: list[tuple[str, Any, str]] = [
        ("phan-anh", [petition(1, state=NAME)], "application/json"),
        ("phan-anh", [petition(2, unit=NAME)], "application/json"),
        ("phan-anh", [petition(3, due=[NAME])], "application/json"),
        ("phan-anh", [petition(4, fields=FIELDS | {"phone": 10**30})], "application/json"),
        ("phan-anh", [petition(5) | {"type": "ioc.petition"}], "application/json"),
        ("phan-anh", [petition(6) | {"hoten": NAME, "specversion": "2"}], "application/json"),
        ("phan-anh", [petition(7) | {"data": [NAME, WORDS]}], "application/json"),
        ("phan-anh", torn, "application/x-ndjson"),
        ("cam-vms", [petition(8) | {"source": "cam-vms"}], "application/json"),
        ("cam-vms", [event(9, data={"values": {"fps": 9999}})], "application/json"),
    ]
    for source, body, kind in bodies:
        answer = post(bench.client(bench.token(source)), body, kind)
        assert answer.json().get("rejected"), (body, answer.text)
    bench.store.flush()


def kept(asked: Any) -> list[dict[str, Any]]:
    found = asked.get("/api/v1/quarantine").json()["quarantine"]
    return [row | {"payload": readable(row["payload"])} for row in found]


def readable(payload: str) -> str:
    """A payload without its escapes, which hide letters of names from a search."""
    try:
        return json.dumps(json.loads(payload), ensure_ascii=False)
    except ValueError:
        return payload


@pytest.mark.parametrize(
    ("role", "unit", "person", "words"),
    [
        ("leader", "", True, True), ("admin", "", True, True), ("operator", "", False, True),
        ("officer", THERE, False, True), ("unit_leader", THERE, False, True),
    ],
)  # fmt: skip
def test_they_go_to_persons_by_their_role(
    bench: Bench, role: str, unit: str, person: bool, words: bool
) -> None:
    refused(bench)
    found = json.dumps(kept(client(bench, role, unit)), ensure_ascii=False)
    assert (NAME in found, PHONE in found, WORDS in found) == (person, person, words)


def test_nobody_without_a_role_reads_anything_of_a_person(bench: Bench) -> None:
    refused(bench)
    for token in ("", bench.token("phan-anh"), bench.token(role="reader")):
        rows = kept(bench.client(token))
        told = json.dumps(rows, ensure_ascii=False)
        assert not [secret for secret in SECRETS if secret in told]
        by_id = {row["id"]: row for row in rows}
        assert by_id["p1"]["withheld"]
        assert by_id["p1"]["code"] == "bad_state"
        assert by_id["p1"]["reason"].startswith(f"state {HIDDEN} of a feedback")
        shown = json.loads(by_id["p1"]["payload"])
        assert (shown["subject"], shown["data"]["unit"]) == ("feedback/PA/1", HERE)
        assert shown["data"]["fields"] == {
            "field": "giao_thong", "channel": "app", "text": HIDDEN, "person": HIDDEN, "phone": HIDDEN,
        }  # fmt: skip
        assert "9999" in by_id[event(9)["id"]]["payload"], "a device's figure is nobody's"


def test_those_of_a_unit_read_what_was_meant_for_it(bench: Bench) -> None:
    refused(bench)
    by_id = {row["id"]: row for row in kept(client(bench, "officer", HERE))}
    assert NAME in by_id["p1"]["payload"]
    assert not by_id["p1"]["withheld"]
    assert by_id["p2"]["withheld"], "the unit it names is none"


def test_a_demos_own_petitions_are_made_up_and_open_to_whoever_has_no_role(demo: Bench) -> None:
    made = record(kind="feedback", key="PA/1", state=NAME, unit=HERE, fields=FIELDS)
    made |= {"source": "phan-anh", "id": "p1", "time": iso(START), "sent": iso(START)}
    assert post(demo.client(demo.token("phan-anh")), [made]).json()["rejected"]
    demo.store.flush()
    assert NAME in kept(demo.client())[0]["payload"]
    assert NAME not in kept(client(demo, "operator"))[0]["payload"]
