"""The page of coverage gaps: the register with its filters, and one gap with its next step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import h3
import pytest

from cockpit.domain.coverage import gap_life
from cockpit.domain.coverage.gap_life import Taken
from cockpit.domain.registers import GAP, Entry, Moved, Step
from cockpit.store import registers
from cockpit.store.queries import registers as queries
from cockpit.ui import gap_record, live
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
