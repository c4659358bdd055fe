"""Rules that combine the conditions of other rules on the same subject."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from cockpit.domain.alerting import Level
from cockpit.domain.catalog import Metric, Rule
from cockpit.domain.numbers import MetricId
from cockpit.engine.kinds import KINDS
from cockpit.engine.kinds.combination import Combination
from cockpit.engine.layout import checked
from cockpit.profiles import Profile, ProfileError, load
from cockpit.store import alerting
from cockpit.store.rows import Off
from tests.engine.world import METRICS, World, healthy, province, rule, text

Worlds = Callable[..., World]
GONE, CLEAR, BAND, RAISE = Level.GONE, Level.CLEAR, Level.BAND, Level.RAISE

SLOW = rule("slow", "threshold", "camera", metric="fps", op="<", raise_at=12.0, clear_at=18.0, for_s=600)
LOSS = rule("loss", "threshold", "camera", metric="loss", op=">", raise_at=5.0, clear_at=2.0, for_s=30)
SILENT = rule("camera-silent", "asset_silent", "camera")
BOTH = rule("both", "all_of", of=("slow", "loss"), for_s=60)
EITHER = rule("either", "any_of", of=("slow", "loss"), for_s=60)


def of(*rules: Rule) -> Profile:
    loss = Metric(MetricId(6), "loss", text("loss"), "%", 10, 0, 100, ("camera",))
    return province(rules=rules, metrics=(*METRICS, loss))


@pytest.fixture
def make(worlds: Worlds) -> Callable[..., World]:
    return lambda *rules: worlds(of(*rules))


def cameras(world: World, **bad: dict[str, float]) -> Any:
    """All is well but the values named for one camera."""
    good = healthy(world.profile)

    def feed(t: int) -> list[tuple[int, str, dict[str, float]]]:
        rows = [
            (at, code, values | {"loss": 0.0} if "fps" in values else values) for at, code, values in good(t)
        ]
        return [(at, code, values | bad.get(code.replace("-", "_"), {})) for at, code, values in rows]

    return feed


@pytest.mark.parametrize(
    ("kind", "levels", "level"),
    [
        ("all_of", (RAISE, RAISE), RAISE),
        ("all_of", (RAISE, BAND), BAND),
        ("all_of", (RAISE, CLEAR), CLEAR),
        ("all_of", (GONE, RAISE), GONE),
        ("all_of", (GONE, CLEAR), CLEAR),
        ("any_of", (CLEAR, CLEAR), CLEAR),
        ("any_of", (CLEAR, BAND), BAND),
        ("any_of", (CLEAR, RAISE), RAISE),
        ("any_of", (GONE, CLEAR), GONE),
        ("any_of", (GONE, RAISE), RAISE),
    ],
)
def test_no_data_in_a_part_is_no_data_unless_the_others_decide(
    kind: str, levels: tuple[Level, ...], level: Level
) -> None:
    combination = KINDS[kind]
    assert isinstance(combination, Combination)
    assert combination.combine(levels) == level
    assert combination.combine(levels[::-1]) == level


def test_all_of_opens_when_both_are_bad_at_once_and_folds_their_alerts(make: Callable[..., World]) -> None:
    world = make(SLOW, LOSS, BOTH)
    world.run(60, 20, cameras(world))
    world.run(200, 20, cameras(world, cam_3={"loss": 9.0}))
    assert set(world.alerts()) == {"loss|cam-3"}
    world.run(120, 20, cameras(world, cam_3={"loss": 9.0, "fps": 6.0}))
    found = world.alerts()
    assert set(found) == {"loss|cam-3", "both|cam-3"}, "the rule on frames waits for ten minutes"
    assert found["loss|cam-3"]["cause"] == found["both|cam-3"]["id"]
    assert json.loads(found["both|cam-3"]["facts"])["bad"] == ["slow", "loss"]
    world.run(120, 20, cameras(world, cam_3={"loss": 9.0}))
    assert set(world.alerts()) == {"loss|cam-3"}
    assert world.alerts()["loss|cam-3"]["cause"] is None


@pytest.mark.parametrize("tick_s", [5, 60])
def test_any_of_opens_when_one_is_bad_however_often_the_engine_looks(
    make: Callable[..., World], tick_s: int
) -> None:
    world = make(SLOW, LOSS, EITHER)
    world.run(60, tick_s, cameras(world))
    begun = world.clock.domain
    world.run(120, tick_s, cameras(world, cam_3={"fps": 6.0}))
    assert set(world.alerts()) == {"either|cam-3"}
    assert 60_000 < world.alerts()["either|cam-3"]["opened"] - begun <= 75_000


def test_a_part_that_is_switched_off_or_announces_nothing_counts_all_the_same(
    make: Callable[..., World],
) -> None:
    world = make(msgspec.structs.replace(SLOW, announce=False), LOSS, BOTH)
    world.run(60, 20, cameras(world))
    off = Off("loss", world.clock.domain, world.clock.domain + 10**7, "admin", "repair")
    world.store.write(lambda conn: alerting.switch_off(conn, off, world.clock.domain)).result()
    world.run(900, 20, cameras(world, cam_3={"loss": 9.0, "fps": 6.0}))
    assert {key: a["muted"] for key, a in world.alerts().items()} == {
        "both|cam-3": "",
        "loss|cam-3": "rule_off",
    }


def test_when_the_camera_falls_silent_nothing_is_known_and_nothing_clears(make: Callable[..., World]) -> None:
    world = make(SLOW, LOSS, SILENT, BOTH)
    bad = cameras(world, cam_3={"loss": 9.0, "fps": 6.0})
    world.run(60, 20, cameras(world))
    world.run(120, 20, bad)
    world.run(200, 20, lambda t: [row for row in bad(t) if row[1] != "cam-3"])
    assert world.alerts()["both|cam-3"]["closed"] is None


def test_a_silence_that_is_a_part_folds_under_the_combination_and_not_the_other_way_round(
    make: Callable[..., World],
) -> None:
    either = rule("either", "any_of", of=("camera-silent", "slow"), for_s=30)
    world = make(SLOW, SILENT, LOSS, either, rule("more", "any_of", of=("either", "loss"), for_s=30))
    good = cameras(world)
    world.run(60, 20, good)
    world.run(300, 20, lambda t: [row for row in good(t) if row[1] != "cam-3"])
    found = world.alerts()
    assert set(found) == {"camera-silent|cam-3", "either|cam-3", "more|cam-3"}
    assert found["more|cam-3"]["cause"] is None
    assert found["either|cam-3"]["cause"] == found["more|cam-3"]["id"]
    assert found["camera-silent|cam-3"]["cause"] == found["either|cam-3"]["id"]


def test_figures_are_combined_too_each_by_itself(worlds: Worlds) -> None:
    low = rule("low", "indicator", metric="I42", op="<", raise_at=85.5, clear_at=90.0, for_s=60)
    lower = rule("lower", "indicator", metric="I42", op="<", raise_at=80.0, clear_at=90.0, for_s=60)
    other = rule("other", "indicator", metric="I38", op="<", raise_at=85.5, clear_at=90.0, for_s=60)
    world = worlds(province(rules=(low, lower, other, rule("two", "any_of", of=("low", "lower"), for_s=60))))
    world.run(120, 20, healthy(world.profile))
    away = {a.code for a in world.profile.assets if a.kind == "camera"}
    world.run(600, 20, healthy(world.profile, without=sorted(away)[:18]))
    found = world.alerts()
    assert set(found) == {"low|I42", "lower|I42", "two|I42"}
    assert {found[k]["cause"] for k in ("low|I42", "lower|I42")} == {found["two|I42"]["id"]}


@pytest.mark.parametrize("crash", [False, True])
def test_a_combination_stands_after_a_restart_as_before(make: Callable[..., World], crash: bool) -> None:
    world = make(SLOW, LOSS, BOTH, rule("more", "any_of", of=("both", "slow"), for_s=60))
    bad = cameras(world, cam_3={"loss": 9.0, "fps": 6.0})
    world.run(60, 20, cameras(world))
    world.run(120, 20, bad)
    before = {key: (a["id"], a["cause"]) for key, a in world.alerts().items()}
    assert set(before) == {"both|cam-3", "loss|cam-3", "more|cam-3"}
    world.restart(crash=crash)
    world.run(60, 20, bad)
    assert {key: (a["id"], a["cause"]) for key, a in world.alerts().items()} == before
    world.run(120, 20, cameras(world))
    assert world.alerts() == {}


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("camera-loss",), "the codes of two or more other rules"),
        (("camera-loss", "camera-loss"), "each once"),
        (("camera-loss", "nothing"), "found 'nothing', expected codes of rules.toml"),
        (("camera-loss", "x"), "found 'x → x', expected no circle"),
        (("camera-loss", "y"), "found 'x → y → x', expected no circle"),
        (("camera-loss", "recorder-disk"), "rules that watch the same subjects"),
        (("camera-loss", "source-silent"), "rules that watch the same subjects"),
        (("camera-loss", "misspelt"), "rules that watch the same subjects"),
        (("camera-loss", "empty"), "rules that watch the same subjects"),
    ],
)
def test_parts_that_cannot_be_combined_are_refused_with_their_place(
    parts: tuple[str, ...], words: str
) -> None:
    profile = load("quang_ninh", size="district")
    mine = (
        rule("x", "all_of", of=parts),
        rule("y", "all_of", of=("x", "camera-loss")),
        rule("misspelt", "treshold"),
        rule("empty", "all_of"),
    )
    with pytest.raises(ProfileError) as told:
        checked(replace(profile, rules=(*profile.rules, *mine)))
    assert any(s.startswith("rules.toml [[rule]] x key of: ") and words in s for s in told.value.problems)
