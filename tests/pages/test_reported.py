"""The page of reports: both figures beside each other with their history, and a figure typed by who may."""

from __future__ import annotations

import io
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from cockpit.store import reports
from cockpit.store.batch import Report
from cockpit.store.queries import reports as queries
from cockpit.ui import live
from cockpit.ui.plan_sheets import XLSX
from tests.pages.conftest import NOW_MS, Visit, text
from tests.store import inside
from tests.waiting import PATIENCE_S

DAY = 86_400_000
PLACE = "skhcn"
"""Where the officer of the demo works; it owns I42's neighbour I38."""


def tell(cockpit: Any, *told: tuple[str, str, str, float]) -> None:
    rows = [
        (n, NOW_MS, NOW_MS - (99 - n) * 60_000, 34, Report(code, unit, period, value, "Lê An", ""))
        for n, (code, unit, period, value) in enumerate(told)
    ]
    cockpit.store.write(lambda conn: reports.write(conn, rows)).result(PATIENCE_S)
    live.forget()


@pytest.fixture
def clean(cockpit: Any) -> Iterator[None]:
    inside.clear(cockpit.store, inside.Rows.REPORTS)
    live.forget()
    yield
    inside.clear(cockpit.store, inside.Rows.REPORTS)
    live.forget()


def listed(app: Any) -> list[dict[str, Any]]:
    found = next((d.value for d in app.dataframe if "told" in d.value.columns), None)
    return [] if found is None else found.to_dict("records")


def test_without_reports_the_page_says_what_will_stand_there(visit: Visit, clean: None) -> None:
    app = visit("reports", role="operator")
    assert not app.exception
    assert "Chưa có đơn vị nào báo cáo" in text(app)
    assert not listed(app)


@pytest.mark.parametrize(("lang", "state"), [("vi", "Lệch"), ("en", "Differs")])
def test_both_figures_stand_beside_each_other_with_history(
    visit: Visit, cockpit: Any, clean: None, lang: str, state: str
) -> None:
    unit = cockpit.profile.units[0].code
    tell(
        cockpit, ("I42", "", "2026-11", 12.5), ("I42", "", "2026-10", 99.0), ("I08", unit, "2020-01", 90.0),
        ("I39", "", "2026-Q3", 40.0),
    )  # fmt: skip
    app = visit("reports", lang=lang, role="operator", id="I42")
    assert not app.exception
    rows = listed(app)
    assert [row["figure"] for row in rows] == [cockpit.profile.indicator["I42"].short.get(lang),
                                               cockpit.profile.indicator["I08"].short.get(lang)]  # fmt: skip
    assert state in " ".join(rows[0]["state"])
    assert rows[0]["person"] == "Lê An"
    assert rows[0]["told"].startswith("12,5" if lang == "vi" else "12.5")
    assert rows[1]["difference"] == "—", "what is not known as a whole is not compared"
    history = next(shown.value for shown in app.table if len(shown.value.columns) == 5)
    assert len(history) == 2


def test_an_officer_types_a_figure_for_the_own_department_and_the_province(
    visit: Visit, cockpit: Any, clean: None
) -> None:
    app = visit("reports", role="officer", view="form")
    assert not app.exception
    app.selectbox(key="report-figure").select("I38").run()
    places = app.selectbox(key="report-place-I38")
    assert places.options == ["Toàn tỉnh", cockpit.profile.bodies[PLACE].vi]
    app.selectbox(key="report-period-RT").select("2026-10").run()
    app.button(key="report-send").click().run()
    assert app.toast[0].value.startswith("Cần nhập giá trị")
    app.number_input(key="report-top-I38--2026-10").set_value(995.0)
    app.number_input(key="report-bottom-I38--2026-10").set_value(1000.0)
    app.text_area(key="report-note-I38--2026-10").set_value("theo sổ trực")
    app.button(key="report-send").click().run()
    assert app.toast[0].value == "Đã ghi báo cáo I38 tháng 10/2026."
    with cockpit.store.read() as conn:
        found = queries.newest(conn, "I38", NOW_MS // DAY)
    assert [(r.value, r.numerator, r.note, r.of_unit, r.way) for r in found] == [
        (99.5, 995.0, "theo sổ trực", PLACE, "form")
    ]
    assert "Báo cáo đang dùng của kỳ này: 99,50" in text(app)
    assert inside.commands(cockpit.store)[-1].name == "report_add"
    app.number_input(key="report-top-I38--2026-10").set_value(995.0)
    app.number_input(key="report-bottom-I38--2026-10").set_value(1000.0)
    app.text_area(key="report-note-I38--2026-10").set_value("theo sổ trực")
    app.button(key="report-send").click().run()
    assert "đã báo cáo như vậy rồi" in app.toast[0].value


def test_who_may_not_report_is_offered_no_way(visit: Visit, clean: None) -> None:
    app = visit("reports", role="operator", view="form")
    assert not app.exception
    assert not app.number_input
    assert "Báo cáo số liệu" not in [option for one in app.segmented_control for option in one.options]


HEADS = ("Chỉ tiêu", "Kỳ báo cáo", "Số tháng này")


def workbook(*rows: tuple[object, ...]) -> bytes:
    made = openpyxl.Workbook()
    page = made.active
    page.title = "Tháng 10"
    for row in (HEADS, *rows):
        page.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def upload(app: AppTest, data: bytes) -> str:
    """Lay a workbook there; what its widgets are called by."""
    app.file_uploader(key="report-file").upload("thang10.xlsx", data, XLSX)
    app.run()
    assert not app.exception
    return f"{blake2b(data, digest_size=8).hexdigest()}-Tháng 10"


def mapped(app: AppTest, member: str, name: str) -> Any:
    return app.selectbox(key=f"report-map-{member}-{name}")


def test_a_workbook_is_mapped_once_looked_over_stored_and_known_the_next_time(
    visit: Visit, cockpit: Any, clean: None
) -> None:
    app = visit("reports", role="officer", view="file")
    assert not app.exception
    name = upload(app, workbook(("I38", "10/2026", 99.5), ("I39", "quý 3/2026", 40)))
    assert "Chưa chọn cột" in str(shown(app, "why"))
    mapped(app, "indicator", name).select("Chỉ tiêu").run()
    mapped(app, "value", name).select("Số tháng này").run()
    would = shown(app, "fate")
    assert [(" ".join(row["fate"])[2:], row["period"], row["value"]) for row in would] == [
        ("Ghi mới", "tháng 10/2026", "99,50\u00a0%"), ("Ghi mới", "quý 3/2026", "40,0\u00a0%"),
    ]  # fmt: skip
    assert inside.count(cockpit.store, inside.Rows.REPORTS) == 0, "nothing is stored before somebody says so"
    app.button(key="report-store").click().run()
    assert "đã ghi 2 số liệu mới" in text(app)
    assert inside.count(cockpit.store, inside.Rows.REPORTS) == 2
    again = visit("reports", role="officer", view="file")
    name = upload(again, workbook(("I38", "10/2026", 99.4), ("I39", "quý 3/2026", 40)))
    assert mapped(again, "indicator", name).value == "Chỉ tiêu"
    assert [" ".join(row["fate"])[2:] for row in shown(again, "fate")] == ["Thay số cũ", "Giữ nguyên"]


def test_wrong_cells_are_named_by_sheet_and_cell_and_nothing_can_be_stored(
    visit: Visit, cockpit: Any, clean: None
) -> None:
    app = visit("reports", role="officer", view="file")
    name = upload(app, workbook(("I38", "10/2026", "nhiều"), ("I38", "13/2026", 1), ("I08", "10/2026", 97)))
    mapped(app, "indicator", name).select("Chỉ tiêu").run()
    mapped(app, "value", name).select("Số tháng này").run()
    found = [(row["sheet"], row["cell"]) for row in shown(app, "why")]
    assert found == [("Tháng 10", "C2"), ("Tháng 10", "B3")]
    assert not [b for b in app.button if b.key == "report-store"]
    name = upload(app, workbook(("I38", "12/2026", 99)))
    mapped(app, "indicator", name).select("Chỉ tiêu").run()
    mapped(app, "value", name).select("Số tháng này").run()
    assert [(row["cell"], row["why"][:9]) for row in shown(app, "why")] == [("B2", "Kỳ sai kh")]


def test_a_file_that_is_no_workbook_is_refused_with_a_sentence(visit: Visit, clean: None) -> None:
    app = visit("reports", role="officer", view="file")
    app.file_uploader(key="report-file").upload("x.xlsx", b"MZ no workbook", XLSX)
    app.run()
    assert not app.exception
    assert "không đọc được như một tệp Excel" in text(app)


def shown(app: AppTest, column: str) -> list[dict[str, Any]]:
    found = next((d.value for d in app.dataframe if column in d.value.columns), None)
    return [] if found is None else found.to_dict("records")


def test_what_nobody_needs_to_report_is_counted_and_called_an_estimate(
    visit: Visit, cockpit: Any, clean: None
) -> None:
    tell(cockpit, *[("I42", "", f"2026-{month:02d}", 97.0) for month in range(1, 11)])
    told = visit("reports", role="operator")
    assert "10 báo cáo trong 12 tháng" in text(told)
    assert "khoảng 10 giờ công (ước tính, 60 phút mỗi báo cáo)" in text(told)
