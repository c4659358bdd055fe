"""Faults as intervals, and orders that run down the dependency graph."""

import json

import numpy as np

from simulator.faults import Intervals
from simulator.play import Play
from tests.simulator.conftest import at, silence

START = at("2026-11-19T09:00:00")
MINUTE = 60_000


def senders(play: Play, t0: int, t1: int) -> set[str]:
    return {
        json.loads(line)["subject"] for lines in play.stream(t0, t1) for line in lines if '"ioc.obs' in line
    }


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_spans_of_one_asset_are_joined_and_those_of_others_are_not() -> None:
    spans = Intervals(ints(1, 2, 1, 1, 2), ints(50, 0, 0, 40, 90), ints(60, 10, 45, 55, 99))
    assert list(zip(spans.asset.tolist(), spans.start.tolist(), spans.end.tolist(), strict=True)) == [
        (1, 0, 60), (2, 0, 10), (2, 90, 99),
    ]  # fmt: skip
    assert spans.covers(ints(1, 1, 2, 2, 3), ints(0, 60, 9, 10, 5)).tolist() == [
        True,
        False,
        True,
        False,
        False,
    ]


def test_a_long_span_swallows_the_short_ones_inside_it() -> None:
    spans = Intervals(ints(1, 1, 1), ints(0, 10, 30), ints(100, 20, 40))
    assert (spans.start.tolist(), spans.end.tolist()) == ([0], [100])


def test_a_silent_link_silences_everything_behind_it_and_nothing_else(play: Play) -> None:
    world = play.world
    link = next(
        a for a in play.profile.assets if a.kind == "link" and world.faults.below(world.at[a.code])[1:]
    )
    below = {play.profile.assets[i].code for i in world.faults.below(world.at[link.code])}
    kinds = {play.profile.asset[code].kind for code in below}
    assert {"link", "recorder", "camera"} <= kinds
    calm = senders(play, START, START + 10 * MINUTE)
    play.obey((silence(link.code, START - MINUTE, START + 20 * MINUTE),))
    cut = senders(play, START, START + 10 * MINUTE)
    assert not cut & below
    assert calm - cut == calm & below


def test_an_order_ends_when_it_says(play: Play) -> None:
    camera = "cam-00001" if "cam-00001" in play.profile.asset else next(iter(play.world.members["camera"]))
    play.obey((silence(camera, START, START + 2 * MINUTE),))
    times = [
        json.loads(line)["time"]
        for lines in play.stream(START - MINUTE, START + 4 * MINUTE)
        for line in lines
        if f'"{camera}"' in line
    ]
    gap = [t for t in times if "09:00:00" <= t[11:19] < "09:02:00"]
    assert not gap
    assert any(t[11:19] < "09:00:00" for t in times)
    assert any(t[11:19] >= "09:02:00" for t in times)


def test_taking_an_order_back_restores_the_same_events(play: Play) -> None:
    before = list(play.stream(START, START + MINUTE))
    play.obey((silence("rec-001", START, START + MINUTE),))
    assert list(play.stream(START, START + MINUTE)) != before
    play.obey(())
    assert list(play.stream(START, START + MINUTE)) == before


def test_a_recorder_counts_the_cameras_that_are_connected(play: Play) -> None:
    recorder = next(a.code for a in play.profile.assets if a.kind == "recorder")
    camera = next(a.code for a in play.profile.assets if a.depends_on == recorder)

    def connected() -> list[int]:
        rows = [
            json.loads(x)
            for lines in play.stream(START, START + MINUTE)
            for x in lines
            if f'"{recorder}"' in x
        ]
        return [r["data"]["values"]["cameras_connected"] for r in rows]

    calm = connected()
    play.obey((silence(camera, START - MINUTE, START + MINUTE),))
    assert connected() == [n - 1 for n in calm]
