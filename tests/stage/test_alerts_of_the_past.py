"""The alerts of a demo's past: found once it is in, marked, told to nobody, the same after a way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cockpit.config import from_env
from cockpit.domain.alerting.played import ORDERED, Played
from cockpit.domain.instants import iso
from cockpit.ingest.times import to_ms
from cockpit.profiles import load
from cockpit.score.bystander import Bystander
from cockpit.store import Store, meta, reckoned
from cockpit.store.alerts import Alert
from tests.clocks import HandClock
from tests.stage.conftest import START, Demo, running
from tests.store import inside

PAST = ("--size", "district", "--history", "4", "--start", START)
PROFILE = load("quang_ninh", size="district")
BEGAN = to_ms(START)


def kept(demo: Demo) -> str | None:
    with inside.reading(demo.store) as conn:
        return meta.get(conn, reckoned.KEY)


def past(demo: Demo) -> list[Alert]:
    return [a for a in inside.alerts(demo.store) if a.id < 0]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One whose past is in, with its alerts; its clock stands where it began."""
    with running(tmp_path_factory.mktemp("past"), *PAST) as found:
        found.clock(paused=True)
        found.until(lambda: kept(found) == reckoned.DONE, "the alerts of the past")
        yield found


def test_they_are_closed_simulated_and_told_to_nobody(demo: Demo) -> None:
    found = past(demo)
    assert found
    assert all(a.closed is not None and a.opened < a.closed < BEGAN for a in found)
    assert all(a.simulated and a.cause is None and not a.muted and a.ack_at is None for a in found)
    assert [a.id for a in sorted(found, key=lambda a: (a.opened, a.key))] == list(range(-len(found), 0))
    assert not [line for line in inside.log(demo.store) if line.alert is not None and line.alert < 0]
    assert {a.rule for a in found} <= set(PROFILE.rule)


def test_what_reads_over_http_has_them_with_their_mark(demo: Demo) -> None:
    closed = demo.must("GET", "alerts?state=closed&limit=1000")["alerts"]
    marked = [a for a in closed if a["reckoned"]]
    assert len(marked) == len(past(demo))
    one = demo.must("GET", f"alerts/{marked[0]['id']}")
    assert (one["reckoned"], one["history"]) == (True, [])
    assert demo.ask("GET", "alerts/-99999")[0] == 404


def test_they_are_no_news_and_no_matter_of_a_shift(demo: Demo) -> None:
    lived = [a for a in inside.alerts(demo.store) if a.id > 0 and a.cause is None]
    told = demo.must("GET", "home")
    assert told["news"]["opened"] <= len(lived)
    assert told["closed"] == []


@pytest.mark.long
def test_the_same_seed_finds_the_same_ones_and_so_does_a_way_back(demo: Demo, tmp_path: Path) -> None:
    before = past(demo)
    demo.clock(reset=True)
    assert past(demo) == before, "at once: pages are open again"
    with running(tmp_path / "data", *PAST) as other:
        other.clock(paused=True)
        other.until(lambda: kept(other) == reckoned.DONE, "the alerts of the past")
        assert past(other) == before


def judged(demo: Demo) -> Played:
    """What is judged of a demo by whoever looks, as a page does."""
    config = from_env({"COCKPIT_DATA_DIR": str(demo.data), "COCKPIT_SIZE": "district"})
    clock = HandClock(demo.meta("engine_domain_ms"))
    store = Store(demo.store, PROFILE, clock, writable=False)
    store.start()
    bystander = Bystander(config, store, lambda: PROFILE, clock)
    try:
        told: Any = demo.until(lambda: (x := bystander.look()).played and not x.busy and x, "a judgement")
    finally:
        bystander.stop()
        store.close()
    assert isinstance(told.played, Played)
    return told.played


def test_what_a_presenter_orders_is_judged_when_its_time_is_over(demo: Demo) -> None:
    ill = {a.asset for a in inside.alerts(demo.store)}
    camera = next(a.code for a in PROFILE.assets if a.kind == "camera" and a.code not in ill)
    demo.step(120)  # heard before: of what was never heard nobody expects anything
    demo.must("POST", "faults", {"asset": camera, "kind": "silent", "seconds": 1500})
    demo.step(60)
    waiting = judged(demo)
    assert (waiting.start, waiting.spans, waiting.whole) == (BEGAN, 1, True)
    assert waiting.waiting >= 1
    assert ORDERED not in waiting.scenarios
    demo.step(900)
    told = judged(demo)
    assert told.scenarios[ORDERED].found == told.scenarios[ORDERED].expected == 1
    assert told.total.recall == 1.0
    assert told.end == demo.meta("engine_domain_ms")
    assert told.counts["missed"] == 0
    ahead = told.end + 3_600_000
    demo.clock(jump=iso(ahead))
    demo.step(120)
    after = judged(demo)
    assert (after.start, after.spans, after.end) == (BEGAN, 2, ahead + 120_000)
    assert after.total.expected >= told.total.expected, "what was judged before the leap still is"
