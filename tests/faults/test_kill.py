"""What was answered with 202 is there, once, whatever happens to the process that answered."""

from __future__ import annotations

import http.client
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from cockpit.bench import processes
from cockpit.clock import RealClock
from cockpit.domain.numbers import MetricId
from cockpit.ingest import tokens
from cockpit.profiles import load
from cockpit.store import Store
from cockpit.store.database import visit
from cockpit.store.queries.observations import rollups_1h
from tests.faults.client import SOURCE, Sender
from tests.waiting import PATIENCE_S, ended, gone, until

KILLS = 20
FEW = 2
FPS = MetricId(1)  # the metric's id in the profile

pytestmark = [pytest.mark.faults, pytest.mark.timeout(2400)]


def kill(cockpit: processes.Running) -> list[psutil.Process]:
    """Kill the process as a power cut would. Returns it and the children it had."""
    family = cockpit.family()
    os.kill(cockpit.pid, signal.SIGKILL)
    cockpit.process.wait(PATIENCE_S)
    return family


def missing(port: int, ids: list[str]) -> list[str]:
    """Those of the ids that the cockpit says it has not."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    found = []
    for one in ids:
        connection.request("GET", f"/api/v1/events/{SOURCE}/{one}")
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            found.append(one)
    connection.close()
    return found


def counted(path: Path, assets: list[str]) -> Counter[str]:
    """Observations of each camera according to its hourly roll-ups."""
    profile = load("quang_ninh", size="province")
    store = Store(path, profile, RealClock(), writable=False)
    store.start()
    today = (RealClock().domain_ms() + profile.utc_offset_s * 1000) // 86_400_000
    found: Counter[str] = Counter()
    with store.read() as conn:
        for code in assets:
            days = rollups_1h(conn, profile.asset[code].id, today - 1, today + 1, offset_s=25_200)
            found[code] = sum(int(metrics[FPS][0].sum()) for metrics in days.values() if FPS in metrics)
    store.close()
    return found


@pytest.mark.parametrize(
    ("mode", "kills"),
    [
        ("serve", FEW),
        ("engine", FEW),
        pytest.param("serve", KILLS, marks=pytest.mark.long),
        pytest.param("engine", KILLS, marks=pytest.mark.long),
    ],
)
def test_every_answered_event_survives_kills_once(mode: str, kills: int, tmp_path: Path) -> None:
    rng = random.Random(f"kill {mode}")  # the instants are the same in every run of the tests
    port = processes.free_port()
    cockpit = processes.start(mode, tmp_path, port=port)
    try:
        cockpit.wait_ready(PATIENCE_S)
        with visit(tmp_path / "cockpit.db") as conn:
            token = tokens.issue(conn, [SOURCE], "source", "test", 0)
        cameras = [f"cam-{i:05}" for i in range(1, 41)]
        senders = [Sender(f"s{i}", token, cameras[i * 20 : i * 20 + 20], port) for i in range(2)]
        for sender in senders:
            sender.start()
        for _ in range(kills):
            time.sleep(rng.uniform(0.02, 0.5))  # the instant of the kill, under load
            gone(kill(cockpit))
            cockpit = processes.start(mode, tmp_path, port=port)
            cockpit.wait_ready(PATIENCE_S)
        until(lambda: sum(len(s.answered) for s in senders) > kills * 100, "enough load to show anything")
        for sender in senders:
            sender.stop()
        answered = [one for sender in senders for one in sender.answered]
        assert not [one for sender in senders for one in sender.refused]
        # One look-up by identity searches the whole window; the counts below cover all of them.
        assert missing(port, rng.sample(answered, 300)) == []
    finally:
        cockpit.stop()
    sent = senders[0].sent + senders[1].sent
    assert counted(tmp_path / "cockpit.db", cameras) == sent


def test_no_child_outlives_a_killed_demo(tmp_path: Path) -> None:
    cockpit = processes.start("demo", tmp_path, "--history", "0", "--size", "district")
    try:
        cockpit.wait_ready(PATIENCE_S)
        family = kill(cockpit)
        assert len(family) > 1, "the demo had no simulator"
        gone(family)
    finally:
        cockpit.stop()


def test_all_processes_are_gone_after_a_polite_end(tmp_path: Path) -> None:
    cockpit = processes.start("demo", tmp_path, "--history", "0", "--size", "district")
    try:
        cockpit.wait_ready(PATIENCE_S)
        family = cockpit.family()
        cockpit.process.terminate()
        gone(family)
    finally:
        cockpit.stop()


def test_a_second_start_says_who_holds_the_data(tmp_path: Path) -> None:
    with processes.running("engine", tmp_path) as first:
        second = processes.start("engine", tmp_path)
        with ended(second.process):
            assert second.process.wait(PATIENCE_S) != 0
        assert str(first.pid) in second.said()
