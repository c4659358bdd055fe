"""CloudEvents over HTTP in its three modes, after the conformance cases of binding and format."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from cockpit.demo.tape import Line
from cockpit.domain.instants import iso
from tests.wire.conftest import START, Bench, event
from tests.wire.test_events import ALL, JSON, post, record, report, rollup, sample

BOM = b"\xef\xbb\xbf"


def headers(e: dict[str, Any], **change: str | None) -> list[tuple[str, str]]:
    """The headers of an event in the binary mode; `change` replaces attributes, None takes one away."""
    given = {name: value for name, value in e.items() if name != "data"} | change
    return [(f"ce-{name}", value) for name, value in given.items() if value is not None]


def send(client: TestClient, sent: list[tuple[Any, Any]], body: Any, content_type: str = JSON) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("/api/v1/events", content=content, headers=[*sent, ("content-type", content_type)])


@pytest.fixture
def everyone(bench: Bench) -> TestClient:
    return bench.client(bench.token(*ALL))


TAKEN = {"accepted": 1, "duplicates": 0, "rejected": []}
KNOWN = {"accepted": 0, "duplicates": 1, "rejected": []}


def test_every_type_of_event_is_taken_in_the_binary_mode_and_is_the_same_event(everyone: TestClient) -> None:
    for e in (event(1), sample(), record(), report(), rollup()):
        assert send(everyone, headers(e), e["data"]).json() == TAKEN
        assert post(everyone, e).json() == KNOWN  # structured
        assert post(everyone, [e], "application/cloudevents-batch+json").json() == KNOWN
    found = everyone.get("/api/v1/latest?asset=cam-00001").json()["latest"]
    assert {x["metric"]: x["value"] for x in found} == {"fps": 24.9, "loss_pct": 0.02}


def test_headers_are_read_as_the_binding_says(everyone: TestClient) -> None:
    cases: list[tuple[str, str]] = [
        ("plain", "plain"),
        ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),
        ("%c3%a1", "á"),  # small letters
        ("%41%2d1", "A-1"),  # encoded without need
        ("100%25%32%35", "100%25"),  # one round alone
        ('"quoted \\"text\\" %41"', 'quoted "text" A'),
        ("50%", "50%"),
    ]
    for sent, meant in cases:
        answer = send(everyone, headers(record(), id=f"id-{sent}", subject=sent), record()["data"])
        (refused,) = answer.json()["rejected"]
        assert refused["code"] == "bad_subject"
        assert repr(meant) in refused["reason"], sent
    names = [(name.title(), value) for name, value in headers(event(1))]
    assert send(everyone, names, event()["data"], "Application/JSON; charset=UTF-8").json() == TAKEN
    more = [("ce-dataschema", "https://example.org/x"), ("ce-traceparent", "á".encode("latin-1"))]
    assert send(everyone, [*headers(event(2)), *more], event()["data"]).json() == TAKEN
    zipped = [*headers(event(3)), ("content-encoding", "gzip")]
    assert send(everyone, zipped, gzip.compress(BOM + json.dumps(event()["data"]).encode())).json() == TAKEN


def test_what_is_missing_or_wrong_in_an_event_refuses_it_with_its_reason(everyone: TestClient) -> None:
    data = event()["data"]
    cases: list[tuple[dict[str, str | None], Any, str, str]] = [
        ({"id": None}, data, "missing_field", "id is missing"),
        ({"source": None}, data, "missing_field", "source is missing"),
        ({"specversion": None}, data, "missing_field", "specversion is missing"),
        ({"type": None}, data, "unknown_type", "type is missing"),
        ({"subject": None}, data, "subject_missing", "subject is missing"),
        ({"time": None}, data, "missing_field", "time is missing"),
        ({"specversion": "0.9"}, data, "bad_specversion", '"0.9"'),
        ({"specversion": ""}, data, "bad_specversion", '""'),
        ({"type": "io.cloudevents.test"}, data, "unknown_type", "'io.cloudevents.test'"),
        ({"source": "https://cloudevents.io"}, data, "unknown_source", "cloudevents.io"),
        ({"id": ""}, data, "missing_field", "id is empty"),
        ({"time": "lunchtime"}, data, "bad_time", "'lunchtime'"),
        ({}, b"", "missing_field", "data is missing"),
        ({}, b"17", "bad_field", "data is 17, a number"),
        ({}, [data], "bad_field", "data is [{"),
        ({}, b'{"values": {"fps": NaN}}', "not_a_number", "fps is NaN"),
        ({}, b'{"values": {"fps": "\\ud800"}}', "bad_text", "surrogate"),
        ({}, b'{"values": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "bad_field", "values"),
        ({}, event(), "unknown_member", "a whole event stands where its data alone belong"),
    ]
    for change, body, code, told in cases:
        if change.get("source") == "https://cloudevents.io":
            assert send(everyone, headers(event(), **change), body).status_code == 403
            continue
        answer = send(everyone, headers(event(), **change), body)
        assert answer.status_code == 202, (change, answer.text)
        (refused,) = answer.json()["rejected"]
        assert (refused["index"], refused["code"]) == (0, code), (change, refused)
        assert told in refused["reason"], refused


def test_a_request_that_is_no_message_gets_400_or_415_in_the_one_shape(everyone: TestClient) -> None:
    e, data = event(), event()["data"]
    cases: list[tuple[list[tuple[Any, Any]], Any, str, int, str, str]] = [
        ([*headers(e), ("ce-id", "e0")], data, JSON, 400, "bad_header", "ce-id is there twice"),
        ([*headers(e), ("CE-Time", "x")], data, JSON, 400, "bad_header", "ce-time is there twice"),
        (headers(e, subject="%C0%A0"), data, JSON, 400, "bad_header", "UTF-8"),
        (headers(e, subject="%ff"), data, JSON, 400, "bad_header", "UTF-8"),
        ([*headers(e, subject=None), (b"ce-subject", "Hạ Long".encode())], data, JSON, 400, "bad_header",
         "percent-encoded"),
        ([*headers(e), ("ce-datacontenttype", JSON)], data, JSON, 400, "bad_header", "ce-datacontenttype"),
        ([*headers(e), ("content-type", "text/plain")], data, JSON, 400, "bad_header", "content-type"),
        (headers(e), b"<x/>", "application/xml", 415, "bad_content_type", "application/json"),
        (headers(e), data, "application/x-ndjson", 415, "bad_content_type", "application/json"),
        (headers(e), data, f"{JSON}; charset=iso-8859-1", 415, "bad_content_type", "UTF-8"),
        (headers(e), data, "application/cloudevents+avro", 415, "bad_content_type", "application/json"),
        (headers(e), b'{"values": {"fps": 1}', JSON, 400, "not_json", "JSON"),
        (headers(e), b'{"values": {"fps": 1}}, "source": "lgsp"', JSON, 400, "not_json", "JSON"),
        ([], e, f"{JSON}; charset=utf-16", 415, "bad_content_type", "UTF-8"),
        ([], [e], "application/cloudevents-batch+json; charset=latin1", 415, "bad_content_type", "UTF-8"),
    ]  # fmt: skip
    for sent, body, kind, status, code, told in cases:
        answer = send(everyone, sent, body, kind)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), (sent, answer.text)
        assert told in answer.json()["error"]["reason"], answer.text
    assert everyone.get("/api/v1/events/cam-vms/e0").status_code == 404
    foreign = headers(e, source="host")
    assert send(everyone, foreign, data).status_code == 403


def test_structured_messages_may_carry_the_headers_too_and_their_body_counts(everyone: TestClient) -> None:
    sent = [*headers(event(1), id="other"), ("ce-id", "twice")]
    kind = 'application/cloudevents+json; charset="utf-8"'
    assert send(everyone, sent, event(1), kind).json() == TAKEN
    assert everyone.get("/api/v1/events/cam-vms/e1").json()["stored"] is True
    nulls = event(2, datacontenttype=JSON, dataschema="https://example.org/x") | {"data_base64": None}
    assert send(everyone, [], nulls, kind).json() == TAKEN
    for more in ({}, {"data": None}):
        body = event(3, data_base64="eyAieHl6IjogMTIzIH0=") | more
        (refused,) = send(everyone, [], {k: v for k, v in body.items() if v is not None}).json()["rejected"]
        assert refused["code"] == "bad_field"
        assert "data_base64" in refused["reason"]


def test_a_byte_order_mark_is_dropped_in_every_form(everyone: TestClient, demo: Bench) -> None:
    one = [json.dumps(event(n)).encode() for n in range(1, 6)]
    assert post(everyone, BOM + one[0]).json() == TAKEN
    assert post(everyone, BOM + b"[" + one[1] + b"]").json() == TAKEN
    assert post(everyone, gzip.compress(BOM + one[2]), content_encoding="gzip").json() == TAKEN
    lines = BOM + one[3] + b"\n" + BOM + one[4]
    assert post(everyone, lines, "application/x-ndjson").json()["accepted"] == 2
    presenter = demo.client(demo.token(role="presenter"))
    assert presenter.post("/api/v1/faults", content=BOM + b"{}").json()["error"]["reason"].count("asset") > 0
    told = presenter.post("/api/v1/clock", content=BOM + b'{"reset": false}').json()["error"]
    assert told["where"] == "reset"


def test_a_recording_of_the_binary_mode_can_be_played_again(bench: Bench, everyone: TestClient) -> None:
    taken: list[Line] = []
    bench.recorder._readers.append(object())  # type: ignore[arg-type]
    bench.recorder.taken = taken.append  # type: ignore[assignment, method-assign]
    zipped = [*headers(event(1)), ("content-encoding", "gzip")]
    assert send(everyone, zipped, gzip.compress(json.dumps(event()["data"]).encode())).json() == TAKEN
    (line,) = taken
    assert line.body is not None
    again = bench.door.post(
        line.body, encoding=line.encoding, content_type=line.type, allowed_sources=frozenset(["cam-vms"])
    )
    assert msgspec.to_builtins(asyncio.run(again).payload) == KNOWN
    assert json.loads(line.body)["time"] == iso(START - 1000)
