"""What a jump skips: the counts of play, hour by hour, in roll-ups and at the edges in single events."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from simulator.orders import episodes_of
from simulator.play import Play
from simulator.span import Span
from tests.simulator.conftest import at

HOUR = 3_600_000
START, END = at("2026-11-18T09:40:00"), at("2026-11-18T11:10:30")
FAULTS = [
    {"id": 1, "asset": "cam-00003", "kind": "silent", "from": "2026-11-18T10:20:00+07:00", "hold_s": 2400},
    {"id": 2, "asset": "rec-001", "kind": "silent", "from": "2026-11-18T09:50:00+07:00", "hold_s": 100_000},
]


@pytest.fixture
def told(play: Play) -> Iterator[Play]:
    play.obey(episodes_of((), FAULTS, play.profile, play.seed))
    yield play
    play.obey(())


def hour_of(event: dict[str, Any]) -> int:
    return at(event["time"][:19]) // HOUR


def counted(lines: Iterable[str | bytes]) -> tuple[Counter[tuple[str, int]], set[tuple[str, str]]]:
    """Observations by asset and hour, and the identities of what else there is."""
    counts: Counter[tuple[str, int]] = Counter()
    others = set()
    for line in lines:
        event = json.loads(line)
        if event["type"] == "ioc.observation":
            counts[event["subject"], hour_of(event)] += 1
        elif event["type"] == "ioc.rollup":
            n = next(iter(event["data"]["hours"].values()))["n"]
            day = at(event["data"]["day"] + "T00:00:00") // HOUR
            for hour, times in enumerate(n):
                if times:
                    counts[event["subject"], day + hour] += times
        elif event["type"] != "ioc.sample":
            others.add((event["source"], event["id"]))
    return counts, others


def test_a_span_holds_as_much_of_every_asset_and_hour_as_play_sends(told: Play) -> None:
    filled, records = counted(line for piece in Span(told, START, END).lines() for line in piece.splitlines())
    played, sent = counted(line for lines in told.stream(START, END) for line in lines)
    assert filled == played
    assert records == sent


def test_a_span_within_an_hour_is_play_itself(told: Play) -> None:
    end = START + 300_000
    lines = [line for piece in Span(told, START, end).lines() for line in piece.decode().splitlines()]
    assert lines == [line for part in told.stream(START, end) for line in part]


def test_two_spans_of_a_day_have_summaries_of_their_own(told: Play) -> None:
    def ids(start: int, end: int) -> set[str]:
        events = (json.loads(x) for piece in Span(told, start, end).lines() for x in piece.splitlines())
        return {e["id"] for e in events if e["type"] == "ioc.rollup"}

    first, second = ids(START, START + 2 * HOUR), ids(START + 2 * HOUR, START + 4 * HOUR)
    assert first
    assert second
    assert first.isdisjoint(second)
