"""Values far from what was usual at this hour of this weekday: told after they lasted, by past weeks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

from cockpit.domain.alerting import Level
from cockpit.domain.alerting.subjects import Subject
from cockpit.domain.catalog import Rule
from cockpit.engine import backtest as trying
from cockpit.engine import why
from cockpit.engine.columns import DOMAIN, REAL
from cockpit.engine.layout import checked, reread
from cockpit.profiles import Profile, ProfileError, load
from cockpit.store import meta, rule_sets
from cockpit.store.batch import Draft, Rollup
from cockpit.store.queries import loading
from tests.engine.wide import Event, play
from tests.engine.world import T0, World, healthy, province, rule
from tests.store import inside

Worlds = Callable[..., World]
HOUR, DAY = 3_600_000, 24 * 3_600_000
TODAY = (T0 + 7 * HOUR) // DAY
MINUTE_S = 60
SINKS = rule(
    "sinks", "usual", "camera", metric="fps", op="<", by="percent", raise_at=-50.0, clear_at=-20.0,
    for_s=120, keep_s=60,
)  # fmt: skip
GROWS = rule(
    "grows", "usual", "camera", metric="fps", op=">", by="spread", raise_at=6.0, clear_at=3.0, for_s=120,
    keep_s=60,
)  # fmt: skip
SILENT = rule("camera-silent", "asset_silent", "camera")
KEY = "sinks|cam-0"


def before(
    world: World, weeks: dict[int, float], codes: tuple[str, ...] = ("cam-0",), hours: range = range(24)
) -> None:
    """Roll-ups of so many weeks ago, of one mean in each of these hours, half a frame up and down."""
    metric, draft, items = world.profile.metric["fps"], Draft(), []
    for code in codes:
        asset = world.profile.asset[code]
        for week, mean in weeks.items():
            sums = np.zeros((4, 24), np.int64)
            for hour in hours:
                sums[:, hour] = 240, round(2400 * mean), round(10 * mean) - 5, round(10 * mean) + 5
            day = TODAY - 7 * week
            t = (day + 1) * DAY - 7 * HOUR - 1
            at = draft.event(asset.id * 100 + week, world.profile.source[asset.source].id, t, t)
            items.append((at, Rollup(asset.id, day, {metric.id: sums})))
    batch = draft.batch()
    batch.rollups = items
    world.store.append(batch).result()


def fps(world: World, value: float, code: str = "cam-0") -> Any:
    good = healthy(world.profile)

    def feed(t: int) -> list[tuple[int, str, dict[str, float]]]:
        return [(at, c, {"fps": value} if c == code else v) for at, c, v in good(t)]

    return feed


@pytest.fixture
def world(worlds: Worlds) -> World:
    made = worlds(province(rules=(SINKS, GROWS, SILENT)))
    before(made, {1: 25.0, 2: 24.0, 3: 0.0, 4: 25.0})
    return made


@pytest.mark.parametrize("tick_s", [15, 60])
def test_what_lies_far_below_is_told_after_it_lasted_and_ends_when_it_is_near_again(
    world: World, tick_s: int
) -> None:
    world.run(300, tick_s, fps(world, 20.0))
    assert world.alerts() == {}, "20 of 24.5 usual is not half"
    world.run(180, tick_s, fps(world, 10.0))
    alert = world.alerts()[KEY]
    assert 120_000 <= alert["opened"] - (T0 + 300_000) <= 135_000
    facts = json.loads(alert["facts"])
    assert (facts["value"], facts["usual"], facts["weeks"]) == (10.0, 24.5, 4)
    assert round(facts["apart"], 1) == -59.2
    world.run(60, tick_s, fps(world, 2.0))
    world.run(180, tick_s, fps(world, 18.0))
    alert = world.alerts()[KEY]
    assert (alert["value"], alert["peak"]) == (18.0, 2.0), "neither near enough nor far enough"
    world.run(120, tick_s, fps(world, 22.0))
    assert world.alerts() == {}


def test_the_spread_of_weeks_is_a_measure_too(world: World) -> None:
    # Means 25, 24, 0, 25: 1.4826 times the median of 0.5, 0.5, 0.5, 24.5 is more than half a frame.
    world.run(180, 15, fps(world, 24.5 + 6 * 0.74))
    assert world.alerts() == {}
    world.run(180, 15, fps(world, 24.5 + 6 * 0.76))
    assert set(world.alerts()) == {"grows|cam-0"}


def test_one_week_or_another_hour_is_not_enough_and_no_data_is_never_an_alert(worlds: Worlds) -> None:
    profile = province(rules=(SINKS, SILENT))
    world = worlds(profile)
    before(world, {1: 25.0})
    before(world, {1: 25.0, 2: 25.0, 3: 25.0}, codes=("cam-1",), hours=range(14))  # up to 14:00
    good = healthy(profile, fps=1.0)
    world.run(400, 15, good)
    assert world.alerts(open_only=False) == {}
    told = why.evaluate(world.store, profile, SINKS, Subject("asset", "cam-0"))
    assert told is not None
    assert (told.level, told.value, told.facts["weeks"]) == (Level.GONE, 1.0, 1)


def test_why_tells_what_is_usual(world: World) -> None:
    world.run(60, 15, fps(world, 10.0))
    told = why.evaluate(world.store, world.profile, SINKS, Subject("asset", "cam-0"))
    assert told is not None
    assert (told.level, told.value, told.facts["usual"]) == (Level.RAISE, 10.0, 24.5)


@pytest.mark.parametrize("crash", [False, True])
def test_a_restart_reads_the_same_and_changes_nothing(world: World, worlds: Worlds, crash: bool) -> None:
    other = worlds(world.profile)
    before(other, {1: 25.0, 2: 24.0, 3: 0.0, 4: 25.0})
    feeds = ((300, 25.0), (600, 10.0), (10_000, 24.0))
    good = {value: fps(world, value) for _, value in feeds}

    def feed(t: int) -> Any:
        return good[next(v for until, v in feeds if t <= T0 + until * 1000)](t)

    for one, stops in ((world, (330, 60, 15, 30, 90, 120)), (other, (645,))):
        for n, seconds in enumerate(stops):
            if n:
                one.restart(crash=crash)
                one.engine.tick()
            one.run(seconds, 15, feed)
    assert world.log() == other.log()
    assert {line[2] for line in world.log()} >= {"pending", "opened"}


def test_a_late_value_is_history_and_decides_nothing(world: World) -> None:
    def feed(t: int) -> list[Event]:
        own = [Event(t, "cam-0", {"fps": 25.0})] if (t - T0) % 15_000 == 0 else []
        return [*own, *([Event(t, "cam-0", {"fps": 1.0}, off=-60_000)] if (t - T0) % 15_000 == 5000 else [])]

    world.engine.tick()
    play(world, 600, 15, feed)
    assert world.alerts(open_only=False) == {}


def test_a_silent_camera_is_known_no_more_and_begins_anew(world: World) -> None:
    world.run(90, 15, fps(world, 10.0))
    world.run(90, 15, healthy(world.profile, ["cam-0"]))
    world.run(90, 15, fps(world, 10.0))
    assert KEY not in world.alerts(open_only=False)
    world.run(60, 15, fps(world, 10.0))
    assert KEY in world.alerts()


def test_what_is_usual_changes_with_the_hour_of_the_province(worlds: Worlds) -> None:
    """At 15:00 at UTC+7 another hour begins, whatever it is in UTC; the next value is judged by it."""
    world = worlds(province(rules=(SINKS,)), start=T0 + HOUR - 300_000)
    before(world, {1: 10.0, 2: 10.0}, hours=range(14, 15))
    before(world, {3: 25.0, 4: 25.0}, hours=range(15, 16))
    world.run(300, 15, fps(world, 10.0))
    assert world.alerts() == {}
    world.run(180, 15, fps(world, 10.0))
    (alert,) = world.alerts().values()
    assert T0 + HOUR + 120_000 <= alert["opened"] <= T0 + HOUR + 150_000


def test_while_the_past_is_brought_in_nothing_is_known_and_then_the_next_value_is_judged(
    world: World,
) -> None:
    inside.done(world.store, lambda conn: meta.put(conn, loading.KEY, str(T0)))
    world.run(300, 15, fps(world, 1.0))
    assert world.alerts(open_only=False) == {}
    inside.done(world.store, lambda conn: meta.put(conn, loading.KEY, ""))
    world.run(180, 15, fps(world, 1.0))
    assert KEY in world.alerts()


def test_a_rule_that_is_read_anew_goes_on_and_a_new_one_looks_at_the_newest_values(world: World) -> None:
    world.run(180, 15, fps(world, 5.0))
    first = world.alerts()[KEY]["id"]
    more = msgspec.structs.replace(SINKS, code="sinks-more", raise_at=-70.0, for_s=30)
    rules = (SINKS, GROWS, SILENT, more)
    inside.done(world.store, lambda conn: rule_sets.put(conn, rules))
    world.run(60, 15, fps(world, 5.0))
    alerts = world.alerts()
    assert alerts[KEY]["id"] == first
    assert alerts[KEY]["peak"] == 5.0
    assert "sinks-more|cam-0" in alerts


def test_the_backtest_compares_each_hour_with_the_weeks_before_it(worlds: Worlds) -> None:
    world = worlds(province(rules=(SINKS,)))
    cameras = ("cam-0", "cam-1")
    before(world, {2: 25.0, 3: 25.0, 4: 26.0, 5: 24.0}, codes=cameras)
    before(world, {1: 25.0}, codes=("cam-1",))
    before(world, {1: 5.0}, codes=("cam-0",), hours=range(8, 11))
    now = {DOMAIN: world.clock.domain, REAL: world.clock.real}
    found = trying.backtest(world.store, world.profile, SINKS, 10, now)
    (one,) = found.found
    began = (TODAY - 7) * DAY - 7 * HOUR + 8 * HOUR
    assert (one.key, one.rolled, one.value) == (KEY, True, 4.5)
    assert one.opened == began + 120_000


def _with(profile: Profile, change: dict[str, Any]) -> Profile:
    def changed(one: Rule) -> Rule:
        return msgspec.structs.replace(one, **change) if one.code == "camera-still" else one

    return replace(profile, rules=tuple(changed(one) for one in profile.rules))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weeks": 1}, "key weeks: found 1, expected 2 to 12"),
        ({"raise_at": 80.0, "clear_at": 90.0}, "key raise_at: found 80.0, expected more than 0 where op"),
        ({"least": -1}, "key least: found -1, expected 0 or more"),
        ({"metric": "temp_c"}, "key metric: found 'temp_c', expected a metric that camera sends"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_its_place(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ProfileError) as told:
        checked(_with(load("quang_ninh", size="district"), change))
    assert any(words in sentence for sentence in told.value.problems)


def test_a_source_that_may_bring_what_is_a_week_old_has_no_settled_past() -> None:
    base = load("quang_ninh", size="district")
    sources = tuple(
        msgspec.structs.replace(s, window_s=7 * 86_400) if s.code == "cam-vms" else s for s in base.sources
    )
    with pytest.raises(ProfileError, match="cam-vms may bring what is 604800 seconds old"):
        checked(replace(base, sources=sources))


def test_another_measure_is_another_meaning() -> None:
    base = checked(load("quang_ninh", size="district"))
    before_ = _with(base, {"weeks": 8})
    with pytest.raises(ProfileError, match="another version than before: weeks changed"):
        reread(base, before_.rules)
