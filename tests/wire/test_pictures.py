"""Fetching a picture: only from this machine, only a JPEG, bounded in size and time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cockpit.domain.instants import iso
from cockpit.ingest.pictures import MAX_BYTES, Picture, fetch, is_local
from tests.wire.conftest import START, Bench

SOON_S = 1.0
"""How long is waited for what is never a picture, whatever the machine."""

JPEG = b"\xff\xd8 not much of a picture"
TIME = {"Picture-Time": iso(START), "Content-Type": "image/jpeg"}
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "good": (200, TIME, JPEG),
    "other": (404, {}, b""),
    "dark": (503, {}, b""),
    "html": (200, {**TIME, "Content-Type": "text/html"}, JPEG),
    "moved": (302, {**TIME, "Location": "/pictures/good.jpg"}, JPEG),
    "large": (200, TIME, JPEG + b"x" * MAX_BYTES),
    "timeless": (200, {"Content-Type": "image/jpeg"}, JPEG),
    "zoneless": (200, {**TIME, "Picture-Time": "2026-11-22T09:00:00"}, JPEG),
    "fake": (200, TIME, b"<svg>"),
    "cut": (200, {**TIME, "Content-Length": "9999"}, JPEG),
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            status, headers, content = ANSWERS[self.path.removeprefix("/pictures/").removesuffix(".jpg")]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(content)
            except OSError:
                pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_good_answer_is_a_picture_with_its_instant(address: str) -> None:
    assert fetch(address, "good") == Picture(JPEG, START)


def test_no_picture_has_a_reason(address: str) -> None:
    assert fetch(address, "other") == "not_in_sample"
    assert fetch(address, "dark") == "silent"


@pytest.mark.parametrize("code", ["html", "moved", "large", "timeless", "zoneless", "fake", "cut"])
def test_what_is_not_a_picture_is_not_shown(address: str, code: str) -> None:
    assert fetch(address, code, timeout=SOON_S) == "unreachable"


def test_nobody_at_the_address_is_said_as_such() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    free = server.server_port
    server.server_close()
    assert fetch(f"http://127.0.0.1:{free}", "good") == "unreachable"
    assert fetch("http://192.0.2.1:80", "good") == "unreachable"


FOREIGN = (
    "http://192.0.2.1:80", "https://127.0.0.1:80", "http://localhost:80", "http://127.0.0.1", "",
    "http://127.0.0.1:80/x", "http://127.0.0.1:80@example.org:80", "http://127.0.0.1:99999",
    "http://127.0.0.1:0", "http://0.0.0.0:80", "http://127.0.0.1:80?x", "http://127.0.0.1:80\n", "file:///etc",
)  # fmt: skip


def test_only_loopback_addresses_in_figures_are_local() -> None:
    assert is_local("http://127.0.0.1:8600")
    assert is_local("http://[::1]:8600")
    assert not [text for text in FOREIGN if is_local(text)]


def test_the_simulator_says_where_pictures_are_and_nobody_else(demo: Bench) -> None:
    simulator = demo.client(demo.token(role="simulator"))
    presenter = demo.client(demo.token(role="presenter"))
    here = {"pictures": "http://127.0.0.1:8600"}
    assert presenter.post("/api/v1/clock", json=here).status_code == 403
    assert demo.client().post("/api/v1/clock", json=here).status_code == 401
    assert demo.demo.pictures is None
    for text in FOREIGN:
        answer = simulator.post("/api/v1/clock", json={"watermark": iso(START), "pictures": text})
        assert (answer.status_code, answer.json()["error"]["where"]) == (400, "pictures")
    assert demo.demo.pictures is None
    assert simulator.post("/api/v1/clock", json={"watermark": iso(START), **here}).status_code == 200
    assert demo.demo.pictures == here["pictures"]
