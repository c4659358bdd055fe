"""The simulator as a child process: it gets address and token by a pipe and ends when the pipe does."""

from __future__ import annotations

import contextlib
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from cockpit import ROOT, signals
from cockpit.config import Config
from cockpit.progress import Stopped

log = logging.getLogger(__name__)

AGAIN_S = (1.0, 60.0)
"""How long the simulator stays away after it has ended by itself, at first and at most."""

TRIES_S = (1.0, 4.0, 15.0)
"""How long is waited before a child's task is tried again: it is tried once more than there are waits."""

STOP_S = 2.0
"""How long a child may take to end by itself before it is killed."""

END_S = 60.0
"""The same for a child that has written all it had to."""


class ChildEnded(RuntimeError):
    """A child ended by itself before its task was done."""


def spawn(args: list[str], *, stdout: int) -> subprocess.Popen[bytes]:
    """In a group of its own, and deaf to Ctrl+C: whoever starts a child ends it."""
    return _begun(["simulator", *args], stdout)


def reckon(args: list[str], *, stdout: int) -> subprocess.Popen[bytes]:
    """The same for what finds the alerts of the past: the live engine does not wait for it."""
    return _begun(["cockpit.engine.reckoned", *args], stdout)


def _begun(args: list[str], stdout: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", *args]
    with signals.unheard():
        return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=stdout, process_group=0)


def world_of(config: Config) -> dict[str, Any]:
    """Which province is played."""
    return {"profile": config.profile, "seed": config.seed, "size": config.size, "deaf": config.deaf}


def _end(child: subprocess.Popen[bytes]) -> None:
    """A child ends when its standard input does."""
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    try:
        child.wait(STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


class Errands:
    """Children that bring something once. `stop()` ends those at work, and none begins after it."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._at_work: set[subprocess.Popen[bytes]] = set()

    def stop(self) -> None:
        with self._lock:
            self._stopping.set()
            for child in self._at_work:
                child.kill()

    @contextmanager
    def history(
        self, until_iso: str, part: str, scenarios: Sequence[tuple[str, str]] = ()
    ) -> Iterator[Iterator[bytes]]:
        """Lines of events: the days before `until_iso` as the simulated province would have sent them, the
        `core` that screens need at once or the `detail` behind it, with `scenarios` (code, since when) that
        play already. Raises ChildEnded, Stopped."""
        world = [part for key, value in world_of(self._config).items() for part in (f"--{key}", str(value))]
        span = ["--days", str(self._config.history_days), "--until", until_iso]
        begun = [part for code, since in scenarios for part in ("--scenario", code, since)]
        args = ["history", *world, *span, "--part", part, *begun, "--attended"]
        with self._output(args, "wrote history") as (lines, _):
            yield lines

    @contextmanager
    def span(self, orders: dict[str, Any], start_ms: int, end_ms: int) -> Iterator[Iterator[bytes]]:
        """Lines of events: what a jump over [start_ms, end_ms) skips, with the scenarios and faults of
        `orders` in force, as roll-ups where whole hours pass. Raises ChildEnded, Stopped."""
        with self._output(["span"], "filled a span") as (lines, child):
            _tell(child, {**world_of(self._config), "start_ms": start_ms, "end_ms": end_ms, **orders})
            yield lines

    @contextmanager
    def reckoned(self, database: Path, until_ms: int) -> Iterator[tuple[Iterator[bytes], Callable[[], None]]]:
        """Lines of alerts, what the rules find in the past before `until_ms` as it is stored, and what cuts
        the search off. Raises ChildEnded, Stopped."""
        c = self._config
        task = {"database": str(database), "profile": c.profile, "size": c.size, "days": c.history_days}
        with self._output([], "reckoned the alerts of the past", reckon) as (lines, child):
            _tell(child, {**task, "until_ms": until_ms})
            yield lines, child.kill

    def again(self, bring: Callable[[], None], waits: Sequence[float] | None = None) -> None:
        """Bring something, and once more after each of the waits (`TRIES_S`) where a child ended before all
        was in; what is in already is known by its ids. Raises ChildEnded after the last, Stopped."""
        for wait in TRIES_S if waits is None else waits:
            try:
                return bring()
            except ChildEnded as error:
                log.warning("%s; it is tried again in %g s", error, wait)
            if self._stopping.wait(wait):
                raise Stopped
        return bring()

    @contextmanager
    def _output(
        self, args: list[str], task: str, begin: Callable[..., subprocess.Popen[bytes]] | None = None
    ) -> Iterator[tuple[Iterator[bytes], subprocess.Popen[bytes]]]:
        """What a child writes, and the child."""
        with self._lock:
            if self._stopping.is_set():
                raise Stopped
            child = (begin or spawn)(args, stdout=subprocess.PIPE)
            self._at_work.add(child)
        try:
            assert child.stdout is not None  # noqa: S101 - asked for where it was started
            yield _whole(child.stdout), child
            child.stdout.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(END_S)
        finally:
            with self._lock:
                self._at_work.discard(child)
            _end(child)
        if self._stopping.is_set():
            raise Stopped
        if child.returncode:
            who = "simulator" if begin is None else "child"
            raise ChildEnded(f"the {who} ended with code {child.returncode} while it {task}")


def _whole(lines: IO[bytes]) -> Iterator[bytes]:
    """Without the piece of a line that a child leaves which was killed."""
    return (line for line in lines if line.endswith(b"\n"))


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
            **world_of(config),
            "watermark": watermark_iso,
        }
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._child = self._begin()
        self._thread = threading.Thread(target=self._watch, name="simulator", daemon=True)
        self._thread.start()

    def _begin(self) -> subprocess.Popen[bytes]:
        child = spawn(["live"], stdout=subprocess.DEVNULL)
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
