"""Targets on an indicator's card: who may sets one, everybody sees what holds, who set it and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.ui import live
from tests.pages.conftest import Visit, text
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
