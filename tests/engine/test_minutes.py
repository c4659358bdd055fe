"""Feeds that are late, repeat themselves or flood, judged by whole minutes."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from cockpit.engine.columns import DOMAIN, columns_of
from cockpit.engine.feeds import Feeds
from cockpit.engine.kinds import FEEDS
from cockpit.engine.layout import slots_of
from cockpit.store.batch import Batch, Refused
from tests.engine.wide import Event, Feed, late, only, opened, play, shifted, stages, usual, wide
from tests.engine.world import T0, World

Worlds = Callable[..., World]


@pytest.fixture
def world(worlds: Worlds) -> World:
    return worlds(wide())


def repeated(feed: Feed, share: int) -> Feed:
    """Every `share`-th event of a camera is sent twice."""
    return lambda t: [
        e._replace(times=2) if e.code.startswith("cam-") and int(e.code[4:]) % share == 0 else e
        for e in feed(t)
    ]


def flooded(feed: Feed, times: int) -> Feed:
    """Cameras send `times` events instead of one, each a little older than the other."""
    return lambda t: [
        e._replace(off=-n) for e in feed(t) for n in range(times if e.code.startswith("cam-") else 1)
    ]


def test_a_feed_that_repeats_itself_is_found_and_is_good_again(world: World) -> None:
    good = usual(world.profile)
    play(world, 900, 20, stages((0, good), (310, repeated(good, 4)), (600, good)))
    alert = world.alerts(open_only=False)["source-duplicates|cams"]
    assert opened(world, "source-duplicates") == {"cams": 420}
    assert (alert["first_seen"] - T0) / 1000 == 300
    assert alert["closed"] == T0 + 690_000
    facts = json.loads(alert["facts"])
    assert (facts["events"], facts["repeats"]) == (100 + 24, 24)
    assert alert["peak"] == pytest.approx(24 / 124)


def test_few_repeats_are_no_matter(world: World) -> None:
    good = usual(world.profile)
    play(world, 600, 20, stages((0, good), (120, repeated(good, 12))))
    assert world.log() == []


def test_a_share_between_the_thresholds_neither_raises_nor_clears(world: World) -> None:
    """24 cameras: every twelfth repeated is 7 %, every fourth 19 %."""
    good = usual(world.profile)
    feed = stages((0, good), (300, repeated(good, 4)), (600, repeated(good, 12)))
    play(world, 1200, 20, feed)
    assert "source-duplicates|cams" in world.alerts()


def test_a_flood_is_found_against_what_was_promised(world: World) -> None:
    good = usual(world.profile)
    play(world, 900, 20, stages((0, good), (300, flooded(good, 8)), (600, good)))
    alert = world.alerts(open_only=False)["source-flood|cams"]
    assert opened(world, "source-flood") == {"cams": 420}
    assert 7 < alert["peak"] < 8
    assert json.loads(alert["facts"])["promised"] == 100
    assert alert["closed"] == T0 + 690_000


def test_twice_the_volume_is_no_flood(world: World) -> None:
    good = usual(world.profile)
    play(world, 600, 20, stages((0, good), (300, flooded(good, 3))))
    assert opened(world, "source-flood") == {}


def unreadable(feed: Feed, share: int = 1) -> Feed:
    """Every `share`-th camera and every recorder sends what cannot be read."""
    return lambda t: [
        e._replace(readable=False)
        if e.code.startswith("rec-") or (e.code.startswith("cam-") and int(e.code[4:]) % share == 0)
        else e
        for e in feed(t)
    ]


def test_a_feed_that_cannot_be_read_is_one_matter_and_its_devices_are_below_it(world: World) -> None:
    good = usual(world.profile)
    play(world, 1200, 20, stages((0, good), (310, unreadable(good)), (900, good)))
    alert = world.alerts(open_only=False)["source-refused|cams"]
    assert opened(world, "source-refused") == {"cams": 420}
    facts = json.loads(alert["facts"])
    assert facts["refused"] > facts["events"] / 2
    others = [a for k, a in world.alerts(open_only=False).items() if k != "source-refused|cams"]
    assert others, "silent cameras, a late and a silent feed"
    assert {a["cause"] for a in others} == {alert["id"]}
    assert alert["closed"] is not None


def test_a_feed_that_grows_thin_is_not_good_again_while_all_of_it_is_refused(world: World) -> None:
    good = usual(world.profile)
    bad = unreadable(good)
    few = only(bad, "cam-1", "link-1")  # four a minute, fewer than the rule asks for
    play(world, 1500, 20, stages((0, good), (300, bad), (600, few), (1200, only(bad, "link-1"))))
    assert world.alerts()["source-refused|cams"]["closed"] is None


def test_what_is_refused_for_its_time_alone_is_not_called_invalid(world: World) -> None:
    good = usual(world.profile)
    ahead = shifted(good, 3_600_000, *[a.code for a in world.profile.assets if a.source == "cams"])
    play(world, 900, 20, stages((0, good), (300, ahead)))
    assert opened(world, "source-refused") == {}
    batch = Batch()  # a backlog of records, all too old
    for t in range(T0 + 900_001, T0 + 1_000_000, 1000):
        batch.refused.append(Refused(0, "x", 5, "too_old", "too old", b"{}", t, 0, t - 10**10, t))
    world.store.append(batch).result()
    play(world, 300, 20, good)
    assert opened(world, "source-refused") == {}


def test_counts_that_another_version_has_kept_tell_nothing(world: World) -> None:
    minutes = [(r, FEEDS[r.kind].measure) for r in world.profile.rules if r.kind in FEEDS]
    feeds = Feeds(columns_of(world.profile), slots_of(world.profile), minutes)
    kept = feeds.save(DOMAIN)
    feeds.restore(DOMAIN, {**kept, "counts": {"3": [[1, 2, 3]] * 11}})
    assert [pair for _, measure in minutes for pair in feeds.restored(measure)] == []


def test_a_camera_that_falls_silent_in_a_feed_of_which_a_third_cannot_be_read_stands_by_itself(
    world: World,
) -> None:
    good = usual(world.profile)
    silent = usual(world.profile, ["cam-1"])
    play(world, 900, 20, stages((0, unreadable(good, 3)), (300, unreadable(silent, 3))))
    assert opened(world, "source-refused") == {}
    assert world.alerts()["camera-silent|cam-1"]["cause"] is None


def test_a_feed_that_delivers_late_is_found_and_is_good_again(world: World) -> None:
    good = usual(world.profile)
    feed = late(good, 300_000, T0 + 600_000, T0 + 1_800_000, "cams", world.profile)
    play(world, 3000, 20, feed)
    alert = world.alerts(open_only=False)["source-lag|cams"]
    assert opened(world, "source-lag") == {"cams": 900 + 180}
    facts = json.loads(alert["facts"])
    assert (facts["limit_s"], facts["lag_s"]) == (30, 300)
    # From 1,800 on what was measured then comes at once, beside what is still on its way.
    assert T0 + 1_800_000 <= alert["closed"] <= T0 + 2_400_000
    assert opened(world, "source-flood") == {}


def test_a_backlog_handed_in_after_an_outage_is_neither_flood_nor_wrong_clock(world: World) -> None:
    good = usual(world.profile)
    cams = [a.code for a in world.profile.assets if a.source == "cams"]
    away, begin, end = usual(world.profile, cams), T0 + 300_000, T0 + 2_400_000

    def backlog(t: int) -> list[Event]:
        held = [e for s in range(begin, end, 1000) for e in good(s) if e.code in cams]
        return [*good(t), *(e._replace(at=t, off=e.at - t) for e in held)]

    feed = stages((0, good), (300, away), (2400, lambda t: backlog(t) if t == end + 1000 else good(t)))
    play(world, 3000, 60, feed)
    assert opened(world, "source-silent") == {"cams": 390}
    for rule in ("source-flood", "clock-skew", "source-duplicates", "source-lag"):
        assert opened(world, rule) == {}


def test_a_feed_that_falls_silent_while_late_stays_late_until_something_is_known(world: World) -> None:
    good = usual(world.profile)
    feed = late(good, 300_000, T0 + 300_000, T0 + 1_200_000, "cams", world.profile)
    away = usual(world.profile, [a.code for a in world.profile.assets if a.source == "cams"])
    play(world, 1800, 20, stages((0, feed), (1000, away)))
    alerts = world.alerts()
    assert "source-silent|cams" in alerts
    assert alerts["source-lag|cams"]["cause"] is None  # it was late long before it fell silent
