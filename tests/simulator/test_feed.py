"""The feed against a door that loses answers, is full, restarts: nothing lost, nothing twice."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cockpit.ingest.pictures import Picture, fetch
from cockpit.profiles import Profile
from simulator.feed import Client, ClockAnswer, Refused, ms_of, orders_of, step
from simulator.play import Play
from tests.simulator.conftest import ZONE, at
from tests.waiting import PATIENCE_S, ended

START = at("2026-11-19T09:00:00")
ROOT = Path(__file__).parents[2]


class Cockpit:
    """A door that keeps what it took by identity and misbehaves as told."""

    def __init__(self) -> None:
        self.watermark, self.grant = START, START + 3_000
        self.events: dict[tuple[str, str], dict[str, Any]] = {}
        self.bodies: list[int] = []
        self.repeats = 0
        self.trouble: list[str] = []
        self.faults: list[dict[str, Any]] = []
        self.pictures: str | None = None
        self.reached = threading.Event()
        cockpit = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: object) -> None:
                pass

            def answer(self, status: int, payload: object, **headers: str) -> None:
                content = json.dumps(payload).encode()
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(content)

            def do_GET(self) -> None:
                marks = {"watermark": ZONE.iso(cockpit.watermark), "grant": ZONE.iso(cockpit.grant)}
                self.answer(200, {**marks, "faults": cockpit.faults, "speed": 1.0})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.headers["Authorization"] != "Bearer secret":
                    return self.answer(401, {})
                if self.path.endswith("/clock"):
                    cockpit.watermark = ms_of(body["watermark"])
                    cockpit.pictures = body.get("pictures")
                    cockpit.reached.set()
                    return self.answer(200, {})
                trouble = cockpit.trouble.pop(0) if cockpit.trouble else ""
                if trouble == "full":
                    return self.answer(429, {}, Retry_After="3")
                if trouble == "starting":
                    return self.answer(503, {})
                cockpit.bodies.append(len(body))
                for event in body:
                    key = (event["source"], event["id"])
                    cockpit.repeats += key in cockpit.events
                    cockpit.events[key] = event
                if trouble == "lost":
                    self.close_connection = True
                    self.connection.close()
                    return
                return self.answer(202, {"accepted": len(body), "duplicates": 0, "rejected": []})

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class PatientClient(Client):
    """The simulator's side; it writes down how long it would wait."""

    def __init__(self, address: str) -> None:
        self.waits: list[float] = []
        super().__init__(address, "secret", ZONE, self.waits.append)


@pytest.fixture
def cockpit() -> Iterator[Cockpit]:
    stand_in = Cockpit()
    yield stand_in
    stand_in.close()


@pytest.fixture
def client(cockpit: Cockpit) -> Iterator[PatientClient]:
    made = PatientClient(cockpit.address)
    yield made
    made.close()


def expected(play: Play, start: int, end: int) -> set[tuple[str, str]]:
    events = (json.loads(line) for line in play.window(start, end))
    return {(e["source"], e["id"]) for e in events}


def test_it_sends_up_to_the_grant_and_says_so(play: Play, cockpit: Cockpit, client: PatientClient) -> None:
    assert step(play, client)
    assert cockpit.watermark == START + 3_000
    assert set(cockpit.events) == expected(play, START, START + 3_000)
    assert not step(play, client)


def test_bodies_hold_at_most_a_thousand_events(
    province_play: Play, cockpit: Cockpit, client: PatientClient
) -> None:
    cockpit.grant = START + 30_000
    assert step(province_play, client)
    assert len(cockpit.bodies) > 2
    assert max(cockpit.bodies) == 1000


def test_a_lost_answer_is_sent_again_with_the_same_ids(
    play: Play, cockpit: Cockpit, client: PatientClient
) -> None:
    cockpit.trouble = ["lost", "starting", "lost"]
    assert step(play, client)
    assert set(cockpit.events) == expected(play, START, START + 3_000)
    assert cockpit.repeats


def test_a_full_queue_is_waited_for_as_long_as_it_asks(
    play: Play, cockpit: Cockpit, client: PatientClient
) -> None:
    cockpit.trouble = ["full"]
    assert step(play, client)
    assert client.waits == [3.0]
    assert cockpit.repeats == 0


def test_it_goes_on_where_the_watermark_says(play: Play, cockpit: Cockpit, client: PatientClient) -> None:
    step(play, client)
    cockpit.watermark, cockpit.grant = START + 10_000, START + 12_250
    assert step(play, client)
    assert cockpit.watermark == START + 12_000  # on the grid
    assert set(cockpit.events) == expected(play, START, START + 3_000) | expected(
        play, START + 10_000, START + 12_000
    )


def test_a_fault_order_reaches_the_world(play: Play, cockpit: Cockpit, client: PatientClient) -> None:
    camera = next(a.code for a in play.profile.assets if a.kind == "camera")
    cockpit.grant = START + 40_000
    cockpit.faults = [
        {
            "id": 1,
            "asset": camera,
            "kind": "silent",
            "from": ZONE.iso(START),
            "until": ZONE.iso(START + 40_000),
        }
    ]
    assert step(play, client)
    assert camera not in {e["subject"] for e in cockpit.events.values() if e["time"] >= "2026-11-19T09:00:00"}


def test_a_wrong_token_ends_the_feed(play: Play, cockpit: Cockpit) -> None:
    stranger = Client(cockpit.address, "wrong", ZONE, lambda _: None)
    with pytest.raises(Refused, match="401"):
        step(play, stranger)
    stranger.close()


def test_the_child_plays_until_its_pipe_closes(cockpit: Cockpit) -> None:
    command = [sys.executable, "-m", "simulator", "live"]
    world = {"profile": "quang_ninh", "seed": 7, "size": "district"}
    task = {"address": cockpit.address, "token": "secret", **world, "speed": 1.0}
    with ended(subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE)) as child:
        assert child.stdin
        child.stdin.write(json.dumps(task).encode() + b"\n")
        child.stdin.flush()
        assert cockpit.reached.wait(PATIENCE_S)
        assert cockpit.pictures is not None
        picture = fetch(cockpit.pictures, "cam-00132", timeout=PATIENCE_S)
        assert isinstance(picture, Picture)
        assert picture.taken_ms in (START, START + 3_000)
        child.stdin.close()
        assert child.wait(PATIENCE_S) == 0
    assert cockpit.watermark == START + 3_000


def test_an_order_of_another_kind_or_without_end(district: Profile) -> None:
    answer = ClockAnswer("", "", [
        {"asset": "cam-00003", "kind": "silent", "from": "2026-11-19T09:00:00+07:00", "until": None},
        {"asset": "nobody", "kind": "silent", "from": "2026-11-19T09:00:00+07:00", "until": None},
        {"asset": "cam-00003", "kind": "lightning", "from": "2026-11-19T09:00:00+07:00"},
    ])  # fmt: skip
    orders = orders_of(answer, district, 7)
    assert [(o.subject, o.kind) for o in orders] == [("cam-00003", "camera_silent")]
    assert orders[0].start_ms == START
    assert orders[0].end_ms > START + 10**12 / 1000


def test_a_time_without_offset_is_no_time() -> None:
    with pytest.raises(ValueError, match="offset"):
        ms_of("2026-11-19T09:00:00")
