"""Waiting for what must come. How long is no part of any test: a machine may be several times slower than the
one it was written on, so a wait ends when its condition holds and gives up long after that."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import psutil

T = TypeVar("T")

PATIENCE_S = 120.0
"""How long a test waits for a condition before it fails."""

PATIENCE_MS = int(PATIENCE_S * 1000)


def until(found: Callable[[], T], what: str, said: Callable[[], str] = str) -> T:
    """Ask until there is an answer, which is returned. `said` tells more where there is none."""
    end = time.monotonic() + PATIENCE_S
    while not (answer := found()):
        if time.monotonic() > end:
            raise AssertionError(f"{what}: nothing after {PATIENCE_S:.0f} s; {said()}")
        time.sleep(0.05)
    return answer


def gone(processes: Sequence[psutil.Process]) -> None:
    """Wait until all of these have ended."""
    _, alive = psutil.wait_procs(list(processes), timeout=PATIENCE_S)
    assert not alive, f"left behind: {alive}"


@contextmanager
def ended(child: subprocess.Popen[Any]) -> Iterator[subprocess.Popen[Any]]:
    """A child of a test, which ends with it whatever becomes of the test, and its pipes with it."""
    try:
        yield child
    finally:
        put_down(child)


def put_down(child: subprocess.Popen[Any]) -> None:
    """End a child by force, if it has not ended, and close what leads to it."""
    if child.poll() is None:
        child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def children() -> set[int]:
    """Process ids of this process's own children."""
    found: set[int] = set()
    for path in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found |= {int(pid) for pid in path.read_text("ascii").split()}
    return found


def command_of(pid: int) -> str:
    """The command line of a process. Raises ProcessLookupError where there is none, or one that has ended."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        raise ProcessLookupError(pid) from None
    if not any(words):
        raise ProcessLookupError(pid)
    return b" ".join(words).decode(errors="replace").strip()


def end_by_force(pid: int) -> None:
    """Kill a process and all below it."""
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for one in [*root.children(recursive=True), root]:
            with suppress(psutil.NoSuchProcess):
                one.kill()
