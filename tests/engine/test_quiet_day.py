"""An ordinary morning of the simulated province raises none of the rules about outages, clocks and feeds."""

from __future__ import annotations

from collections import Counter

import pytest

from cockpit.profiles import load
from cockpit.score import harness
from simulator.play import Play

MONDAY_MORNING = 1_794_790_800_000  # 2026-11-16T08:00+07:00, in the busiest hours of the week
MINUTE = 60_000
QUIET = {"feeder-out", "clock-skew", "source-lag", "source-duplicates", "source-flood", "source-silent"}


@pytest.fixture(scope="module")
def morning() -> harness.Outcome:
    profile = load("quang_ninh", size="district")
    start = MONDAY_MORNING
    return harness.run(profile, Play(profile, 23), start, start + 45 * MINUTE)


def test_an_ordinary_morning_raises_nothing_about_outages_clocks_and_feeds(morning: harness.Outcome) -> None:
    assert morning.events > 20_000
    assert morning.refused == {}
    assert not {a.rule for a in morning.alerts} & QUIET


def test_nothing_of_it_is_even_suspected(morning: harness.Outcome) -> None:
    suspected = Counter(
        str(line.data.get("key", "")).partition("|")[0] for line in morning.log if line.what == "pending"
    )
    assert not set(suspected) & QUIET, suspected
