"""What a rule would have done over the stored past: as it did where values are kept, as hours tell else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

from cockpit.domain.alerting import Level
from cockpit.domain.catalog import Rule
from cockpit.engine import backtest as trying
from cockpit.engine.backtest import Backtest
from cockpit.engine.columns import DOMAIN, REAL
from cockpit.engine.rolled import silences, spells
from cockpit.store.batch import Draft, Rollup
from cockpit.store.queries.observations import SourceHour
from tests.engine.test_reload import ALL, SECONDS, story
from tests.engine.wide import wide
from tests.engine.world import T0, World, province, rule
from tests.store import inside

Worlds = Callable[..., World]
HOUR = 3_600_000
TODAY = (T0 + 7 * HOUR) // (24 * HOUR)
BEGAN = (TODAY - 2) * 24 * HOUR - 7 * HOUR
"""The past of these tests: two whole days of the province."""


def tried(world: World, one: Rule | str, days: int = 3) -> Backtest:
    wanted = world.profile.rule[one] if isinstance(one, str) else one
    rules = tuple(wanted if r.code == wanted.code else r for r in world.profile.rules)
    profile = replace(world.profile, rules=rules)
    now = {DOMAIN: world.clock.domain, REAL: world.clock.real}
    return trying.backtest(world.store, profile, wanted, days, now)


def past(world: World, code: str, metric: str, hours: dict[int, tuple[int, float, float, float]]) -> None:
    """Two days of roll-ups of a device, 240 values of 25 an hour; `hours` have (n, mean, min, max)."""
    asset, m = world.profile.asset[code], world.profile.metric[metric]
    draft = Draft()
    items = []
    for day in (0, 1):
        sums = np.zeros((4, 24), np.int64)
        for hour in range(24):
            n, mean, low, high = hours.get(day * 24 + hour, (240, 25.0, 25.0, 25.0))
            if n:
                sums[:, hour] = n, round(n * mean * m.scale), round(low * m.scale), round(high * m.scale)
        t = BEGAN + day * 24 * HOUR
        at = draft.event(asset.id * 1000 + m.id * 10 + day, world.profile.source[asset.source].id, t, t)
        items.append((at, Rollup(asset.id, TODAY - 2 + day, {m.id: sums})))
    batch = draft.batch()
    batch.rollups = items
    world.store.append(batch).result()


def h(hours: float, seconds: int = 0) -> int:
    """Seconds since the beginning of the past."""
    return round(hours * 3600) + seconds


def spans(found: Backtest) -> list[tuple[str, int, int | None, bool]]:
    """Key, seconds since the beginning of the past when it opened and closed, whether by roll-ups."""
    return [
        (
            o.key,
            (o.opened - BEGAN) // 1000,
            None if o.closed is None else (o.closed - BEGAN) // 1000,
            o.rolled,
        )
        for o in found.found
    ]


@pytest.mark.parametrize("code", ["fps-low", "fps-falls"])
def test_where_values_are_kept_it_finds_what_was(worlds: Worlds, code: str) -> None:
    world = worlds(province(rules=ALL))
    world.run(SECONDS, 10, story(world))
    found = tried(world, code)
    was = [a for a in inside.alerts(world.store) if a.rule == code]
    assert was
    assert [(o.key, o.opened, o.closed) for o in found.found] == sorted(
        ((a.key, a.opened, a.closed) for a in was), key=lambda a: (a[1], a[0])
    )
    raise_at = world.profile.rule[code].raise_at
    assert all(o.value is not None and raise_at is not None and o.value < raise_at for o in found.found)
    assert {o.rolled for o in found.found} <= {False}
    assert found.single_from == T0
    assert (len(found.both), found.missed) == (len(was), ())


@pytest.mark.parametrize("code", ["camera-silent", "dark"])
def test_without_waiting_for_a_cause_the_same_alerts_come_no_later(worlds: Worlds, code: str) -> None:
    world = worlds(province(rules=ALL))
    world.run(SECONDS, 10, story(world))
    opened = {o.key: o.opened for o in tried(world, code).found}
    was = {a.key: a.opened for a in inside.alerts(world.store) if a.rule == code}
    assert opened.keys() == was.keys()
    assert all(opened[key] <= was[key] for key in was)


def test_nothing_is_written(worlds: Worlds) -> None:
    world = worlds(province(rules=ALL))
    world.run(300, 10, story(world))
    before = inside.alerts(world.store), inside.log(world.store), inside.conditions(world.store)
    tried(world, "camera-silent")
    assert (inside.alerts(world.store), inside.log(world.store), inside.conditions(world.store)) == before


def test_a_changed_rule_is_held_against_what_the_present_one_did(worlds: Worlds) -> None:
    world = worlds(province(rules=ALL))
    world.run(SECONDS, 10, story(world))
    patient = tried(world, msgspec.structs.replace(world.profile.rule["fps-low"], for_s=3600))
    assert (patient.found, patient.both) == ((), ())
    assert len(patient.missed) == len(patient.did) > 0


BAD = {5: (240, 8.0, 8.0, 8.0), 6: (240, 8.0, 8.0, 8.0), 7: (240, 20.75, 8.0, 25.0)}
"""Two hours and a quarter with a slow picture."""


def test_hours_tell_what_lasts(world: World) -> None:
    past(world, "cam-3", "fps", BAD)
    past(world, "cam-4", "fps", {9: (240, 24.9, 8.0, 25.0)})  # seconds within an hour
    found = tried(world, "fps-low")
    assert found.single_from is None
    low = world.profile.rule["fps-low"]
    assert spans(found) == [("fps-low|cam-3", h(5, low.for_s), h(7.25, low.keep_s), True)]
    assert found.found[0].value == 8.0


def test_where_the_bad_hour_comes_first_the_bad_spell_lies_beside_it(world: World) -> None:
    past(world, "cam-3", "fps", {4: (240, 20.75, 8.0, 25.0), 5: (240, 8.0, 8.0, 8.0)})
    low = world.profile.rule["fps-low"]
    assert spans(tried(world, "fps-low")) == [("fps-low|cam-3", h(4.75, low.for_s), h(6, low.keep_s), True)]


def test_hours_without_events_are_a_silence(world: World) -> None:
    gone = dict.fromkeys(range(11, 14), (0, 0.0, 0.0, 0.0))
    past(world, "cam-3", "fps", {10: (60, 25.0, 25.0, 25.0), **gone, 20: (200, 25.0, 25.0, 25.0)})
    past(world, "cam-4", "fps", {})
    silent = world.profile.rule["camera-silent"]
    limit = 2 * world.profile.asset["cam-3"].rhythm_s + silent.for_s
    first, *rest = spans(tried(world, "camera-silent"))
    assert first == ("camera-silent|cam-3", h(10.25, limit), h(14, silent.keep_s), True)
    # The past of both ends with the second day, fourteen hours before now.
    assert [(key, closed) for key, _, closed, _ in rest] == [
        ("camera-silent|cam-3", None), ("camera-silent|cam-4", None),
    ]  # fmt: skip


def test_what_was_bad_by_hours_goes_on_where_single_values_begin(world: World) -> None:
    low = world.profile.rule["fps-low"]
    past(world, "cam-3", "fps", {47: (240, 8.0, 8.0, 8.0)})
    world.clock.jump(-14 * HOUR)  # to the end of the past
    end = world.clock.domain
    world.send([(end + s * 1000, "cam-3", {"fps": 8.0 if s <= 300 else 25.0}) for s in range(15, 900, 15)])
    world.clock.advance(900_000)
    found = tried(world, "fps-low")
    assert found.single_from == end
    ((key, opened, closed, rolled),) = spans(found)
    assert (key, opened, rolled) == ("fps-low|cam-3", h(47, low.for_s), True)
    assert closed == h(48, 315 + low.keep_s)


def feed(world: World, code: str, hours: dict[int, dict[str, int]], usual: dict[str, int]) -> None:
    """Two days of what a feed brought, by the hour; an hour of None brought nothing."""
    rows = []
    for hour in range(48):
        told = hours.get(hour, usual)
        if told:
            at = BEGAN // HOUR + hour
            more = {"observations": 0, "duplicates": 0, "rejected": 0, "late": 0} | told
            rows.append(SourceHour(at, world.profile.source[code].id, last=(at + 1) * HOUR - 1000, **more))
    inside.put_source_hours(world.store, rows)


def test_feeds_are_told_by_their_hours(worlds: Worlds) -> None:
    world = worlds(wide())
    feed(world, "cams", {8: {}, 9: {}, 20: {"events": 3000, "rejected": 4000}}, {"events": 5800})
    silent = spans(tried(world, "source-silent"))
    limit = world.profile.source["cams"].silent_s
    assert [one[:3] for one in silent if one[1] < h(48)] == [
        ("source-silent|cams", h(8, limit - 1), h(10, world.profile.rule["source-silent"].keep_s))
    ]
    refused = world.profile.rule["source-refused"]
    assert spans(tried(world, "source-refused")) == [
        ("source-refused|cams", h(20, refused.for_s - 60), h(21, refused.keep_s), True)
    ]


def test_what_is_not_kept_is_not_told(worlds: Worlds) -> None:
    world = worlds(wide())
    world.run(120, 10)
    skew, outage = tried(world, "clock-skew"), tried(world, "feeder-out")
    assert (skew.kept, skew.found) == (frozenset(), ())
    assert outage.kept == {"values"}


LOW = rule("x", "threshold", op="<", raise_at=12.0, clear_at=18.0)


def hours(*rows: tuple[int, float, float, float]) -> Any:
    return np.array(
        [(n, round(n * mean * 10), low * 10, high * 10) for n, mean, low, high in rows], np.int64
    ).T


def test_a_series_is_told_where_it_changes() -> None:
    sums = hours(
        (0, 0, 0, 0), (10, 25, 25, 25), (10, 25, 25, 25), (10, 15, 15, 15), (0, 0, 0, 0), (10, 9, 9, 9)
    )
    assert [(s.t, s.level) for s in spells(LOW, 10, sums, 0)] == [
        (HOUR, Level.CLEAR), (3 * HOUR, Level.BAND), (4 * HOUR, Level.GONE), (5 * HOUR, Level.RAISE),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heard", "rhythm_s", "found"),
    [
        ([0, 0, 60, 60, 60], 60, []),  # nobody missed it before it came
        ([60, 50, 40, 60], 60, []),  # what is lost here and there is no silence
        ([60, 20, 60], 60, [(1 + 1 / 3, 2.0)]),
        ([60, 15, 0, 45, 60], 60, [(1.25, 3.0)]),
        ([60, 15, 0, 15, 60], 60, [(1.25, 3.75)]),
        ([60, 60, 0], 60, [(2.0, None)]),
        ([1, 0, 0, 1, 0], 10_800, [(1.0, 3.0), (4.0, None)]),
    ],
)
def test_a_silence_lies_where_events_are_missing(
    heard: list[int], rhythm_s: int, found: list[tuple[float, float | None]]
) -> None:
    told = silences(np.array(heard), rhythm_s, 0)
    assert [(a / HOUR, None if b is None else b / HOUR) for a, b in told] == found
