"""What people report is held against what the data say of the same period, on the strip and on the card."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec
import pytest

from cockpit.domain.periods import DAY_MS, from_date
from cockpit.store.batch import Draft, Record, Report
from cockpit.store.indicators import Day, save_days
from cockpit.views import home, indicators
from cockpit.views.context import ViewContext
from tests.engine.world import INDICATORS, World, province
from tests.store import inside

COMPARED = tuple(msgspec.structs.replace(i, compared=i.code in ("I08", "I42", "I02")) for i in INDICATORS)
ZONE_MS = 25_200_000


@pytest.fixture
def world() -> Iterator[World]:
    made = World(province(indicators=COMPARED))
    yield made
    made.close()


def at(month: int, day: int) -> int:
    """Noon of a day of 2026 in the province, in ms."""
    return from_date(date(2026, month, day)) * DAY_MS - ZONE_MS + DAY_MS // 2


def solve(world: World, month: int, day: int, on_time: int, late: int, first: int) -> None:
    """Dossiers solved on a day, so many of them on time."""
    t = at(month, day)
    dossiers = range(first, first + on_time + late)
    world.records(
        (
            t - 1000,
            Record("dossier", f"D{n}", "u1", "received", t + (500 if n < first + on_time else -500), {}),
        )
        for n in dossiers
    )
    world.records((t, Record("dossier", f"D{n}", "u1", "solved", None, {})) for n in dossiers)


def report(world: World, code: str, period: str, value: float, source: int = 4) -> None:
    draft = Draft()
    key = draft.event(round(value * 100), source, world.clock.domain, world.clock.domain)
    batch = draft.batch()
    batch.reports = [(key, Report(code, "", period, value, "Hà", ""))]
    world.store.append(batch).result()


def told(world: World) -> list[tuple[str, str, float, float, bool]]:
    ctx = ViewContext(world.store, world.profile, world.clock.domain, world.clock.domain)
    trust = home.build(ctx).trust
    found = [(d.code, d.period, round(d.measured, 1), d.reported, d.differs) for d in trust.differences]
    assert (trust.compared, trust.differing) == (len(found), sum(one[-1] for one in found))
    for code in {one[0] for one in found}:
        card = indicators.detail(ctx, code)
        assert card is not None
        assert card.difference in trust.differences
    return found


def test_a_report_of_last_month_is_held_against_last_month(world: World) -> None:
    solve(world, 9, 30, 0, 1, first=0)  # the history begins before
    solve(world, 10, 5, 3, 1, first=10)
    solve(world, 11, 20, 0, 4, first=20)  # of this month, and not what was reported
    report(world, "I08", "2026-10", 75.04)
    assert told(world) == [("I08", "2026-10", 75.0, 75.04, False)], "the same as it is shown"
    report(world, "I08", "2026-10", 99.2)
    assert told(world) == [("I08", "2026-10", 75.0, 99.2, True)]


def test_a_month_that_is_known_in_part_is_not_compared(world: World) -> None:
    solve(world, 10, 5, 3, 1, first=10)  # the history begins on that day
    report(world, "I08", "2026-10", 99.2)
    assert told(world) == []


def test_the_month_that_runs_is_compared_as_far_as_it_has_come(world: World) -> None:
    solve(world, 10, 30, 0, 1, first=0)
    solve(world, 11, 20, 1, 1, first=10)
    report(world, "I08", "2026-11", 80.0)
    assert told(world) == [("I08", "2026-11", 50.0, 80.0, True)]


def test_a_level_is_that_of_the_last_day_of_the_period_and_the_widest_apart_come_first(world: World) -> None:
    solve(world, 9, 30, 0, 1, first=0)
    solve(world, 10, 5, 3, 1, first=10)
    last = from_date(date(2026, 10, 31))
    inside.done(world.store, lambda conn: save_days(conn, [Day(last, "I42", 50.0, 24)]))
    report(world, "I42", "2026-10", 98.5)
    report(world, "I08", "2026-10", 80.0)
    assert told(world) == [("I42", "2026-10", 50.0, 98.5, True), ("I08", "2026-10", 75.0, 80.0, True)]


def test_what_its_own_source_reports_is_the_figure_and_never_beside_itself(world: World) -> None:
    report(world, "I02", "2026-10", 41.0, source=5)
    assert told(world) == []
