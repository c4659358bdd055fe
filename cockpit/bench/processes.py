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
from dataclasses import dataclass
from pathlib import Path

import psutil

from cockpit import ROOT

CPUCLOCK_PROCESS = 2
"""Kind of a per-process CPU clock in Linux' clock numbers: time on a processor, of all threads ever."""


RESTS_BELOW = 0.15
"""Share of a core that a cockpit without work stays under: its engine ticks every second."""


class StartError(Exception):
    """A cockpit did not come up, or a command of its failed: the message holds the end of what it said."""


@dataclass(frozen=True, slots=True)
class Program:
    """A clone of the project and the interpreter whose packages it runs with."""

    root: Path
    python: str

    def command(self, *args: str) -> list[str]:
        """`cockpit ARGS` of this clone."""
        if (self.root / "cockpit" / "__main__.py").exists():
            return [self.python, "-P", "-m", "cockpit", *args]
        return [self.python, "-c", "from cockpit.cli import main; main()", *args]  # of an older revision

    def environment(self, settings: Mapping[str, str] | None = None) -> dict[str, str]:
        """This process' environment without settings of the cockpit, and with those given."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("COCKPIT_")}
        return env | {"PYTHONPATH": str(self.root), **(settings or {})}

    def run(self, *args: str, seconds: float = 60) -> str:
        """What `cockpit ARGS` prints on stdout. Raises StartError where it fails."""
        try:
            ran = subprocess.run(
                self.command(*args), cwd=self.root, env=self.environment(), stdin=subprocess.DEVNULL,
                capture_output=True, text=True, timeout=seconds, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise StartError(f"cockpit {' '.join(args)} did not end in {seconds:.0f} s") from None
        if ran.returncode:
            said = (ran.stderr or ran.stdout)[-4000:]
            raise StartError(f"cockpit {' '.join(args)} ended with {ran.returncode}:\n{said}")
        return ran.stdout


HERE = Program(ROOT, sys.executable)
"""The clone and the environment that this process runs in."""


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """A started cockpit."""

    def __init__(
        self, process: subprocess.Popen[bytes], address: str, said: Path, program: Program = HERE
    ) -> None:
        self.process = process
        self.address = address
        self._said = said
        self._program = program

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    @property
    def data_dir(self) -> Path:
        return self._said.parent

    def token(self, *sources: str) -> str:
        """A token with which these sources may send, made by the cockpit's own command line."""
        return self._program.run("token", "add", *sources, "--data-dir", str(self.data_dir)).strip()

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

    def cpu_seconds(self) -> float:
        """CPU time of the process and of all its descendants, those that have ended included."""
        total = 0.0
        for process in self.family():
            with contextlib.suppress(psutil.NoSuchProcess, OSError):
                ended = process.cpu_times()
                total += cpu_seconds(process.pid) + ended.children_user + ended.children_system
        return total

    def bytes_written(self) -> int:
        """Bytes that the process itself has caused to be written to disk; 0 once it is gone."""
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            return int(psutil.Process(self.pid).io_counters().write_bytes)
        return 0

    def rest(self, seconds: float) -> None:
        """Wait until it has done what was left to do after its last answer, at most so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            begun, used = time.monotonic(), self.cpu_seconds()
            time.sleep(0.25)
            if (self.cpu_seconds() - used) / (time.monotonic() - begun) < RESTS_BELOW:
                return

    def stop(self) -> int:
        """End it as a service manager would; kill what is left after 10 s. Returns the bytes that the
        process had written at its end, what it wrote while it ended included."""
        left = self.family()
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        if not _ended(self.pid, 10):
            self.process.kill()
            _ended(self.pid, 10)
        written = self.bytes_written()  # the system still tells while nobody has asked how it ended
        self.process.wait()
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        return written


def _ended(pid: int, seconds: float) -> bool:
    """Whether a child ends in time. It is not waited for: what it used can still be read."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None:
                return True
        except ChildProcessError:
            return True
        time.sleep(0.01)
    return False


def start(
    mode: str,
    data_dir: Path,
    *options: str,
    port: int = 0,
    settings: Mapping[str, str] | None = None,
    program: Program = HERE,
) -> Running:
    """Start `cockpit MODE` on `data_dir`, with more of the environment in `settings`. Does not wait until
    it is ready."""
    data_dir.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    said = data_dir / f"{mode}.log"
    command = program.command(mode, "--data-dir", str(data_dir), "--port", str(port), *options)
    with said.open("ab") as out:
        process = subprocess.Popen(
            command, cwd=program.root, env=program.environment(settings), stdin=subprocess.DEVNULL,
            stdout=out, stderr=out,
        )  # fmt: skip
    return Running(process, f"http://127.0.0.1:{port}", said, program)


@contextlib.contextmanager
def running(
    mode: str,
    data_dir: Path,
    *options: str,
    ready_s: float = 120,
    port: int = 0,
    settings: Mapping[str, str] | None = None,
    program: Program = HERE,
) -> Iterator[Running]:
    """A cockpit that is ready, and gone afterwards."""
    cockpit = start(mode, data_dir, *options, port=port, settings=settings, program=program)
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
