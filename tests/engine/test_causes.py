"""Folding symptoms under their cause, and letting them stand for themselves again."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import numpy as np
import pytest

from cockpit.engine.columns import columns_of
from cockpit.engine.layout import slots_of
from cockpit.engine.thresholds import Thresholds
from tests.engine.wide import Feed, play, shifted, stages, usual, wide
from tests.engine.world import World, healthy
from tests.store import inside

Worlds = Callable[..., World]
BEHIND_2 = [f"cam-{n}" for n in range(12, 24)] + ["rec-1"]


def broken_link(world: World) -> None:
    world.run(120, 20, healthy(world.profile))
    good = healthy(world.profile, without=[*BEHIND_2, "link-2"])

    def feed(t: int) -> list[tuple[int, str, dict[str, float]]]:
        down = (t, "link-2", {"up": 0.0})
        return [*good(t), down] if t % 60_000 == 0 else list(good(t))

    world.run(260, 20, feed)


def test_symptoms_are_folded_under_the_topmost_cause(world: World) -> None:
    broken_link(world)
    alerts = world.alerts()
    link = alerts["link-down|link-2"]
    below = {k for k, a in alerts.items() if a["cause"] == link["id"]}
    assert below == {f"camera-silent|cam-{n}" for n in range(12, 24)} | {"recorder-silent|rec-1"}
    assert link["folded"] == 13
    assert link["cause"] is None
    assert alerts["recorder-silent|rec-1"]["folded"] == 0


def test_when_the_cause_closes_what_is_still_bad_stands_for_itself(world: World) -> None:
    broken_link(world)
    # Everything comes back but the recorder's first camera.
    world.run(400, 20, healthy(world.profile, without=["cam-12"]))
    alerts = world.alerts()
    assert set(alerts) == {"camera-silent|cam-12"}
    assert alerts["camera-silent|cam-12"]["cause"] is None
    log = [line for line in world.log() if line[1] == alerts["camera-silent|cam-12"]["id"]]
    assert [line[2] for line in log][-1] == "unfolded"
    assert [line[2] for line in log].count("unfolded") == 1
    causes = [
        world.alerts(open_only=False)[k]["closed"] for k in ("link-down|link-2", "recorder-silent|rec-1")
    ]
    assert log[-1][0] == max(causes) + 60_000


def test_what_comes_back_with_its_cause_never_stands_alone(world: World) -> None:
    broken_link(world)
    world.run(400, 20, healthy(world.profile))
    assert world.alerts() == {}
    assert "unfolded" not in {line[2] for line in world.log()}


def test_a_threshold_says_nothing_while_its_asset_is_silent(world: World) -> None:
    world.run(60, 20, healthy(world.profile))
    world.run(240, 20, healthy(world.profile, fps=9.0))
    assert len([k for k in world.alerts() if k.startswith("fps-low")]) == 24
    world.run(240, 20, healthy(world.profile, without=["cam-5"]))
    alerts = world.alerts()
    assert set(alerts) == {"fps-low|cam-5", "camera-silent|cam-5"}
    assert alerts["fps-low|cam-5"]["cause"] is None  # it was slow long before it fell silent
    assert alerts["fps-low|cam-5"]["value"] == 9.0


def test_a_pending_threshold_is_dropped_when_data_end(world: World) -> None:
    world.run(60, 20, healthy(world.profile))
    slow = healthy(world.profile, without=["cam-5"])

    def feed(t: int) -> list[tuple[int, str, dict[str, float]]]:
        return [*slow(t), (t, "cam-5", {"fps": 9.0})] if t % 15_000 == 0 else list(slow(t))

    world.run(60, 20, feed)
    world.run(240, 20, slow)
    assert set(world.alerts()) == {"camera-silent|cam-5"}


def test_a_late_measurement_is_history_and_raises_nothing(world: World) -> None:
    profile = world.profile
    columns = columns_of(profile)
    rules = [r for r in profile.rules if r.kind == "threshold"]
    watched = Thresholds(columns, rules, slots_of(profile).by_key)
    series = columns.series_at(np.array([profile.asset["cam-5"].id * 256 + 1]))

    def step(time: int, received: int, fps: float) -> list[int]:
        value = np.array([round(fps * 10)])
        return [c.level for c in watched.step(series, np.array([time]), np.array([received]), value, {})]

    assert step(100_000, 100_000, 25.0) == [0]
    assert step(50_000, 101_000, 1.0) == []
    assert step(102_000, 102_000, 1.0) == [2]


def test_what_began_long_before_is_no_effect_and_what_follows_is(world: World) -> None:
    """A camera has been silent for a quarter of an hour when its link fails."""
    profile = world.profile
    world.run(120, 20, healthy(profile))
    world.run(900, 20, healthy(profile, without=["cam-12"]))
    good = healthy(profile, without=[*BEHIND_2, "link-2"])

    def feed(t: int) -> list[tuple[int, str, dict[str, float]]]:
        return [*good(t), (t, "link-2", {"up": 0.0})] if t % 60_000 == 0 else list(good(t))

    world.run(300, 20, feed)
    alerts = world.alerts()
    link = alerts["link-down|link-2"]
    assert alerts["camera-silent|cam-12"]["cause"] is None
    assert alerts["recorder-silent|rec-1"]["cause"] == link["id"]
    assert alerts["camera-silent|cam-13"]["cause"] == link["id"]
    assert link["folded"] == 12


@pytest.mark.parametrize("seed", range(4))
def test_no_effect_begins_before_its_cause(worlds: Worlds, seed: int) -> None:
    """Random histories: devices, links, feeders and feeds fail and come back, clocks go wrong."""
    world = worlds(wide())
    profile, draw = world.profile, random.Random(seed)
    feed = usual(profile)
    parts = [(0, feed)]
    for _ in range(9):
        begin = parts[-1][0] + draw.randrange(60, 330)
        what = draw.choice(("cam", "rec", "link", "cams", "feeder", "clock", "slow", "well"))
        n = draw.randrange(2)
        below = [f"cam-{i}" for i in range(12 * n, 12 * n + 12)] + [f"rec-{n}"]
        if what == "well":
            feed = usual(profile)
        elif what == "slow":
            feed = usual(profile, fps=5.0)
        elif what == "clock":
            feed = shifted(feed, 3_600_000, f"rec-{n}", *below[:4])
        elif what == "feeder":
            dark = {f"site-{n + 1}-{i}" for i in range(10)}
            feed = _without_power(feed, dark)
        else:
            gone = {
                "cam": draw.sample(below[:12], 4), "rec": below, "link": [*below, f"link-{n + 1}"],
                "cams": [a.code for a in profile.assets if a.source == "cams"],
            }[what]  # fmt: skip
            feed = _without(feed, set(gone))
        parts.append((begin, feed))
    play(world, parts[-1][0] + 600, 60, stages(*parts))
    begun = {a.id: (a.first_seen, a.asset, a.source) for a in inside.alerts(world.store)}
    folded = [(line[1], json.loads(line[4])["cause"]) for line in world.log() if line[2] == "folded"]
    assert folded
    for effect, cause in folded:
        assert effect is not None
        at, asset, source = begun[effect]
        rhythm = profile.asset[asset].rhythm_s if asset else profile.source[source].rhythm_s
        assert begun[cause][0] <= at + rhythm * 1000, (effect, cause)


def _without(feed: Feed, gone: set[str]) -> Feed:
    return lambda t: [e for e in feed(t) if e.code not in gone]


def _without_power(feed: Feed, dark: set[str]) -> Feed:
    return lambda t: [e._replace(values={"power": 0.0}) if e.code in dark else e for e in feed(t)]
