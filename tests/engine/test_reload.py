"""Other rules while the engine runs: what stays goes on undisturbed, what goes ends and says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from cockpit.domain.catalog import Rule, Text
from cockpit.store import rule_sets
from tests.engine.world import RULES, World, healthy, province, rule
from tests.store import inside

Worlds = Callable[..., World]
RATE = rule(
    "fps-falls",
    "change",
    "camera",
    metric="fps",
    op="<",
    raise_at=-60.0,
    clear_at=-30.0,
    span_s=120,
    for_s=60,
)
EITHER = rule("dark", "any_of", of=("camera-silent", "fps-low"), for_s=60)
ALL = (*RULES, RATE, EITHER)


def put(world: World, rules: tuple[Rule, ...]) -> None:
    """As somebody who has read the file anew; the next tick finds them."""
    world.store.write(lambda conn: rule_sets.put(conn, rules)).result()
    world.profile = replace(world.profile, rules=rules)


def edited(rules: tuple[Rule, ...], code: str, **changes: Any) -> tuple[Rule, ...]:
    return tuple(msgspec.structs.replace(r, **changes) if r.code == code else r for r in rules)


def without(rules: tuple[Rule, ...], code: str) -> tuple[Rule, ...]:
    return tuple(r for r in rules if r.code != code)


def story(world: World) -> Callable[[int], Any]:
    """Cameras that fall silent and come back, one whose picture slows, a link that goes; seconds by tick."""
    profile, start = world.profile, world.clock.domain
    phases = [
        (60, healthy(profile)),
        (150, healthy(profile, without=["cam-3", "cam-20"])),
        (120, healthy(profile, without=["cam-3", *(f"cam-{n}" for n in range(12)), "rec-0"], fps=8.0)),
        (120, healthy(profile, without=["cam-3"], fps=11.0)),
        (240, healthy(profile)),
    ]

    def feed(t: int) -> Any:
        left = (t - start) / 1000
        for seconds, one in phases:
            if left <= seconds:
                return one(t)
            left -= seconds
        return []

    return feed


SECONDS = 690


def kept(world: World) -> Any:
    """All that lasts of alerts, and what a page shows of each."""
    return (
        inside.alerts(world.store, open_only=False),
        inside.log(world.store),
        inside.conditions(world.store),
    )


@pytest.mark.parametrize(("at", "tick_s"), [(70, 10), (120, 10), (210, 10), (290, 5), (340, 10), (470, 10)])
def test_rules_that_stay_go_on_as_if_nothing_had_been(worlds: Worlds, at: int, tick_s: int) -> None:
    usual, other = worlds(province(rules=ALL)), worlds(province(rules=ALL))
    for world in (usual, other):
        feed = story(world)
        world.run(at, tick_s, feed)
        if world is other:
            told = edited(ALL, "online-low", name=Text("khác", "other"))
            put(world, (rule("more", "asset_silent", "link"), *told))
        world.run(SECONDS - at, tick_s, feed)
    mine, his = kept(usual), kept(other)
    assert any(alert.rule == "fps-falls" for alert in mine[0])
    assert any(alert.cause is not None for alert in mine[0])
    assert [replace(a, born="") for a in his[0]] == [replace(a, born="") for a in mine[0]]
    assert his[1:] == mine[1:]


def quiet(world: World) -> Any:
    """One camera is silent: an alert of `camera-silent` opens."""
    world.run(60, 10, healthy(world.profile))
    return healthy(world.profile, without=["cam-3"])


def closing(world: World) -> dict[str, str | None]:
    return {key: a["close_reason"] for key, a in world.alerts(open_only=False).items()}


def test_the_alerts_of_a_rule_that_goes_end_and_say_why(world: World) -> None:
    feed = quiet(world)
    world.run(200, 10, feed)
    assert "camera-silent|cam-3" in world.alerts()
    put(world, without(RULES, "camera-silent"))
    world.run(60, 10, feed)
    assert closing(world) == {"camera-silent|cam-3": "rule_deleted"}
    assert inside.conditions(world.store) == {}


def test_what_was_about_to_open_under_a_rule_that_goes_is_a_near_miss(world: World) -> None:
    feed = quiet(world)
    world.run(50, 10, feed)
    assert inside.conditions(world.store)["camera-silent|cam-3"][0] == "pending"
    put(world, without(RULES, "camera-silent"))
    world.run(200, 10, feed)
    assert world.alerts(open_only=False) == {}
    assert [x.what for x in inside.log(world.store) if "camera-silent" in x.data] == ["pending", "near_miss"]


def test_an_alert_of_a_changed_rule_ends_and_what_is_still_bad_opens_under_the_new_version(
    world: World,
) -> None:
    feed = quiet(world)
    world.run(200, 10, feed)
    new = {"name": Text("mới", "new"), "owner": Text("người khác", "somebody else"), "for_s": 30}
    put(world, edited(RULES, "camera-silent", version=2, **new))
    world.run(60, 10, feed)
    old, now = [a for a in inside.alerts(world.store) if a.key == "camera-silent|cam-3"]
    assert (old.close_reason, old.rule_version, old.owner) == ("updated", 1, "owner of cams")
    assert (now.closed, now.rule_version, now.owner) == (None, 2, "người khác")
    assert old.born != now.born


def test_a_new_rule_finds_what_is_bad_already_and_waits_as_long_as_it_says(world: World) -> None:
    feed = healthy(world.profile, fps=11.0)
    world.run(60, 10, feed)
    put(
        world,
        (
            *RULES,
            rule("fps-lower", "threshold", "camera", metric="fps", op="<", raise_at=12.0, clear_at=18.0),
        ),
    )
    world.run(10, 10, feed)
    began = world.clock.domain - 10_000
    assert inside.conditions(world.store)["fps-lower|cam-3"] == ("pending", began)
    world.run(60, 10, feed)
    assert world.alerts()["fps-lower|cam-3"]["opened"] == began + 60_000


def told(world: World) -> list[Any]:
    """What became of every alert."""
    return [
        (a.key, a.rule_version, a.owner, a.born, a.opened, a.closed, a.close_reason, a.first_seen)
        for a in inside.alerts(world.store)
    ]


def state(world: World) -> Any:
    """All that lasts, after a tick at this very instant."""
    world.engine.tick()
    return told(world), inside.conditions(world.store)


def otherwise(world: World) -> None:
    """In the midst of the story: a rule is gone, one has changed, the last one is gone, too."""
    world.run(290, 10, story(world))
    put(world, edited(without(ALL, "fps-low"), "camera-silent", version=2)[:-1])


@pytest.mark.parametrize("crash", [False, True])
def test_a_restart_after_it_gives_the_same_state(worlds: Worlds, crash: bool) -> None:
    world = worlds(province(rules=ALL))
    otherwise(world)
    before = state(world)
    assert {"updated", "rule_deleted"} <= {a.close_reason for a in inside.alerts(world.store)}
    world.restart(crash=crash)
    assert state(world) == before


def test_a_crash_before_the_engine_has_seen_them_comes_to_the_same(worlds: Worlds) -> None:
    usual, other = worlds(province(rules=ALL)), worlds(province(rules=ALL))
    for world in (usual, other):
        otherwise(world)
    other.restart(crash=True)
    assert state(other) == state(usual)


def test_rules_that_nobody_here_can_read_leave_those_there_are(world: World) -> None:
    feed = quiet(world)
    world.run(200, 10, feed)
    put(world, without(RULES, "link-down"))
    inside.rename_in_kept_rules(world.store, "asset_silent", "asset_gone")
    inside.rename_in_kept_rules(world.store, '"version":1', '"version":"x"')
    world.run(60, 10, feed)
    assert closing(world) == {"camera-silent|cam-3": None}
