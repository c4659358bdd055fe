"""The simulator as a child process: it gets address and token by a pipe and ends when the pipe does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from cockpit import ROOT
from cockpit.config import Config

STOP_S = 2.0
"""How long a child may take to end by itself before it is killed."""


def _spawn(args: list[str], *, stdout: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "simulator", *args]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=stdout)


def _world(config: Config) -> list[str]:
    return ["--profile", config.profile, "--seed", str(config.seed), "--size", config.size]


def _end(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
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
    span = ["--days", str(config.history_days), "--until", until_iso]
    args = ["history", *_world(config), *span, "--part", part]
    child = _spawn(args, stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None  # noqa: S101 - asked for above
        yield child.stdout
    finally:
        _end(child)
    if child.returncode not in (0, None):
        raise RuntimeError(f"the simulator ended with code {child.returncode} while it wrote history")


class Live:
    """The simulator at play. It asks the cockpit's clock how far it may go."""

    def __init__(self, config: Config, address: str, token: str, watermark_iso: str) -> None:
        self._child = _spawn(["live"], stdout=subprocess.DEVNULL)
        order = {
            "address": address,
            "token": token,
            "profile": config.profile,
            "seed": config.seed,
            "size": config.size,
            "watermark": watermark_iso,
        }
        assert self._child.stdin is not None  # noqa: S101 - asked for above
        self._child.stdin.write(json.dumps(order).encode() + b"\n")
        self._child.stdin.flush()

    @property
    def pid(self) -> int:
        return self._child.pid

    def alive(self) -> bool:
        return self._child.poll() is None

    def stop(self) -> None:
        _end(self._child)
