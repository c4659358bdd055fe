"""What paths cost that decide what a machine can carry, as multiples of something measured in the same run:
of the same work by other means where there is such, of a yardstick elsewhere. How fast the machine is changes
nothing.

A figure is the best of several, in time on a processor: other work on the machine does not count.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cockpit.clock import RealClock
from cockpit.domain.instants import iso
from cockpit.ingest.door import Door
from cockpit.profiles import Profile, load
from cockpit.store import Store
from simulator.damage import Damage
from simulator.painter import paint
from simulator.play import Play
from simulator.radio import Radio
from simulator.scenario import cast, load_scenario, names
from tests.simulator.conftest import SKY, at

pytestmark = [pytest.mark.serial, pytest.mark.long]

EVENTS = 1_000


def best(work: Callable[[], object], of: int = 5) -> float:
    """Seconds on a processor."""
    found = []
    for _ in range(of):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def yardstick() -> int:
    """Plain work of the interpreter: calls, numbers, a dictionary, text. About 0.02 s."""
    seen: dict[int, str] = {}
    for n in range(100_000):
        seen[n % 1000] = str(n * 31)
    return len(seen)


@pytest.fixture(scope="module")
def unit() -> float:
    return best(yardstick, 20)


@pytest.fixture(scope="module")
def province() -> Profile:
    return load("quang_ninh", size="province")


@pytest.fixture(scope="module")
def play(province: Profile) -> Play:
    return Play(province, 7)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    profile, clock = load("quang_ninh", size="district"), RealClock()
    store = Store(tmp_path / "cockpit.db", profile, clock, writable=True)
    store.start()
    made = Door(store, profile, clock, simulated=False)
    yield made
    made.close()
    store.close()


def lines() -> list[bytes]:
    cameras = [a.code for a in load("quang_ninh", size="district").assets if a.kind == "camera"]
    now = RealClock().real_ms()
    values = {"fps": 24.9, "loss_pct": 0.02, "bitrate_kbps": 2000, "change_pct": 3.5}
    return [
        msgspec.json.encode(
            {
                "specversion": "1.0", "id": f"e{i}", "source": "cam-vms", "type": "ioc.observation",
                "subject": cameras[i % len(cameras)], "time": iso(now - i), "data": {"values": values},
            }
        )
        for i in range(EVENTS)
    ]  # fmt: skip


def test_checking_events_costs_little_more_than_reading_their_json(door: Door) -> None:
    body = lines()
    batch = door.check(body)
    assert (len(batch), list(batch.refused)) == (EVENTS, [])
    read = best(lambda: [json.loads(line) for line in body], 20)
    assert best(lambda: door.check(body), 20) < 3 * read


def test_a_profile_loads_in_a_moment(unit: float) -> None:
    assert best(lambda: load("quang_ninh")) < 12 * unit


def test_live_play_of_a_province_leaves_most_of_a_core_free(play: Play, unit: float) -> None:
    start = at("2026-11-19T10:00:00")
    play.window(start, start + 500)  # the day's records are made once

    def second() -> None:
        nonlocal start
        for _ in range(2):
            start += 500
            play.window(start, start + 500)

    assert best(second, 20) < 4 * unit


def test_a_minute_at_full_speed_costs_less_than_ten_seconds_of_live_play(play: Play) -> None:
    start = at("2026-11-19T11:00:00")
    play.window(start, start + 500)
    live = best(lambda: [play.window(start + n * 500, start + (n + 1) * 500) for n in range(20)], 3)
    assert best(lambda: play.window(start + 500, start + 60_500), 3) < live


def test_casting_all_stories_is_quick(province: Profile, unit: float) -> None:
    stories: list[Any] = [(load_scenario(code, province), 1_794_000_000_000) for code in names(province)]
    assert best(lambda: cast(stories, province, 7), 3) < 8 * unit


def test_a_province_is_soon_on_the_air(province: Profile, unit: float) -> None:
    assert best(lambda: Radio(province, 99), 2) < 60 * unit


@pytest.mark.parametrize(
    "faults",
    [Damage(), Damage(covered=0.9), Damage(blurred=1), Damage(moved=0.35), Damage(noise=1), Damage(colour=1)],
    ids=["whole", "covered", "blurred", "moved", "noise", "colour"],
)
def test_painting_is_cheap(faults: Damage, unit: float) -> None:
    dusk = at("2026-11-22T17:14:34")
    assert best(lambda: paint(SKY, "market", 7, 5024, dusk, rain=1.0, faults=faults)) < 7 * unit
