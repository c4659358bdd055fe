"""The page of coverage gaps: the register with its filters, and one gap with its next step."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import h3
import pytest
from streamlit.testing.v1 import AppTest

from cockpit.domain.coverage import gap_life
from cockpit.domain.coverage.gap_life import Taken
from cockpit.domain.registers import GAP, Entry, Moved, Step
from cockpit.store import registers
from cockpit.store.queries import registers as queries
from cockpit.ui import gap_map, gap_record, live
from cockpit.ui.words import reading
from cockpit.views import gaps as gaps_view
from cockpit.views.context import ViewContext
from tests.pages.conftest import NOW_MS, Visit, element, text
from tests.store import inside

DAY = 86_400_000
STATES = ("reported", "verified", "planned", "building", "closed")


def put(store: Any, number: int, state: str, unit: Any) -> None:
    cell = h3.latlng_to_cell(unit.lat, unit.lon, 8)
    facts = {
        "cells": [cell], "lat": unit.lat, "lon": unit.lon, "samples": 40, "groups": 30, "devices": 5,
        "share": 0.95, "low": 0.87, "high": 0.99, "rsrp_sum": -44_000, "last": NOW_MS - DAY,
    }  # fmt: skip
    entry = Entry(GAP, number, "reported", unit.code, "skhcn", NOW_MS - 30 * DAY, NOW_MS - DAY, facts=facts)
    step = Step(entry.opened, "engine", "found", "", "reported", {"groups": 30})
    steps = [Moved(entry, 0, step)]
    by = Taken(NOW_MS - 5 * DAY, "An (giả lập)", {"documents": ["12/BB"]})
    proof = gap_life.Measure(20, 20, 0.0, 0.0, 0.16, -90.0, 1)
    take: tuple[Callable[[Entry], Moved], ...] = (
        lambda e: gap_life.verified(e, NOW_MS + DAY, by),
        lambda e: gap_life.planned(e, "viettel", NOW_MS + 9 * DAY, 900, by),
        lambda e: gap_life.built(e, (), by),
        lambda e: gap_life.closed(e, proof, by),
    )
    for one in take[: STATES.index(state)]:
        steps.append(one(steps[-1].entry))
    for moved in steps:
        assert inside.done(store, partial(registers.move, moved=moved))


@pytest.fixture
def listed(cockpit: Any) -> Iterator[None]:
    for n, state in enumerate(STATES, 1):
        put(cockpit.store, n, state, cockpit.profile.units[n])
    live.forget()
    yield
    inside.forget_gaps(cockpit.store)
    live.forget()


def test_without_gaps_the_page_says_so(visit: Visit) -> None:
    assert "Chưa có điểm lõm sóng nào" in text(visit("gaps"))


@pytest.mark.usefixtures("listed")
def test_the_register_lists_what_is_open_and_tells_whom_it_concerns(visit: Visit) -> None:
    app = visit("gaps")
    assert not app.exception
    assert "4 điểm lõm sóng chưa xóa, 1 quá hạn" in text(app)
    (frame,) = [f.value for f in app.dataframe]
    assert sorted(frame["code"]) == ["LS-1", "LS-2", "LS-3", "LS-4"]
    assert list(visit("gaps", state="closed").dataframe[0].value["code"]) == ["LS-5"]


@pytest.mark.usefixtures("listed")
def test_a_gap_says_why_it_is_one_and_its_next_step_is_taken_there(visit: Visit, cockpit: Any) -> None:
    app = visit("gaps", id="1", role="operator")
    assert not app.exception
    said = text(app)
    assert "Vì sao là điểm lõm: 95" in said
    assert "30 lượt đo độc lập" in said
    app.text_input(key="gap-shown-1-1").set_value("12/BB-UBND")
    app.button(key="gap-do-verify-1").click().run()
    with cockpit.store.read() as conn:
        entry = queries.entry(conn, GAP, 1)
    assert entry is not None
    assert entry.state == "verified"


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_state_opens_with_its_form_and_a_closed_one_with_its_proof(visit: Visit, lang: str) -> None:
    for number, form in enumerate(("verify", "plan", "build", "close", "reopen"), 1):
        app = visit("gaps", id=str(number), role="operator", lang=lang)
        assert not app.exception
        assert element(app, f"gap-do-{form}-{number}") is not None
    assert ("Trước và sau khi thi công" if lang == "vi" else "Before and after the work") in text(app)


@pytest.mark.usefixtures("listed")
def test_who_may_not_act_reads_only(visit: Visit) -> None:
    app = visit("gaps", id="2", role="leader")
    assert "Chỉ xem" in text(app)
    assert not [b for b in app.button if str(b.key).startswith("gap-do")]


@pytest.mark.usefixtures("listed")
def test_the_record_to_print_is_one_page_with_a_map_and_asks_nothing_outside(cockpit: Any) -> None:
    context = ViewContext(cockpit.store, cockpit.profile, NOW_MS, NOW_MS)
    found = gaps_view.one(context, 5)
    assert found is not None
    with reading("vi"):
        page = gap_record.page(found)
    assert "<svg" in page
    assert "DỮ LIỆU MÔ PHỎNG" in page
    assert "giả lập" in page
    assert "http" not in page


def decks(app: AppTest) -> list[dict[str, Any]]:
    """The maps of a page as they travel."""
    return [json.loads(e.proto.json) for e in app.get("deck_gl_json_chart")]


def layer_of(deck: dict[str, Any]) -> list[dict[str, str]]:
    """The cells of gaps on a map."""
    return [row for layer in deck["layers"] if layer["id"] == gap_map.LAYER for row in layer["data"]]


@pytest.mark.usefixtures("listed")
def test_both_maps_hold_the_gaps_by_number(visit: Visit) -> None:
    on_register = layer_of(decks(visit("gaps"))[0])
    assert sorted(row["gap"] for row in on_register) == ["1", "2", "3", "4"]
    assert sorted(row["gap"] for row in layer_of(decks(visit("coverage"))[0])) == ["1", "2", "3", "4"]
    assert "LS-1" in next(row["text"] for row in on_register if row["gap"] == "1")


def test_a_click_on_a_gap_of_a_map_names_it_in_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, str] = {}
    state: dict[str, Any] = {}
    monkeypatch.setattr(gap_map.st, "query_params", asked)
    monkeypatch.setattr(gap_map.st, "session_state", state)
    state["m"] = {"selection": {"objects": {gap_map.LAYER: [{"h3": "x", "gap": "7"}]}}}
    gap_map.clicked("m")
    assert asked == {"id": "7"}
    state["m"] = {"selection": {"objects": {"hex-bad": [{"h3": "x"}]}}}
    gap_map.clicked("m")
    assert asked == {"id": "7"}, "a click on other ground lets the gap stay"


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("page", ["gaps", "coverage"])
def test_the_address_opens_a_gap_beside_either_map(visit: Visit, page: str) -> None:
    app = visit(page, id="2", role="operator")
    assert not app.exception
    assert "Vì sao là điểm lõm: 95" in text(app)
    assert element(app, "gap-do-plan-2") is not None
    assert "Không có điểm lõm sóng 99" in text(visit(page, id="99"))


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_says_how_people_without_coverage_became_fewer_and_by_which_method(
    visit: Visit, lang: str
) -> None:
    app = visit("gaps", lang=lang)
    assert not app.exception
    shown = text(app)
    told = {
        "vi": ("Còn 4 điểm lõm sóng", "Số điểm đã xóa quá ít", "Mục tiêu của Cô Tô", "F26", "Cách tính"),
        "en": ("4 gaps are left", "Too few were closed", "The goal of Cô Tô", "F26", "How it is reckoned"),
    }
    assert [piece for piece in told[lang] if piece not in shown] == []


def test_without_gaps_nothing_is_reckoned(visit: Visit) -> None:
    assert "Cách tính: số người ở mỗi điểm" not in text(visit("gaps"))
