"""Reading over HTTP: answers, wrong parameters, who may read, the clock and faults of a demo, metrics."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from cockpit.domain.instants import iso
from cockpit.domain.numbers import AlertId
from cockpit.store.alerting import Changes, save
from cockpit.store.alerts import Alert
from tests.waiting import PATIENCE_S
from tests.wire.conftest import START, Bench, event

METRICS = [
    "cockpit_events_total",
    "cockpit_observations_total",
    "cockpit_queue_observations",
    "cockpit_tick_age_seconds",
    "cockpit_tick_seconds",
    "cockpit_database_bytes",
    "cockpit_wal_bytes",
    "cockpit_bytes_written_total",
    "cockpit_watermark_lag_seconds",
    "cockpit_clock_speed",
    "cockpit_bad_requests_total",
]
READS = ("catalog", "latest", "alerts", "sources", "quarantine", "home", "indices", "facts",
         "observations?asset=cam-00001&metric=fps", "rollups?asset=cam-00001&metric=fps")  # fmt: skip


def send(client: TestClient, *events: object) -> None:
    assert client.post("/api/v1/events", json=list(events)).status_code == 202


def test_what_was_sent_can_be_read_at_every_level(client: TestClient, bench: Bench) -> None:
    send(client, *(event(n, data={"values": {"fps": 20 + n}}) for n in range(5)))
    bench.store.flush()
    base = "/api/v1/{}asset=cam-00001&metric=fps"
    points = client.get(base.format("observations?")).json()["observations"]
    assert [p["value"] for p in points] == [24, 23, 22, 21, 20]
    assert points[-1]["time"] == iso(START)
    newest = client.get(base.format("observations?limit=2&")).json()["observations"]
    assert [p["value"] for p in newest] == [21, 20]
    for level in ("1m", "1h", "1d"):
        found = client.get(base.format(f"rollups?level={level}&")).json()["rollups"]
        assert sum(r["n"] for r in found) == 5
        assert sum(r["sum"] for r in found) == pytest.approx(110)
        assert max(r["max"] for r in found) == 24
    assert client.get("/api/v1/latest").json()["latest"][0]["value"] == 20


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("latest?asset=nobody", "asset"),
        ("latest?colour=red", "colour"),
        ("observations?asset=cam-00001", "metric"),
        ("observations?asset=cam-00001&metric=fps&limit=0", "limit"),
        ("observations?asset=cam-00001&metric=fps&limit=x", "limit"),
        ("observations?asset=cam-00001&metric=fps&from=now", "from"),
        ("observations?asset=cam-00001&metric=fps&from=1990-01-01T00:00:00Z", "from"),
        ("observations?asset=cam-00001&metric=temp_c", "metric"),
        ("rollups?asset=cam-00001&metric=fps&level=5m", "level"),
        (
            "rollups?asset=cam-00001&metric=fps&from=2026-11-22T08:00:00%2B07:00&to=2026-11-21T08:00:00Z",
            "from",
        ),
        ("alerts?state=odd", "state"),
        ("quarantine?source=nobody", "source"),
    ],
)
def test_a_wrong_parameter_gets_400_with_where_found_and_expected(
    client: TestClient, query: str, where: str
) -> None:
    answer = client.get(f"/api/v1/{query}")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["where"]) == (400, "bad_parameter", where)
    assert error["expected"]


def test_paths_and_methods_that_are_not_there_get_json_too(client: TestClient) -> None:
    assert client.get("/api/v1/nothing").json()["error"]["code"] == "no_such_path"
    wrong = client.delete("/api/v1/latest")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD")
    assert client.get("/api/v1/events/nobody/x").status_code == 404


@pytest.mark.parametrize(
    "path", ["events/cam-vms/a%0Ab", "nothing%0Aat all", "alerts/1%0A2", "%0A", "evidence/%0A"]
)
def test_an_end_of_a_line_in_a_path_changes_nothing_of_an_errors_shape(client: TestClient, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")
    assert answer.json()["error"]["code"] in ("not_stored", "no_such_path", "no_such_evidence")


def test_an_error_inside_shows_a_number_and_no_traceback(
    client: TestClient, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.store, "read", lambda: 1 / 0)
    answer = bench.client().get("/api/v1/alerts")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert "Traceback" not in answer.text
    assert "division" not in answer.text


@pytest.mark.parametrize("path", READS)
def test_reading_is_open_on_loopback_only(bench: Bench, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    assert bench.client().get(f"/api/v1/{path}").status_code == 200
    object.__setattr__(bench.config, "host", "0.0.0.0")
    assert bench.client().get(f"/api/v1/{path}").status_code == 401
    assert bench.client(bench.token("cam-vms")).get(f"/api/v1/{path}").status_code == 403
    assert bench.client(bench.token(role="reader")).get(f"/api/v1/{path}").status_code == 200


def test_the_catalogue_names_resolution_range_and_place_and_is_cached_by_its_tag(client: TestClient) -> None:
    answer = client.get("/api/v1/catalog")
    found = answer.json()
    metric = next(m for m in found["metrics"] if m["code"] == "fps")
    assert (metric["resolution"], metric["range"], metric["rhythm_s"]) == (0.1, [0, 120], {"camera": 15})
    assert {"lat", "lon"} == set(next(a for a in found["assets"] if a["code"] == "cam-00001")["place"])
    again = client.get("/api/v1/catalog", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_metric_of_cameras_with_a_box_is_refused_from_others(client: TestClient) -> None:
    metrics = {m["code"]: m for m in client.get("/api/v1/catalog").json()["metrics"]}
    boxed = metrics["sharpness"]["assets"]
    assert metrics["fps"]["assets"] is None
    assert "cam-00132" in boxed
    assert "cam-00001" not in boxed
    told = [
        event(n, subject=subject, data={"values": {"fps": 25, "sharpness": 30.5}})
        for n, subject in enumerate(("cam-00132", "cam-00001"))
    ]
    answer = client.post("/api/v1/events", json=told).json()
    assert answer["accepted"] == 1
    assert [r["code"] for r in answer["rejected"]] == ["unknown_metric"]
    for asset, status in (("cam-00132", 200), ("cam-00001", 400)):
        assert client.get("/api/v1/rollups", params={
            "asset": asset, "metric": "sharpness", "level": "1m", "from": "2026-11-22T07:00:00+07:00",
            "to": "2026-11-22T08:30:00+07:00",
        }).status_code == status  # fmt: skip


def test_metrics_have_exactly_the_promised_names(client: TestClient, demo: Bench) -> None:
    send(client, event(1), event(1), event(2, subject="nobody"))
    text = client.get("/metrics").text
    assert re.findall(r"^# TYPE (\w+) ", text, re.M) == METRICS
    for outcome, n in (("accepted", 1), ("duplicate", 1), ("rejected", 1)):
        assert f'cockpit_events_total{{source="cam-vms",outcome="{outcome}"}} {n}\n' in text
    assert "cockpit_observations_total 2\n" in text
    assert "cockpit_watermark_lag_seconds 0" in demo.client().get("/metrics").text


def test_the_clock_obeys_the_presenter_and_the_watermark_the_simulator(demo: Bench) -> None:
    presenter, simulator = (
        demo.client(demo.token(role="presenter")),
        demo.client(demo.token(role="simulator")),
    )
    assert demo.client().post("/api/v1/clock", json={"speed": 2}).status_code == 401
    assert simulator.post("/api/v1/clock", json={"speed": 2}).status_code == 403
    assert presenter.post("/api/v1/clock", json={"watermark": iso(START)}).status_code == 403
    assert presenter.post("/api/v1/clock", json={"speed": 1e9}).json()["error"]["where"] == "speed"
    assert presenter.post("/api/v1/clock", json={"colour": 1}).json()["error"]["where"] == "body"
    set_ = presenter.post("/api/v1/clock", json={"speed": 10, "paused": True}).json()
    assert (set_["speed"], set_["paused"]) == (10, True)
    reached = simulator.post("/api/v1/clock", json={"watermark": iso(START + 5000)}).json()
    assert reached["watermark"] == iso(START + 5000)
    assert demo.client().get("/api/v1/pulse").json()["paused"] is True


def test_a_watermark_far_beyond_what_was_granted_or_none_at_all_is_refused(demo: Bench) -> None:
    simulator = demo.client(demo.token(role="simulator"))
    for bad in ("9998-01-01T00:00:00+07:00", iso(START + 4_000_000), "tomorrow", "2026-11-22T08:00:00", ""):
        answer = simulator.post("/api/v1/clock", json={"watermark": bad})
        assert (answer.status_code, answer.json()["error"]["where"]) == (400, "watermark")
    past = simulator.post("/api/v1/clock", json={"watermark": iso(START - 86_400_000)}).json()
    assert past["watermark"] == past["domain"] == iso(START)


def test_faults_are_ordered_listed_and_undone(demo: Bench) -> None:
    presenter = demo.client(demo.token(role="presenter"))
    order = {"asset": "cam-00001", "kind": "silent", "seconds": 120}
    made = presenter.post("/api/v1/faults", json=order)
    assert (made.status_code, made.json()["asset"]) == (201, "cam-00001")
    assert presenter.get("/api/v1/clock").json()["faults"] == [made.json()]
    assert presenter.post("/api/v1/faults", json={**order, "asset": "x"}).status_code == 400
    assert demo.client().post("/api/v1/faults", json=order).status_code == 401
    assert presenter.delete(f"/api/v1/faults/{made.json()['id']}").json()["undone"] is True
    assert presenter.delete("/api/v1/faults/99").status_code == 404


def test_clock_and_faults_exist_only_in_a_demo(bench: Bench) -> None:
    client = bench.client(bench.token(role="presenter"))
    assert client.get("/api/v1/clock").status_code == 404
    assert client.post("/api/v1/clock", json={"speed": 2}).status_code == 404
    assert client.post("/api/v1/faults", json={}).status_code == 404


def test_the_time_of_sending_counts_as_reception_for_simulated_sources_only(
    demo: Bench, bench: Bench
) -> None:
    sent = iso(START - 500)
    for b in (demo, bench):
        client = b.client(b.token("cam-vms"))
        send(client, event(1, sent=sent))
        received = client.get("/api/v1/latest?asset=cam-00001").json()["latest"][0]["received"]
        assert (received == sent) is (b.demo is not None)
    old = event(2, time=iso(START - 30 * 86_400_000), sent=iso(START - 30 * 86_400_000 + 200))
    client = demo.client(demo.token("cam-vms"))
    assert client.post("/api/v1/events", json=old).json()["accepted"] == 1
    ahead = event(3, time=iso(START + 86_400_000), sent=iso(START + 86_400_000))
    assert client.post("/api/v1/events", json=ahead).json()["rejected"][0]["code"] == "far_future"


def test_alerts_are_asked_for_by_state_and_what_is_muted_is_in_no_other(bench: Bench) -> None:
    rule = bench.profile.rules[0]

    def alert(number: int, *, closed: int | None = None, muted: str = "") -> Alert:
        return Alert(
            AlertId(number), f"k{number}", rule.code, 1, "high", "cam-00001", "cam-vms", "", "", "o", "o", 1,
            START, START, START, START, closed, "cleared" if closed else None, None, None, "{}", None, 0,
            muted=muted,
        )  # fmt: skip

    alerts = {a.id: a for a in (alert(1), alert(2, muted="rule_off"), alert(3, closed=START))}
    bench.store.write(lambda conn: save(conn, Changes(alerts=alerts))).result(PATIENCE_S)

    def asked(query: str) -> list[tuple[int, str | None]]:
        found = bench.client().get(f"/api/v1/alerts{query}").json()["alerts"]
        return [(a["id"], a["muted"]) for a in found]

    assert asked("") == asked("?state=open") == [(1, None)]
    assert asked("?state=muted") == [(2, "rule_off")]
    assert asked("?state=closed") == [(3, None)]
    assert bench.client().get("/api/v1/alerts?state=gone").status_code == 400
