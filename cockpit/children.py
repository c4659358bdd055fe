"""The simulator as a child process: it gets address and token by a pipe and ends when the pipe does."""

from __future__ import annotations

import contextlib
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from cockpit import ROOT
from cockpit.config import Config

log = logging.getLogger(__name__)

AGAIN_S = (1.0, 60.0)
"""How long the simulator stays away after it has ended by itself, at first and at most."""

STOP_S = 2.0
"""How long a child may take to end by itself before it is killed."""


def _spawn(args: list[str], *, stdout: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "simulator", *args]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=stdout)


def _world(config: Config) -> dict[str, Any]:
    """Which province is played."""
    return {"profile": config.profile, "seed": config.seed, "size": config.size, "deaf": config.deaf}


@contextmanager
def _output(child: subprocess.Popen[bytes], task: str) -> Iterator[IO[bytes]]:
    """What a child writes. Raises RuntimeError if it went wrong at its task."""
    try:
        assert child.stdout is not None  # noqa: S101 - asked for where it was started
        yield child.stdout
    finally:
        _end(child)
    if child.returncode not in (0, None):
        raise RuntimeError(f"the simulator ended with code {child.returncode} while it {task}")


def _end(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    try:
        child.wait(STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


@contextmanager
def history(config: Config, until_iso: str, part: str) -> Iterator[IO[bytes]]:
    """Lines of events: the days before `until_iso` as the simulated province would have sent them, the
    `core` that screens need at once or the `detail` behind it."""
    world = [part for key, value in _world(config).items() for part in (f"--{key}", str(value))]
    span = ["--days", str(config.history_days), "--until", until_iso]
    child = _spawn(["history", *world, *span, "--part", part], stdout=subprocess.PIPE)
    with _output(child, "wrote history") as lines:
        yield lines


@contextmanager
def span(config: Config, cues: dict[str, Any], start_ms: int, end_ms: int) -> Iterator[IO[bytes]]:
    """Lines of events: what a jump over [start_ms, end_ms) skips, with the scenarios and faults of `cues`
    in force, as roll-ups where whole hours pass."""
    child = _spawn(["span"], stdout=subprocess.PIPE)
    with _output(child, "filled a span") as lines:
        _tell(child, {**_world(config), "start_ms": start_ms, "end_ms": end_ms, **cues})
        yield lines


def _tell(child: subprocess.Popen[bytes], order: dict[str, Any]) -> None:
    """The first line of a child's standard input."""
    assert child.stdin is not None  # noqa: S101 - asked for where it was started
    with contextlib.suppress(BrokenPipeError):  # it has ended already: whoever waits for it sees that
        child.stdin.write(json.dumps(order).encode() + b"\n")
        child.stdin.flush()


class Live:
    """The simulator at play. It asks the cockpit's clock how far it may go, and begins anew where it
    stopped if it should end: it keeps nothing that the cockpit does not know."""

    def __init__(self, config: Config, address: str, token: str, watermark_iso: str) -> None:
        self._order = {
            "address": address,
            "token": token,
            **_world(config),
            "watermark": watermark_iso,
        }
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._child = self._begin()
        self._thread = threading.Thread(target=self._watch, name="simulator", daemon=True)
        self._thread.start()

    def _begin(self) -> subprocess.Popen[bytes]:
        child = _spawn(["live"], stdout=subprocess.DEVNULL)
        _tell(child, self._order)
        return child

    def _watch(self) -> None:
        """Start the simulator again when it ends by itself, later each time it happens."""
        wait = AGAIN_S[0]
        while True:
            code = self._child.wait()
            if self._stopping.is_set():
                return
            log.error("the simulator ended with code %d; it starts again in %g s", code, wait)
            if self._stopping.wait(wait):
                return
            wait = min(2 * wait, AGAIN_S[1])
            with self._lock:
                if self._stopping.is_set():
                    return
                _end(self._child)
                self._child = self._begin()

    @property
    def pid(self) -> int:
        return self._child.pid

    def alive(self) -> bool:
        return self._child.poll() is None

    def stop(self) -> None:
        with self._lock:
            self._stopping.set()
            _end(self._child)
        self._thread.join(STOP_S)
