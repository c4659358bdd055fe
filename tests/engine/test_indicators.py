"""Indicators computed from the store, with worked numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from msgspec.structs import replace

from cockpit.store import alerting, filed
from cockpit.store.batch import Draft, Record, Report
from cockpit.store.queries import figures
from tests.engine.world import T0, World, healthy, province, source
from tests.store import inside

Worlds = Callable[..., World]
DAY, HOUR = 86_400_000, 3_600_000


def now(world: World, code: str, unit: str = "") -> tuple[float | None, str]:
    found = world.figures().get((code, unit))
    return (found.value, found.status) if found else (None, "missing")


def days(world: World) -> dict[int, dict[str, float]]:
    """Figures of days that are over, by day and code."""
    found: dict[int, dict[str, float]] = {}
    with world.store.read() as conn:
        for code, values in figures.days(conn, [*world.profile.indicator], 0, 10**6).items():
            for day, value in values:
                found.setdefault(day, {})[code] = value
    return found


def test_nothing_is_shown_where_nothing_ever_came(world: World) -> None:
    world.engine.tick()
    province = {code: row.value for (code, unit), row in world.figures().items() if not unit}
    assert {code for code, value in province.items() if value is not None} <= {"I29"}
    assert now(world, "I42") == (None, "nodata")


def test_presence_counts_the_registered_and_each_unit(world: World) -> None:
    gone = [f"cam-{n}" for n in range(6)]
    world.run(60, 20, healthy(world.profile))
    world.run(120, 20, healthy(world.profile, without=gone))
    assert now(world, "I42") == (75.0, "red")
    assert now(world, "I42", "u1") == (50.0, "red")
    assert now(world, "I42", "u2") == (100.0, "green")


def test_a_device_that_is_late_is_not_online(worlds: Worlds) -> None:
    slow = tuple(replace(a, rhythm_s=60) if a.kind == "camera" else a for a in province().assets)
    world = worlds(province(assets=slow))
    gone = [f"cam-{n}" for n in range(6)]  # these send at the seconds 40 to 45
    world.run(120, 20, healthy(world.profile))
    world.run(92, 2, healthy(world.profile, without=gone))
    assert {world.states()[code] for code in gone} == {"late"}
    assert now(world, "I42") == (75.0, "red")


def test_availability_is_the_mean_of_those_that_are_heard(world: World) -> None:
    half = healthy(world.profile, without=["link-2"])

    def feed(t: int) -> list[tuple[int, str, dict[str, float]]]:
        return [*half(t), (t, "link-2", {"up": 0.0})] if t % 60_000 == 0 else list(half(t))

    world.run(180, 20, feed)
    assert now(world, "I38") == (50.0, "red")
    assert now(world, "I38", "u2") == (0.0, "red")


def test_fresh_and_machine_shares(world: World) -> None:
    world.run(120, 20, healthy(world.profile))
    # cams, net and desk are fresh, the host never came: three of four.
    assert now(world, "I30")[0] == 75.0
    # With a figure, and not typed: I42 I38 I30 I29 I09 I02 I01 of eleven.
    assert now(world, "I29")[0] == pytest.approx(700 / 11)


def test_a_figure_made_of_one_that_people_typed_did_not_come_from_machines(worlds: Worlds) -> None:
    base = province()
    typed = source(6, "typed", 3600, kind="typed")
    both = [replace(i, sources=("desk", "typed")) if i.code == "I02" else i for i in base.indicators]
    world = worlds(province(sources=(*base.sources, typed), indicators=tuple(both)))
    world.run(120, 20, healthy(world.profile))
    before = now(world, "I29")[0]
    assert now(world, "I01")[0] is not None
    draft = Draft()
    t = world.clock.domain + 3_700_000  # well after what the machine sent
    world.clock.jump(3_700_000)
    key = draft.event(77, 6, t, t)
    batch = draft.batch()
    batch.reports = [(key, Report("I02", "", "2026-11", 30.0, "Hà", ""))]
    world.store.append(batch).result()
    world.run(120, 20, healthy(world.profile, without=["sys-1"]))
    assert now(world, "I02")[0] == 30.0
    assert now(world, "I01")[0] is not None
    assert before == pytest.approx(700 / 11)
    # I31 has a full hour now; neither I02 counts any more, nor I01, which is made of it.
    assert now(world, "I29")[0] == pytest.approx(600 / 11)


def test_what_somebody_brought_in_by_a_file_did_not_come_from_machines(world: World) -> None:
    """Of a feed of devices, until the feed itself is heard again."""
    with world.store.read() as conn:
        before = alerting.source_last(conn)
    world.run(120, 20, healthy(world.profile))
    assert now(world, "I29")[0] == pytest.approx(700 / 11)
    cams = world.profile.source["cams"].id
    inside.done(world.store, partial(filed.note, sources=[cams], before=before))
    world.run(60, 20)
    assert now(world, "I29")[0] == pytest.approx(500 / 11), "what rests on the cameras came by a file"
    world.run(120, 20, healthy(world.profile))
    assert now(world, "I29")[0] == pytest.approx(700 / 11)


def dossier(n: int, state: str, due: int | None = None, unit: str = "u1") -> Record:
    return Record("dossier", f"D{n}", unit, state, due, {})


def test_shares_overdue_and_medians_of_records(world: World) -> None:
    world.engine.tick()
    due = T0 + 10 * HOUR
    world.records((T0 + n, dossier(n, "received", due, "u1" if n < 3 else "u2")) for n in range(5))
    for hour, n in ((2, 0), (8, 1), (12, 2)):
        world.records([(T0 + hour * HOUR, dossier(n, "solved", None, "u1"))])
    world.clock.jump(13 * HOUR)
    world.engine.tick()
    world.run(180, 60)
    value, _ = now(world, "I08")
    assert value == pytest.approx(100 * 2 / 3)  # two of three solved in time
    assert now(world, "I08", "u1")[0] == pytest.approx(100 * 2 / 3)
    assert now(world, "I09")[0] == 2.0  # two are still open past their due time
    assert now(world, "I09", "u2")[0] == 2.0
    assert now(world, "I09", "u1")[0] == 0.0
    assert now(world, "I21")[0] == pytest.approx(8.0, abs=0.001)  # median of 2, 8 and 12 hours


def test_a_slow_figure_of_nothing_is_looked_for_again_before_long(world: World) -> None:
    world.run(60, 20)
    assert now(world, "I21") == (None, "nodata")
    start = world.clock.domain
    world.records([(start - HOUR, dossier(1, "received")), (start, dossier(1, "solved"))])
    world.run(120, 20)
    assert now(world, "I21")[0] == pytest.approx(1.0, abs=0.001)


def test_completeness_does_not_let_one_source_make_up_for_another(world: World) -> None:
    world.engine.tick()
    start = T0 // HOUR * HOUR
    # Two full hours: net sends half of 60 events an hour, cams all of 240 and more.
    world.send((start + h * HOUR + n * 120_000, "link-1", {"up": 1.0}) for h in (0, 1) for n in range(30))
    world.send((start + h * HOUR + n * 9_000, "cam-1", {"fps": 25.0}) for h in (0, 1) for n in range(400))
    world.clock.jump(2 * HOUR + start - T0)
    world.engine.tick()
    world.run(120, 60)
    assert now(world, "I31")[0] == pytest.approx(100 * (60 + 480) / (120 + 480))


def test_completeness_does_not_let_a_flood_make_up_for_what_is_missing_later(world: World) -> None:
    world.engine.tick()
    start = T0 // HOUR * HOUR
    for h, n in ((0, 480), (1, 60)):  # of 240 an hour
        world.send((start + h * HOUR + i * 7_000, "cam-1", {"fps": 25.0}) for i in range(n))
    world.clock.jump(2 * HOUR + start - T0)
    world.engine.tick()
    world.run(120, 60)
    assert now(world, "I31")[0] == pytest.approx(100 * (240 + 60) / 480)


def test_a_composite_waits_for_all_its_parts(world: World) -> None:
    world.run(60, 20, healthy(world.profile, without=["sys-1"]))
    assert now(world, "I01") == (None, "nodata")
    world.run(80, 20, healthy(world.profile, score=40.0))
    world.send([(world.clock.domain, "sys-1", {"score": 40.0})])
    world.run(80, 20, healthy(world.profile))
    assert now(world, "I02")[0] == 40.0
    assert now(world, "I01")[0] == 140.0


def test_the_newest_report_of_the_latest_period_counts(world: World) -> None:
    draft, typed = Draft(), []
    for n, (period, value) in enumerate((("2026-Q2", 91.0), ("2026-Q3", 92.0), ("2026-Q3", 93.0))):
        typed.append((draft.event(n + 1, 5, T0 + n, T0 + n), Report("I39", "", period, value, "Hà", "")))
    batch = draft.batch()
    batch.reports = typed
    world.store.append(batch).result()
    world.run(120, 60)
    assert now(world, "I39")[0] == 93.0


def test_a_day_that_is_over_gets_its_row_and_a_day_without_data_none(world: World) -> None:
    world.engine.tick()
    day = (T0 + 7 * HOUR) // DAY
    midnight = (day + 1) * DAY - 7 * HOUR
    world.records([(T0 + n, dossier(n, "received", T0 + HOUR)) for n in range(4)])
    world.records([(T0 + n * HOUR // 2, dossier(n, "solved")) for n in range(1, 4)])
    world.clock.jump(midnight - T0 - 60_000)
    world.run(240, 60)
    rows = days(world)[day]
    assert rows["I08"] == pytest.approx(100 * 2 / 3)
    assert rows["I09"] == 1.0
    assert "I42" not in rows
    world.clock.jump(2 * DAY)
    world.run(240, 60)
    assert not any("I42" in codes for codes in days(world).values())


def test_presence_of_a_past_day_is_received_over_expected(worlds: Worlds) -> None:
    world = worlds()
    day = (T0 + 7 * HOUR) // DAY - 1
    start = day * DAY - 7 * HOUR
    # One hour of that day: half of the cameras keep their rhythm.
    world.send((start + s * 1000, f"cam-{n}", {"fps": 25.0}) for s in range(0, 3600, 15) for n in range(12))
    world.store.flush()
    world.store.maintain(T0).result()
    world.engine.tick()
    world.engine.tick()
    assert days(world)[day]["I42"] == pytest.approx(50.0)
