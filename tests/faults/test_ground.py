"""Files that go while a real cockpit works: nothing more is promised, and what was promised is in them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit import ROOT
from cockpit.bench import processes
from cockpit.clock import RealClock
from cockpit.domain.catalog import series_of
from cockpit.domain.numbers import MetricId
from cockpit.ingest import tokens
from cockpit.profiles import load
from cockpit.store import Store
from cockpit.store.database import visit
from cockpit.store.queries.observations import observations
from tests.faults.client import SOURCE, Sender
from tests.waiting import until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(420)]
WAIT_S = 90
FPS = MetricId(1)
CAMERAS = [f"cam-{i:05}" for i in range(1, 21)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def cockpit(data: Path) -> Iterator[processes.Running]:
    running = processes.start("engine", data)
    try:
        running.wait_ready(WAIT_S)
        yield running
    finally:
        running.stop()


def linked(data: Path, aside: Path) -> Path:
    """Names by which the files that are open can be found when theirs are gone."""
    aside.mkdir()
    for end in ("", "-wal"):
        os.link(data / f"cockpit.db{end}", aside / f"cockpit.db{end}")
    return aside


def replace(data: Path) -> None:
    shutil.copy(data / "cockpit.db", data / "copy")
    os.rename(data / "copy", data / "cockpit.db")


def remove(data: Path) -> None:
    for end in ("", "-wal", "-shm"):
        (data / f"cockpit.db{end}").unlink()


BREAKS: dict[str, Callable[[Path], None]] = {
    "removed": remove,
    "replaced": replace,
}


@pytest.mark.parametrize("how", BREAKS)
def test_what_was_promised_before_is_in_the_files_and_nothing_is_after(
    cockpit: processes.Running, data: Path, how: str
) -> None:
    with visit(data / "cockpit.db") as conn:
        token = tokens.issue(conn, [SOURCE], "source", "test", 0)
    sender = Sender("s", token, CAMERAS, int(cockpit.address.rpartition(":")[2]))
    sender.start()
    until(lambda: len(sender.answered) > 500, "it did not come to that")
    aside = linked(data, data.with_name("aside"))
    BREAKS[how](data)
    until(lambda: cockpit.get("/readyz")[0] == 503, "it did not come to that")
    answered = len(sender.answered)
    status, body = cockpit.get("/readyz")
    told = json.loads(body)
    assert (status, told["ready"], told["code"]) == (503, False, "gone")
    assert "start it again" in told["reason"]
    status, body = cockpit.get("/api/v1/latest")
    assert (status, json.loads(body)["error"]["code"]) == (503, "gone")
    assert not sender.post(sender.body()[1])
    # Back in their places, they are not taken for what is open here.
    for end in ("", "-wal"):
        (data / f"cockpit.db{end}").unlink(missing_ok=True)
        os.link(aside / f"cockpit.db{end}", data / f"cockpit.db{end}")
    assert not sender.post(sender.body()[1])
    assert cockpit.get("/readyz")[0] == 503
    assert len(sender.answered) == answered
    sender.give_up()
    cockpit.stop()
    assert "the ground of the store is gone" in cockpit.said()
    assert "Traceback" not in cockpit.said()
    assert stored(aside / "cockpit.db") >= answered


def stored(path: Path) -> int:
    """Observations of the cameras in a database whose owner has gone."""
    profile = load("quang_ninh", size="province")
    store = Store(path, profile, RealClock(), writable=True)
    store.start()
    now = RealClock().real_ms()
    with store.read() as conn:
        series = [series_of(profile.asset[code].id, FPS) for code in CAMERAS]
        found = sum(len(observations(conn, s, now - 3_600_000, now, 100_000).value) for s in series)
    store.close()
    return found


def test_a_removed_lock_file_lets_no_second_writer_in(cockpit: processes.Running, data: Path) -> None:
    (data / "lock").unlink()
    until(lambda: cockpit.get("/readyz")[0] == 503, "it did not come to that")
    ran = subprocess.run(
        [sys.executable, "-c", "from cockpit.cli import main; main()", "engine",
         "--data-dir", str(data), "--port", str(processes.free_port())],
        cwd=ROOT, capture_output=True, text=True, timeout=WAIT_S, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "whose lock file was removed" in ran.stderr
    assert "Traceback" not in ran.stderr
