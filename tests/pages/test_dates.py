"""Days and months are named as in the readers' language."""

from __future__ import annotations

from cockpit.ui import charts, dates


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
