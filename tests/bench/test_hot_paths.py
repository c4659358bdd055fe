"""Paths whose cost decides what a machine can carry. The bounds are several times what they take."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cockpit.clock import RealClock
from cockpit.ingest.door import Door
from cockpit.ingest.times import iso
from cockpit.profiles import load
from cockpit.store import Store

pytestmark = pytest.mark.serial

EVENTS = 1_000


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    profile, clock = load("quang_ninh", size="district"), RealClock()
    store = Store(tmp_path / "cockpit.db", profile, clock, writable=True)
    store.start()
    door = Door(store, profile, clock, simulated=False)
    yield door
    door.close()
    store.close()


def lines() -> list[bytes]:
    cameras = [a.code for a in load("quang_ninh", size="district").assets if a.kind == "camera"]
    now = RealClock().real_ms()
    return [
        msgspec.json.encode(
            {
                "specversion": "1.0",
                "id": f"e{i}",
                "source": "cam-vms",
                "type": "ioc.observation",
                "subject": cameras[i % len(cameras)],
                "time": iso(now - i),
                "data": {"values": {"fps": 24.9, "loss_pct": 0.02, "bitrate_kbps": 2000, "change_pct": 3.5}},
            }
        )
        for i in range(EVENTS)
    ]


def test_a_thousand_events_are_checked_in_a_few_hundredths_of_a_second(door: Door, benchmark: Any) -> None:
    body = lines()
    batch = benchmark(door.check, body)
    assert len(batch) == EVENTS
    assert not batch.refused
    assert benchmark.stats.stats.median < 0.1
