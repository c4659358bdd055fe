"""What the engine is told of refused events: their device is alive, whatever its clock says."""

from __future__ import annotations

import pytest

from cockpit.domain.instants import iso
from cockpit.ingest.door import Door
from cockpit.store import Committed
from cockpit.store.batch import NEW, REFUSED, Heard
from tests.wire.conftest import START, Bench, event

HOUR = 3_600_000


def told(bench: Bench, door: Door, *events: dict[str, object]) -> Heard:
    heard: list[Committed] = []
    bench.store.subscribe(heard.append)
    source = str(events[0]["source"])
    door.accept(source, list(events))
    assert not len(heard[-1].series)
    assert not len(heard[-1].events.of(NEW))
    return heard[-1].events.of(REFUSED)


@pytest.mark.parametrize("off", [HOUR, -25 * HOUR])
def test_an_event_refused_for_its_time_alone_tells_of_its_device(bench: Bench, off: int) -> None:
    asset = bench.profile.asset["cam-00001"]
    heard = told(bench, bench.door, event(subject=asset.code, time=iso(START + off)))
    assert heard.source.tolist() == [bench.profile.source["cam-vms"].id]
    assert heard.asset.tolist() == [asset.id]
    assert heard.time.tolist() == [START + off]
    assert heard.received.tolist() == [START]


def test_an_event_refused_for_anything_else_tells_of_its_device_and_of_no_time(bench: Bench) -> None:
    heard = told(bench, bench.door, event(data={"values": {"fps": 1000}}), event(subject="cam-99999"))
    assert heard.asset.tolist() == [bench.profile.asset["cam-00001"].id, 0]
    assert heard.time.tolist() == [0, 0]


def test_a_simulated_event_was_received_when_it_says_it_was_sent(demo: Bench) -> None:
    sent = START - 30_000
    ahead = event(time=iso(sent + HOUR), sent=iso(sent))
    broken = event(data={"values": {"fps": 1000}}, time=iso(sent), sent=iso(sent))
    far = event(time=iso(START), sent=iso(START + 2 * HOUR))
    heard = told(demo, demo.door, ahead, broken, far)
    assert heard.received.tolist() == [sent, sent, START]
    assert [bool(a) for a in heard.asset.tolist()] == [True, True, False]


def test_a_device_of_another_feed_is_not_kept_alive(bench: Bench) -> None:
    heard = told(bench, bench.door, event(subject="site-0001", time=iso(START + HOUR)))
    assert heard.asset.tolist() == [0]
