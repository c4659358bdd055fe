"""What the door takes, what it refuses and why, and that no event harms its neighbours."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
import tracemalloc
from concurrent.futures import Future
from typing import Any

import pytest
from starlette.testclient import TestClient

from cockpit.domain.instants import iso
from cockpit.ingest.answers import Error
from cockpit.ingest.codes import Code
from cockpit.ingest.door import INLINE, Answer
from cockpit.store import QueueFull, StoreError
from tests.store import inside
from tests.waiting import PATIENCE_S, until
from tests.wire.conftest import START, Bench, event

JSON = "application/json"
HOUR = 3_600_000


def post(client: TestClient, body: Any, content_type: str = JSON, **headers: str) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"content-type": content_type, **{k.replace("_", "-"): v for k, v in headers.items()}}
    return client.post("/api/v1/events", content=content, headers=sent)


def sample(**change: Any) -> dict[str, Any]:
    data = {"operator": "viettel", "lat": 20.95, "lon": 107.08, "accuracy_m": 8.0, "rsrp_dbm": -97.5}
    data.update(change)
    return event(source="dien-thoai", type="ioc.sample", subject="phone-1", data=data)


def record(**change: Any) -> dict[str, Any]:
    data = {"kind": "dossier", "key": "H1", "unit": "", "state": "received", "fields": {"a": 1, "b": "c"}}
    data.update(change)
    subject = f"{data['kind']}/{data['key']}"
    return event(source="mot-cua", type="ioc.record", subject=subject, data=data)


def report(**change: Any) -> dict[str, Any]:
    data = {"indicator": "I39", "unit": "", "period": "2026-11", "value": 9.5, "person": "Lê An"}
    data.update(change)
    return event(source="bao-cao", type="ioc.report", subject=data["indicator"], data=data)


def rollup(**change: Any) -> dict[str, Any]:
    n, low, high = [4] * 24, [24.0] * 24, [25.0] * 24
    hours = {"n": n, "sum": [98.0] * 24, "min": low, "max": high}
    hours.update(change)
    return event(type="ioc.rollup", data={"day": "2026-11-20", "hours": {"fps": hours}})


def with_values(**values: Any) -> dict[str, Any]:
    return event(data={"values": values})


BAD = [
    (event(subject="cam-99999"), Code.UNKNOWN_ASSET),
    (event(subject=""), Code.SUBJECT_MISSING),
    (event(subject=None), Code.SUBJECT_MISSING),
    (event(id=None), Code.MISSING_FIELD),
    (event(id=""), Code.MISSING_FIELD),
    (event(id="x" * 129), Code.ID_TOO_LONG),
    (event(id="a\u0007b"), Code.CONTROL_CHARACTER),
    (event(id=7), Code.BAD_FIELD),
    (event(type="ioc.other"), Code.UNKNOWN_TYPE),
    (event(type=None), Code.UNKNOWN_TYPE),
    (event(specversion="0.3"), Code.BAD_SPECVERSION),
    (event(source="ran-oss"), Code.FOREIGN_ASSET),
    (event(time="2026-11-22T08:00:00"), Code.NO_OFFSET),
    (event(time="yesterday"), Code.BAD_TIME),
    (event(time="2026-11-22"), Code.BAD_TIME),
    (event(time="0001-01-01T00:00:00+14:00"), Code.BAD_TIME),
    (event(time=iso(START + HOUR)), Code.FAR_FUTURE),
    (event(time=iso(START - 25 * HOUR)), Code.TOO_OLD),
    (with_values(fps=1000), Code.OUT_OF_RANGE),
    (with_values(fps=-0.1), Code.OUT_OF_RANGE),
    (with_values(temp_c=20), Code.UNKNOWN_METRIC),
    (with_values(fps="24"), Code.BAD_FIELD),
    (with_values(fps=None), Code.BAD_FIELD),
    (with_values(), Code.NO_VALUES),
    (event(data={"values": {"fps": 24}, "units": {"fps": "Hz"}}), Code.WRONG_UNIT),
    (event(data={"values": {"fps": 24}, "units": {"loss_pct": "%"}}), Code.UNKNOWN_METRIC),
    (17, Code.NOT_AN_EVENT),
    (None, Code.NOT_AN_EVENT),
    ([[]], Code.NOT_AN_EVENT),
    (sample(lat=10.8, lon=106.7), Code.BAD_PLACE),
    (sample(operator="acme"), Code.UNKNOWN_OPERATOR),
    (sample(rsrp_dbm=-20), Code.OUT_OF_RANGE),
    (sample(accuracy_m=-1), Code.OUT_OF_RANGE),
    (record(state="nowhere"), Code.BAD_STATE),
    (record(unit="00000"), Code.UNKNOWN_UNIT),
    (record(fields={"a": []}), Code.BAD_FIELD),
    (record(fields={f"f{i}": 1 for i in range(41)}), Code.TOO_MANY_FIELDS),
    (record(fields={"a": "x" * 5000}), Code.TEXT_TOO_LONG),
    (record(fields={"a": "x\u0000"}), Code.CONTROL_CHARACTER),
    (record(kind="No Kind"), Code.BAD_FIELD),
    ({**record(), "subject": "dossier/other"}, Code.BAD_SUBJECT),
    ({**record(), "source": "cam-vms"}, Code.FOREIGN_KIND),
    (record(kind="feedback"), Code.FOREIGN_KIND),
    (record(kind="anything"), Code.FOREIGN_KIND),
    ({**sample(), "source": "cam-vms"}, Code.FOREIGN_KIND),
    ({**report(), "source": "cam-vms"}, Code.FOREIGN_INDICATOR),
    (report(indicator="I47"), Code.FOREIGN_INDICATOR),
    (report(indicator="I01"), Code.FOREIGN_INDICATOR),
    (report(indicator="I999"), Code.UNKNOWN_INDICATOR),
    (report(period="2026-13"), Code.BAD_PERIOD),
    (report(period="2026-Q5"), Code.BAD_PERIOD),
    (report(period="２０２６"), Code.BAD_PERIOD),
    (report(period="9999-Q4"), Code.BAD_PERIOD),
    (report(period="9999"), Code.BAD_PERIOD),
    (report(period="2027"), Code.BAD_PERIOD),
    (report(period="2026-12"), Code.BAD_PERIOD),
    (report(period="2026-11-23"), Code.BAD_PERIOD),
    (report(person=""), Code.MISSING_FIELD),
    (rollup(n=[4] * 23), Code.BAD_HOURS),
    (rollup(max=[500.0] * 24), Code.OUT_OF_RANGE),
    (rollup(sum=[1.0] * 24), Code.BAD_HOURS),
    (rollup(n=[0] * 24), Code.BAD_HOURS),
    (rollup(n=[-1] * 24), Code.BAD_HOURS),
    (rollup(n=[0.5] * 24), Code.BAD_HOURS),
    (rollup(n=[[1]] + [1] * 23), Code.BAD_FIELD),
    (rollup(sum=[None] * 24), Code.BAD_FIELD),
    (rollup(min={"a": 1}), Code.BAD_HOURS),
    (event(type="ioc.rollup", data={"day": "2026-11-23", "hours": {}}), Code.FAR_FUTURE),
    (event(type="ioc.rollup", data={"day": "2024-11-23", "hours": {}}), Code.TOO_OLD),
    (event(type="ioc.rollup", data={"day": "soon", "hours": {}}), Code.BAD_TIME),
    (event(type="ioc.rollup", data={"day": "2026-11-20", "hours": {}}), Code.NO_VALUES),
]
ALL = ("cam-vms", "ran-oss", "dien-thoai", "mot-cua", "thanh-toan", "bao-cao")


@pytest.fixture
def everyone(bench: Bench) -> TestClient:
    return bench.client(bench.token(*ALL))


@pytest.mark.parametrize("content_type", [JSON, "application/x-ndjson"])
def test_every_bad_event_is_refused_alone_with_its_code_and_reason(
    everyone: TestClient, bench: Bench, content_type: str
) -> None:
    body: list[Any] = []
    for i, (bad, _) in enumerate(BAD):
        body += [event(i + 1, id=f"good-{i}"), bad]
    body.append(event(500, id="last"))
    lines = "\n".join(json.dumps(e) for e in body).encode()
    answer = post(everyone, body if content_type == JSON else lines, content_type)
    assert answer.status_code == 202
    found = answer.json()
    assert found["accepted"] == len(BAD) + 1
    expected = [(2 * i + 1, str(code)) for i, (_, code) in enumerate(BAD)]
    assert [(r["index"], r["code"]) for r in found["rejected"]] == expected
    assert all(len(r["reason"]) > 10 for r in found["rejected"])
    kept = everyone.get("/api/v1/quarantine?limit=1000").json()["quarantine"]
    assert len(kept) == len(BAD)
    assert {k["code"] for k in kept} == {str(code) for _, code in BAD}
    assert json.loads(kept[-1]["payload"]) == BAD[0][0]


@pytest.mark.parametrize(
    "good",
    [event(), sample(), sample(rsrq_db=-11, indoor=True), record(),
     {**record(kind="payment", state="paid"), "source": "thanh-toan"}, report(), rollup(),
     event(data={"values": {"fps": 24.9}, "units": {"fps": "1/s"}}),
     event(extension="x", other={"a": 1})],
)  # fmt: skip
def test_good_events_of_every_type_are_taken_and_known_the_second_time(
    everyone: TestClient, good: dict[str, Any]
) -> None:
    assert post(everyone, good).json() == {"accepted": 1, "duplicates": 0, "rejected": []}
    assert post(everyone, [good, good]).json() == {"accepted": 0, "duplicates": 2, "rejected": []}
    assert everyone.get(f"/api/v1/events/{good['source']}/{good['id']}").json()["stored"] is True


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
def test_a_bare_nan_refuses_only_its_own_event(client: TestClient, name: str) -> None:
    bad = json.dumps(event(1)).replace("24.9", name)
    body = f"[{json.dumps(event(2, note='NaN [{'))},{bad},{json.dumps(event(3))}]".encode()
    found = post(client, body).json()
    assert found["accepted"] == 2
    assert [(r["index"], r["id"], r["code"]) for r in found["rejected"]] == [(1, "e1", "not_a_number")]


def test_absurd_nesting_is_refused_without_harm(client: TestClient) -> None:
    deep = b"[" * 200_000 + b"]" * 200_000
    body = b'[%s,{"a":%s},%s]' % (json.dumps(event(1)).encode(), deep, json.dumps(event(2)).encode())
    found = post(client, body).json()
    assert (found["accepted"], found["rejected"][0]["code"]) == (2, "too_deep")
    assert post(client, deep).status_code == 202
    assert (
        post(client, b'{"a":' * 100_000 + b"1" + b"}" * 100_000).json()["rejected"][0]["code"] == "too_deep"
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"  ", b"{", b"[1", b"[{]", b'["a', b"]", b"nonsense", b"[1]x", b"\xff\xfe", b'"text"', b"[" * 999],
)  # fmt: skip
def test_a_body_that_is_no_json_gets_400(client: TestClient, body: bytes) -> None:
    answer = post(client, body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "not_json"


def test_in_ndjson_a_line_that_is_no_json_is_refused_alone(client: TestClient) -> None:
    lines = b"\n\n".join([json.dumps(event(1)).encode(), b"{oops", json.dumps(event(2)).encode()])
    found = post(client, lines + b"\n", "application/x-ndjson").json()
    assert (found["accepted"], found["rejected"][0]["code"]) == (2, "not_json")
    assert post(client, b"{oops\n{oops", "application/x-ndjson").status_code == 400


def test_in_ndjson_lines_are_no_json_that_would_be_some_together(client: TestClient) -> None:
    """Two events on one line, and one on two: as many events as lines, if they are read as one text."""
    one, two, three, four = (json.dumps(event(n)).encode() for n in range(4))
    cut = three.index(b', "source"')
    lines = b"\n".join([one + b"," + two, three[:cut], three[cut + 1 :], four])
    found = post(client, lines, "application/x-ndjson").json()
    assert (found["accepted"], [r["code"] for r in found["rejected"]]) == (
        1,
        ["not_json", "not_json", "not_an_event"],
    )
    assert [r["index"] for r in found["rejected"]] == [0, 1, 2]


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/xml"])
def test_other_content_types_get_415(client: TestClient, content_type: str) -> None:
    assert post(client, event(), content_type).status_code == 415


def test_each_content_type_takes_its_own_form(client: TestClient) -> None:
    assert post(client, event(1), "application/cloudevents+json; charset=utf-8").status_code == 202
    assert post(client, [event(2)], "application/cloudevents-batch+json").status_code == 202
    assert post(client, [event(2)], "application/cloudevents+json").status_code == 400
    assert post(client, event(2), "application/cloudevents-batch+json").status_code == 400
    assert post(client, [], JSON).json() == {"accepted": 0, "duplicates": 0, "rejected": []}


def test_gzip_is_inflated_and_limited_after_inflating(client: TestClient) -> None:
    body = gzip.compress(json.dumps([event(1)]).encode())
    assert post(client, body, content_encoding="gzip").json()["accepted"] == 1
    assert post(client, body + body, content_encoding="gzip").status_code == 400  # two members: "[…][…]"
    assert post(client, body[:-9], content_encoding="gzip").json()["error"]["code"] == "bad_encoding"
    assert post(client, b"plain", content_encoding="gzip").status_code == 400
    assert post(client, body, content_encoding="br").status_code == 415


def test_a_bomb_of_zeros_gets_413_in_bounded_memory(client: TestClient) -> None:
    bomb = gzip.compress(bytes(200_000_000), 9)
    tracemalloc.start()
    answer = post(client, bomb, content_encoding="gzip")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status_code == 413
    assert peak < 40_000_000
    assert post(client, gzip.compress(bytes(10_000_000)), content_encoding="gzip").status_code == 413
    assert post(client, b" " * (8 * 1024 * 1024 + 1)).status_code == 413


@pytest.mark.parametrize(
    "half", [r"\ud800", r"\udc00", r"\ud800\u0041", r"\\\ud83d", r"\uDBFF and \ud83d\ude00"]
)
def test_half_a_surrogate_pair_refuses_its_event_alone(client: TestClient, half: str) -> None:
    bad = json.dumps(event(2, subject="HALF")).replace("HALF", half)
    found = post(client, f"[{json.dumps(event(1))},{bad}]".encode()).json()
    assert found["accepted"] == 1
    assert [(r["index"], r["id"], r["code"]) for r in found["rejected"]] == [(1, "e2", "bad_text")]
    foreign = bad.replace("cam-vms", "lgsp")
    assert post(client, f"[{json.dumps(event(3))},{foreign}]".encode()).status_code == 403
    assert post(client, bad[:-1].encode()).status_code == 400


def test_a_whole_surrogate_pair_and_an_escaped_backslash_are_text(client: TestClient) -> None:
    for text in (r"\ud83d\ude00", r"\\ud800"):
        body = json.dumps(event(1, subject="TEXT")).replace("TEXT", text)
        assert post(client, body.encode()).json()["rejected"][0]["code"] == "unknown_asset"


@pytest.mark.parametrize("item", ["1", "{}", "NaN"])
def test_a_body_of_more_things_than_events_could_be_is_refused_in_bounded_memory(
    client: TestClient, item: str
) -> None:
    body = f"[{','.join([item] * 1_500_000)}]".encode()
    lines = "\n".join([item] * 1_500_000).encode()
    for content, kind in ((body, JSON), (lines, "application/x-ndjson")):
        tracemalloc.start()
        answer = post(client, content, kind)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_many")
        assert peak < 150_000_000


def test_a_large_body_is_taken_in_slices_with_indices_of_the_whole(client: TestClient) -> None:
    body = [event(i) for i in range(4500)]
    body[4321] = event(subject="nobody")
    found = post(client, body).json()
    assert found["accepted"] == 4499
    assert [r["index"] for r in found["rejected"]] == [4321]


def test_a_foreign_source_refuses_the_whole_body(client: TestClient, bench: Bench) -> None:
    answer = post(client, [event(1), event(2, source="lgsp")])
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "foreign_source"
    assert client.get("/api/v1/events/cam-vms/e1").status_code == 404
    assert post(client, [event(1), {"source": "lgsp"}]).status_code == 403


def test_a_token_is_needed_and_one_of_another_process_works_at_once(bench: Bench) -> None:
    assert post(bench.client(), event()).status_code == 401
    assert post(bench.client("wrong"), event()).status_code == 401
    assert "www-authenticate" in post(bench.client(), event()).headers
    from cockpit.ingest import tokens
    from cockpit.store import visit

    with visit(bench.store.path) as conn:
        made = tokens.issue(conn, ["cam-vms"], "source", "elsewhere")
    (kept,) = inside.token_hashes(bench.store)
    assert made.encode() not in kept
    assert post(bench.client(made), event()).status_code == 202


def test_a_token_that_another_process_revokes_is_refused_within_moments(bench: Bench) -> None:
    from cockpit.ingest import tokens
    from cockpit.store import visit

    with visit(bench.store.path) as conn:
        made = tokens.issue(conn, ["cam-vms"], "source", "elsewhere")
    assert post(bench.client(made), event(1)).status_code == 202
    assert post(bench.client(made), event(2)).status_code == 202
    with visit(bench.store.path) as conn:
        assert tokens.revoke(conn, made)
    until(lambda: post(bench.client(made), event(3)).status_code == 401, "the token is refused")


def test_a_body_that_waits_for_a_thread_when_the_door_closes_is_not_promised(bench: Bench) -> None:
    large = json.dumps([event(n) for n in range(200)]).encode()
    assert len(large) > INLINE
    goes_on = threading.Event()

    async def run() -> Answer:
        for _ in range(2):  # both threads have something to do
            bench.door._pool.submit(goes_on.wait, PATIENCE_S)
        waiting = asyncio.ensure_future(
            bench.door.post(large, content_type="application/json", allowed_sources=frozenset(["cam-vms"]))
        )
        await asyncio.sleep(0)
        bench.door.close()
        goes_on.set()
        return await asyncio.wait_for(waiting, PATIENCE_S)

    answer = asyncio.run(run())
    assert isinstance(answer.payload, Error)
    assert (answer.status, answer.payload.error.code) == (503, "closed")


def test_a_full_queue_answers_429_with_retry_after(
    client: TestClient, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(batch: Any) -> Future[Any]:
        raise QueueFull(2.3)

    monkeypatch.setattr(bench.store, "append", full)
    answer = post(client, event())
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")


def test_a_store_that_cannot_write_answers_503_and_promises_nothing(
    client: TestClient, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken: Future[Any] = Future()
    broken.set_exception(StoreError("disk_full", "the disk is full"))
    monkeypatch.setattr(bench.store, "append", lambda batch: broken)
    answer = post(client, event())
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "disk_full")


def test_while_starting_everything_but_health_and_pulse_answers_503(client: TestClient, bench: Bench) -> None:
    bench.ready.clear()
    assert post(client, event()).status_code == 503
    assert client.get("/api/v1/latest").json()["error"]["code"] == "starting"
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["phase"]) == (503, "store")
    assert client.get("/healthz").status_code == 200
    assert client.get("/api/v1/pulse").json()["ready"] is False


def test_values_are_rounded_to_the_resolution_half_to_even(client: TestClient) -> None:
    post(client, with_values(bitrate_kbps=2.5, fps=24.96))
    latest = client.get("/api/v1/latest?asset=cam-00001").json()["latest"]
    assert {x["metric"]: x["value"] for x in latest} == {"bitrate_kbps": 2.0, "fps": 25.0}
