"""Citizens' feedback over HTTP: petitions as a register; who is told what people wrote, and their names."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.domain.instants import iso
from tests.wire.conftest import START, Bench
from tests.wire.test_events import post, record
from tests.wire.test_requests import client

FIELDS = {
    "field": "giao_thong", "text": "Đường ngập", "person": "Vũ Thị Lan", "phone": "0912", "channel": "app",
}  # fmt: skip
HERE, THERE = "06652", "07192"


@pytest.fixture(params=["bench", "demo"])
def place(request: pytest.FixtureRequest) -> Bench:
    found: Bench = request.getfixturevalue(request.param)
    send(found)
    return found


def send(bench: Bench) -> None:
    """One that was received and closed here, one that is open there; the closed one came last."""
    due = iso(START + 3_600_000)
    sent = [
        record(kind="feedback", key="PA/2", unit=THERE, due=due, fields=FIELDS),
        record(kind="feedback", key="PA/1", unit=HERE, due=due, fields=FIELDS),
        record(kind="feedback", key="PA/1", unit=HERE, state="closed", fields={"rating": 5}),
    ]
    for n, one in enumerate(sent):
        one |= {"source": "phan-anh", "id": f"f{n}", "time": iso(START - (3 - n) * 60_000)}
        if bench.demo is not None:
            one["sent"] = one["time"]
    answer = post(bench.client(bench.token("phan-anh")), sent)
    assert answer.json()["accepted"] == len(sent), answer.text
    bench.store.flush()


def listed(bench: Bench, query: str = "", token: str = "") -> list[dict[str, Any]]:
    found = bench.client(token).get(f"/api/v1/registers/feedback{query}").json()
    assert list(found) == ["feedback"]
    return list(found["feedback"])


def test_petitions_are_asked_for_by_state_and_unit(place: Bench) -> None:
    assert [e["id"] for e in listed(place)] == ["PA/1", "PA/2"]
    assert [e["id"] for e in listed(place, "?state=closed")] == ["PA/1"]
    assert [e["id"] for e in listed(place, f"?unit={THERE}")] == ["PA/2"]
    assert [e["id"] for e in listed(place, "?limit=1")] == ["PA/1"]
    asked = place.client()
    for query in ("?state=solved", "?unit=nowhere", "?units=1"):
        assert asked.get(f"/api/v1/registers/feedback{query}").status_code == 400


def test_one_petition_tells_its_life(bench: Bench) -> None:
    send(bench)
    found = bench.client().get("/api/v1/registers/feedback/PA/1").json()
    assert (found["state"], found["owner"], found["version"]) == ("closed", HERE, 2)
    assert found["facts"] == {"field": "giao_thong", "channel": "app", "rating": 5}
    assert [(s["before"], s["after"], s["actor"]) for s in found["history"]] == [
        ("", "received", "phan-anh"), ("received", "closed", "phan-anh"),
    ]  # fmt: skip
    assert found["closed"] == iso(START - 60_000)
    assert bench.client().get("/api/v1/registers/feedback/PA/3").status_code == 404


@pytest.mark.parametrize(
    ("role", "unit", "here"),
    [
        ("leader", "", "all"), ("admin", "", "all"), ("officer", HERE, "all"), ("unit_leader", HERE, "all"),
        ("officer", THERE, "text"), ("unit_leader", "", "text"), ("operator", "", "text"),
    ],
)  # fmt: skip
def test_words_and_names_go_to_persons_by_their_role(bench: Bench, role: str, unit: str, here: str) -> None:
    send(bench)
    who = client(bench, role, unit)
    for found in (
        who.get("/api/v1/registers/feedback/PA/1").json(),
        who.get("/api/v1/registers/feedback").json()["feedback"][0],
    ):
        assert "text" in found["facts"]
        assert ("person" in found["facts"]) == ("phone" in found["facts"]) == (here == "all")
        assert found["withheld"] == ([] if here == "all" else ["person", "phone"])


def test_without_a_person_nothing_of_a_person_is_told_outside_a_demo(bench: Bench, demo: Bench) -> None:
    send(bench)
    send(demo)
    for token in ("", bench.token("phan-anh"), bench.token(role="reader")):
        answer = bench.client(token).get("/api/v1/registers/feedback")
        assert "ngập" not in answer.text
        assert "Lan" not in answer.text
        assert answer.json()["feedback"][0]["withheld"] == ["person", "phone", "text"]
    assert listed(demo)[0]["facts"]["person"] == FIELDS["person"]
