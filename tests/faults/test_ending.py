"""SIGTERM and Ctrl+C at every phase: all processes go, nobody is waited for, and no traceback is shown."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest
from websockets.sync.client import connect

from cockpit import ROOT
from cockpit.bench import processes
from cockpit.demo.controller import JUMP
from cockpit.ingest import tokens
from cockpit.store import meta
from cockpit.store.database import visit
from cockpit.web import ending
from tests.store import inside
from tests.waiting import PATIENCE_S, ended, gone, until
from tests.wire.conftest import event

pytestmark = pytest.mark.faults

SMALL = ("--size", "district", "--history", "0")
LINES = 40_000


@contextmanager
def started(mode: str, data: Path, *options: str) -> Iterator[processes.Running]:
    cockpit = processes.start(mode, data, *options)
    try:
        yield cockpit
    finally:
        cockpit.stop()


def ask(cockpit: processes.Running, head: str, token: str = "", *, window: int = 0) -> socket.socket:
    """A connection on which a request has been sent, or its beginning."""
    line = socket.socket()
    if window:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    line.settimeout(PATIENCE_S)
    line.connect(("127.0.0.1", int(cockpit.address.rsplit(":", 1)[1])))
    first, *rest = head.split("\n")
    words = [f"{first} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}", *rest]
    line.sendall(("\r\n".join(words) + "\r\n\r\n").encode())
    return line


def answered(line: socket.socket) -> bytes:
    """What comes until the other side hangs up."""
    found = b""
    with suppress(ConnectionError):
        while piece := line.recv(65536):
            found += piece
    line.close()
    return found


def status(answer: bytes) -> int | None:
    """The status of the last answer, None where there was none."""
    heads = [line for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    return int(heads[-1].split()[1]) if heads else None


def half_body(cockpit: processes.Running, token: str) -> socket.socket:
    head = "POST /api/v1/events\nContent-Type: application/json\nContent-Length: 1000\nExpect: 100-continue"
    line = ask(cockpit, head, token)
    assert b"100" in line.recv(100), "nobody waits for the body"
    line.sendall(b"[")
    return line


def token_of(data: Path, role: str) -> str:
    with visit(data / "cockpit.db") as conn:
        return tokens.issue(conn, ["cam-vms"] if role == "source" else [], role, "test", 0)


def send(family: list[psutil.Process], number: int) -> None:
    """SIGINT goes to all of the first one's group, as from a terminal; another signal to the first alone."""
    with suppress(ProcessLookupError):
        group = os.getpgid(family[0].pid)
        for one in family if number == signal.SIGINT else family[:1]:
            if os.getpgid(one.pid) == group:
                os.kill(one.pid, number)


def end(cockpit: processes.Running, number: int, *more: int) -> None:
    """Ask all of it to end, and wait until it has."""
    family = cockpit.family()
    for one in (number, *more):
        send(family, one)
    gone(family)
    assert "Traceback" not in cockpit.said(), cockpit.said()


def crowd(cockpit: processes.Running, data: Path, stack: ExitStack) -> socket.socket:
    """Clients of all kinds, none of which will leave by itself; the one that sends half a body."""
    idle = stack.enter_context(closing(ask(cockpit, "GET /healthz")))
    assert idle.recv(15) == b"HTTP/1.1 200 OK"
    slow = [stack.enter_context(closing(ask(cockpit, "GET /api/v1/catalog", window=2048))) for _ in range(4)]
    assert all(one.recv(15) == b"HTTP/1.1 200 OK" for one in slow)
    tape = stack.enter_context(closing(ask(cockpit, "GET /api/v1/tape", token_of(data, "recorder"))))
    assert tape.recv(15) == b"HTTP/1.1 200 OK"
    page = f"{cockpit.address.replace('http', 'ws')}/_stcore/stream"
    stack.enter_context(connect(page, subprotocols=["streamlit"], close_timeout=1))  # type: ignore[list-item]
    return half_body(cockpit, token_of(data, "source"))


def jumping(cockpit: processes.Running, data: Path) -> socket.socket:
    """A connection on which a long jump has been ordered, which is under way."""
    token = token_of(data, "presenter")
    now = json.loads(cockpit.get("/api/v1/clock")[1])["domain"]
    to = (datetime.fromisoformat(now) + timedelta(days=30)).isoformat()
    order = json.dumps({"jump": to})
    line = ask(cockpit, f"POST /api/v1/clock\nContent-Length: {len(order)}", token)
    line.sendall(order.encode())
    until(lambda: b'"jump"' in cockpit.get("/readyz")[1], "a jump")
    return line


def test_nobody_is_waited_for_whatever_clients_do(tmp_path: Path) -> None:
    with started("demo", tmp_path, *SMALL) as cockpit, ExitStack() as stack:
        cockpit.wait_ready(PATIENCE_S)
        half = crowd(cockpit, tmp_path, stack)
        end(cockpit, signal.SIGTERM)
        assert status(answered(half)) != 408, "the rest of the body was waited for"


def test_a_jump_under_way_ends_and_is_finished_by_the_next_start(tmp_path: Path) -> None:
    with started("demo", tmp_path, *SMALL) as cockpit:
        cockpit.wait_ready(PATIENCE_S)
        with closing(jumping(cockpit, tmp_path)):
            end(cockpit, signal.SIGTERM)
    assert meta.peek(tmp_path / "cockpit.db", JUMP)


def blocked(cockpit: processes.Running, data: Path, stack: ExitStack) -> socket.socket:
    """The writer waits for a lock of somebody else's, and a body for the writer."""
    token = token_of(data, "source")
    stack.enter_context(inside.locked(data / "cockpit.db"))
    body = json.dumps(event(1)).encode()
    head = f"POST /api/v1/events\nContent-Type: application/json\nContent-Length: {len(body)}"
    line = stack.enter_context(closing(ask(cockpit, head, token)))
    line.sendall(body)
    return line


def test_a_writer_that_is_blocked_is_not_waited_for(tmp_path: Path) -> None:
    with started("engine", tmp_path) as cockpit, ExitStack() as stack:
        cockpit.wait_ready(PATIENCE_S)
        line = blocked(cockpit, tmp_path, stack)
        end(cockpit, signal.SIGTERM)
        assert status(answered(line)) != 202


@pytest.mark.parametrize("numbers", [(signal.SIGINT,), (signal.SIGINT, signal.SIGINT)])
def test_ctrl_c_while_the_past_comes_in_is_quiet_once_and_twice(
    tmp_path: Path, numbers: tuple[int, ...]
) -> None:
    with started("demo", tmp_path, "--size", "district", "--history", "30") as cockpit:
        until(lambda: b'"phase":"history"' in cockpit.get("/readyz")[1], "the past", cockpit.said)
        end(cockpit, *numbers)


@pytest.mark.parametrize("mode", ["demo", "serve"])
def test_ctrl_c_while_the_web_process_is_loaded_is_quiet(tmp_path: Path, mode: str) -> None:
    with started(mode, tmp_path) as cockpit:
        until(lambda: "cockpit.web" in " ".join(psutil.Process(cockpit.pid).cmdline()), "the web process")
        end(cockpit, signal.SIGINT)


def errand(cockpit: processes.Running) -> psutil.Process | None:
    """The child that writes the past."""
    for child in cockpit.family()[1:]:
        with suppress(psutil.Error):
            if "history" in child.cmdline():
                return child
    return None


def test_a_killed_child_that_brings_the_past_is_tried_again(tmp_path: Path) -> None:
    with started("demo", tmp_path, "--size", "district", "--history", "2") as cockpit:
        child = until(lambda: errand(cockpit), "the child", cockpit.said)
        assert child is not None
        child.kill()
        cockpit.wait_ready(PATIENCE_S)
        assert "the simulator ended with code -9 while it wrote history; it is tried again" in cockpit.said()
        end(cockpit, signal.SIGTERM)


def file_of_events(path: Path) -> Path:
    path.write_text("".join(f"{json.dumps(event(n))}\n" for n in range(LINES)), "utf-8")
    return path


@pytest.mark.parametrize(
    ("command", "number"),
    [("simulate", signal.SIGINT), ("score", signal.SIGTERM), ("import", signal.SIGINT)],
)
def test_a_command_ends_quietly_and_its_workers_with_it(tmp_path: Path, command: str, number: int) -> None:
    words = {
        "simulate": ["--for", "48h", "--out", str(tmp_path / "out")],
        "score": ["--all", "--jobs", "2"],
        "import": ["events", str(tmp_path / "in"), "--data-dir", str(tmp_path)],
    }[command]
    if command == "import":
        file_of_events(tmp_path / "in")
    with (tmp_path / "said").open("wb") as out:
        arguments = [sys.executable, "-P", "-m", "cockpit", command, *words]
        child = subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    with ended(child):
        me = psutil.Process(child.pid)
        # Two workers, and what Python starts beside them; or a store that is being filled.
        until(
            lambda: len(me.children()) > 2 if command != "import" else (tmp_path / "cockpit.db").exists(),
            "work",
            lambda: (tmp_path / "said").read_text("utf-8"),
        )
        family = [me, *me.children(recursive=True)]
        send(family, number)
        assert child.wait(PATIENCE_S) != 0
        gone(family)
    assert "Traceback" not in (tmp_path / "said").read_text("utf-8")


def test_the_promise_is_bound_to_what_is_set() -> None:
    assert 2 * ending.GRACE_S < ending.END_S < ending.PROMISE_S == 5.0


@pytest.mark.long
@pytest.mark.parametrize("scene", ["crowd", "jump", "blocked", "past"])
def test_all_processes_are_gone_within_the_promise(tmp_path: Path, scene: str) -> None:
    past = ("--size", "district", "--history", "30")
    mode, options = ("engine", ()) if scene == "blocked" else ("demo", past if scene == "past" else SMALL)
    with started(mode, tmp_path, *options) as cockpit, ExitStack() as stack:
        if scene == "past":
            until(lambda: b'"phase":"history"' in cockpit.get("/readyz")[1], "the past", cockpit.said)
        else:
            cockpit.wait_ready(PATIENCE_S)
        if scene == "crowd":
            stack.enter_context(closing(crowd(cockpit, tmp_path, stack)))
        elif scene == "jump":
            stack.enter_context(closing(jumping(cockpit, tmp_path)))
        elif scene == "blocked":
            blocked(cockpit, tmp_path, stack)
        family = cockpit.family()
        began = time.monotonic()
        os.kill(cockpit.pid, signal.SIGTERM)
        gone(family)
        assert time.monotonic() - began < ending.PROMISE_S
