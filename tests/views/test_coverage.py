"""The coverage screen's figures from counts in a store."""

from __future__ import annotations

import h3
import pytest

from cockpit.domain.geo import nearest
from cockpit.engine import Engine
from cockpit.store.queries import loading
from cockpit.views import coverage
from tests.views.province import NOW, Province

HERE = h3.latlng_to_cell(21.35, 107.45, 8)
RING = sorted(h3.grid_ring(HERE, 1))
FAR = h3.latlng_to_cell(20.95, 107.08, 8)


def test_nothing_measured_says_so(province: Province) -> None:
    view = coverage.build(province.ctx)
    assert (view.samples, view.places, view.last) == (0, (), None)
    assert sum(view.counts.values()) == 0


def test_touching_bad_cells_are_one_place_with_its_interval_and_nearest_unit(province: Province) -> None:
    for cell in (HERE, RING[0]):
        province.cell("viettel", cell, 40, bad=38)
    province.cell("viettel", FAR, 40, bad=0, weak=36)
    view = coverage.build(province.ctx, "viettel")
    assert [p.kind for p in view.places] == ["bad", "weak"]
    bad, weak = view.places
    assert set(bad.cells) == {HERE, RING[0]}
    assert (bad.samples, bad.groups, bad.share) == (80, 80, 0.95)
    assert 0.87 < bad.low < 0.95 < bad.high < 1
    assert weak.share == pytest.approx(0.9)
    assert bad.unit == nearest(province.profile.units, bad.lat, bad.lon).code
    assert view.counts == {"bad": 2, "weak": 1, "samples": 0, "good": 0}


def test_cells_measured_too_little_are_neither_good_nor_bad(province: Province) -> None:
    province.cell("vnpt", HERE, 30, bad=30, groups=4)
    view = coverage.build(province.ctx, "vnpt")
    assert view.counts["samples"] == 1
    assert view.places == ()


def test_any_operator_takes_the_one_that_serves_a_cell(province: Province) -> None:
    province.cell("viettel", HERE, 60, bad=55)
    province.cell("mobifone", HERE, 60, bad=2)
    province.cell("any", HERE, 120, bad=57)
    view = coverage.build(province.ctx)
    assert view.counts["good"] == 1
    assert view.samples == 120
    assert coverage.build(province.ctx, "viettel").counts["bad"] == 1
    assert view.operators == ("viettel", "mobifone")


def test_the_map_is_rolled_up_to_resolution_seven_with_ids_as_text(province: Province) -> None:
    for cell in h3.cell_to_children(h3.cell_to_parent(HERE, 7), 8):
        province.cell("viettel", cell, 20, bad=19)
    view = coverage.build(province.ctx, "viettel")
    assert [(kind, c.h3, c.n) for kind, c in view.stats] == [("bad", h3.cell_to_parent(HERE, 7), 140)]
    assert view.hex_counts["bad"] == 1
    assert view.last == NOW - 24 * 3_600_000


def test_a_cell_whose_samples_have_expired_is_gone(province: Province) -> None:
    province.cell("viettel", HERE, 0, bad=0)
    assert sum(coverage.build(province.ctx, "viettel").counts.values()) == 0


def test_what_the_list_names_the_map_shows(province: Province) -> None:
    children = sorted(h3.cell_to_children(h3.cell_to_parent(HERE, 7), 8))
    province.cell("viettel", children[0], 20, bad=20)
    for cell in children[1:]:
        province.cell("viettel", cell, 40)
    view = coverage.build(province.ctx, "viettel")
    assert [p.kind for p in view.places] == ["bad"]
    assert view.hex_counts == {"bad": 1, "weak": 0, "samples": 0, "good": 0}


def test_a_cell_of_the_map_in_which_nothing_is_measured_enough_is_not_judged(province: Province) -> None:
    for cell in sorted(h3.cell_to_children(h3.cell_to_parent(HERE, 7), 8)):
        province.cell("viettel", cell, 4, bad=4, groups=4)
    view = coverage.build(province.ctx, "viettel")
    assert (view.places, view.hex_counts["samples"]) == ((), 1)


def test_while_the_past_comes_in_the_page_lists_what_the_engine_counted(province: Province) -> None:
    province.cell("viettel", HERE, 40, bad=38)
    assert coverage.build(province.ctx).places == ()  # no look of the engine has put it into the register yet
    before = coverage.stamp(province.ctx)
    engine = Engine(province.store, province.profile, province.clock, played=True)
    province.fact(loading.KEY, 5)
    engine.tick()
    engine.stop()
    assert [(p.number, p.kind, p.cells) for p in coverage.build(province.ctx).places] == [(0, "bad", (HERE,))]
    assert coverage.stamp(province.ctx) != before
