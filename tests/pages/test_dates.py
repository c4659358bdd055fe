"""Days and months are named as in the readers' language."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cockpit.ui import charts, dates, figures
from tests.pages.conftest import Visit


def test_days_begin_with_sunday_and_months_with_january() -> None:
    assert dates.days("vi")[:2] == ("Chủ Nhật", "Thứ Hai")
    assert dates.days("vi", "narrow") == ("CN", "T2", "T3", "T4", "T5", "T6", "T7")
    assert (dates.days("en")[0], dates.days("en")[6]) == ("Sunday", "Saturday")
    assert (dates.months("vi")[0], dates.months("en")[11]) == ("tháng 1", "December")


def test_charts_name_them_so() -> None:
    time = charts.config("vi")["locale"]["time"]
    assert (time["days"][0], time["months"][11], tuple(time["periods"])) == (
        "Chủ Nhật",
        "tháng 12",
        ("SA", "CH"),
    )


def test_instants_are_written_in_the_time_of_the_province_of_this_process(
    cockpit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = 1_795_323_600_000  # 2026-11-22 12:00 at UTC+7
    assert figures.instant(noon) == "12:00 ngày 22/11/2026"
    monkeypatch.setattr(cockpit, "profile", replace(cockpit.profile, utc_offset_s=9 * 3600))
    assert figures.instant(noon) == "14:00 ngày 22/11/2026"


def test_the_name_of_the_app_is_that_of_the_province(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("streamlit.set_page_config", lambda **options: told.append(options["page_title"]))
    visit("home")
    visit("home", lang="en")
    assert told == ["Điều hành thông minh · Tỉnh Quảng Ninh", "Intelligent operations · Quảng Ninh province"]
