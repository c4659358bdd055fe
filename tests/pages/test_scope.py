"""One commune in place of the province: every page that the address scopes shows it alone, says so, and its
counts are those of its lists."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.domain.registers import GAP, Entry, Moved, Step
from cockpit.ingest import shipped
from cockpit.store import registers
from cockpit.ui import live, nav, scope
from cockpit.ui.context import view_context
from cockpit.views import (
    alerts,
    cameras,
    coverage,
    gap_outlook,
    gaps,
    plans,
    requests,
    sources,
    unit_page,
)
from tests.pages.conftest import NOW_MS, Visit, headings, rows_of, text
from tests.pages.test_requests import ask
from tests.store import inside

PAGES = ("home", "alerts", "cameras", "coverage", "gaps", "sources", "plans", "requests", "feedback")
CO_TO = "07192"
PLAN, OF_NO_UNIT = "MAU-2026", "KH59-2022"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    live.forget()
    yield
    live.forget()


@pytest.fixture
def busy(cockpit: Any) -> str:
    """The unit with most open alerts."""
    units = [row.unit for row in live.view(alerts.build).waiting]
    return max(set(units), key=lambda u: (units.count(u), u))


def said(app: AppTest, cockpit: Any, code: str) -> bool:
    return f"**{cockpit.profile.unit[code].name}**" in text(app)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_unit_is_said_on_every_page_with_the_way_back(
    visit: Visit, cockpit: Any, page: str, lang: str
) -> None:
    app = visit(page, unit=CO_TO, lang=lang)
    assert not app.exception
    assert "do_not_disturb_on" not in text(app)  # no panel has failed
    assert said(app, cockpit, CO_TO)
    app.button(key="scope-back").click().run()
    assert "unit" not in app.query_params
    assert all(button.key != "scope-back" for button in app.button)


@pytest.mark.parametrize("page", sorted(scope.OF_THE_PROVINCE))
def test_a_page_of_the_whole_province_says_so(visit: Visit, cockpit: Any, page: str) -> None:
    name, told = cockpit.profile.unit[CO_TO].name, "Trang này tính cho toàn tỉnh, không riêng"
    app = visit(page, unit=CO_TO)
    assert not app.exception
    assert f"{told} {name}" in text(app)
    assert told not in text(visit(page))


def test_every_page_shows_one_unit_or_says_that_it_does_not() -> None:
    assert {*PAGES, *scope.OF_THE_PROVINCE, "units"} == {page.name for page in nav.PAGES}


def test_what_is_muted_is_counted_for_the_province_and_says_so(visit: Visit) -> None:
    (link,) = [
        p for p in visit("cameras", unit=CO_TO).get("page_link") if "list=muted" in p.proto.query_string
    ]
    assert link.proto.label.startswith("Đang tắt tiếng toàn tỉnh: ")
    (link,) = [p for p in visit("cameras").get("page_link") if "list=muted" in p.proto.query_string]
    assert link.proto.label.startswith("Đang tắt tiếng: ")


def test_one_source_in_full_says_that_it_is_not_of_the_unit_alone(visit: Visit, cockpit: Any) -> None:
    told = "Phần này tính cho cả nguồn, trên toàn tỉnh."
    here = next(a for a in cockpit.profile.assets if a.source == "cam-vms" and a.kind == "camera").unit
    assert told in text(visit("sources", unit=here, id="cam-vms"))
    assert told not in text(visit("sources", id="cam-vms"))
    assert "không có thiết bị nào của nguồn" in text(visit("sources", unit=CO_TO, id="cam-vms"))


def test_it_goes_along_to_the_next_page_until_somebody_leaves_it(visit: Visit, cockpit: Any) -> None:
    app = visit("home", unit=CO_TO)
    for page in PAGES[1:]:
        app.query_params.clear()
        app.switch_page(f"../../pages/{page}.py")
        app.run()
        assert said(app, cockpit, CO_TO), page
    app.button(key="scope-back").click().run()
    app.switch_page("../../pages/alerts.py")
    app.run()
    assert not said(app, cockpit, CO_TO)


@pytest.mark.parametrize("code", ["99999", "skhcn", "![x](http://x)"])
def test_a_department_and_a_code_of_nobody_are_no_scope(visit: Visit, code: str) -> None:
    for page in ("home", "requests", "gaps"):
        app = visit(page, unit=code)
        assert not app.exception
        assert all(button.key != "scope-back" for button in app.button)


def test_home_of_a_unit_is_its_own(visit: Visit, cockpit: Any, busy: str) -> None:
    app = visit("home", unit=busy)
    page = live.view(unit_page.build, busy)
    assert page is not None
    (head,) = headings(app)
    assert page.unit is not None
    assert page.unit.name in head
    assert f"{page.counts.alerts} cảnh báo" in head
    assert cockpit.profile.unit[busy].name not in headings(visit("home"))[0]


def test_alerts_of_a_unit_are_those_its_page_counts(visit: Visit, busy: str) -> None:
    whole, part = live.view(alerts.build), live.view(alerts.build, busy)
    counted = unit_page.build(view_context(), busy)
    assert counted is not None
    assert 0 < part.n_waiting < whole.n_waiting
    assert (part.n_waiting + part.n_working, part.n_waiting) == (
        counted.counts.alerts,
        counted.counts.waiting,
    )
    assert {row.unit for row in (*part.waiting, *part.working)} == {busy}
    assert part.ledger == whole.ledger
    app = visit("alerts", unit=busy)
    assert f"{part.n_waiting} cảnh báo chờ tiếp nhận" in headings(app)[0]
    assert len([r for r in rows_of(app) if r["opened"] is None]) <= part.n_waiting


def test_alerts_that_are_hidden_or_closed_are_counted_by_unit_too(cockpit: Any, busy: str) -> None:
    row = next(r for r in live.view(alerts.build).waiting if r.unit == busy)
    before = alerts.build(view_context(), busy)
    inside.change_alert(cockpit.store, row.id, muted="rule")
    hidden, other = alerts.build(view_context(), busy), alerts.build(view_context(), CO_TO)
    inside.change_alert(cockpit.store, row.id, muted="", closed=NOW_MS - 60_000)
    closed = alerts.build(view_context(), busy)
    inside.change_alert(cockpit.store, row.id, closed=None)
    assert (hidden.n_hidden, len(hidden.hidden)) == (before.n_hidden + 1, len(before.hidden) + 1)
    assert hidden.n_waiting == before.n_waiting - 1
    assert (closed.n_closed, len(closed.closed)) == (before.n_closed + 1, len(before.closed) + 1)
    assert row.id not in {a.id for a in (*other.hidden, *other.closed)}
    assert alerts.build(view_context(), busy).n_waiting == before.n_waiting


def test_cameras_of_a_unit_add_up_to_those_of_the_province(visit: Visit, cockpit: Any, busy: str) -> None:
    whole = live.view(cameras.build)
    parts = {u.code: cameras.build(view_context(), u.code) for u in cockpit.profile.units}
    assert sum(view.total for view in parts.values()) == whole.total
    assert parts[busy].counts == {state: whole.by_unit[busy].get(state, 0) for state in whole.counts}
    assert 0 < parts[busy].total < whole.total
    assert len(visit("cameras", unit=busy).dataframe[0].value) == parts[busy].total


@pytest.fixture
def two_gaps(cockpit: Any) -> Iterator[tuple[str, str]]:
    one, other = (u.code for u in cockpit.profile.units[:2])
    for number, code in ((1, one), (2, other)):
        facts = {
            "cells": ["88415a0001fffff"], "lat": 21.0, "lon": 107.1, "samples": 40, "groups": 30,
            "devices": 5, "share": 0.9, "low": 0.8, "high": 1.0, "rsrp_sum": -44_000, "last": NOW_MS,
        }  # fmt: skip
        entry = Entry(GAP, number, "reported", code, one, NOW_MS, NOW_MS + 1000, facts=facts)
        moved = Moved(entry, 0, Step(NOW_MS, "engine", "found", "", "reported", {}))
        inside.done(cockpit.store, partial(registers.move, moved=moved))
    live.forget()
    yield one, other
    inside.forget_gaps(cockpit.store)


def test_gaps_and_coverage_of_a_unit_are_those_that_lie_in_it(
    visit: Visit, two_gaps: tuple[str, str]
) -> None:
    one, other = two_gaps  # both are owned by the first
    found = {code: gaps.build(view_context(), code).gaps for code in (one, other, CO_TO)}
    assert [[g.entry.id for g in some] for some in found.values()] == [[1], [2], []]
    assert list(visit("gaps", unit=one).dataframe[0].value["code"]) == ["LS-1"]
    places = coverage.build(view_context(), coverage.ANY, other).places
    assert [place.number for place in places] == [2]


def test_the_outlook_of_a_unit_is_that_of_its_own_gaps(visit: Visit, two_gaps: tuple[str, str]) -> None:
    whole = gap_outlook.build(view_context())
    parts = {code: gap_outlook.build(view_context(), code) for code in (*two_gaps, CO_TO)}
    assert whole.whole.gaps == 2
    assert [part.whole.gaps for part in parts.values()] == [1, 1, 0]
    assert [goal.unit for goal in whole.goals] == [CO_TO]
    assert [len(part.goals) for part in parts.values()] == [0, 0, 1]
    app = visit("gaps", unit=two_gaps[0])
    assert "Còn 1 điểm lõm sóng" in text(app)
    assert "Mục tiêu của Đặc khu" not in text(app)


@pytest.mark.usefixtures("two_gaps")
def test_a_gap_opens_and_the_map_is_switched_within_a_unit(visit: Visit, two_gaps: tuple[str, str]) -> None:
    one, _ = two_gaps
    for page in ("gaps", "coverage"):
        app = visit(page, unit=one, id="1", measure="speed")
        assert not app.exception
        assert "do_not_disturb_on" not in text(app)
        app.button(key="gap-close").click().run()
        assert "id" not in app.query_params
        assert app.query_params["unit"] in (one, [one])


def test_feeds_of_a_unit_count_its_own_devices(visit: Visit, cockpit: Any, busy: str) -> None:
    whole, part = live.view(sources.build), live.view(sources.build, busy)
    assert {f.source.code for f in part.feeds} <= {f.source.code for f in whole.feeds}
    feed = next(f for f in part.feeds if f.source.code == "cam-vms")
    mine = sum(a.source == "cam-vms" and a.unit == busy and a.rhythm_s > 0 for a in cockpit.profile.assets)
    assert feed.fresh + feed.late + feed.silent + feed.never == mine
    assert part.timeliness.sources == len(part.feeds)


@pytest.fixture
def planned(cockpit: Any) -> Iterator[None]:
    shipped.ship(cockpit.store, cockpit.profile, NOW_MS, demo=True)
    live.forget()
    yield
    for rows in (inside.Rows.REGISTERS, inside.Rows.REGISTER_STEPS):
        inside.clear(cockpit.store, rows)


@pytest.mark.usefixtures("planned")
def test_a_plan_is_a_units_part_of_it(visit: Visit, cockpit: Any) -> None:
    whole = plans.plan(view_context(), PLAN)
    assert whole is not None
    owners = [i.entry.owner for i in whole.plan.tasks if i.entry.owner in cockpit.profile.unit]
    owner = owners[0]
    part = plans.plan(view_context(), PLAN, owner)
    assert part is not None
    assert 0 < len(part.plan.items) < len(whole.plan.items)
    assert all(owner in (i.entry.unit, i.entry.owner) for i in (*part.plan.items, *part.late, *part.soon))
    assert part.tasks.total <= owners.count(owner)
    app = visit("plans", plan=PLAN, unit=owner)
    assert not app.exception
    listed = next(d.value for d in app.dataframe if "owner" in d.value.columns)
    assert len(listed) == len(part.plan.tasks)
    assert "không giao việc" in headings(visit("plans", plan=OF_NO_UNIT, unit=owner))[0]
    assert visit("plans", plan=PLAN).get("download_button")
    assert not app.get("download_button")  # brought back, a part would be taken for the whole


def test_requests_of_a_unit_are_those_it_is_asked(visit: Visit, cockpit: Any) -> None:
    unit = cockpit.profile.units[0].code
    mine, _ = ask(cockpit, unit), ask(cockpit, "skhcn")
    try:
        assert [r.entry.id for r in requests.build(view_context(), unit).requests] == [mine]
        app = visit("requests", unit=unit, view="all")
        assert headings(app)[0].endswith("1 yêu cầu chờ trả lời")
        assert len(app.dataframe[0].value) == 1
        assert headings(visit("requests", unit=CO_TO))[0].endswith("Chưa có yêu cầu giải trình nào")
        assert len(visit("requests", unit="skhcn", view="all").dataframe[0].value) == 1
    finally:
        for rows in (inside.Rows.REGISTERS, inside.Rows.REGISTER_STEPS):
            inside.clear(cockpit.store, rows)
