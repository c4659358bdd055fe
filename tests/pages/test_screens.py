"""Alerts, cameras, data sources and coverage: links, filters, commands, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.commands.alerts import UNDO_MS
from cockpit.domain.alerting.rules import MAX_OFF_MS
from cockpit.domain.numbers import AlertId
from cockpit.domain.registers import CLOSED, GAP, Entry, Moved, Step
from cockpit.store import outside, registers
from cockpit.store.queries import alerts as queries
from cockpit.ui import live
from cockpit.ui.marks import escape
from cockpit.views import cameras, coverage
from tests.pages.conftest import NOW_MS, Visit, element, headings, text
from tests.store import inside
from tests.waiting import PATIENCE_S

SCREENS = ("alerts", "cameras", "sources", "coverage")


def heading(app: AppTest) -> str:
    (found,) = headings(app)
    return found


def become(app: AppTest, role: str) -> None:
    app.radio(key="person_role").set_value(role)
    app.run()


def button(app: AppTest, key: str) -> Any:
    return next(b for b in app.button if b.key == key)


@pytest.fixture
def first_alert(cockpit: Any) -> Iterator[AlertId]:
    """The most urgent alert, put back as it was afterwards."""
    number = inside.alerts(cockpit.store)[0].id
    live.forget()
    yield number
    inside.change_alert(cockpit.store, number, ack_by=None, ack_at=None, ack_note=None, version=1)


@pytest.fixture
def rule(cockpit: Any) -> Iterator[str]:
    """A rule, switched on again afterwards."""
    code = str(cockpit.profile.rules[1].code)
    live.forget()
    yield code
    inside.clear(cockpit.store, inside.Rows.RULES_OFF)
    inside.forget_mutes(cockpit.store)
    live.forget()


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("page", SCREENS)
def test_a_screen_draws_without_a_failed_panel(visit: Visit, page: str, lang: str) -> None:
    app = visit(page, lang=lang)
    assert not app.exception
    assert "Không tải được ô này" not in text(app)
    assert "This panel failed" not in text(app)
    assert heading(app)


def test_an_alert_opens_from_the_address_with_why_and_next_step(visit: Visit, first_alert: AlertId) -> None:
    app = visit("alerts", id=str(first_alert))
    shown = text(app)
    assert f"CB-{first_alert}" in shown
    assert "Vì sao báo:" in shown
    assert "CB-" in text(visit("alerts", id=str(first_alert), lang="en"))


def test_an_unknown_alert_is_said_and_not_shown_as_markup(visit: Visit) -> None:
    assert "Không còn việc số" in text(visit("alerts", id="999999"))
    assert "![" not in text(visit("alerts", id="![x](http://example.org/x.png)"))


def test_a_leader_reads_that_the_role_may_not_acknowledge(visit: Visit, first_alert: AlertId) -> None:
    app = visit("alerts", id=str(first_alert))
    assert "Chỉ xem: vai Lãnh đạo" in text(app)
    assert not [b for b in app.button if b.key == f"ack-{first_alert}"]


def test_a_critical_alert_is_not_acknowledged_without_a_word(
    visit: Visit, cockpit: Any, first_alert: AlertId
) -> None:
    app = visit("alerts", id=str(first_alert))
    become(app, "operator")
    assert app.text_input(key=f"note-{first_alert}").placeholder == "Ghi chú (bắt buộc)"
    button(app, f"ack-{first_alert}").click()
    app.run()
    assert any("Cần ghi lý do." in toast.value for toast in app.toast)
    assert next(a for a in inside.alerts(cockpit.store) if a.id == first_alert).ack_at is None


def test_an_operator_acknowledges_with_a_note_what_was_shown(
    visit: Visit, cockpit: Any, first_alert: AlertId
) -> None:
    app = visit("alerts", id=str(first_alert))
    become(app, "operator")
    app.text_input(key=f"note-{first_alert}").set_value("đã gọi kỹ thuật")
    button(app, f"ack-{first_alert}").click()
    app.run()
    assert any(f"Đã tiếp nhận {escape(f'CB-{first_alert}')}" in toast.value for toast in app.toast)
    with cockpit.store.read() as conn:
        found = queries.one(conn, first_alert)
    assert found is not None
    assert (found.ack_by, found.ack_note) == ("Vũ Văn Hải (giả lập)", "đã gọi kỹ thuật")


def test_an_alert_just_acknowledged_says_where_it_is_now_and_leads_there(
    visit: Visit, first_alert: AlertId
) -> None:
    app = visit("alerts", id=str(first_alert))
    assert not [b for b in app.button if b.key == "alert-to-list"]
    become(app, "operator")
    app.text_input(key=f"note-{first_alert}").set_value("đang kiểm tra")
    button(app, f"ack-{first_alert}").click()
    app.run()
    assert "Việc này nay thuộc danh sách đang xử lý." in text(app)
    button(app, "alert-to-list").click()
    app.run()
    assert element(app, "choose-list-vi").value == "working"
    assert "nay thuộc danh sách" not in text(app)


def test_after_an_acknowledgement_the_panel_stays_and_offers_to_undo_it(
    visit: Visit, cockpit: Any, first_alert: AlertId, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The list chooses its first row by itself: nothing in the address holds the panel yet.
    app = visit("alerts", role="operator", q=f"CB-{first_alert}")
    app.text_input(key=f"note-{first_alert}").set_value("đang kiểm tra")
    button(app, f"ack-{first_alert}").click()
    app.run()
    assert app.query_params["id"] == str(first_alert)
    assert not [b for b in app.button if (b.key or "").startswith("ack-")]
    button(app, f"undo-{first_alert}").click()
    app.run()
    assert any("Đã hoàn tác tiếp nhận" in toast.value for toast in app.toast)
    with cockpit.store.read() as conn:
        found = queries.one(conn, first_alert)
    assert found is not None
    assert (found.ack_by, found.version) == (None, 3)

    app.text_input(key=f"note-{first_alert}").set_value("đang kiểm tra")
    button(app, f"ack-{first_alert}").click()
    app.run()
    assert [b for b in app.button if b.key == f"undo-{first_alert}"]
    later = cockpit.clock.monotonic() + UNDO_MS / 1000
    monkeypatch.setattr(cockpit.clock, "monotonic", lambda: later)
    app.run()
    assert not [b for b in app.button if (b.key or "").startswith(("ack-", "undo-"))]


def test_an_alert_whose_rule_is_off_is_hidden_and_says_so(
    visit: Visit, cockpit: Any, first_alert: AlertId
) -> None:
    def mute(why: str) -> None:
        inside.change_alert(cockpit.store, first_alert, muted=why)
        live.forget()

    def labels(app: AppTest) -> list[str]:
        return [str(option) for option in element(app, "choose-list-vi").options]

    assert "Đang ẩn · 0" in labels(visit("alerts"))
    mute("rule_off")
    try:
        app = visit("alerts", list="hidden", id=str(first_alert))
        assert "Đang ẩn · 1" in labels(app)
        assert "△ Đang ẩn" in text(app)
        assert "Việc này đang ẩn" in text(visit("alerts", id=str(first_alert)))
    finally:
        mute("")


def test_who_comes_second_is_told_who_was_first(visit: Visit, cockpit: Any, first_alert: AlertId) -> None:
    app = visit("alerts", id=str(first_alert))
    become(app, "operator")
    opened = inside.alerts(cockpit.store)[0].opened
    inside.change_alert(cockpit.store, first_alert, ack_by="Nguyễn An", ack_at=opened, version=2)
    button(app, f"ack-{first_alert}").click()
    app.run()
    assert any("Nguyễn An đã tiếp nhận lúc" in toast.value for toast in app.toast)


def test_search_needs_no_diacritics(visit: Visit) -> None:
    app = visit("alerts", q="khong co gi khop")
    assert "Không có việc nào khớp" in text(app)
    found = visit("alerts", q="mat tin hieu")
    assert "khớp “mat tin hieu”" in text(found)
    assert "Không có việc nào khớp" not in text(found)


def test_an_administrator_switches_a_rule_off_with_a_reason_and_on_again(
    visit: Visit, cockpit: Any, rule: str
) -> None:
    app = visit("alerts", list="rules", rule=rule)
    assert "không tắt hay bật được quy tắc" in text(app)
    become(app, "admin")
    button(app, f"off-{rule}").click()
    app.run()
    assert any("Cần ghi lý do" in toast.value for toast in app.toast)
    app.text_input(key=f"rule-off-{rule}").set_value("bảo trì tuyến cáp")
    terms = app.selectbox(key=f"rule-term-{rule}")
    assert terms.options == ["1 giờ", "8 giờ", "24 giờ", "7 ngày", "30 ngày"]
    assert terms.value == 24
    terms.set_value(30 * 24)
    button(app, f"off-{rule}").click()
    app.run()
    with cockpit.store.read() as conn:
        (off,) = queries.rules_off(conn, cockpit.clock.domain_ms())
    assert off.until - cockpit.clock.domain_ms() == MAX_OFF_MS
    assert "Đang tắt tiếng 1 mục" in text(app)
    assert "bảo trì tuyến cáp" in text(app)
    assert "Đang tắt tiếng 1 mục" in text(visit("alerts"))
    button(app, f"on-{rule}").click()
    app.run()
    assert "Không có gì đang tắt tiếng." in text(app)


def test_a_camera_opens_from_the_address(visit: Visit, cockpit: Any) -> None:
    camera = next(a for a in cockpit.profile.assets if a.kind == "camera")
    shown = text(visit("cameras", id=camera.code))
    assert escape(camera.code) in shown
    assert escape(camera.name) in shown
    assert "Chưa nối nguồn hình ảnh nào" in shown
    assert "Danh mục không có camera" in text(visit("cameras", id="cam-99999"))


def test_camera_filters_come_from_the_address_by_code(visit: Visit) -> None:
    app = visit("cameras", state="offline", q="zzzz")
    assert "Đang lọc: Mất tín hiệu · “zzzz”" in text(app)
    assert element(app, "choose-state-vi").value == ["offline"]


def test_the_camera_map_draws_over_the_land_and_asks_nothing_outside(visit: Visit) -> None:
    app = visit("cameras", view="map")
    (deck,) = app.get("deck_gl_json_chart")
    assert '"mapStyle": "__MAP_STYLE__"' in deck.proto.json
    for host in ("cartocdn", "mapbox", "mapProvider", "NaN"):
        assert host not in deck.proto.json


def test_a_source_opens_from_the_address_with_its_lineage(visit: Visit) -> None:
    shown = text(visit("sources", id="cam-vms"))
    assert "### Bản ghi bị từ chối" in shown
    assert "Không có bản ghi nào bị từ chối." in shown
    assert "Danh mục không có nguồn" in text(visit("sources", id="nothing"))


def test_coverage_says_where_its_thresholds_come_from_and_what_it_cannot_see(visit: Visit) -> None:
    shown = text(visit("coverage", operator="viettel"))
    assert "không phải quy chuẩn" in shown
    assert "Máy mất hẳn sóng không gửi được mẫu" in shown
    for said in ("Ngưỡng cấu hình, không phải quy chuẩn: kém dưới −110 dBm", "Cơ bản: sóng từ −110 dBm"):
        assert said in shown
    assert "not a regulation" in text(visit("coverage", lang="en"))


def test_coverage_names_what_others_publish_with_number_date_and_licence(visit: Visit, cockpit: Any) -> None:
    put = [
        outside.OutsideCell(
            "LTE", 452, 4, 1, n, None, 20.95, 107.08, "88415a0001fffff", 900, 3, 1, 2, "mozilla"
        )
        for n in range(3)
    ]

    def bring(conn: Any) -> None:
        outside.put_cells(conn, put)
        outside.note(conn, outside.CELL, "mozilla", NOW_MS, "CC BY-SA 4.0")

    cockpit.store.write(bring).result(PATIENCE_S)
    live.forget()
    told = "không dùng để kết luận điểm lõm sóng: 3 ô phát sóng của các nhà mạng theo Mozilla (nhập ngày"
    assert told in text(visit("coverage"))
    told = "decides nothing about gaps: 3 cells of networks by Mozilla (brought"
    assert told in text(visit("coverage", operator="mobifone", lang="en"))


def test_coverage_lists_the_gaps_of_the_register_under_their_codes(visit: Visit, cockpit: Any) -> None:
    unit = cockpit.profile.units[3]
    facts = {
        "cells": ["88415a0001fffff"], "lat": 21.0, "lon": 107.1, "samples": 40, "groups": 30, "devices": 5,
        "share": 0.95, "low": 0.87, "high": 0.99, "rsrp_sum": -44_000, "last": NOW_MS - 60_000,
    }  # fmt: skip
    gap = Entry(GAP, 41, "reported", unit.code, "skhcn", NOW_MS - 86_400_000, NOW_MS, facts=facts)
    found = Moved(gap, 0, Step(NOW_MS, "engine", "found", "", "reported", {}))
    cockpit.store.write(lambda conn: registers.move(conn, found)).result(PATIENCE_S)
    live.forget()
    try:
        app = visit("coverage")
        assert "1 vùng sóng kém" in text(app)
        listed = next(d.value for d in app.dataframe if "number" in d.value.columns)
        assert listed.iloc[0]["number"] == "LS-41"
        assert listed.iloc[0]["unit"] == unit.short
        assert all("number" not in d.value.columns for d in visit("coverage", operator="vnpt").dataframe)
    finally:
        closed = replace(gap, state=CLOSED, closed=NOW_MS, version=2)
        end = Moved(closed, 1, found.step)
        cockpit.store.write(lambda conn: registers.move(conn, end)).result(PATIENCE_S)
        live.forget()


def test_coverage_counts_what_was_measured_and_says_nothing_about_4g(visit: Visit) -> None:
    told = "không tính cho 4G: 1.204 mẫu 2G, 1 mẫu 5G, 7 mẫu không rõ độ chính xác vị trí."
    assert told in text(visit("coverage"))
    told = "not counted for 4G: 1,204 samples of 2G, 1 sample of 5G, 7 samples of unknown accuracy."
    assert told in text(visit("coverage", operator="mobifone", lang="en"))
    assert "4G: 1" not in text(visit("coverage", operator="vnpt"))


def test_views_of_slow_figures_are_computed_less_often(cockpit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    built = {"coverage": 0, "cameras": 0}
    now = [1000.0]
    monkeypatch.setattr(cockpit.clock, "monotonic", lambda: now[0])
    for module in (coverage, cameras):
        name = module.__name__.rpartition(".")[2]

        def count(ctx: Any, *args: Any, name: str = name) -> object:
            built[name] += 1
            return object()

        count.__module__ = module.__name__  # which says how long a view is kept
        monkeypatch.setattr(module, "build", count)
    live.forget()
    for _ in range(10):
        live.view(coverage.build, "viettel")
        live.view(cameras.build)
        now[0] += 2
    live.forget()
    assert built == {"coverage": 1, "cameras": 5}
