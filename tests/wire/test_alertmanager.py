"""Prometheus posts its alerts here as to an Alertmanager: who may, what is taken, what is refused and how."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from cockpit.domain.incoming import Incoming
from cockpit.domain.instants import iso
from cockpit.ingest.alertmanager import MAX_ALERTS, MAX_LABELS
from cockpit.store import incoming
from cockpit.web.api import ALERTMANAGER
from tests.wire.conftest import START, Bench, event

SOURCE = "giam-sat-ngoai"


def alert(**changes: Any) -> dict[str, Any]:
    """As Prometheus 2.42 posts one that fires."""
    return {
        "labels": {"alertname": "InstanceDown", "instance": "a:9100", "severity": "page"},
        "annotations": {"summary": "a is down"},
        "startsAt": "2026-11-22T00:59:00.123456789Z",
        "endsAt": iso(START + 240_000),
        "generatorURL": "http://prom:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1",
    } | changes


def post(client: TestClient, body: Any, **headers: str) -> Any:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(ALERTMANAGER, content=sent, headers={"Content-Type": "application/json", **headers})


def kept(bench: Bench) -> list[Incoming]:
    with bench.store.read() as conn:
        return incoming.since(conn, 0)


@pytest.fixture
def prometheus(bench: Bench) -> TestClient:
    return bench.client(bench.token(SOURCE))


def test_what_prometheus_posts_is_on_disk_once_it_is_answered_with_nothing(
    bench: Bench, prometheus: TestClient
) -> None:
    answer = post(prometheus, [alert()])
    assert (answer.status_code, answer.content) == (200, b"")
    (one,) = kept(bench)
    assert (one.number, one.source) == (1, SOURCE)
    assert one.labels == alert()["labels"]
    assert one.annotations == alert()["annotations"]
    assert one.generator == alert()["generatorURL"]
    assert (iso(one.starts), one.until, one.heard, one.ended) == (
        "2026-11-22T00:59:00.123+00:00", START + 240_000, START, None,
    )  # fmt: skip
    assert post(prometheus, [alert(endsAt=iso(START - 1000))]).status_code == 200
    (over,) = kept(bench)
    assert (over.number, over.ended) == (1, START - 1000)
    assert post(prometheus, []).status_code == 200


def test_only_a_token_of_such_a_source_sends_here_and_it_sends_nothing_else(
    bench: Bench, prometheus: TestClient
) -> None:
    body = [alert()]
    refused = {
        401: [bench.client(), bench.client("ckp_unknown")],
        403: [
            bench.client(bench.token("cam-vms")),
            bench.client(bench.token(role="reader")),
            bench.client(bench.token("cam-vms", "mot-cua")),
        ],
    }
    for status, clients in refused.items():
        for client in clients:
            answer = post(client, body)
            assert answer.status_code == status
            assert set(answer.json()) == {"error"}, "in the shape of all errors"
    assert kept(bench) == []
    events = prometheus.post("/api/v1/events", json=event(1, source=SOURCE))
    assert [r["code"] for r in events.json()["rejected"]] == ["foreign_asset"]
    both = bench.client(bench.token("cam-vms", SOURCE))
    assert post(both, body).status_code == 200


def test_a_process_that_only_reads_says_who_takes_alerts(bench: Bench, prometheus: TestClient) -> None:
    bench.writable = False
    answer = post(prometheus, [alert()])
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "read_only")


@pytest.mark.parametrize(
    "wrong",
    [
        {"labels": {}},
        {"labels": {"alertname": ""}},
        {"labels": {"": "x"}},
        {"labels": {"a\nb": "x"}},
        {"labels": {"n" * 257: "x"}},
        {"labels": {"alertname": 7}},
        {"labels": {"alertname": "x" * 2049}},
        {"labels": {"alertname": "\x00"}},
        {"labels": {"alertname": "\u202eevil"}},
        {"labels": {f"l{n}": "x" for n in range(MAX_LABELS + 1)}},
        {"annotations": {f"l{n}": "x" for n in range(MAX_LABELS + 1)}},
        {"annotations": {f"l{n}": "x" * 3000 for n in range(20)}},
        {"startsAt": "yesterday"},
        {"endsAt": "2026-11-22T08:00:00"},
        {"startsAt": iso(START), "endsAt": iso(START - 1000)},
        {"labels": None},
    ],
    ids=str,
)
def test_what_is_wrong_is_refused_alone_and_said_as_an_alertmanager_says_it(
    bench: Bench, prometheus: TestClient, wrong: dict[str, Any]
) -> None:
    good = alert(labels={"alertname": "Good"})
    answer = post(prometheus, [alert(**wrong), good])
    assert answer.status_code == 400
    assert isinstance(answer.json(), str)
    assert answer.json().startswith("alert 0: ")
    assert [one.labels["alertname"] for one in kept(bench)] == ["Good"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[1]",
        b"[[]]",
        b'[{"labels":{"a":"\\ud800"}}]',
        b'[{"labels":{"a":"\xff"}}]',
        b"[" * 90_000,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_a_body_that_is_no_array_of_alerts_stores_nothing(
    bench: Bench, prometheus: TestClient, body: bytes
) -> None:
    answer = post(prometheus, body)
    assert answer.status_code == 400
    assert isinstance(answer.json(), str)
    assert kept(bench) == []


def test_limits_of_size_and_form_have_the_errors_of_all_routes(bench: Bench, prometheus: TestClient) -> None:
    few = [{"labels": {"n": str(n)}} for n in range(MAX_ALERTS + 1)]
    assert post(prometheus, few).status_code == 400, "one alert too many refuses all"
    assert kept(bench) == []
    large = post(prometheus, b" " * (8 * 1024 * 1024 + 1))
    assert (large.status_code, large.json()["error"]["code"]) == (413, "too_large")
    text = post(prometheus, [alert()], **{"Content-Type": "text/plain"})
    assert (text.status_code, text.json()["error"]["code"]) == (415, "bad_content_type")
    packed = gzip.compress(json.dumps([alert()]).encode())
    assert post(prometheus, packed, **{"Content-Encoding": "gzip"}).status_code == 200
    assert post(prometheus, packed, **{"Content-Encoding": "br"}).status_code == 415
    assert len(kept(bench)) == 1
    assert prometheus.get(ALERTMANAGER).status_code == 405


def test_more_than_may_stand_at_once_are_left_out_and_it_is_said(
    bench: Bench, prometheus: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "MOST", 2)
    answer = post(prometheus, [alert(labels={"n": str(n)}) for n in range(3)])
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many")
    assert [one.labels["n"] for one in kept(bench)] == ["0", "1"]


def test_what_is_left_out_of_an_alert_is_filled_in_as_an_alertmanager_does(
    bench: Bench, prometheus: TestClient
) -> None:
    never = "0001-01-01T00:00:00Z"
    for n, times in enumerate(({}, {"startsAt": never, "endsAt": never})):
        assert post(prometheus, [{"labels": {"n": str(n)}, **times}]).status_code == 200
    assert [(one.starts, one.until, one.ended) for one in kept(bench)] == [(START, START + 300_000, None)] * 2
    late = {"labels": {"n": "2"}, "startsAt": iso(START + 60_000)}
    assert post(prometheus, [late]).status_code == 200
    assert kept(bench)[2].starts == START, "nothing has begun that is still to come"


def test_annotations_are_kept_as_they_can_be_shown_and_not_longer_than_is_read(
    bench: Bench, prometheus: TestClient
) -> None:
    notes = {"summary": "một\nhai\u202e\x07", "long": "x" * 9000, "empty": ""}
    assert post(prometheus, [alert(annotations=notes)]).status_code == 200
    assert kept(bench)[0].annotations == {"long": "x" * 4000, "summary": "một\nhai"}
