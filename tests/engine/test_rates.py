"""Rules about change: against the value a span earlier, an hour's worth."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

from cockpit.domain.alerting import Level
from cockpit.domain.catalog import Rule
from cockpit.engine.columns import columns_of
from cockpit.engine.kinds.change import Rates
from cockpit.engine.layout import checked, slots_of
from cockpit.profiles import Profile, ProfileError, load
from tests.engine.world import T0, World, healthy, province, rule

Worlds = Callable[..., World]
FILLS = rule(
    "fills", "change", "recorder", metric="disk", op="<", raise_at=-60.0, clear_at=-30.0, for_s=60, span_s=300
)
SILENT = rule("recorder-silent", "asset_silent", "recorder")
KEY = "fills|rec-0"


def disk(world: World, begun: int, per_minute: float, until: float = 600.0) -> Any:
    """The disk of a recorder sinks by so many per cent a minute from `begun` on (ms), for so many seconds."""
    good = healthy(world.profile)

    def feed(t: int) -> list[tuple[int, str, dict[str, float]]]:
        sunk = per_minute * min(max(t - begun, 0) / 60_000, until / 60)
        return [
            (at, code, {"disk": round(90.0 - sunk, 1)} if code == "rec-0" else values)
            for at, code, values in good(t)
        ]

    return feed


@pytest.fixture
def world(worlds: Worlds) -> World:
    return worlds(province(rules=(FILLS, SILENT)))


@pytest.mark.parametrize("tick_s", [10, 60])
def test_what_sinks_too_fast_is_told_and_is_over_when_it_stands_still(world: World, tick_s: int) -> None:
    feed = disk(world, T0 + 600_000, per_minute=2.0)
    world.run(600, tick_s, feed)
    world.run(180, tick_s, feed)
    assert world.alerts() == {}, "6 per cent in 5 minutes are 36 in 30, not yet 60 an hour"
    world.run(300, tick_s, feed)
    alert = world.alerts()[KEY]
    facts = json.loads(alert["facts"])
    assert (facts["metric"], facts["span_s"]) == ("disk", 300)
    assert facts["value"] < -60
    assert alert["value"] == alert["peak"] == -120
    # 5 per cent are gone after 150 s; the first event that says so comes within a rhythm, then `for` runs.
    assert 0 < alert["opened"] - (T0 + 600_000 + 150_000 + 60_000) <= 30_000
    world.run(900, tick_s, feed)
    assert world.alerts() == {}


def test_after_a_pause_longer_than_the_span_nothing_is_known_and_a_leap_is_none(world: World) -> None:
    feed = disk(world, T0 + 660_000, per_minute=10.0, until=300)
    world.run(600, 20, feed)
    away = healthy(world.profile, without=["rec-0"])
    world.run(600, 20, away)
    world.run(240, 20, feed)
    assert KEY not in world.alerts(open_only=False)


@pytest.mark.parametrize("crash", [False, True])
def test_the_past_is_there_after_a_restart(world: World, crash: bool) -> None:
    feed = disk(world, T0 + 600_000, per_minute=2.0)
    world.run(780, 20, feed)
    world.restart(crash=crash)
    world.engine.tick()
    world.run(120, 20, feed)
    other = world.alerts()[KEY]
    assert T0 + 810_000 < other["opened"] <= T0 + 840_000
    world.restart(crash=crash)
    world.run(60, 20, feed)
    assert world.alerts()[KEY]["id"] == other["id"]


def one() -> tuple[Rates, Callable[..., list[int]]]:
    profile = province(rules=(FILLS,))
    columns = columns_of(profile)
    rates = Rates(columns, [FILLS], slots_of(profile).by_key)
    series = columns.series_at(np.array([profile.asset["rec-0"].id * 256 + 2]))

    def step(time_s: int, value: float) -> list[int]:
        t = np.array([time_s * 1000])
        return [s.level for s in rates.step(series, t, t, np.array([round(value * 10)]), {})]

    return rates, step


def test_the_earlier_value_is_the_last_at_or_before_the_span_and_at_most_two_rhythms_older() -> None:
    _, step = one()
    assert step(0, 90.0) == []
    assert step(299, 80.0) == []  # nothing five minutes earlier
    assert step(300, 80.0) == [Level.RAISE]  # 10 in 5 minutes
    assert step(599, 79.0) == [Level.CLEAR]  # against 299
    assert step(959, 10.0) == [Level.RAISE]  # against 599, 360 s: the span and two rhythms of 30 s
    assert step(1320, 0.0) == [Level.GONE]  # 959 is a second too old


def test_a_late_value_takes_its_place_in_the_past_and_rewrites_nothing() -> None:
    rates, step = one()
    step(0, 90.0)
    assert step(310, 89.0) == [Level.CLEAR]
    assert step(5, 20.0) == []
    assert step(315, 89.0) == []
    assert rates.level[0] == Level.CLEAR
    assert (rates.value[0] or 0) > 0, "against the late value at 5 s, from which on it has risen"


@pytest.mark.parametrize(("span_s", "found"), [(0, "found 0"), (59, "found 59"), (86_401, "found 86401")])
def test_a_span_that_makes_no_sense_is_refused_with_its_place(span_s: int, found: str) -> None:
    profile = load("quang_ninh", size="district")
    rules = tuple(_with(r, span_s) if r.code == "site-heating" else r for r in profile.rules)
    with pytest.raises(ProfileError, match=f"site-heating key span_s: {found}, expected 60 to 86400 seconds"):
        checked(replace(profile, rules=rules))


def _with(of: Rule, span_s: int) -> Rule:
    return msgspec.structs.replace(of, span_s=span_s)


@pytest.mark.parametrize(
    ("rhythm_s", "words"),
    [
        (
            6 * 3600 + 1,
            "key span_s: found 86400, expected at most 86398 seconds: a site sends every 21601 s",
        ),
        (
            18 * 3600,
            "key asset_kind: found 'site', expected a kind that sends more often: a site sends",
        ),
    ],
)
def test_a_rule_whose_past_would_be_gone_after_a_restart_is_refused(rhythm_s: int, words: str) -> None:
    profile = load("quang_ninh", size="district")
    rules = tuple(_with(r, 86_400) if r.code == "site-heating" else r for r in profile.rules)

    def every(seconds: int) -> Profile:
        assets = [
            msgspec.structs.replace(a, rhythm_s=seconds) if a.kind == "site" else a for a in profile.assets
        ]
        return replace(profile, rules=rules, assets=tuple(assets))

    checked(every(6 * 3600))  # a day and two of these are just kept
    with pytest.raises(ProfileError) as told:
        checked(every(rhythm_s))
    assert told.value.problems[0].startswith(f"rules.toml [[rule]] site-heating {words}")


LONG = msgspec.structs.replace(FILLS, code="sinks", span_s=3600, raise_at=-40.0, clear_at=-20.0)


@pytest.mark.parametrize("crash", [False, True])
def test_a_device_that_was_silent_at_a_restart_is_judged_anew_and_no_figure_is_made_up(
    worlds: Worlds, crash: bool
) -> None:
    world = worlds(province(rules=(FILLS, LONG, SILENT)))
    feed = disk(world, T0 + 600_000, per_minute=2.0, until=3000)
    world.run(900, 20, feed)
    before = world.alerts()[KEY]
    assert before["peak"] < -60
    world.run(120, 20, lambda t: [row for row in feed(t) if row[1] != "rec-0"])
    world.restart(crash=crash)
    world.engine.tick()
    world.run(20, 20, lambda t: [row for row in feed(t) if row[1] != "rec-0"])
    after = world.alerts()[KEY]
    assert (after["id"], after["peak"]) == (before["id"], before["peak"])
    assert after["value"] not in (0, None)
    world.run(600, 20, feed)
    assert world.alerts()[KEY]["id"] == before["id"]
    world.run(3600, 60, disk(world, T0 + 600_000, per_minute=0.0))
    assert KEY not in world.alerts(), "it is over, and closes"


def test_the_worst_is_so_in_the_sense_of_the_rule(world: World) -> None:
    feed = disk(world, T0 + 600_000, per_minute=2.0, until=300)
    back = disk(world, T0 + 900_000, per_minute=-9.0, until=60)
    world.run(960, 20, feed)
    peak = world.alerts()[KEY]["peak"]
    assert -125 < peak < -100
    world.run(
        40, 20, lambda t: [(at, c, {"disk": v["disk"] - 10} if c == "rec-0" else v) for at, c, v in back(t)]
    )
    assert world.alerts(open_only=False)[KEY]["peak"] == peak


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"raise_at": -12.0, "clear_at": -13.0}, "key raise_at: found -12.0, expected more than 0"),
        (
            {"metric": "power_ok", "raise_at": 2.0, "clear_at": 1.0},
            "expected one that is more than yes or no",
        ),
    ],
)
def test_thresholds_and_metrics_that_make_no_sense_are_refused(change: dict[str, Any], words: str) -> None:
    profile = load("quang_ninh", size="district")
    rules = tuple(
        msgspec.structs.replace(r, **change) if r.code == "site-heating" else r for r in profile.rules
    )
    with pytest.raises(ProfileError) as told:
        checked(replace(profile, rules=rules))
    assert any(words in sentence for sentence in told.value.problems)
