"""Limits of a connection that take long to reach, on a server of the same protocol with smaller ones."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
import uvicorn
from starlette.applications import Starlette

from cockpit.web import api, limits, serving
from cockpit.web.protocol import DoorProtocol
from tests.wire.conftest import Bench
from tests.wire.raw import LOCAL, PATIENCE_S, hear

HEAD = b"POST /api/v1/events HTTP/1.1\r\n" + LOCAL


@pytest.fixture
def line(bench: Bench) -> Iterator[socket.socket]:
    app = Starlette(routes=api.routes(bench))  # type: ignore[arg-type]
    config = uvicorn.Config(app, log_level="error", lifespan="off", **serving.settings())
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    with closing(socket.create_connection(listener.getsockname(), PATIENCE_S)) as connected:
        yield connected
    server.should_exit = True
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def test_what_follows_an_answer_is_read_up_to_a_limit(
    line: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DRAIN_BYTES", 1_000_000)
    line.sendall(HEAD + b"Content-Length: 9000000000\r\n\r\n")
    with pytest.raises(OSError):  # noqa: PT011 - a broken pipe or a reset, as it happens
        line.sendall(bytes(200_000_000))


@pytest.mark.parametrize("limit", ["DRAIN_S", "DRAIN_IDLE_S"])
def test_what_follows_an_answer_is_read_for_a_time(
    line: socket.socket, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, limit, 0.05)
    monkeypatch.setattr(limits, "WATCH_S", 0.05)
    line.sendall(HEAD + b"Content-Length: 100\r\n\r\nhalf")
    assert hear(line).status == 401
    assert line.recv(1) == b""


def test_a_body_that_drips_ends_by_its_whole_time(
    line: socket.socket, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BODY_S", 0.05)
    monkeypatch.setattr(limits, "WATCH_S", 0.05)
    token = bench.token("cam-vms").encode()
    line.sendall(HEAD + b"Authorization: Bearer " + token + b"\r\nContent-Length: 100\r\n\r\nhalf")
    heard = hear(line)
    assert (heard.status, heard.code) == (408, "too_slow")


@pytest.mark.parametrize("files", [1024, 4096, 8192, 65536])
def test_all_connections_may_be_viewers_and_files_are_left(files: int) -> None:
    from streamlit.runtime.memory_session_storage import MemorySessionStorage

    kept = MemorySessionStorage()._cache.maxsize  # type: ignore[attr-defined]
    assert kept <= limits.LEFT_BEHIND
    viewers = limits.connections(files, pages=True)
    assert 100 < viewers <= limits.CONNECTIONS
    assert (viewers + kept) * limits.LOOP_FILES + viewers + limits.OWN_FILES <= files


def test_streamlits_server_gets_the_protocol_when_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its command line makes the server, imports the application, and starts it: in this order."""
    from streamlit.web.server.starlette import starlette_server

    found: list[object] = []

    async def started(self: uvicorn.Server, sockets: object = None) -> None:
        found.append(self.config.http_protocol_class)
        self.should_exit = True

    async def application(scope: object, receive: object, send: object) -> None:
        raise AssertionError("nothing is asked")

    monkeypatch.setattr(serving, "_startup", started)
    monkeypatch.setattr(uvicorn.Server, "startup", serving.start_limited)
    monkeypatch.setattr(starlette_server, "_get_server_port", lambda: 0)
    monkeypatch.setattr("streamlit.web.bootstrap._print_url", lambda *, is_running_hello: None)
    with pytest.raises(SystemExit):
        starlette_server.UvicornRunner(application).run()
    assert found == [DoorProtocol]
