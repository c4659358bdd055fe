"""Starts a real cockpit on a free port and a directory of its own, and reads what it uses. Linux only."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil

from cockpit import ROOT

CPUCLOCK_PROCESS = 2
"""Kind of a per-process CPU clock in Linux' clock numbers: time on a processor, of all threads ever."""


class StartError(Exception):
    """A cockpit did not come up: the message holds the end of what it said."""


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """A started cockpit."""

    def __init__(self, process: subprocess.Popen[bytes], address: str, said: Path) -> None:
        self.process = process
        self.address = address
        self._said = said

    @property
    def pid(self) -> int:
        return self.process.pid

    def said(self) -> str:
        """Everything the process and its children have written so far."""
        return self._said.read_text("utf-8", "replace")

    def get(self, path: str, *, timeout: float = 10) -> tuple[int, bytes]:
        """Status and body of a GET."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=timeout) as answer:  # noqa: S310 - own address
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""

    def wait_ready(self, seconds: float) -> None:
        """Wait until /readyz answers 200. Raises StartError."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise StartError(f"the cockpit ended with {self.process.returncode}:\n{self.said()[-4000:]}")
            if self.get("/readyz", timeout=2)[0] == 200:
                return
            time.sleep(0.05)
        raise StartError(f"not ready after {seconds:.0f} s:\n{self.said()[-4000:]}")

    def family(self) -> list[psutil.Process]:
        """The process and all its descendants that live now."""
        try:
            root = psutil.Process(self.pid)
            return [root, *root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def stop(self) -> None:
        """End it as a service manager would; kill what is left after 10 s."""
        left = self.family()
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


def start(
    mode: str, data_dir: Path, *options: str, port: int = 0, settings: Mapping[str, str] | None = None
) -> Running:
    """Start `cockpit MODE` on `data_dir`, with more of the environment in `settings`. Does not wait until
    it is ready."""
    data_dir.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    said = data_dir / f"{mode}.log"
    command = [sys.executable, "-c", "from cockpit.cli import main; main()", mode]
    command += ["--data-dir", str(data_dir), "--port", str(port), *options]
    env = {name: value for name, value in os.environ.items() if not name.startswith("COCKPIT_")}
    env |= {"PYTHONPATH": str(ROOT), **(settings or {})}
    with said.open("ab") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    return Running(process, f"http://127.0.0.1:{port}", said)


@contextlib.contextmanager
def running(
    mode: str,
    data_dir: Path,
    *options: str,
    ready_s: float = 120,
    port: int = 0,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """A cockpit that is ready, and gone afterwards."""
    cockpit = start(mode, data_dir, *options, port=port, settings=settings)
    try:
        cockpit.wait_ready(ready_s)
        yield cockpit
    finally:
        cockpit.stop()


def cpu_seconds(pid: int) -> float:
    """CPU time of a process and of all its threads, also ended ones, to the nanosecond."""
    return time.clock_gettime((~pid << 3) | CPUCLOCK_PROCESS)


def pss_bytes(pid: int) -> int:
    """Proportional set size: memory, with what is shared divided among those who share it."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"/proc/{pid}/smaps_rollup has no line Pss")


def machine() -> dict[str, str | int | float]:
    """What figures are worth nothing without: processor, cores, memory, versions."""
    import platform
    import sqlite3

    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return {
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }
