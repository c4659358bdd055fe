"""Reports on an indicator's card: all of them are listed, and who may withdraws one with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.store import reports
from cockpit.store.batch import Report
from cockpit.store.queries import reports as queries
from cockpit.ui import live
from tests.pages.conftest import NOW_MS, Visit, text
from tests.store import inside
from tests.waiting import PATIENCE_S

HOUR = 3_600_000


@pytest.fixture
def reported(cockpit: Any) -> Iterator[list[int]]:
    """Numbers of three reports of the province, the first of them corrected by the second, and of a unit."""
    unit = cockpit.profile.units[0].code
    told = [("", "2026-Q3", 41.0), ("", "2026-Q3", 61.0), (unit, "2026-Q3", 12.0), ("", "2026-Q2", 38.0)]
    rows = [
        (n, NOW_MS, NOW_MS - (9 - n) * HOUR, 34, Report("I39", place, period, value, "Lê An", "làm tròn"))
        for n, (place, period, value) in enumerate(told)
    ]
    cockpit.store.write(lambda conn: reports.write(conn, rows)).result(PATIENCE_S)
    with cockpit.store.read() as conn:
        found = sorted(report.number for report in queries.newest(conn, "I39", NOW_MS // (24 * HOUR)))
    live.forget()
    yield found
    inside.clear(cockpit.store, inside.Rows.REPORTS)
    live.forget()


def table(app: AppTest) -> Any:
    return next(d.value for d in app.dataframe if "person" in d.value.columns)


def states(app: AppTest) -> list[tuple[float, str]]:
    found = table(app)
    return [(number, " ".join(state)) for number, state in zip(found["number"], found["state"], strict=True)]


def test_an_admin_withdraws_a_report_and_the_card_shows_the_one_before(
    visit: Visit, cockpit: Any, reported: list[int]
) -> None:
    first, second, of_unit, older = reported
    app = visit("indicators", id="I39", role="admin")
    assert not app.exception
    assert states(app) == [
        (second, "● Đang dùng"), (first, "○ Đã thay"), (of_unit, "● Đang dùng"), (older, "○ Kỳ trước"),
    ]  # fmt: skip
    told_twice = [m.label for m in app.metric if "Báo cáo" in m.label]
    assert not told_twice, "what people typed is the figure: there is nothing to hold it against"
    choice = app.selectbox(key="report-I39")
    assert choice.options[0] == f"#{second} · Toàn tỉnh · quý 3/2026 · 61,0"
    app.button(key="report-do-I39").click()
    app.run()
    assert app.toast[0].value == "Cần ghi lý do."
    assert states(app)[0] == (second, "● Đang dùng")
    app.text_input(key="report-reason-I39").set_value("gõ nhầm 41 thành 61")
    app.button(key="report-do-I39").click()
    app.run()
    assert app.toast[0].value == f"Đã rút báo cáo \\#{second}."
    assert states(app)[:2] == [(second, "△ Đã rút"), (first, "● Đang dùng")]
    assert "gõ nhầm 41 thành 61" in table(app)["note"][0]
    told = inside.commands(cockpit.store)[-1]
    assert (told.name, told.outcome) == ("report_withdraw", "done")
    assert told.args == {"report": second, "reason": "gõ nhầm 41 thành 61"}


def test_who_may_not_withdraw_sees_the_reports_alone_and_in_english(
    visit: Visit, reported: list[int]
) -> None:
    app = visit("indicators", id="I39", lang="en", role="operator")
    assert not app.exception
    assert states(app)[0] == (reported[1], "● In use")
    assert not app.selectbox
    assert "Reports received" in text(app)


def test_an_indicator_without_reports_has_no_list_of_them(visit: Visit) -> None:
    app = visit("indicators", id="I09", role="admin")
    assert "Báo cáo đã nhận" not in text(app)


def test_a_card_says_what_its_figure_is_made_of_or_that_it_came_finished(visit: Visit) -> None:
    of_parts = facts(visit("indicators", id="I10"))["Công thức"]
    assert "hồ sơ nộp trực tuyến trên" in of_parts
    assert "120 hồ sơ tiếp nhận" in of_parts
    finished = facts(visit("indicators", id="I02"))["Công thức"]
    assert "nhận nguyên số" in finished
    assert "18" not in finished, "no formula that nobody reckons"


def facts(app: AppTest) -> dict[str, str]:
    """What the card says of the indicator, by its heading."""
    found = next(shown.value for shown in app.table if list(shown.value.columns) == ["k", "v"])
    return {
        k.removeprefix(":gray[").removesuffix("]"): v for k, v in zip(found["k"], found["v"], strict=True)
    }
