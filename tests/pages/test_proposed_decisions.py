"""Proposed decisions on home: reasons, whose they are, and one press that carries one out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.commands import Actor, Asked, Command, execute
from cockpit.domain.catalog import Text
from cockpit.domain.numbers import AlertId
from cockpit.domain.plans.model import ItemFacts, plain
from cockpit.domain.registers import GAP, TASK, Entry, Moved, Step
from cockpit.store import registers as kept
from cockpit.store.queries import alerts, indicators, registers
from cockpit.store.queries import requests as queries
from cockpit.ui import live
from cockpit.ui.first import home as first
from cockpit.ui.words import WORDS, reading
from cockpit.views import decisions
from cockpit.views.context import ViewContext
from cockpit.views.decisions import Decision
from tests.pages.conftest import NOW_MS, Visit, text
from tests.pages.conftest import plain as shown_plain
from tests.pages.test_hostile import alive
from tests.store import inside
from tests.wire.test_registers import FACTS

DAY_MS = 86_400_000


@pytest.fixture(autouse=True)
def empty(cockpit: Any) -> Iterator[None]:
    """Nothing was asked before, somebody has every critical alert, and nothing is there afterwards."""
    with cockpit.store.read() as conn:
        there = alerts.critical(conn, 99)
    for number in there:
        inside.change_alert(cockpit.store, number, ack_at=NOW_MS)
    live.forget()
    yield
    for number in there:
        inside.change_alert(cockpit.store, number, ack_at=None)
    for rows in (inside.Rows.REGISTERS, inside.Rows.REGISTER_STEPS):
        inside.clear(cockpit.store, rows)
    live.forget()


@pytest.fixture
def critical(cockpit: Any) -> Iterator[AlertId]:
    """A critical alert that nobody has, overdue."""
    number = inside.put_alert(
        cockpit.store, key="power", rule="feeder-out", priority="critical", asset="", source="dien-luc",
        owner="Công ty Điện lực Quảng Ninh", owner_en="Quảng Ninh Power Company",
        first_seen=NOW_MS - 7_200_000, opened=NOW_MS - 7_200_000, updated=NOW_MS, due=NOW_MS - 60_000,
    )  # fmt: skip
    live.forget()
    yield number
    inside.remove_alert(cockpit.store, number)


@pytest.fixture
def nothing_red(cockpit: Any) -> int:
    """Every red figure was asked about: how many were."""
    with cockpit.store.read() as conn:
        red = [row.indicator for row in indicators.now(conn) if row.status == "red" and not row.unit]
    for code in red:
        args = {"about": {"kind": "indicator", "code": code}, "to": "vpub"}
        assert execute(cockpit, Command(Actor("Minh", "leader"), Asked("request_explanation", args))).ok
    live.forget()
    return len(red)


def proposed(cockpit: Any) -> tuple[Decision, ...]:
    return decisions.build(ViewContext(cockpit.store, cockpit.profile, NOW_MS, NOW_MS))


def enter(cockpit: Any, entry: Entry) -> None:
    moved = Moved(entry, 0, Step(entry.opened, "engine", "entered", "", entry.state, {}))
    assert inside.done(cockpit.store, lambda conn: kept.move(conn, moved))
    live.forget()


def late_task(cockpit: Any, number: int = 1, owner: str = "stc") -> None:
    name = Text("Kết nối dữ liệu đất đai", "Connect land data")
    facts = plain(ItemFacts(plan="K", code=f"N{number}", name=name))
    enter(
        cockpit, Entry(TASK, number, "doing", "", owner, NOW_MS - DAY_MS, NOW_MS - 12 * DAY_MS, facts=facts)
    )


def gap(cockpit: Any, state: str, number: int = 1) -> str:
    unit = str(cockpit.profile.units[0].code)
    facts = FACTS | {"last": NOW_MS - 1000}
    due = NOW_MS - DAY_MS if state == "reported" else NOW_MS + DAY_MS
    enter(cockpit, Entry(GAP, number, state, unit, "skhcn", NOW_MS - 40 * DAY_MS, due, facts=facts))
    return unit


def buttons(app: AppTest) -> list[str]:
    return [str(b.key) for b in app.button if str(b.key).startswith("decide-")]


def said(app: AppTest) -> str:
    return "\n".join(toast.value for toast in app.toast)


def line(app: AppTest, needle: str) -> str:
    """The paragraph that says so, without the backslashes of markdown."""
    told = (m.value.replace("\\", "") for m in app.markdown)
    return next(value for value in told if needle in value)


def test_a_leader_asks_the_owner_of_a_red_figure_with_one_press(visit: Visit, cockpit: Any) -> None:
    app = visit("home", role="leader")
    assert not app.exception
    first_one = next(one for one in proposed(cockpit) if one.kind == "ask_figure")
    code, key = first_one.about[1], f"decide-ask_figure-{first_one.about[1]}"
    indicator = cockpit.profile.indicator[code]
    assert key in buttons(app)
    row = line(app, f"Yêu cầu {indicator.owner.vi} giải trình")
    assert "đỏ" in row
    assert "ngày liền, chưa ai được yêu cầu giải trình" in row
    assert f"{first_one.points} điểm ưu tiên" in row
    assert "quyết định" not in row.split("điểm ưu tiên")[1]
    pressed = app.button(key=key)
    assert "Bấm là gửi ngay yêu cầu" in pressed.help
    assert "hạn 17:00" in pressed.help
    pressed.click()
    app.run()
    assert f"Đã gửi yêu cầu giải trình tới {indicator.owner.vi}" in shown_plain(said(app))
    with cockpit.store.read() as conn:
        (found,) = queries.every(conn)
    assert (found.facts.about.code, found.entry.owner, found.facts.due) == (code, first_one.to, first_one.due)
    assert found.facts.question.startswith(indicator.name.vi[0].lower())
    assert "Đề nghị giải trình nguyên nhân" in found.facts.question
    assert "\\" not in found.facts.question  # it is text, no markup
    assert key not in buttons(app)
    assert "Đã yêu cầu" in text(visit("home", role="leader"))


def test_others_read_whose_decision_it_is(visit: Visit, cockpit: Any, critical: AlertId) -> None:
    asks = [one for one in proposed(cockpit) if one.kind == "ask_figure"]
    assert asks
    operator = visit("home", role="operator")
    assert buttons(operator) == [f"decide-give_alert-{critical}"]
    assert "Lãnh đạo tỉnh hoặc lãnh đạo đơn vị quyết định" in text(operator)
    leader = visit("home", role="leader")
    assert f"decide-give_alert-{critical}" not in buttons(leader)
    assert "Trực vận hành quyết định" in line(leader, "Giao Công ty Điện lực")
    assert buttons(visit("home", role="presenter")) == []
    mine = visit("home", role="unit_leader")  # asks within the own unit only
    assert buttons(mine) == [f"decide-ask_figure-{o.about[1]}" for o in asks if o.to == "skhcn"]


def test_an_operator_gives_a_critical_alert_to_its_owner(
    visit: Visit, cockpit: Any, critical: AlertId
) -> None:
    app = visit("home", role="operator")
    row = line(app, "Giao Công ty Điện lực")
    assert "100 điểm ưu tiên" in row
    assert "chưa ai nhận" in row
    app.button(key=f"decide-give_alert-{critical}").click()
    app.run()
    assert "Đã giao Công ty Điện lực Quảng Ninh" in shown_plain(said(app))
    with cockpit.store.read() as conn:
        found = alerts.one(conn, critical)
    assert found is not None
    assert found.assigned == "dienluc"
    assert buttons(app) == []


@pytest.mark.parametrize("change", [{"ack_at": NOW_MS}, {"assigned": "ca"}])
def test_an_alert_that_somebody_has_is_not_proposed(
    cockpit: Any, critical: AlertId, change: dict[str, Any]
) -> None:
    assert proposed(cockpit)[0].kind == "give_alert"
    inside.change_alert(cockpit.store, critical, **change)
    assert "give_alert" not in [one.kind for one in proposed(cockpit)]


def test_a_late_task_is_asked_about_once(visit: Visit, cockpit: Any, nothing_red: int) -> None:
    late_task(cockpit)
    app = visit("home", role="leader")
    assert "Quá hạn 12 ngày" in line(app, "giải trình nhiệm vụ NV-1 Kết nối dữ liệu đất đai")
    app.button(key="decide-ask_task-1").click()
    app.run()
    assert "Đã gửi yêu cầu giải trình tới Sở Tài chính" in shown_plain(said(app))
    assert "decide-ask_task-1" not in buttons(app)


def test_a_verified_gap_is_planned_with_one_press(visit: Visit, cockpit: Any, nothing_red: int) -> None:
    unit = gap(cockpit, "verified")
    leader = visit("home", role="leader")
    assert f"hoặc {cockpit.profile.unit[unit].name} quyết định" in line(leader, "xóa điểm lõm LS-1")
    app = visit("home", role="operator")
    assert "đã xác minh, chưa có kế hoạch" in line(app, "xóa điểm lõm LS-1")
    app.button(key="decide-plan_gap-1").click()
    app.run()
    assert "Đã ghi kế hoạch xóa LS-1" in shown_plain(said(app))
    with cockpit.store.read() as conn:
        (entry,) = registers.entries(conn, GAP)
    assert (entry.state, entry.owner) == ("planned", "skhcn")
    assert entry.due == NOW_MS + 60 * DAY_MS + 8 * 3_600_000  # five in the afternoon
    assert "decide-plan_gap-1" not in buttons(app)


def test_of_a_gap_that_nobody_has_looked_at_is_asked(visit: Visit, cockpit: Any, nothing_red: int) -> None:
    gap(cockpit, "reported")
    app = visit("home", role="leader")
    assert "đã quá hạn mà chưa ai đến kiểm tra" in line(app, "điểm lõm LS-1")
    app.button(key="decide-ask_gap-1").click()
    app.run()
    assert "Đã gửi yêu cầu giải trình tới Sở Khoa học và Công nghệ" in shown_plain(said(app))


def test_a_press_after_somebody_elses_changes_nothing(visit: Visit, cockpit: Any, nothing_red: int) -> None:
    late_task(cockpit)
    app = visit("home", role="leader")
    about = {"kind": "task", "code": 1}
    other = Command(Actor("Minh", "leader"), Asked("request_explanation", {"about": about, "to": "stc"}), "?")
    assert execute(cockpit, other).ok
    app.button(key="decide-ask_task-1").click()
    app.run()
    assert "vừa có người quyết định" in shown_plain(said(app))
    with cockpit.store.read() as conn:
        assert len(queries.every(conn)) == nothing_red + 1


def test_text_of_a_plan_is_no_markup(visit: Visit, cockpit: Any, nothing_red: int) -> None:
    facts = plain(ItemFacts(plan="K", code="N1", name=Text("![x](y) <b>đậm</b>", "![x](y) <b>bold</b>")))
    enter(cockpit, Entry(TASK, 1, "doing", "", "stc", NOW_MS, NOW_MS - 60 * DAY_MS, facts=facts))
    app = visit("home", role="leader")
    assert alive(app) == []
    assert "![x](y)" in line(app, "nhiệm vụ NV-1")
    with reading("vi"):
        told = first.body({}, "")
    assert "<b>đậm" not in told


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_first_answer_tells_them_too(visit: Visit, cockpit: Any, nothing_red: int, lang: str) -> None:
    late_task(cockpit)
    with reading(lang):
        told = first.body({"lang": lang}, "")
    assert WORDS[lang]["decisions.title"] in told
    assert "NV-1" in told
    app = visit("home", role="leader", lang=lang)
    assert WORDS[lang]["ui.panel_failed"] not in text(app)
    assert "NV-1" in line(app, "NV-1")
