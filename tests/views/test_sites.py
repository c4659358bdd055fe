"""Where to build next, from counts in a store."""

from __future__ import annotations

from collections.abc import Mapping

import h3

from cockpit.domain.registers import GAP, Entry
from cockpit.store import hamlets
from cockpit.views import gaps, sites
from cockpit.views.coverage import ANY
from cockpit.views.inhabitants import inhabitants
from tests.store import inside
from tests.views.province import Province


def land(province: Province) -> sites.Atlas:
    return sites.atlas(province.profile)


def people(province: Province) -> Mapping[str, int]:
    with province.ctx.store.read() as conn:
        return inhabitants(conn, province.profile).people


def test_the_people_of_a_bad_cell_are_without_by_its_share_and_those_of_a_good_one_are_not(
    province: Province,
) -> None:
    known = land(province)
    bad, good = sorted(known.unit.keys() - known.served("viettel"))[:2]
    province.cell("viettel", bad, 40, bad=38)
    province.cell("viettel", good, 40)
    found = {w.cell: w for w in sites.build(province.ctx, "viettel").without}
    assert found[bad].measured
    assert found[bad].people == (people(province)[bad] * 38 + 20) // 40
    assert good not in found


def test_a_file_of_people_counts_for_sites_and_gaps_alike(province: Province) -> None:
    known, before = land(province), sites.stamp(province.ctx)
    cell = min(known.unit.keys() - known.served("viettel"))
    inside.done(province.store, lambda conn: hamlets.put_people(conn, {cell: 4321}))
    assert sites.stamp(province.ctx) != before
    assert people(province)[cell] == 4321
    assert {w.cell: w.people for w in sites.build(province.ctx, "viettel").without}[cell] == 4321
    facts = {"cells": [cell], "share": 1.0}
    entry = Entry(GAP, 1, "reported", known.unit[cell], "skhcn", 0, None, facts=facts)
    with province.store.read() as conn:
        (gap,) = gaps.known(conn, province.profile, [entry])
    assert (gap.people.mid, gap.people.basis) == (4321, "cells")


def test_without_measurements_those_are_without_whom_no_site_should_reach(province: Province) -> None:
    known = land(province)
    view = sites.build(province.ctx)
    assert {w.cell for w in view.without} == known.unit.keys() - known.served("")
    assert view.measured == 0
    found = sites.shares(province.ctx)
    whole = found[0]
    assert (whole.unit, whole.people) == ("", sum(people(province).values()))
    assert whole.without == view.people == sum(s.without for s in found[1:])


def test_a_plan_is_told_with_its_curve_its_units_and_its_certificate(province: Province) -> None:
    view = sites.build(province.ctx, "", 5)
    plan = view.suggested
    assert len(plan.sites) == 5
    assert [s.gain for s in plan.sites] == list(view.curve[:5])
    assert list(view.curve) == sorted(view.curve, reverse=True)
    assert sum(plan.units.values()) == plan.total == plan.sites[-1].total
    assert 0.98 <= view.certificate.ratio <= 1
    assert sites.proposal(province.ctx, "", tuple(s.cell for s in plan.sites)).total == plan.total


def test_nothing_is_built_in_an_excluded_unit(province: Province) -> None:
    first = sites.build(province.ctx, "", 3).suggested.sites[0].unit
    view = sites.build(province.ctx, "", 3, 0, (first,))
    assert first not in {s.unit for s in view.suggested.sites}


def test_any_place_can_be_tried_and_serves_its_own_cell(province: Province) -> None:
    known = land(province)
    cell = next(w.cell for w in sites.build(province.ctx).without if w.cell not in known.reach)
    tried = sites.proposal(province.ctx, "", (cell,))
    assert cell in tried.sites[0].cells
    assert h3.get_resolution(tried.sites[0].cell) == 8


def test_what_every_operator_serves_is_no_more_than_what_any_of_them_does(province: Province) -> None:
    found = sites.by_operator(province.ctx)
    assert list(found) == [ANY, sites.ALL, *province.profile.operators]
    each = [found[code].without for code in province.profile.operators]
    assert found[ANY].without <= min(each) <= max(each) <= found[sites.ALL].without
