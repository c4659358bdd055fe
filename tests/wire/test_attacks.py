"""The door under attack: what is sent to a running cockpit, with pages and without, by whoever means no good
or cannot do better. All limits stand in docs/limits.md."""

from __future__ import annotations

import gzip
import http.client
import json
import select
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from cockpit import ROOT
from cockpit.bench import processes
from cockpit.ingest import tokens
from cockpit.store.database import visit
from cockpit.web import limits
from tests.waiting import until
from tests.wire.raw import HANDSHAKE, LOCAL, PATIENCE_S, Attacked, camera_event, frame, hear

PUBLIC = "cockpit.example.vn"
PUBLIC_V6 = "2001:db8::7"
GET = b"GET /healthz HTTP/1.1\r\n" + LOCAL
CHUNKED = b"POST /api/v1/events HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + LOCAL
JAVA = (b"Connection: Upgrade, HTTP2-Settings", b"HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAA", b"Upgrade: h2c")


@pytest.fixture(scope="module", params=["serve", "engine"])
def door(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    data = tmp_path_factory.mktemp(request.param)
    settings = {"COCKPIT_PUBLIC_NAMES": f"{PUBLIC},[{PUBLIC_V6}]", "COCKPIT_SIZE": "district"}
    with processes.running(request.param, data, settings=settings) as cockpit:
        with visit(data / "cockpit.db") as conn:
            token = tokens.issue(conn, ["cam-vms"], "source", "test", 0)
        yield Attacked(cockpit, token)


def event(name: str) -> bytes:
    return json.dumps([camera_event(name)]).encode()


def has_pages(door: Attacked) -> bool:
    return door.get("/").status == 200


@pytest.mark.parametrize("packets", [1, 2])
def test_an_offer_to_speak_http_2_is_passed_over_and_the_body_taken(door: Attacked, packets: int) -> None:
    heard = door.post(event(f"java-{packets}"), *JAVA, packets=packets)
    assert (heard.status, json.loads(heard.body)["accepted"]) == (202, 1)
    assert "upgrade" not in heard.headers


def test_an_offer_with_a_chunked_body_or_with_none_is_passed_over(door: Attacked) -> None:
    body = event("java-chunked")
    head = CHUNKED + door.bearer + b"Content-Type: application/json\r\n" + b"\r\n".join(JAVA) + b"\r\n\r\n"
    heard = door.say(head, b"%x\r\n" % len(body), body, b"\r\n0\r\n\r\n")
    assert heard.status == 202
    assert door.get("/healthz", headers=LOCAL + b"\r\n".join(JAVA) + b"\r\n").status == 200
    heard = door.post(event("ws-post"), b"Connection: keep-alive, Upgrade", b"Upgrade: websocket", packets=2)
    assert heard.status == 202  # a websocket begins with GET


def test_a_connection_goes_on_after_an_offer(door: Attacked) -> None:
    with door.line() as line:
        request = b"GET /healthz HTTP/1.1\r\n" + LOCAL + b"\r\n".join(JAVA) + b"\r\n\r\n"
        line.sendall(request + request)
        first, rest = hear_bytes(line, 2)
        assert first.count(b"200 OK") == 2, rest


def hear_bytes(line: socket.socket, answers: int) -> tuple[bytes, bytes]:
    """Bytes until so many answers with a body in JSON have come."""
    found = b""
    while found.count(b'{"alive":true}') < answers:
        part = line.recv(65536)
        if not part:
            return found, b"ended"
        found += part
    return found, b""


@pytest.mark.parametrize("size", [9_000_000, 40_000_000])
@pytest.mark.parametrize(("known", "status"), [(True, 413), (False, 401)])
def test_clients_that_send_to_the_end_read_why_they_were_refused(
    door: Attacked, size: int, known: bool, status: int
) -> None:
    address = f"{door.cockpit.address}/api/v1/events"
    headers = {"Authorization": f"Bearer {door.token if known else 'x'}", "Content-Type": "application/json"}
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(address, bytes(size), headers), timeout=PATIENCE_S)
    assert refused.value.code == status
    assert json.loads(refused.value.read())["error"]["code"]
    refused.value.close()
    line = http.client.HTTPConnection("127.0.0.1", door.port, timeout=PATIENCE_S)
    for _ in range(2):  # the second on the same connection where that lasts
        line.request("POST", "/api/v1/events", bytes(size), headers)
        answer = line.getresponse()
        assert (answer.status, bool(answer.read())) == (status, True)
    line.close()


def test_a_body_that_is_asked_for_first_is_asked_for_only_if_it_can_be_taken(door: Attacked) -> None:
    body = event("expected")
    head = (
        b"POST /api/v1/events HTTP/1.1\r\nExpect: 100-continue\r\nContent-Type: application/json\r\n" + LOCAL
    )
    with door.line() as line:
        line.sendall(head + door.bearer + b"Content-Length: %d\r\n\r\n" % len(body))
        assert line.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(body)
        assert hear(line).status == 202
    heard = door.say(head + door.bearer + b"Content-Length: 9000000\r\n\r\n")
    assert (heard.status, heard.code, heard.headers["connection"]) == (413, "too_large", "close")
    heard = door.say(head + b"Content-Length: 9000000\r\n\r\n")
    assert (heard.status, heard.code) == (401, "no_token")


LONG = b"a" * 200_000
BROKEN = {
    "a header without an end": (GET + b"X: " + b"a" * 20_000_000, 431, "head_too_large"),
    "a path without an end": (b"GET /" + LONG, 431, "head_too_large"),
    "the name of a header without an end": (GET + LONG, 431, "head_too_large"),
    "empty lines without an end": (b"\r\n" * 100_000, 431, "head_too_large"),
    "many small headers": (GET + b"a:b\r\n" * 300 + b"\r\n", 431, "too_many_headers"),
    "the frame of a chunk without an end": (CHUNKED + b"1;" + LONG, 400, "frame_too_large"),
    "a trailer without an end": (CHUNKED + b"1\r\na\r\n0\r\nX: " + LONG, 400, "frame_too_large"),
    "many trailers": (CHUNKED + b"1\r\na\r\n0\r\n" + b"a:b\r\n" * 300, 431, "too_many_headers"),
    "millions of chunks": (CHUNKED + b"1\r\na\r\n" * 1_200_000, 400, "frame_too_large"),
    "two lengths": (GET + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "bad_request"),
    "a negative length": (GET + b"Content-Length: -1\r\n\r\n", 400, "bad_request"),
    "a length and chunks": (CHUNKED + b"Content-Length: 1\r\n\r\n", 400, "bad_request"),
    "another protocol": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, "bad_request"),
    "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "bad_request"),
    "a path that is no ASCII": ("GET /đường HTTP/1.1\r\n".encode() + LOCAL + b"\r\n", 400, "bad_request"),
    "a tunnel": (b"CONNECT a:1 HTTP/1.1\r\n" + LOCAL + b"\r\n", 405, "bad_method"),
    "no host": (b"GET /healthz HTTP/1.1\r\n\r\n", 400, "bad_host"),
    "two hosts": (GET + LOCAL + b"\r\n", 400, "bad_host"),
    "a host that is none": (b"GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n", 421, "foreign_host"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_a_request_is_refused_in_the_one_shape(door: Attacked, name: str) -> None:
    packet, status, code = BROKEN[name]
    if packet.startswith(CHUNKED):  # with a token: else it is answered before it is broken
        packet = CHUNKED + door.bearer + b"\r\n" * (b"\r\n\r\n" not in packet) + packet.removeprefix(CHUNKED)
    heard = door.say(packet)
    assert (heard.status, heard.code) == (status, code)
    door.well()


def test_headers_of_ordinary_size_are_taken(door: Attacked) -> None:
    assert door.get("/healthz", headers=LOCAL + b"Cookie: " + b"a" * 60_000 + b"\r\n").status == 200
    assert door.get("/healthz", headers=LOCAL + b"a:b\r\n" * (limits.HEADERS - 1)).status == 200


def test_requests_behind_each_other_are_answered_in_order_up_to_a_limit(door: Attacked) -> None:
    with door.line() as line:
        line.sendall((GET + b"\r\n") * 20)
        assert hear_bytes(line, 20)[1] == b""
    with door.line() as line:
        line.sendall((GET + b"\r\n") * 3000)
        found, ended = hear_bytes(line, 3000)
        assert ended
        assert found.count(b"200 OK") <= limits.PIPELINED + 1


def test_a_body_in_tiny_chunks_is_taken(door: Attacked) -> None:
    body = b" " * 200_000 + event("tiny")
    chunks = b"".join(b"1\r\n%c\r\n" % one for one in body)
    head = CHUNKED + door.bearer + b"Content-Type: application/json\r\n\r\n"
    heard = door.say(head + chunks + b"0\r\n\r\n")
    assert heard.status == 202


def test_gzip_of_many_members_is_refused_and_of_a_few_with_padding_taken(door: Attacked) -> None:
    empty = gzip.compress(b"")
    zipped = b"Content-Encoding: gzip"
    for members in (1001, 60_000, 400_000):
        heard = door.post(empty * members, zipped)
        assert (heard.status, heard.code) == (400, "bad_encoding")
    one = gzip.compress(event("members"))
    assert door.post(empty * 998 + one + bytes(2_000_000) + empty + bytes(7), zipped).status == 202
    heard = door.post(gzip.compress(bytes(100_000_000)), zipped)
    assert (heard.status, heard.code) == (413, "too_large")


OWN = ["localhost:9", "127.0.0.1", "127.9.9.9:80", "[::1]:1", f"{PUBLIC}:443", PUBLIC.upper()]
OWN += [socket.gethostname(), f"[{PUBLIC_V6}]", "[2001:DB8:0::7]:443"]
FOREIGN = ["evil.example", "evil.example:8501", "localhost.evil.example", "192.0.2.7", "[2001:db8::1]", "a@b"]


@pytest.mark.parametrize(("hosts", "status"), [(OWN, 200), (FOREIGN, 421)], ids=["own", "foreign"])
def test_requests_for_another_name_are_refused(door: Attacked, hosts: list[str], status: int) -> None:
    for host in hosts:
        assert door.get("/healthz", headers=f"Host: {host}\r\n".encode()).status == status, host
    assert door.say(b"GET /healthz HTTP/1.0\r\n\r\n").status == 200  # a simple health check


OWN_PAGES = [
    ("localhost", "http://localhost"),
    ("127.0.0.1:8501", f"https://{PUBLIC}"),
    (f"[{PUBLIC_V6}]", f"https://[{PUBLIC_V6}]"),
]


def test_websockets_for_another_name_or_of_another_page_are_refused(door: Attacked) -> None:
    ask = b"GET /_stcore/stream HTTP/1.1\r\n" + HANDSHAKE
    heard = door.say(ask + b"Host: evil.example\r\nOrigin: http://evil.example\r\n\r\n")
    assert (heard.status, heard.code) == (421, "foreign_host")
    for origin in (b"http://evil.example", b"null", b"https://localhost.evil.example"):
        heard = door.say(ask + LOCAL + b"Origin: " + origin + b"\r\n\r\n")
        assert (heard.status, heard.code) == (403, "foreign_origin"), origin
    for host, page in OWN_PAGES:
        heard = door.say(ask + f"Host: {host}\r\nOrigin: {page}\r\n\r\n".encode())
        assert heard.status == (101 if has_pages(door) else 403), (host, page)


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("POST /", 405), ("POST /alerts", 405), ("PUT /nothing", 405), ("DELETE /healthz", 405),
        ("OPTIONS /", 405), ("POST /api", 405), ("POST /api/v1/events/", 404), ("POST /api/v1/nothing", 404),
        ("OPTIONS /api/v1/events", 405), ("POST //x", 400), ("POST /%ff%00", 400), ("POST /%C4%91", 405),
        ("POST /assets/surroundings.json", 405), ("TRACE /", 405),
    ],
)  # fmt: skip
def test_wrong_methods_and_paths_have_the_one_shape(door: Attacked, request_line: str, status: int) -> None:
    heard = door.say(f"{request_line} HTTP/1.1\r\nContent-Length: 0\r\n".encode() + LOCAL + b"\r\n")
    assert heard.status in (status, 404 if not has_pages(door) else status)
    assert heard.code


def test_a_body_that_ends_early_leaves_no_traceback(door: Attacked) -> None:
    for path in (b"/api/v1/events", b"/api/v1/clock", b"/_stcore/upload_file/a/b", b"/"):
        with door.line() as line:
            line.sendall(b"PUT "[: 4 if b"_st" in path else 0] or b"POST ")
            line.sendall(path + b" HTTP/1.1\r\nContent-Length: 100\r\n" + LOCAL + door.bearer + b"\r\nhalf")
            door.well()
    door.well()
    said = door.cockpit.said()
    assert "Traceback" not in said, said


def test_broken_requests_are_counted_and_not_told_one_by_one(door: Attacked) -> None:
    def counted() -> float:
        lines = door.get("/metrics").body.decode().splitlines()
        name = 'cockpit_bad_requests_total{code="bad_request"} '
        return sum(float(line.removeprefix(name)) for line in lines if line.startswith(name))

    before = counted()
    for _ in range(50):
        door.say(b"nonsense\r\n\r\n")
        door.say(b"GET /x HTTP/1.1\r\n" + HANDSHAKE + b"Host: evil.example\r\n\r\n")
    assert counted() == before + 50
    said = door.cockpit.said()
    assert 0 < said.count("refused connections and requests") < 10
    assert len(said.splitlines()) < 40, said


def test_what_stands_still_is_ended_and_what_lives_is_not(door: Attacked) -> None:
    """All at once: each takes as long as its limit."""
    head = b"POST /api/v1/events HTTP/1.1\r\nContent-Length: 100\r\n" + LOCAL
    starts = {
        "silent from the start": b"",
        "half a head": GET,
        "half a head, drop by drop": b"GET /",
        "half a body": head + door.bearer + b"\r\n[",
        "half a body that was answered": head + b"\r\n[",
        "idle": GET + b"\r\n",
        "half a chunk": CHUNKED + door.bearer + b"\r\n5\r\nab",
    }
    lines = {name: socket.create_connection(("127.0.0.1", door.port), PATIENCE_S) for name in starts}
    for name, packet in starts.items():
        lines[name].sendall(packet)
    alive = socket.create_connection(("127.0.0.1", door.port), PATIENCE_S)
    alive.sendall(b"GET /_stcore/stream HTTP/1.1\r\n" + HANDSHAKE + LOCAL + b"\r\n")
    pages = b" 101 " in alive.recv(65536)
    deaf = socket.create_connection(("127.0.0.1", door.port), PATIENCE_S)  # asks and reads nothing
    deaf.sendall((b"GET /api/v1/catalog HTTP/1.1\r\n" + LOCAL + b"\r\n") * limits.PIPELINED)
    said = dict.fromkeys(starts, b"")
    open_ = set(starts)

    def all_ended() -> bool:
        ready, _, _ = select.select([lines[name] for name in open_], [], [], 0.5)
        for name in list(open_):
            if lines[name] in ready:
                part = received(lines[name])
                said[name] += part
                if not part:
                    open_.remove(name)
            elif "drop by drop" in name:
                send(lines[name], b"a")
        return not open_

    until(all_ended, "what stands still is ended", lambda: f"still open: {open_}")
    assert {name for name, found in said.items() if b"408 Request Timeout" in found} == {
        "half a head", "half a head, drop by drop", "half a body", "half a chunk",
    }  # fmt: skip
    until(lambda: deaf.getsockname()[1] not in peers(door), "who reads nothing is let go")
    if pages:
        alive.sendall(frame(9, b"there?"))
        assert b"there?" in alive.recv(65536)
    for line in (*lines.values(), alive, deaf):
        line.close()


def peers(door: Attacked) -> set[int]:
    """Ports of those who are connected to the cockpit."""
    there = psutil.Process(door.cockpit.pid).net_connections("tcp")
    return {c.raddr.port for c in there if c.raddr and c.laddr.port == door.port}  # type: ignore[redundant-expr] # () of a listener


def received(line: socket.socket) -> bytes:
    try:
        return line.recv(65536)
    except ConnectionResetError:
        return b""


def send(line: socket.socket, data: bytes) -> None:
    try:
        line.send(data)
    except OSError:
        pass  # it ends: the next receiving says so


def test_connections_are_bounded_below_the_files_a_process_may_open(tmp_path: Path) -> None:
    """A process of 256 files has room for 128 connections."""
    port = processes.free_port()
    program = [sys.executable, "-c", "from cockpit.cli import main; main()", "engine"]
    program += ["--data-dir", str(tmp_path), "--port", str(port)]
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["sh", "-c", 'ulimit -n 256; exec "$@"', "sh", *program],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
        )  # fmt: skip
    cockpit = processes.Running(process, f"http://127.0.0.1:{port}", log)
    try:
        cockpit.wait_ready(PATIENCE_S)
        door = Attacked(cockpit, "")
        many = [socket.create_connection(("127.0.0.1", port), PATIENCE_S) for _ in range(140)]
        heard = hear(many[-1])
        assert (heard.status, heard.code, heard.headers["retry-after"]) == (503, "too_many_connections", "5")
        flood = [socket.create_connection(("127.0.0.1", port), PATIENCE_S) for _ in range(300)]
        # All of them end, with the same answer or, where no file is left for them, with none.
        ends = [b"".join(iter(partial(received, line), b"")) for line in flood[200:]]
        assert all(not said or b" 503 " in said.splitlines()[0] for said in ends)
        assert "connections are open, at most 128 may be" in cockpit.said()
        for line in (*many, *flood):
            line.close()
        cockpit.wait_ready(PATIENCE_S)
        door.well()
        assert "Too many open files" not in cockpit.said()
    finally:
        cockpit.stop()
