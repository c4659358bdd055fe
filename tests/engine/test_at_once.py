"""Many of a class bad at once: one alert of the surge, the single ones below it, a known cause before it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from cockpit.commands import Actor, Command, Instant, execute
from cockpit.commands.rules import RuleOff
from cockpit.domain.alerting import Level, read_back
from cockpit.domain.alerting.at_once import Count, level_of_many
from cockpit.domain.alerting.subjects import Subject
from cockpit.domain.catalog import Rule
from cockpit.engine import why
from cockpit.engine.layout import checked
from cockpit.profiles import Profile, ProfileError, load
from tests.engine.wide import Event, Feed, opened, play, stages, usual, wide
from tests.engine.world import T0, World, rule

Worlds = Callable[..., World]
SURGE: dict[str, Any] = {
    "op": ">", "raise_at": 0.3, "clear_at": 0.15, "least": 3, "span_s": 300, "for_s": 30, "keep_s": 30,
    "priority": "critical",
}  # fmt: skip
CAMERAS = rule("cameras-at-once", "many_at_once", of=("camera-silent",), **SURGE)
SITES = rule("sites-at-once", "many_at_once", of=("site-silent",), **(SURGE | {"span_s": 1200}))
FEEDS = rule("feeds-at-once", "many_at_once", of=("source-silent",), **(SURGE | {"for_s": 0}))
KEY = "cameras-at-once|cams"
FOUR = [f"cam-{n}" for n in (0, 1, 2, 3, 4, 12, 13, 14, 15, 16)]
"""Ten of twenty-four: two in five of either recorder's."""


def province_of(*more: Rule, sites: int = 10) -> Profile:
    base = wide(sites)
    return replace(base, rules=(*base.rules, CAMERAS, SITES, FEEDS, *more))


@pytest.fixture
def world(worlds: Worlds) -> World:
    made = worlds(province_of())
    made.engine.tick()
    return made


def lost(world: World, *parts: tuple[int, Iterable[str]]) -> Feed:
    """Everything sends but those named, from so many seconds on."""
    return stages(*((at, usual(world.profile, codes)) for at, codes in parts))


def surges(world: World) -> dict[str, Any]:
    found = world.alerts(open_only=False)
    return {key: alert for key, alert in found.items() if "-at-once|" in key}


@pytest.mark.parametrize(
    ("bad", "known", "level"),
    [
        (0, 0, Level.GONE), (2, 5, Level.BAND), (3, 10, Level.BAND), (4, 10, Level.RAISE),
        (3, 20, Level.CLEAR), (4, 20, Level.BAND), (7, 20, Level.RAISE),
    ],
)  # fmt: skip
def test_a_surge_needs_the_share_and_the_number(bad: int, known: int, level: Level) -> None:
    assert level_of_many(CAMERAS, Count(known, bad, 0)) == level


def test_a_tenth_is_no_surge(world: World) -> None:
    play(world, 600, 10, lost(world, (0, ()), (120, FOUR[:2])))
    assert surges(world) == {}
    assert set(world.alerts()) == {"camera-silent|cam-0", "camera-silent|cam-1"}
    assert not any(line[2] == "pending" and "at-once" in line[4] for line in world.log())


@pytest.mark.parametrize("tick_s", [1, 60])
def test_two_in_five_are_one_alert_and_none_is_lost_and_it_ends_with_them(world: World, tick_s: int) -> None:
    play(world, 600, tick_s, lost(world, (0, ()), (120, FOUR)))
    alerts = world.alerts()
    assert set(alerts) == {KEY, *(f"camera-silent|{code}" for code in FOUR)}
    surge = alerts[KEY]
    assert (surge["cause"], surge["folded"], surge["subject"]) == (None, 10, "cams")
    assert all(a["cause"] == surge["id"] for key, a in alerts.items() if key != KEY)
    facts = json.loads(surge["facts"])
    assert (facts["bad"], facts["known"], round(facts["value"], 3)) == (10, 24, 0.417)
    first = min(a["opened"] for key, a in alerts.items() if key != KEY)
    assert T0 + 120_000 < surge["opened"] <= first, "nobody is called for a single one"
    play(world, 300, tick_s, lost(world, (0, ())))
    assert world.alerts() == {}
    closed = surges(world)[KEY]
    assert closed["close_reason"] == "cleared"


def test_what_is_left_of_it_stands_for_itself_when_it_has_ended(world: World) -> None:
    play(world, 900, 10, lost(world, (0, ()), (120, FOUR), (400, FOUR[:4]), (600, FOUR[:3])))
    assert KEY not in world.alerts(), "three of twenty-four are less than the share at which it ends"
    assert {key: a["cause"] for key, a in world.alerts().items()} == {
        f"camera-silent|{code}": None for code in FOUR[:3]
    }
    closed = surges(world)[KEY]["closed"]
    assert closed > T0 + 600_000, "with four it went on"
    unfolded = [line[0] for line in world.log() if line[2] == "unfolded"]
    assert len(unfolded) == 3
    assert all(t >= closed + 60_000 for t in unfolded)


def test_what_has_long_been_bad_makes_no_surge_and_is_not_of_one(world: World) -> None:
    old = FOUR[:7]
    play(world, 60, 30, usual(world.profile))
    for n in range(len(old)):  # one every six minutes: never more than two within the span
        play(world, 360, 30, lost(world, (0, old[: n + 1])))
    play(world, 600, 30, lost(world, (0, FOUR[:9])))
    assert surges(world) == {}, "nine of twenty-four are bad, two of them new"
    more = [*FOUR, *(f"cam-{n}" for n in (17, 18, 19, 20, 21, 22, 23))]
    play(world, 300, 10, lost(world, (0, more)))
    alerts = world.alerts()
    assert KEY in alerts
    assert {key for key, a in alerts.items() if a["cause"] == alerts[KEY]["id"]} == {
        f"camera-silent|{code}" for code in more[9:]
    }
    play(world, 300, 10, lost(world, (0, old)))
    assert set(world.alerts()) == {f"camera-silent|{code}" for code in old}, "the old ones keep it not open"


def test_a_power_feeder_that_is_out_goes_before_a_surge_of_its_sites(world: World) -> None:
    sites = {a.code for a in world.profile.assets if a.code.startswith("site-1-")}
    good = usual(world.profile)

    def dark(t: int) -> list[Event]:
        return [e._replace(values={"power": 0.0}) if e.code in sites else e for e in good(t)]

    gone = usual(world.profile, sites)
    play(world, 2400, 10, stages((0, good), (400, dark), (1000, gone)))
    alerts = world.alerts()
    feeder = alerts["feeder-out|feeder-1"]
    silent = {key: a["cause"] for key, a in alerts.items() if a["rule"] == "site-silent"}
    assert len(silent) == 10, "half of all sites"
    assert set(silent.values()) == {feeder["id"]}
    assert "sites-at-once|ran" not in surges(world)


def test_a_recorder_and_a_whole_feed_go_before_a_surge_of_cameras(worlds: Worlds) -> None:
    behind = [f"cam-{n}" for n in range(12)]
    world = worlds(province_of())
    world.engine.tick()
    play(world, 600, 10, lost(world, (0, ()), (120, ["rec-0", *behind])))
    assert surges(world) == {}
    assert world.alerts()["recorder-silent|rec-0"]["folded"] == 12
    other = worlds(province_of())
    other.engine.tick()
    cams = [a.code for a in other.profile.assets if a.source == "cams"]
    play(other, 600, 10, lost(other, (0, ()), (120, cams)))
    assert surges(other) == {}
    assert other.alerts()["source-silent|cams"]["folded"] > 20


def test_what_came_after_a_surge_is_not_its_cause_and_takes_what_is_its_own(world: World) -> None:
    behind = [f"cam-{n}" for n in range(12)]
    play(world, 900, 10, lost(world, (0, ()), (120, behind), (300, ["rec-0", *behind])))
    alerts = world.alerts()
    assert alerts[KEY]["folded"] == 12, "their recorder was heard long after they had gone"
    assert alerts["recorder-silent|rec-0"]["folded"] == 0
    rest = ["rec-0", "rec-1", *(f"cam-{n}" for n in range(24))]
    play(world, 600, 10, lost(world, (0, rest)))
    alerts = world.alerts()
    feed = alerts["source-silent|cams"]["id"]
    assert alerts[KEY]["folded"] == 12
    assert {alerts[f"camera-silent|cam-{n}"]["cause"] for n in range(12, 24)} == {feed}


@pytest.mark.parametrize("crash", [False, True])
def test_restarts_in_the_middle_change_nothing(worlds: Worlds, crash: bool) -> None:
    """While it is about to open, open, being folded under, ending, and while what is left is held."""
    logs = []
    for stops in ((1100,), (165, 25, 10, 20, 30, 260, 60, 30, 20, 40, 440)):
        world = worlds(province_of())
        world.engine.tick()
        feed = lost(world, (0, ()), (120, FOUR), (560, FOUR[:2]))
        for n, seconds in enumerate(stops):
            if n:
                world.restart(crash=crash)
                world.engine.tick()
            play(world, seconds, 5, feed)
        logs.append([line for line in world.log() if line[2] != "clock_jump"])
        assert sum(line[2] == "unfolded" for line in logs[-1]) == 2
    assert logs[0] == logs[1]
    state = read_back((t, alert, what, actor, json.loads(data)) for t, alert, what, actor, data in logs[0])
    assert set(state.open) == {"camera-silent|cam-0", "camera-silent|cam-1"}


def test_many_sources_silent_at_once_are_one_matter_of_the_cockpits_own(worlds: Worlds) -> None:
    world = worlds(province_of(msgspec.structs.replace(FEEDS, code="few-at-once", least=3, span_s=86_400)))
    world.engine.tick()
    play(world, 300, 10, usual(world.profile))
    play(world, 3600, 30, usual(world.profile, [a.code for a in world.profile.assets]))
    alerts = world.alerts()
    surge = alerts["few-at-once|cockpit"]
    assert surge["cause"] is None
    silent = {a["subject"] for a in alerts.values() if a["rule"] == "source-silent"}
    assert silent >= {"cams", "net", "ran"}
    assert {a["cause"] for a in alerts.values() if a["rule"] == "source-silent"} == {surge["id"]}


def test_why_says_how_many_of_how_many(world: World) -> None:
    play(world, 300, 10, lost(world, (0, ()), (120, FOUR[:5])))
    told = why.evaluate(world.store, world.profile, CAMERAS, Subject("source", "cams"))
    assert told is not None
    assert (told.level, told.facts["bad"], told.facts["known"]) == (Level.BAND, 5, 24)


def test_a_surge_whose_rule_is_off_folds_nothing(worlds: Worlds) -> None:
    world = worlds(province_of())
    world.engine.tick()
    play(world, 600, 10, lost(world, (0, ()), (120, FOUR)))
    assert opened(world, "cameras-at-once")
    off(world, "cameras-at-once")
    play(world, 10, 10, lost(world, (0, FOUR)))
    alerts = world.alerts()
    assert alerts[KEY]["muted"] == "rule_off"
    assert {a["cause"] for key, a in alerts.items() if key != KEY} == {None}


def off(world: World, code: str) -> None:
    class Here:
        is_demo, writable, demo, forward = False, True, None, None
        store, profile, clock = world.store, world.profile, world.clock

    until = Instant(world.clock.domain + 3_600_000)
    order = Command(Actor("Nam", "admin"), RuleOff(rule=code, until=until), "đang thử")
    assert execute(Here(), order).ok


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"of": ()}, "key of: found [], expected the codes of one or more other rules"),
        ({"of": ("nothing",)}, "key of: found 'nothing', expected codes of rules.toml"),
        ({"of": ("gap-late",)}, "expected rules about devices of a source, or about sources"),
        ({"least": 1}, "key least: found 1, expected 3 or more"),
        ({"span_s": 5}, "key span_s: found 5, expected 60 to 86400 seconds"),
        ({"raise_at": 30.0}, "key raise_at: found 30.0, expected a share"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_its_place(change: dict[str, Any], words: str) -> None:
    base = load("quang_ninh", size="district")
    rules = tuple(
        msgspec.structs.replace(r, **change) if r.code == "cameras-at-once" else r for r in base.rules
    )
    with pytest.raises(ProfileError) as told:
        checked(replace(base, rules=rules))
    assert any(words in sentence for sentence in told.value.problems)
