"""However time is cut and wherever play starts, faults or none: the same events."""

import itertools
import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cockpit.profiles import Profile
from simulator.episodes import Episode
from simulator.kinds import KINDS, SOURCE, UNIT
from simulator.play import Play
from tests.simulator.conftest import at

START = at("2026-11-19T23:57:00")  # over midnight, where days and their books change
MINUTE = 60_000
LENGTH = 6 * MINUTE
SUBJECTS = {
    "camera": "cam-00001", "recorder": "rec-001", "link": "link-06652", "feeder": "feeder-06652",
    "site": "site-0001", "cell": "site-0001-1", "loudspeaker": "loa-001",
}  # fmt: skip
FEEDS = ("cam-vms", "ran-oss", "net-monitor", "dien-thoai", "lgsp")


@pytest.fixture(scope="module")
def the_play(district: Profile) -> Play:
    return Play(district, 7)


@st.composite
def episodes(draw: st.DrawFn) -> Episode:
    kind = draw(st.sampled_from(sorted(KINDS)))
    on = draw(st.sampled_from(KINDS[kind].on))
    if on == SOURCE:
        subject = draw(st.sampled_from(FEEDS[:3] if kind in ("flood", "schema_change") else FEEDS))
    elif on == UNIT:
        subject = f"hidden:{kind}:06652"
    else:
        subject = SUBJECTS[on]
    ramp, hold, fall = (draw(st.integers(0, 4 * MINUTE)) for _ in range(3))
    start = START + draw(st.integers(-20 * MINUTE, LENGTH))
    size = (
        draw(st.sampled_from([0.0, 0.0, 90.0]))
        if kind in ("source_late", "out_of_order", "link_flap")
        else 0.0
    )
    cut = draw(st.sampled_from([0, 0, start + draw(st.integers(1, 8 * MINUTE))]))
    number = draw(st.integers(0, 10**6))
    return Episode(f"{kind}:{number}", kind, subject, start, ramp, hold, fall, size, "", (), cut)


def flood(number: int, size: float, hold: int) -> Episode:
    return Episode(f"flood:{number}", "flood", "ran-oss", START + MINUTE, 0, hold, 1, size, "", (), 0)


@settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@example([flood(0, 0.0, MINUTE), flood(1, 0.0, 2 * MINUTE)], [MINUTE + 30_000])
@example([flood(0, 3.0, 3 * MINUTE), flood(1, 9.0, MINUTE)], [MINUTE + 500, 2 * MINUTE])
@given(st.lists(episodes(), max_size=4), st.lists(st.integers(1, LENGTH - 1), max_size=6))
def test_cuts_change_nothing(the_play: Play, played: list[Episode], cuts: list[int]) -> None:
    the_play.obey(tuple(played))
    whole = the_play.window(START, START + LENGTH)
    edges = [0, *sorted(set(cuts)), LENGTH]
    pieces = [the_play.window(START + a, START + b) for a, b in itertools.pairwise(edges)]
    assert list(itertools.chain.from_iterable(pieces)) == whole
    keys = [(e["sent"], e["source"], e["id"]) for e in map(json.loads, whole)]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.lists(episodes(), min_size=1, max_size=4))
def test_a_play_made_anew_goes_on_where_another_stopped(
    the_play: Play, district: Profile, played: list[Episode]
) -> None:
    the_play.obey(())
    the_play.window(START - MINUTE, START)  # what was asked before must not matter
    the_play.obey(tuple(played))
    fresh = Play(district, 7)
    fresh.obey(tuple(played))
    middle = START + LENGTH // 2
    assert fresh.window(middle, START + LENGTH) == the_play.window(middle, START + LENGTH)
    the_play.obey(())
    assert the_play.window(START, middle) == Play(district, 7).window(START, middle)
