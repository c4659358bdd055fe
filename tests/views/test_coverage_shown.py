"""The coverage map by speed and of single days."""

from __future__ import annotations

import h3

from cockpit.domain.periods import day_number
from cockpit.views import coverage, coverage_shown
from tests.store.world import sampled
from tests.views.province import NOW, Province

HERE = h3.latlng_to_cell(21.35, 107.45, 8)
AWAY = h3.latlng_to_cell(21.1, 107.2, 8)
HOUR, DAY = 3_600_000, 86_400_000
TODAY = day_number(NOW)


def measure(province: Province, cell: str, ago: int, rsrp_dbm: int, mbps: float) -> None:
    """A dozen looks of two phones on the day so many days ago."""
    lat, lon = h3.cell_to_latlng(cell)
    for k in range(12):
        batch = sampled(
            f"{cell}-{ago}-{k}", NOW - ago * DAY - k // 2 * HOUR, device=f"p{k % 2}", lat=lat, lon=lon,
            h3=cell, rsrp_cb=rsrp_dbm * 10, down_kbps=round(mbps * 1000),
        )  # fmt: skip
        province.store.append(batch).result()


def parent(cell: str) -> str:
    return str(h3.cell_to_parent(cell, coverage.MAP_RES))


def kinds(view: coverage.CoverageView) -> dict[str, str]:
    return {cell.h3: kind for kind, cell in view.stats}


def test_a_day_shows_what_was_measured_on_it_and_judges_no_gap(province: Province) -> None:
    measure(province, HERE, 1, -120, 20)
    measure(province, HERE, 0, -80, 20)
    view = coverage.build(province.ctx)
    assert view.days == (TODAY, TODAY - 1)
    bad = coverage_shown.build(province.ctx, day=TODAY - 1)
    assert kinds(bad) == {parent(HERE): "bad"}
    assert kinds(coverage_shown.build(province.ctx, day=TODAY)) == {parent(HERE): "good"}
    assert (bad.day, bad.places, bad.samples) == (TODAY - 1, view.places, view.samples)
    assert coverage_shown.build(province.ctx) == view


def test_speed_is_judged_by_the_levels_of_service(province: Province) -> None:
    levels = province.profile.coverage.levels
    measure(province, HERE, 0, -80, levels[0].down_mbps - 0.5)
    measure(province, AWAY, 0, -120, levels[1].down_mbps + 1)
    for day in (0, TODAY):
        view = coverage_shown.build(province.ctx, measure="speed", day=day)
        assert kinds(view) == {parent(HERE): "bad", parent(AWAY): "good"}
        assert view.speeds is not None
        assert view.speeds[parent(AWAY)] == levels[1].down_mbps + 1
        assert view.hex_counts["bad"] == view.hex_counts["good"] == 1
    between = coverage_shown.build(province.ctx, "viettel", "speed")
    assert kinds(between)[parent(HERE)] == "bad"


def test_few_speeds_say_nothing(province: Province) -> None:
    lat, lon = h3.cell_to_latlng(HERE)
    for k in range(coverage_shown.MIN_SPEEDS - 1):
        batch = sampled(f"few-{k}", NOW - k * HOUR, lat=lat, lon=lon, h3=HERE, down_kbps=100)
        province.store.append(batch).result()
    assert kinds(coverage_shown.build(province.ctx, measure="speed")) == {parent(HERE): "samples"}
