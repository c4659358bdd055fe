"""Targets on an indicator's card: who may sets one, everybody sees what holds, who set it and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.ui import live
from tests.pages.conftest import Visit, text
from tests.pages.test_hostile import HOSTILE, alive
from tests.store import inside

WHY = "Nghị quyết 05 của Tỉnh ủy"


@pytest.fixture(autouse=True)
def none_set(cockpit: Any) -> Iterator[None]:
    yield
    inside.clear(cockpit.store, inside.Rows.TARGETS)
    live.forget()


def table(app: AppTest) -> Any:
    return next(d.value for d in app.dataframe if "before" in d.value.columns)


def rows(app: AppTest) -> list[tuple[str, ...]]:
    found = table(app)
    return [
        (" ".join(s), p, u, v, b)
        for s, p, u, v, b in zip(
            *(found[c] for c in ("state", "period", "place", "value", "before")), strict=True
        )
    ]


def fill(app: AppTest, value: float | None, why: str, period: str = "2026-11", unit: str = "") -> AppTest:
    app.selectbox(key="target-period-I10").set_value(period)
    app.selectbox(key="target-unit-I10").set_value(unit)
    app.number_input(key="target-value-I10").set_value(value)
    app.text_input(key="target-why-I10").set_value(why)
    app.button(key="target-do-I10").click()
    return app.run()


def test_a_leader_sets_a_target_and_the_card_says_who_and_why(visit: Visit, cockpit: Any) -> None:
    app = visit("indicators", id="I10", role="leader")
    assert not app.exception
    assert "Đang áp dụng mục tiêu ban đầu **≥ 83,4" in text(app)
    app = fill(app, 60, "")
    assert not app.exception
    assert app.toast[0].value == "Cần ghi lý do."
    app = fill(app, None, WHY)
    assert app.toast[0].value == "Giá trị mục tiêu chưa đúng. Không có gì thay đổi."
    app = fill(app, 60, WHY)
    assert app.toast[0].value == "Đã đặt mục tiêu cho tháng 11/2026."
    assert f"Lý do: {WHY}" in text(app)
    assert "**≥ 60" in text(app)
    assert rows(app) == [("● Đang dùng", "tháng 11/2026", "Toàn tỉnh", "≥ 60", "≥ 83,4")]


def test_the_newest_setting_stands_and_the_trend_steps_with_it(visit: Visit, cockpit: Any) -> None:
    app = visit("indicators", id="I10", role="admin")
    assert not stepped(app), "one target on all days: a straight line"
    app = fill(app, 60, WHY)
    app = fill(app, 70, "sát hơn với tháng trước")
    app = fill(app, 50, WHY, unit=cockpit.profile.units[0].code)
    app = fill(app, 90, WHY, period="2027-01")
    assert not app.exception
    assert rows(app) == [
        ("● Đang dùng", "tháng 01/2027", "Toàn tỉnh", "≥ 90", "≥ 83,4"),
        ("● Đang dùng", "tháng 11/2026", cockpit.profile.units[0].name, "≥ 50", "≥ 70"),
        ("● Đang dùng", "tháng 11/2026", "Toàn tỉnh", "≥ 70", "≥ 60"),
        ("○ Đã thay", "tháng 11/2026", "Toàn tỉnh", "≥ 60", "≥ 83,4"),
    ]
    assert "**≥ 70" in text(app)
    assert "sát hơn với tháng trước" in table(app)["reason"][2]
    assert next(m.value for m in app.metric if m.label == "Mục tiêu").startswith("≥ 70")
    days = stepped(app)
    assert set(days[:-1]) == {83.4}, "days gone by keep what was asked on them"
    assert days[-1] == 70


def stepped(app: AppTest) -> list[float]:
    """The targets of the days of the trend, where they are drawn as a line of their own."""
    by_day = [d.value for d in app.dataframe if {"day", "target"} <= set(d.value.columns)]
    return (
        [float(v.strip("≥ ").replace(",", ".")) for v in reversed(list(by_day[0]["target"]))]
        if by_day
        else []
    )


def test_what_people_wrote_is_shown_as_they_wrote_it(visit: Visit) -> None:
    app = fill(visit("indicators", id="I10", role="leader"), 60, HOSTILE)
    assert HOSTILE in list(table(app)["reason"]), "in a table it is text"
    assert alive(app) == []
    assert "đậm" in text(app)


def test_somebody_else_was_quicker(visit: Visit) -> None:
    first, second = (visit("indicators", id="I10", role=role) for role in ("leader", "admin"))
    fill(first, 60, WHY)
    app = fill(second, 70, WHY)
    assert app.toast[0].value == "Mục này vừa có người thay đổi. Xem lại rồi làm tiếp."
    assert [row[3] for row in rows(app)] == ["≥ 60"]


def test_a_period_that_has_ended_is_refused_in_words(visit: Visit, cockpit: Any) -> None:
    """The page was left open over the end of its month."""
    app = visit("indicators", id="I10", role="leader")
    before = cockpit.clock.domain_ms
    cockpit.clock.domain_ms = lambda: before() + 9 * 86_400_000
    try:
        app = fill(app, 60, WHY)
    finally:
        del cockpit.clock.domain_ms
    told = "Kỳ này đã kết thúc nên không đổi mục tiêu được nữa. Không có gì thay đổi."
    assert app.toast[0].value == told
    assert not [d for d in app.dataframe if "before" in d.value.columns]


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("vi", "Lãnh đạo tỉnh và quản trị viên đặt mục tiêu; vai hiện tại chỉ xem."),
        ("en", "Leaders of the province and administrators set targets; your present role only reads."),
    ],
)
def test_who_may_not_set_one_is_told_who_may(visit: Visit, lang: str, told: str) -> None:
    for role in ("operator", "officer"):
        app = visit("indicators", id="I10", lang=lang, role=role)
        assert not app.exception
        assert told in text(app)
        assert not [b for b in app.button if b.key == "target-do-I10"]


def test_in_english_a_leader_reads_and_sets_it_too(visit: Visit) -> None:
    app = visit("indicators", id="I36", lang="en", role="leader")
    assert "In force: the first target, **≤ 5" in text(app)
    assert "Red over 10 %." in text(app)
    app.selectbox(key="target-period-I36").set_value("2026-Q4")
    app.number_input(key="target-value-I36").set_value(4.0)
    app.text_input(key="target-why-I36").set_value("resolution of the province")
    app.button(key="target-do-I36").click()
    app = app.run()
    assert app.toast[0].value == "The target for quarter 4 of 2026 is set."
    assert "set by" in text(app)
    assert "Red over 9 %." in text(app)


def test_what_is_neither_good_nor_bad_has_no_target(visit: Visit) -> None:
    app = visit("indicators", id="I12", role="leader")
    assert not app.exception
    assert "Mục tiêu theo kỳ" not in text(app)
