"""The service index as a screen: what the portal sends, what units cost, and what nobody knows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.domain.indicators import Status
from cockpit.domain.indices import service
from cockpit.store.indicators import save_now
from cockpit.store.rows import IndicatorNow
from cockpit.views import facts, indices
from cockpit.views.context import ViewContext
from tests.store import inside
from tests.views.province import NOW, Province

POINTS = {"I02": 13.2, "I03": 18.4, "I04": 7.7, "I05": 7.6, "I06": 17.6, "I07": 15.6}
FIRST, SECOND = "06652", "06658"


def put(province: Province, *rows: tuple[str, str, float, int], status: Status = "green") -> None:
    """Figures as the engine keeps them: indicator, unit, value, number of records."""
    kept = [IndicatorNow(code, unit, value, NOW, n, status, "{}", NOW) for code, unit, value, n in rows]
    inside.done(province.store, lambda conn: save_now(conn, kept))


def portal(province: Province) -> None:
    put(province, ("I01", "", 80.1, 6), *((code, "", value, 1) for code, value in POINTS.items()))


def simulated(province: Province) -> ViewContext:
    return replace(province.ctx, simulated=True)


def test_the_whole_province_is_as_the_portal_says_and_the_dearest_component_comes_first(
    province: Province,
) -> None:
    portal(province)
    view = indices.build(province.ctx)
    assert view.total is not None
    assert (view.total.value, view.grade) == (80.1, "tot")
    assert [c.code for c in view.components][:2] == ["digitisation", "openness"]
    assert view.components[0].lost == pytest.approx(6.4)
    assert view.points is not None
    assert service.total(view.points) == 80.1


def test_a_component_that_never_came_leaves_no_total(province: Province) -> None:
    put(province, *((code, "", value, 1) for code, value in POINTS.items() if code != "I05"))
    view = indices.build(province.ctx)
    assert (view.total.value if view.total else None, view.grade, view.points) == (None, None, None)
    assert view.components[-1].code == "payment"
    assert view.components[-1].lost is None


def test_shares_of_a_unit_are_counted_exactly_and_cost_by_how_much_is_not_done(province: Province) -> None:
    put(province, ("I08", FIRST, 100 * 1 / 3, 3), ("I08", SECOND, 100 * 6 / 7, 7))
    view = indices.build(province.ctx)
    assert {u.unit.code: u.counts["on_time"] for u in view.units} == {FIRST: (1, 3), SECOND: (6, 7)}
    assert [(c.unit.code, c.component) for c in view.costs] == [(FIRST, "progress"), (SECOND, "progress")]
    assert [c.lost for c in view.costs] == pytest.approx([20 * 2 / 10, 20 * 1 / 10])
    assert all(u.total is None and u.thin == 20 for u in view.units)


def test_what_units_cost_is_what_their_common_score_lacks(province: Province) -> None:
    codes = [*province.profile.unit]
    parts = province.profile.indices.service
    assert parts is not None
    put(province, *((code, unit, 90.0, 40) for code in parts.parts.values() for unit in codes))
    view = indices.build(simulated(province))
    assert view.made_up
    assert len(view.units) == 54
    assert all(unit.total is not None for unit in view.units)
    assert view.together is not None
    assert sum(cost.lost for cost in view.costs) == pytest.approx(100 - view.together, abs=0.006)
    worst = view.units[0]
    assert [p.points - p.part.most for p in indices.parts_of(view, worst) if p.points is not None] == sorted(
        p.points - p.part.most for p in indices.parts_of(view, worst) if p.points is not None
    )


def test_outside_a_demo_nothing_is_made_up(province: Province) -> None:
    put(province, ("I08", FIRST, 90.0, 40))
    view = indices.build(province.ctx)
    assert not view.made_up
    assert {part.code for part in view.parts if part.origin == "unknown"} == {
        "published", "synchronised", "offered", "used", "payable", "procedures", "reused",
    }  # fmt: skip
    (unit,) = view.units
    assert unit.counts.keys() == {"on_time"}
    unknown = [p for p in indices.parts_of(view, unit) if p.count is None]
    assert len(unknown) == 13


def test_a_part_whose_source_is_silent_says_which(province: Province) -> None:
    put(province, ("I08", "", 90.0, 40), status="suspect")
    by_code = {part.code: part for part in indices.build(province.ctx).parts}
    assert by_code["on_time"].doubt is not None
    assert by_code["on_time"].doubt.vi
    assert by_code["reused"].doubt is None


def test_published_figures_stand_under_their_source(province: Province) -> None:
    view = facts.build(province.ctx)
    assert view.n == 26
    assert [len(p.facts) for p in view.publications] == [7, 5, 5, 7, 2]
    assert {f.code for p in view.publications for f in p.facts} == set(province.profile.fact)
