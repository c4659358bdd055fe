"""One recording of samples has one register, one history and one alert log, however far apart the engine's
ticks are and wherever it restarts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import h3
import pytest

from cockpit.domain.identity import event_key
from cockpit.domain.numbers import SourceId
from cockpit.domain.registers import GAP
from cockpit.profiles import Coverage
from cockpit.store.batch import Draft, Sample
from cockpit.store.queries import registers
from tests.engine.world import RULES, T0, World, province, rule, source, text

Worlds = Callable[..., World]

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
START = T0 + 9 * HOUR + 20 * MINUTE  # twenty past eleven at night
LENGTH = 100 * MINUTE
EARLY = START - 3 * MINUTE
PHONES = SourceId(6)
HERE = h3.latlng_to_cell(21.35, 107.45, 8)
THERE = h3.grid_path_cells(HERE, sorted(h3.grid_ring(HERE, 3))[0])
"""Four cells in a row, from `HERE` on."""
AWAY = sorted(h3.grid_ring(HERE, 9))[0]
OLD = sorted(h3.grid_ring(HERE, 9))[-1]
ELSEWHERE = sorted(h3.grid_ring(HERE, 18))[0]

COVERED = province(
    rules=(*RULES, rule("gap-late", "entry_late", metric="gap", for_s=0, keep_s=0, owner=text("o"))),
    sources=(*province().sources, source(PHONES, "phones", 60, samples=True, window_s=604_800)),
    operators={"one": "One", "two": "Two"},
    # Every gap is late as soon as it is found: the log tells of each that begins and ends.
    coverage=Coverage(-100, -110, 5, 2, text("x"), owner="b", verify_days=0),
)


@dataclass(frozen=True)
class Heard:
    """A sample that was received at `at` (ms) and taken `ago` ms before."""

    at: int
    device: str
    cell: str
    rsrp_cb: int
    place: int = 0
    operator: str = "one"
    ago: int = 1000


def drive(
    minute: float, cell: str, rsrp: int, n: int = 6, *, who: str = "p", phones: int = 2, operator: str = "one"
) -> Iterator[Heard]:
    """`n` samples at as many places of a cell, every five seconds from a minute of the story on."""
    for i in range(n):
        at = START + int(minute * MINUTE) + i * 5_000
        yield Heard(at, f"{who}{i % phones}", cell, rsrp, i, operator)


BAD, GOOD = -1150, -800

STORY = sorted(
    [
        *drive(2, HERE, BAD),
        *drive(4, AWAY, BAD),
        *drive(11, THERE[3], BAD),
        *drive(19.5, THERE[1], BAD),  # too few of them before the look at twenty to twelve
        *drive(23, THERE[2], BAD),  # what were two gaps is one
        *drive(31, AWAY, GOOD, n=30, who="q"),  # over, and bad again later
        *drive(33, THERE[1], GOOD, n=40, operator="two", who="r"),  # somebody serves it: one gap is two
        *drive(53, OLD, GOOD, phones=1, who="old"),  # there again, after what it measured has expired
        Heard(START + 70 * MINUTE, "t0", HERE, BAD, 7, ago=0),  # at the instant of a look
        Heard(START + 80 * MINUTE - 1, "t1", HERE, BAD, 8, ago=0),  # right before one
        *drive(91, AWAY, BAD, n=90, who="s", phones=7),
    ],
    key=lambda heard: heard.at,
)
PAST = [
    *drive(-29 * 24 * 60, OLD, BAD, n=30, phones=1, who="old"),  # leaves the window at midnight
    *drive(-20 * 24 * 60, OLD, GOOD, phones=1, who="young"),
    Heard(EARLY - 10_000, "v", ELSEWHERE, GOOD),
]


def put(world: World, found: list[Heard], *, past: bool = False) -> None:
    """Store samples as the door does, in one batch."""
    draft, samples = Draft(), []
    for one in found:
        lat, lon = h3.cell_to_latlng(one.cell)
        sample = Sample(
            device=one.device, operator=one.operator, lat=lat + one.place * 0.0006, lon=lon,
            accuracy_m=10.0, rsrp_cb=one.rsrp_cb, rsrq_cb=None, sinr_cb=None, down_kbps=None, up_kbps=None,
            cell="", indoor=False, h3=one.cell,
        )  # fmt: skip
        key = event_key("phones", f"{one.at} {one.device} {one.place}")
        samples.append((draft.event(key, PHONES, one.at - one.ago, one.at), sample))
    if samples:
        batch = draft.batch()
        batch.samples, batch.past = samples, past
        world.store.append(batch).result()


def play(world: World, ticks: Iterable[int], story: list[Heard] = STORY, *, ahead_ms: int = 0) -> list[Heard]:
    """Let the engine tick at each of these instants; what of the story is still to come. As in a demo what
    comes within `ahead_ms` may be stored already."""
    for t in ticks:
        ready = [heard for heard in story if heard.at < t + ahead_ms]
        put(world, ready)
        story = story[len(ready) :]
        world.clock.advance(t - world.clock.domain)
        world.engine.tick()
    return story


def begun(world: World) -> World:
    put(world, PAST, past=True)
    world.engine.tick()
    return world


def told(world: World) -> dict[str, Any]:
    """All that is on record of gaps, and the log."""
    with world.store.read() as conn:
        entries = registers.entries(conn, GAP)
        return {
            "entries": [asdict(entry) for entry in entries],
            "history": {
                e.id: [step._asdict() for step in registers.history(conn, GAP, e.id)] for e in entries
            },
            "log": world.log(),
        }


def every(tick_s: int) -> Iterator[int]:
    step = tick_s * 1000
    yield from range(START + step, START + LENGTH, step)
    yield START + LENGTH


@pytest.fixture(scope="module")
def by_second() -> Iterator[dict[str, Any]]:
    world = World(COVERED, start=EARLY)
    try:
        begun(world)
        play(world, every(1))
        yield told(world)
    finally:
        world.close()


def test_the_story_holds_all_that_becomes_of_gaps(by_second: dict[str, Any]) -> None:
    minutes = {
        number: [((step["t"] - START) // MINUTE, step["what"]) for step in steps]
        for number, steps in by_second["history"].items()
    }
    assert minutes == {
        1: [(-10, "found"), (60, "measured_good")],
        2: [(10, "found"), (40, "measured_good"), (100, "reopened")],
        3: [(10, "found")],
        4: [(20, "found"), (30, "merged")],
        5: [(40, "found")],
    }
    told = [line[2] for line in by_second["log"] if "gap-late" in line[4]]
    assert (told.count("opened"), told.count("closed")) == (4, 3)


@pytest.mark.parametrize("tick_s", [7, 60, 1000, 3600, 6000])
@pytest.mark.parametrize("ahead_s", [0, 90])
def test_register_history_and_log_are_the_same_at_any_length_of_tick(
    worlds: Worlds, by_second: dict[str, Any], tick_s: int, ahead_s: int
) -> None:
    world = begun(worlds(COVERED, start=EARLY))
    play(world, every(tick_s), ahead_ms=ahead_s * 1000)
    assert told(world) == by_second


@pytest.mark.parametrize("crash", [False, True])
def test_restarts_in_the_middle_change_nothing(
    worlds: Worlds, by_second: dict[str, Any], crash: bool
) -> None:
    """Between two looks, at one, right after one and over midnight."""
    world = begun(worlds(COVERED, start=EARLY))
    rest = STORY
    for minute in (1, 5, 10, 13, 26, 39, 40, 41, 65, 71, 100):
        upto = START + minute * MINUTE
        ticks = [*range(world.clock.domain + MINUTE, upto - MINUTE, MINUTE), upto]
        rest = play(world, ticks, rest)
        if minute < 100:
            world.restart(crash=crash)
            world.engine.tick()
    assert told(world) == by_second
