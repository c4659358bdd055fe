"""A power area that is out, inferred from the sites and the link it supplies."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.engine.wide import Event, Feed, opened, play, rules_open, stages, usual, wide
from tests.engine.world import T0, World

Worlds = Callable[..., World]
SITES = [f"site-1-{n}" for n in range(10)]
BEHIND = ["link-1", "rec-0", *(f"cam-{n}" for n in range(12))]


@pytest.fixture
def world(worlds: Worlds) -> World:
    return worlds(wide())


def without_mains(feed: Feed, *sites: str) -> Feed:
    """Sites on their batteries."""
    return lambda t: [e._replace(values={"power": 0.0}) if e.code in sites else e for e in feed(t)]


def outage(world: World, *, sites: list[str] = SITES, gone: tuple[str, ...] = ()) -> Feed:
    """The feeder is out: what has no battery is gone, sites say that they have no mains."""
    return without_mains(usual(world.profile, [*BEHIND, *gone]), *sites)


def test_an_outage_of_the_feeder_is_one_matter_with_everything_below_it(world: World) -> None:
    play(world, 1200, 20, stages((0, usual(world.profile)), (360, outage(world))))
    alerts = world.alerts()
    feeder = alerts["feeder-out|feeder-1"]
    assert 360 < opened(world, "feeder-out")["feeder-1"] <= 360 + 60 + 2 * 300 + 5
    assert rules_open(world) == {"feeder-out"}
    below = {a["key"] for a in alerts.values() if a["cause"] == feeder["id"]}
    assert {f"camera-silent|cam-{n}" for n in range(12)} | {
        "link-silent|link-1",
        "recorder-silent|rec-0",
    } <= below
    assert {f"site-power|{code}" for code in SITES} <= below
    facts = json.loads(feeder["facts"])
    assert (facts["known"], facts["bad"], facts["dark"], facts["silent"]) == (11, 11, 10, 1)
    assert (feeder["priority"], feeder["asset"], feeder["unit"]) == ("medium", "feeder-1", "u1")
    assert "feeder-out|feeder-2" not in alerts


def test_it_holds_while_batteries_run_out_and_closes_when_most_have_power(world: World) -> None:
    flat, good = tuple(SITES[:7]), usual(world.profile)
    feed = stages((0, good), (360, outage(world)), (1200, outage(world, gone=flat)), (2400, good))
    play(world, 2400, 30, feed)
    assert rules_open(world) == {"feeder-out"}
    play(world, 900, 30, feed)
    alert = world.alerts(open_only=False)["feeder-out|feeder-1"]
    assert alert["close_reason"] == "cleared"
    assert T0 + (2400 + 120) * 1000 < alert["closed"] <= T0 + (2400 + 300 + 120) * 1000
    assert [a for a in world.alerts().values() if a["cause"] is None] == []


def test_between_the_thresholds_it_neither_raises_nor_clears(world: World) -> None:
    half = outage(world, sites=SITES[:4])
    play(world, 1200, 30, stages((0, usual(world.profile)), (360, half)))
    assert opened(world, "feeder-out") == {}
    play(world, 1800, 30, stages((0, outage(world)), (2000, half)))
    assert "feeder-out|feeder-1" in world.alerts()


def test_sites_that_lose_their_way_but_not_their_mains_are_no_outage_of_power(world: World) -> None:
    away = usual(world.profile, SITES)
    play(world, 1500, 30, stages((0, usual(world.profile)), (360, away)))
    assert opened(world, "feeder-out") == {}
    assert rules_open(world) == {"site-silent"}


def test_a_silent_feed_is_no_outage_of_power(world: World) -> None:
    away = usual(world.profile, [a.code for a in world.profile.assets if a.source in ("ran", "net")])
    play(world, 3000, 60, stages((0, usual(world.profile)), (360, away)))
    assert opened(world, "feeder-out") == {}
    assert rules_open(world) == {"source-silent"}


def test_a_link_that_seems_silent_because_its_feed_is_says_nothing_of_power(worlds: Worlds) -> None:
    """One site without mains and the link of an area: both of two, but all links are silent."""
    world = worlds(wide(sites=1))
    away = usual(world.profile, [a.code for a in world.profile.assets if a.source == "net"])
    play(world, 1500, 30, stages((0, usual(world.profile)), (360, without_mains(away, "site-1-0"))))
    assert opened(world, "feeder-out") == {}
    assert rules_open(world) == {"site-power", "source-silent"}


def test_a_feeder_with_one_thing_below_it_is_never_judged(worlds: Worlds) -> None:
    world = worlds(wide(sites=0))
    play(world, 900, 30, stages((0, usual(world.profile)), (120, usual(world.profile, BEHIND))))
    assert opened(world, "feeder-out") == {}
    assert rules_open(world) == {"link-silent"}


def test_a_site_of_its_own_trouble_is_no_outage(world: World) -> None:
    def feed(t: int) -> list[Event]:
        return without_mains(usual(world.profile), "site-1-3", "site-2-4")(t)

    play(world, 1200, 30, stages((0, usual(world.profile)), (360, feed)))
    assert rules_open(world) == {"site-power"}
