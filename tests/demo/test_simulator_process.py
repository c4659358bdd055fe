"""The simulator as a child process: it begins anew when it ends by itself, and ends when it is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from unittest.mock import ANY

import msgspec
import psutil
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cockpit import progress
from cockpit.boot import Lifecycle
from cockpit.config import from_env
from cockpit.demo import simulator_process
from cockpit.web import api
from simulator.feed import Task
from tests.waiting import until


def live(tmp_path: Path) -> simulator_process.Live:
    # Nobody answers at this address; the simulator asks again and again.
    config = from_env({"COCKPIT_DATA_DIR": str(tmp_path), "COCKPIT_SIZE": "district"})
    return simulator_process.Live(config, "http://127.0.0.1:9", "token", "2026-11-22T08:00:00+07:00")


def another(playing: simulator_process.Live, before: int | None) -> bool:
    return playing.pid != before and playing.alive()


def test_a_simulator_that_ends_by_itself_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(simulator_process, "AGAIN_S", (0.01, 0.01))
    playing = live(tmp_path)
    try:
        for _ in range(2):
            before = playing.pid
            os.kill(before, signal.SIGKILL)
            until(partial(another, playing, before), "one that begins anew")
    finally:
        playing.stop()
    assert not playing.alive()
    ended = [r for r in caplog.records if "the simulator ended with code -9" in r.getMessage()]
    assert ended == [ANY, ANY]


def test_a_stop_while_it_is_away_starts_none(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    playing = live(tmp_path)
    os.kill(playing.pid, signal.SIGKILL)
    until(lambda: caplog.records, "word of its end")  # it is to begin anew in a second
    playing.stop()
    assert not playing.alive()
    assert not [p for p in psutil.Process().children() if "simulator" in " ".join(p.cmdline())]


def test_every_child_plays_the_world_of_the_settings(tmp_path: Path) -> None:
    config = from_env(
        {"COCKPIT_DATA_DIR": str(tmp_path), "COCKPIT_SIZE": "district", "COCKPIT_DEAF": "later",
         "COCKPIT_HISTORY": "1"}
    )  # fmt: skip
    with simulator_process.Errands(config).history("2026-11-22T08:00:00+07:00", "core") as lines:
        first, *_ = lines
    assert b'"specversion"' in first
    task = msgspec.json.encode({"address": "", "token": "", **simulator_process.world_of(config)})
    assert msgspec.json.decode(task, type=Task) == Task("", "", "quang_ninh", 7, "district", "later")


class Scripts:
    """Stand-ins for the simulator: each errand runs the next of these scripts, the last again and again."""

    def __init__(self, *scripts: str) -> None:
        self.left = list(scripts)
        self.begun = 0

    def __call__(self, args: list[str], *, stdout: int) -> subprocess.Popen[bytes]:
        self.begun += 1
        script = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        return subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=stdout)


CUT = "import os; print('one', flush=True); print('tw', end='', flush=True); os.kill(os.getpid(), 9)"
GOOD = "print('one'); print('two')"


def test_what_a_child_left_undone_is_brought_again_and_half_a_line_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(simulator_process, "spawn", Scripts(CUT, GOOD))
    monkeypatch.setattr(simulator_process, "TRIES_S", (0.01,))
    errands = simulator_process.Errands(from_env({"COCKPIT_DATA_DIR": str(tmp_path)}))
    found: list[bytes] = []

    def bring() -> None:
        with errands.history("2026-11-22T08:00:00+07:00", "core") as lines:
            found.extend(lines)

    errands.again(bring)
    assert found == [b"one\n", b"one\n", b"two\n"]
    assert "code -9 while it wrote history; it is tried again" in caplog.text


def test_a_past_that_never_comes_fails_the_start_and_log_and_readyz_say_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    simulator = Scripts("import sys; sys.exit(7)")
    monkeypatch.setattr(simulator_process, "spawn", simulator)
    monkeypatch.setattr(simulator_process, "TRIES_S", (0.01, 0.01))
    settings = {"COCKPIT_DATA_DIR": str(tmp_path), "COCKPIT_SIZE": "district", "COCKPIT_MODE": "demo"}
    cockpit = Lifecycle(from_env(settings))
    cockpit.start_in_thread()
    try:
        until(lambda: cockpit.parts.failure, "the end of the tries")
        answer = TestClient(Starlette(routes=api.routes(cockpit.parts))).get("/readyz")
    finally:
        cockpit.stop()
    assert simulator.begun == 3
    assert (answer.status_code, answer.json()["failed"]) == (503, True)
    assert "the past could not be brought in: the simulator ended with code 7" in answer.json()["reason"]
    (record,) = (r for r in caplog.records if r.levelname == "ERROR")
    assert "the cockpit could not start: the past could not be brought in" in record.getMessage()
    assert record.exc_info is None


def test_a_stop_ends_an_errand_at_work_and_begins_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator = Scripts("import sys; print('one', flush=True); sys.stdin.read(); sys.stdin.read()")
    monkeypatch.setattr(simulator_process, "spawn", simulator)
    errands = simulator_process.Errands(from_env({"COCKPIT_DATA_DIR": str(tmp_path)}))

    def bring() -> None:
        with errands.span({}, 0, 1) as lines:
            for _ in lines:
                errands.stop()

    with pytest.raises(progress.Stopped):
        errands.again(bring)
    with pytest.raises(progress.Stopped):
        errands.again(bring)
    assert simulator.begun == 1
