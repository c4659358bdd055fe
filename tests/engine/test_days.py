"""The past of the cockpit's own figures: kept as a day ends, or reckoned from what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import h3
import pytest
from msgspec import structs

from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.engine import Engine
from cockpit.store import meta
from cockpit.store.batch import Draft, Report, Sample
from cockpit.store.queries import figures, loading
from tests.engine.world import INDICATORS, METRICS, T0, World, asset, indicator, province, source, text
from tests.store import inside

Worlds = Callable[..., World]
TODAY = (T0 + 7 * HOUR_MS) // DAY_MS
MIDDLE = h3.latlng_to_cell(21.0, 107.0, 8)


def end(day: int) -> int:
    """The instant at which a day ends."""
    return (day + 1) * DAY_MS - 7 * HOUR_MS


def days(world: World, code: str) -> dict[int, float]:
    """What is kept of an indicator, by day counted from the one of T0."""
    with world.store.read() as conn:
        found = figures.days(conn, [code], 0, 10**6).get(code, [])
    return {day - TODAY: value for day, value in found}


def now(world: World, code: str) -> float | None:
    found = world.figures().get((code, ""))
    return found.value if found else None


def tick(world: World, times: int = 30) -> None:
    """Ticks enough to work off what waits."""
    for _ in range(times):
        world.clock.mono += 1
        world.engine.tick()


def of_day(world: World, day: int, codes: Iterable[str], until: int | None = None) -> None:
    """Each of these assets sends every half hour of a day, and a last time ten seconds before it ends."""
    start = end(day - 1)
    instants = [start + n * HOUR_MS // 2 for n in range(48)] + [end(day) - 10_000]
    values = {"camera": {"fps": 25.0}, "link": {"up": 1.0}, "system": {"score": 50.0}}
    world.send(
        (t, code, values[world.profile.asset[code].kind])
        for code in codes
        for t in instants
        if until is None or t < until
    )


def serve(world: World) -> None:
    """The engine as `serve` has it: on real time, whatever the store holds."""
    world.engine = Engine(world.store, world.profile, world.clock)


def pass_days(world: World, until: int, feed: Callable[[int], list[str]]) -> None:
    """Let time pass in half hours, in each of which the assets of `feed` send."""
    while world.clock.domain < until:
        t = world.clock.domain + HOUR_MS // 2
        world.send(
            (t, c, {"fps": 25.0} if c.startswith("cam") else {"up": 1.0}) for c in feed(world.clock.domain)
        )
        world.clock.advance(HOUR_MS // 2)
        world.engine.tick()


SLOW = province(
    sources=(
        source(1, "cockpit", 60, kind="computed"),
        source(2, "host", 10, time="real"),
        source(3, "cams", 3600),
        source(4, "net", 3600),
        source(5, "desk", 3600, per_hour=4.0),
    )
)
"""Feeds that are on time with an event every half hour."""


def test_in_serve_every_day_that_ends_leaves_what_the_cockpit_knew_of_itself(worlds: Worlds) -> None:
    world = worlds(SLOW)
    serve(world)
    seen: dict[int, tuple[float | None, float | None]] = {}
    for day in range(4):
        # From the second day on the links say nothing.
        pass_days(world, end(TODAY + day) - HOUR_MS // 2, lambda t: ["cam-1", *["link-1"] * (t < end(TODAY))])
        seen[day] = now(world, "I30"), now(world, "I29")
    kept = days(world, "I30"), days(world, "I29")
    assert {day: (kept[0][day], kept[1][day]) for day in kept[0]} == {d: seen[d] for d in (0, 1, 2)}
    assert seen[0] != seen[1]
    world.restart(away_ms=HOUR_MS)
    serve(world)
    tick(world)
    assert {d: v for d, v in days(world, "I30").items() if d < 3} == kept[0]
    assert {d: v for d, v in days(world, "I29").items() if d < 3} == kept[1]


def test_of_a_day_whose_end_nobody_saw_the_feeds_tell_who_was_on_time(worlds: Worlds) -> None:
    world = worlds(SLOW)
    of_day(world, TODAY, ["cam-1"])
    of_day(world, TODAY, ["link-1"], until=end(TODAY) - 8 * HOUR_MS)  # silent for longer than it may be
    of_day(world, TODAY + 1, ["cam-1", "link-1", "sys-1"])  # this one was connected later
    world.clock.jump(end(TODAY + 2) - T0)
    world.store.maintain(world.clock.domain).result()
    tick(world)
    assert days(world, "I30") == {0: 50.0, 1: 100.0}  # of the third day nobody was heard: nobody listened


def test_a_leap_of_the_clock_over_midnight_does_not_keep_what_was_true_hours_before(worlds: Worlds) -> None:
    world = worlds(SLOW)
    of_day(world, TODAY - 1, ["cam-1", "link-1"])
    world.store.flush()
    world.store.maintain(T0).result()
    pass_days(world, T0 + HOUR_MS, lambda t: ["cam-1", "link-1"])
    before = now(world, "I30")
    of_day(world, TODAY, ["cam-1"])
    world.clock.jump(end(TODAY) - world.clock.domain + HOUR_MS)
    tick(world)
    assert before == 50.0  # of four feeds, the computer's own among them
    # Of cameras, links and the desk, which never sent; the computer's own keeps another time.
    assert days(world, "I30") == pytest.approx({-1: 200 / 3, 0: 100 / 3})


def test_while_a_part_of_the_past_is_on_its_way_nothing_is_called_missing(worlds: Worlds) -> None:
    world = worlds(SLOW)
    of_day(world, TODAY - 1, ["cam-1"])
    world.store.flush()
    world.store.maintain(T0).result()
    filling = partial(meta.put, key=loading.KEY, value=str(T0))
    inside.done(world.store, filling)
    tick(world)
    assert [days(world, code) for code in ("I29", "I30", "I31")] == [{}, {}, {}]
    assert days(world, "I42")
    of_day(world, TODAY - 1, ["link-1", "sys-1"])
    inside.done(world.store, partial(meta.put, key=loading.KEY, value=""))
    tick(world)
    assert days(world, "I30") == {-1: 100.0}
    assert days(world, "I29").keys() == days(world, "I31").keys() == {-1}


def test_the_share_of_machine_fed_figures_of_a_day_is_todays_without_what_was_not_connected(
    worlds: Worlds,
) -> None:
    world = worlds(SLOW)
    for day in (TODAY - 3, TODAY - 2):
        of_day(world, day, ["cam-1", "link-1"])
    of_day(world, TODAY - 1, ["cam-1", "link-1", "sys-1"])
    world.store.flush()
    world.store.maintain(T0).result()
    tick(world)
    world.run(20, 10)
    # The desk's figures are missing on the first days, which were long enough to hear it.
    whole = now(world, "I29")
    assert whole is not None
    found = days(world, "I29")
    assert found[-1] == pytest.approx(whole)
    assert found[-2] == found[-3] < whole


def test_a_new_indicator_has_the_past_that_is_stored(worlds: Worlds) -> None:
    without = tuple(i for i in INDICATORS if i.code != "I30")
    world = worlds(replace(SLOW, indicators=without))
    of_day(world, TODAY - 1, ["cam-1", "link-1"])
    world.store.flush()
    world.store.maintain(T0).result()
    tick(world)
    assert days(world, "I31")
    world.profile = SLOW
    world.restart()
    tick(world)
    assert days(world, "I30") == pytest.approx({-1: 200 / 3})


def test_a_figure_sent_once_a_month_stands_until_the_next_one_is_overdue(worlds: Worlds) -> None:
    month, sent = 30 * 86_400, {"kind": "latest", "asset": "sys-2", "metric": "score"}
    profile = province(
        sources=(*SLOW.sources, source(6, "office", month)),
        assets=(*SLOW.assets, asset(3, "sys-2", "system", "office", month, unit="")),
        metrics=METRICS,
        indicators=(*INDICATORS, indicator("I40", sent, ("office",))),
    )  # fmt: skip
    world = worlds(profile)
    world.send([(T0 - 60 * DAY_MS, "sys-2", {"score": 40.0}), (T0 - 10 * DAY_MS, "sys-2", {"score": 50.0})])
    world.store.flush()
    world.store.maintain(T0).result()
    tick(world, 60)
    found = days(world, "I40")
    assert {day: value for day, value in found.items() if day >= -10} == dict.fromkeys(range(-10, 0), 50.0)
    # A month and a half after the first it is overdue: that is told as missing, not as 40.
    assert max(day for day in found if day < -10) == -60 + 44
    assert {value for day, value in found.items() if day < -10} == {40.0}


def test_what_people_reported_stands_from_the_day_it_came_until_it_is_too_old(worlds: Worlds) -> None:
    world = worlds(replace(SLOW, facts=()))
    draft, typed = Draft(), []
    came = (("2026-Q1", 91.0, 200), ("2026-Q3", 92.0, 5), ("2026-Q2", 80.0, 3))
    for n, (period, value, back) in enumerate(came):
        t = T0 - back * DAY_MS
        typed.append((draft.event(n + 1, 5, t, t), Report("I39", "", period, value, "Hà", "")))
    batch = draft.batch()
    batch.reports = typed
    world.store.append(batch).result()
    of_day(world, TODAY - 20, ["cam-1"])
    world.store.flush()
    world.store.maintain(T0).result()
    tick(world, 60)
    found = days(world, "I39")
    # The one of the first quarter was older than half a year by the sixteenth day before.
    assert {day: v for day, v in found.items() if v == 91.0}.keys() == set(range(-20, -15))
    assert {day: v for day, v in found.items() if v != 91.0} == dict.fromkeys(range(-5, 0), 92.0)


COVERED = replace(
    SLOW,
    operators={"viettel": "Viettel"},
    bodies={"it": text("it")},
    coverage=structs.replace(SLOW.coverage, owner="it"),
    indicators=(
        *INDICATORS,
        indicator("I35", {"kind": "coverage_gaps"}, ("net",), period="D"),
        indicator("I36", {"kind": "coverage_weak_share"}, ("net",), period="D"),
        indicator("I37", {"kind": "coverage_speed"}, ("net",), period="M"),
    ),
)


def measured(world: World, day: int, ring: int, rsrp_cb: int, down_kbps: int, phones: int = 3) -> None:
    """Phones walk about in one cell of the map on a day, all of them alike."""
    cell = sorted(h3.grid_disk(MIDDLE, ring))[-1]
    lat, lon = h3.cell_to_latlng(cell)
    draft, samples = Draft(), []
    for phone in range(phones):
        for hour in range(4, 20):
            t = end(day - 1) + hour * HOUR_MS + phone
            key = ((day * 100 + ring) * 100 + phone) * 100 + hour
            sample = Sample(
                f"phone-{phone}", "viettel", lat, lon, 8.0, rsrp_cb, None, None, down_kbps, None, "", False,
                cell,
            )  # fmt: skip
            samples.append((draft.event(key, 4, t, t), sample))
    batch = draft.batch()
    batch.samples = samples
    world.store.append(batch).result()


def test_coverage_of_a_day_is_that_of_the_window_that_ended_with_it(worlds: Worlds) -> None:
    """Played day by day the engine counts what of a day gone by is reckoned from the store."""
    plan = [
        (day, ring, -1150 if ring % 2 else -900, 10_000 * (ring + 1))
        for day in range(9)
        for ring in (day % 4, 4)
    ]
    played, late = worlds(COVERED), worlds(COVERED)
    told: dict[str, dict[int, float | None]] = {code: {} for code in ("I35", "I36", "I37")}
    for day in range(9):
        for step in plan:
            if step[0] == day:
                measured(played, TODAY + day, *step[1:])
                measured(late, TODAY + day, *step[1:])
        played.clock.advance(end(TODAY + day) - 600_000 - played.clock.domain)
        tick(played, 3)
        played.clock.advance(599_000)
        played.clock.mono += 60
        tick(played, 3)
        for code in told:
            told[code][day] = now(played, code)
    assert len(set(told["I36"].values())) > 3
    late.clock.jump(end(TODAY + 8) - T0 + HOUR_MS)
    inside.put_tallies(late.store, "dossier", "received", {TODAY: 1})
    tick(late, 60)
    assert days(late, "I36") == pytest.approx(told["I36"])
    assert days(late, "I37") == pytest.approx(told["I37"])
    assert days(late, "I35") == told["I35"]
    assert max(days(late, "I35").values()) > 0


def test_of_days_before_the_register_began_no_gap_too_many_is_told(worlds: Worlds) -> None:
    """A cell that a single phone measures on each day is judged when two did so on one."""
    world = worlds(COVERED)
    for day in range(8):
        measured(world, TODAY - 9 + day, 1, -1150, 1000, phones=1 + (day > 4))
    of_day(world, TODAY - 10, ["cam-1"])
    world.store.flush()
    world.store.maintain(T0).result()
    tick(world, 60)
    assert now(world, "I35") == 1.0
    assert days(world, "I35") == dict.fromkeys(range(-4, 0), 1.0)
