"""The simulator as a child process: it begins anew when it ends by itself, and ends when it is told."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from unittest.mock import ANY

import msgspec
import psutil
import pytest

from cockpit import children
from cockpit.config import from_env
from simulator.feed import Task
from tests.waiting import until


def live(tmp_path: Path) -> children.Live:
    # Nobody answers at this address; the simulator asks again and again.
    config = from_env({"COCKPIT_DATA_DIR": str(tmp_path), "COCKPIT_SIZE": "district"})
    return children.Live(config, "http://127.0.0.1:9", "token", "2026-11-22T08:00:00+07:00")


def test_a_simulator_that_ends_by_itself_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(children, "AGAIN_S", (0.01, 0.01))
    playing = live(tmp_path)
    try:
        for _ in range(2):
            before = playing.pid
            os.kill(before, signal.SIGKILL)
            until(lambda gone=before: playing.pid != gone and playing.alive(), "one that begins anew")
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
    with children.history(config, "2026-11-22T08:00:00+07:00", "core") as lines:
        first, *_ = lines.readlines()
    assert b'"specversion"' in first
    task = msgspec.json.encode({"address": "", "token": "", **children._world(config)})
    assert msgspec.json.decode(task, type=Task) == Task("", "", "quang_ninh", 7, "district", "later")
