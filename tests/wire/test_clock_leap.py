"""The computer's clock leaps a day ahead and comes back: it is said, and fresh values win again."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from cockpit.clock import RealClock
from cockpit.domain.instants import iso
from cockpit.engine import Engine
from cockpit.profiles import Profile
from tests.store import inside
from tests.wire.conftest import START, event, make

DAY = 86_400_000
CAMERA = "cam-00001"


class LeapClock(RealClock):
    """Real time as a computer tells it, beside a monotonic one that knows no leaps."""

    def __init__(self) -> None:
        self.now, self.mono = START, 1000.0

    def domain_ms(self) -> int:
        return self.now

    real_ms = domain_ms

    def monotonic(self) -> float:
        return self.mono

    def run(self, seconds: int) -> None:
        self.now += seconds * 1000
        self.mono += seconds


class Server:
    """A cockpit in earnest, one camera that sends four times a minute, and an engine that looks."""

    def __init__(self, path: Path, profile: Profile) -> None:
        self.clock = LeapClock()
        self.bench = make(path, profile, self.clock)
        self.bench.engine = Engine(self.bench.store, profile, self.clock)
        self.bench.engine.tick()
        self.sender = self.bench.client(self.bench.token("cam-vms"))
        self.n = 0

    def run(self, seconds: int, fps: float | None) -> None:
        for _ in range(seconds // 15):
            self.clock.run(15)
            self.n += 1
            if fps is not None:
                sent = event(0, id=f"e{self.n}", time=iso(self.clock.now), data={"values": {"fps": fps}})
                assert self.sender.post("/api/v1/events", json=sent).json()["rejected"] == []
            self.bench.engine.tick()

    def restart(self) -> None:
        self.bench.engine.stop()
        self.bench.engine = Engine(self.bench.store, self.bench.profile, self.clock)
        self.bench.engine.tick()

    def latest(self) -> dict[str, float]:
        found: list[dict[str, Any]] = self.sender.get(f"/api/v1/latest?asset={CAMERA}").json()["latest"]
        return {row["metric"]: row["value"] for row in found}

    def close(self) -> None:
        self.bench.engine.stop()
        self.bench.door.close()
        self.bench.store.close()


@pytest.fixture
def server(tmp_path: Path, profile: Profile) -> Any:
    made = Server(tmp_path, profile)
    yield made
    made.close()


@pytest.mark.parametrize("stopped", [False, True])
def test_a_clock_that_was_ahead_leaves_nothing_in_tomorrow(
    server: Server, caplog: pytest.LogCaptureFixture, stopped: bool
) -> None:
    caplog.set_level(logging.WARNING)
    server.run(120, 25.0)
    assert "clock" not in server.sender.get("/readyz").json()
    server.clock.now += DAY
    server.run(60, 9.0)
    told = server.sender.get("/readyz").json()
    assert (told["ready"], round(told["clock"]["leapt_s"])) == (True, 86_400)
    assert "leapt by +86400 s" in caplog.text
    assert server.latest() == {"fps": 9.0}
    server.clock.now -= DAY
    if stopped:
        server.restart()  # it came back while nobody looked
    server.run(15, None)
    assert "leapt by -86" in caplog.text
    assert server.latest() == {"fps": 25.0}, "what is later than the clock is no newest value"
    server.run(30, 24.0)
    assert server.latest() == {"fps": 24.0}
    server.run(420, 3.0)
    store = server.bench.store
    keys = {alert.key for alert in inside.alerts(store, open_only=True)}
    since = [since for _, since in inside.states(store).values()]
    jumps = [line for line in inside.log(store) if line.what == "clock_jump"]
    assert [key for key in keys if key.endswith(f"|{CAMERA}")] == [f"camera-fps-low|{CAMERA}"]
    assert max(since) <= server.clock.now
    assert jumps
    assert server.bench.engine.leaps.count == (1 if stopped else 2)


def test_a_clock_that_is_set_right_slowly_is_no_leap(server: Server) -> None:
    for _ in range(4):
        server.clock.now += 20_000
        server.run(15, 25.0)
    assert server.bench.engine.leaps.count == 0
