"""What people do with an alert on the page, and the ledger of what is muted, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.domain.numbers import AlertId
from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.store import handling, mutes
from cockpit.store.alerting import Line
from cockpit.store.queries import alerts as queries
from cockpit.ui import figures, live
from tests.pages.conftest import NOW_MS, Visit, rows_of, sheets, text
from tests.pages.test_screens import become, button
from tests.store import inside


@pytest.fixture
def alert(cockpit: Any) -> Iterator[AlertId]:
    """The first alert, put back as it was afterwards, and nothing muted."""
    number = inside.alerts(cockpit.store)[0].id
    live.forget()
    yield number
    inside.change_alert(
        cockpit.store, number, ack_by=None, ack_at=None, ack_note=None, ack_real=None, version=1,
        assigned="", escalated="", outcome="", muted="",
    )  # fmt: skip
    inside.forget_mutes(cockpit.store)
    live.forget()


def stored(cockpit: Any, number: AlertId) -> Any:
    with cockpit.store.read() as conn:
        return queries.one(conn, number)


def standing(cockpit: Any) -> list[Any]:
    with cockpit.store.read() as conn:
        return [kept.mute for kept in mutes.open_ones(conn)]


def opened(visit: Visit, number: AlertId, role: str = "operator", **params: str) -> AppTest:
    app = visit("alerts", id=str(number), **params)
    key = "person_role_en" if params.get("lang") == "en" else "person_role"
    app.radio(key=key).set_value(role)
    return app.run()


def which(app: AppTest, number: AlertId) -> Any:
    return next(p for p in app.pills if str(p.key).startswith(f"acting-which-{number}-"))


def choose(app: AppTest, number: AlertId, name: str) -> None:
    """What is to be done, of those that are offered."""
    which(app, number).set_value(name)
    app.run()


def press(app: AppTest, number: AlertId, name: str, why: str = "") -> None:
    app.text_input(key=f"acting-why-{name}-{number}").set_value(why)
    button(app, f"acting-do-{name}-{number}").click()
    app.run()


def said(app: AppTest) -> str:
    return "\n".join(toast.value for toast in app.toast)


@pytest.mark.parametrize("role", ["leader", "officer", "presenter"])
def test_who_may_not_act_sees_no_actions(visit: Visit, alert: AlertId, role: str) -> None:
    app = opened(visit, alert, role)
    found = [p for p in app.pills if str(p.key).startswith("acting-which-")]
    offered = found[0].options if found else []
    assert offered == (["Ngừng dùng thiết bị"] if role == "presenter" else [])


def test_an_operator_is_offered_what_the_state_allows_in_both_languages(visit: Visit, alert: AlertId) -> None:
    app = opened(visit, alert)
    assert which(app, alert).options == [
        "Giao xử lý", "Ghi chú", "Báo cấp trên", "Tắt tiếng", "Tạm gác", "Kết luận", "Ngừng dùng thiết bị",
    ]  # fmt: skip
    english = opened(visit, alert, lang="en")
    assert which(english, alert).options[:3] == ["Assign", "Comment", "Escalate"]


def test_an_alert_is_given_to_a_department_and_its_history_says_so(
    visit: Visit, cockpit: Any, alert: AlertId
) -> None:
    app = opened(visit, alert)
    choose(app, alert, "assign")
    code, name = next((c, b.vi) for c, b in cockpit.profile.bodies.items())
    app.selectbox(key=f"acting-to-{alert}").set_value(code)
    press(app, alert, "assign", "đúng tuyến")
    assert stored(cockpit, alert).assigned == code
    assert f"Đã giao: {name}" in text(app)
    operator = cockpit.profile.people["operator"]
    assert f"<td>Giao xử lý</td><td>{operator}</td><td>{name} · đúng tuyến</td>" in sheets(app)


def test_a_silence_tells_before_how_many_it_hides_and_stands_in_the_ledger(
    visit: Visit, cockpit: Any, alert: AlertId
) -> None:
    app = opened(visit, alert)
    choose(app, alert, "silence")
    with cockpit.store.read() as conn:
        found = mutes.open_alerts(conn)
    mine = next(a for a in found if a.id == alert)
    n = sum((a.rule, a.asset) == (mine.rule, mine.asset) for a in found)
    assert f"Sẽ ẩn {n} cảnh báo đang mở." in text(app)
    press(app, alert, "silence")
    assert "Cần ghi lý do" in said(app)
    assert standing(cockpit) == []
    press(app, alert, "silence", "thay nguồn")
    assert "Đã tắt tiếng" in said(app)
    (mute,) = standing(cockpit)
    assert (mute.what, mute.reason, mute.until) == ("silence", "thay nguồn", NOW_MS + 2 * HOUR_MS)
    assert "Đang tắt tiếng 1 mục" in text(app)
    ledger = visit("alerts", list="muted")
    listed = next(d.value for d in ledger.dataframe if "reason" in d.value.columns)
    assert (listed["reason"][0], listed["owner"][0], listed["hides"][0]) == ("thay nguồn", mute.actor, n)
    assert "TT-1" in text(ledger)
    become(ledger, "operator")
    button(ledger, "unmute-1").click()
    ledger.run()
    assert standing(cockpit) == []
    assert "Không có gì đang tắt tiếng." in text(ledger)
    assert "Nothing is muted." in text(visit("alerts", list="muted", lang="en"))


def test_what_is_hidden_says_why_and_until_when_and_can_be_reopened(
    visit: Visit, cockpit: Any, alert: AlertId
) -> None:
    app = opened(visit, alert)
    choose(app, alert, "close")
    press(app, alert, "close", "đã có kế hoạch thay")
    (mute,) = standing(cockpit)
    assert mute.what == stored(cockpit, alert).outcome == "accepted"
    inside.change_alert(cockpit.store, alert, muted="accepted")
    live.forget()
    app = opened(visit, alert)
    assert "Đang ẩn (Chấp nhận) đến" in text(app)
    assert "đã có kế hoạch thay" in text(app)
    choose(app, alert, "reopen")
    press(app, alert, "reopen", "chưa thay được")
    assert standing(cockpit) == []
    assert stored(cockpit, alert).outcome == ""


def test_an_acknowledgement_is_taken_back_with_a_reason(visit: Visit, cockpit: Any, alert: AlertId) -> None:
    inside.change_alert(cockpit.store, alert, ack_by="Minh", ack_at=NOW_MS)
    live.forget()
    app = opened(visit, alert)
    choose(app, alert, "unacknowledge")
    press(app, alert, "unacknowledge", "đổi ca")
    assert stored(cockpit, alert).ack_by is None


def test_what_nobody_acknowledges_says_to_whom_it_goes_when_and_to_whom_it_was_brought(
    visit: Visit, cockpit: Any, alert: AlertId
) -> None:
    before = stored(cockpit, alert)
    inside.change_alert(cockpit.store, alert, priority="critical")
    live.forget()
    app = opened(visit, alert, "leader")
    assert "Tự báo lãnh đạo đơn vị lúc" in sheets(app)
    line = Line(
        NOW_MS, alert, "escalated", "engine", {"key": before.key, "to": "unit_leader", "after_s": 300}
    )
    with_role = {"escalated": "unit_leader"}
    call = cockpit.store.write(lambda conn: handling.change(conn, alert, before.version, line, with_role))
    assert call.result()
    live.forget()
    app = opened(visit, alert, "leader")
    assert "Tự báo lãnh đạo tỉnh lúc" in sheets(app)
    assert "<td>lãnh đạo đơn vị · sau 5 phút chưa ai tiếp nhận</td>" in sheets(app)
    assert "đã báo lãnh đạo đơn vị" in str(rows_of(app))
    inside.change_alert(cockpit.store, alert, priority=before.priority)


def test_maintenance_that_comes_back_is_given_and_the_ledger_says_when_it_comes_next(
    visit: Visit, cockpit: Any, alert: AlertId
) -> None:
    app = opened(visit, alert, "admin")
    choose(app, alert, "maintenance")
    app.toggle(key=f"acting-weekly-{alert}-on").set_value(True)
    app.run()
    days = next(p for p in app.pills if str(p.key).startswith(f"acting-weekly-{alert}-days-"))
    assert len(days.options) == 7
    days.set_value([])
    app.run()
    assert "Chọn ít nhất một ngày" in text(app)
    assert not [b for b in app.button if b.key == f"acting-do-maintenance-{alert}"]
    next(p for p in app.pills if str(p.key).startswith(f"acting-weekly-{alert}-days-")).set_value([1, 3])
    app.run()
    press(app, alert, "maintenance", "thay thiết bị")
    assert not app.exception
    (mute,) = standing(cockpit)
    assert mute.weekly == ((1, 3), 22 * 60, 5 * 60, cockpit.profile.utc_offset_s)
    assert 28 * DAY_MS < mute.until - NOW_MS <= 30 * DAY_MS
    coming = mute.next(NOW_MS)
    ledger = visit("alerts", list="muted")
    assert not ledger.exception
    listed = next(d.value for d in ledger.dataframe if "reason" in d.value.columns)
    assert listed["hides"][0] == 0
    assert listed["next"][0] == figures.naive(coming.begin)
    facts = "\n".join(str(table.value.to_dict()) for table in ledger.table)
    assert "Thứ Hai, Thứ Tư, 22:00–05:00" in facts
    assert "lần tới 22:00" in facts
    assert "Chưa đến giờ" in text(ledger)
