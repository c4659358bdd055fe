"""Workbooks of reports: columns mapped once, every wrong cell by sheet and cell, hostile ones refused."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest

from cockpit.commands import Actor, Command, execute
from cockpit.commands.reporting import ReportAddMany, ReportRow
from cockpit.ingest import report_reading, report_writing
from cockpit.ingest.report_layout import MAX_FILE, MAX_LINES, layout, period_of_cell
from cockpit.ingest.report_reading import MAX_PROBLEMS, Brought, Sheet, Wrong
from cockpit.store.queries import reports
from tests.store import inside
from tests.wire.conftest import Bench
from tests.wire.test_commands import give
from tests.wire.test_report_typed import OWNER, of_unit
from tests.wire.test_workbooks import packed

HEADS = ["Chỉ tiêu", "Xã", "Tháng", "Số liệu", "Đạt", "Tổng", "Thuyết minh"]
MAPPED = dict(
    zip(("indicator", "unit", "period", "value", "numerator", "denominator", "note"), HEADS, strict=True)
)


def book(*rows: list[Any], heads: list[str] | None = None, above: int = 0) -> bytes:
    """A unit's own workbook: a title, perhaps, the heads, the rows."""
    made = openpyxl.Workbook()
    page = made.active
    page.title = "Số liệu"
    for _ in range(above):
        page.append(["BÁO CÁO THÁNG"])
    page.append(HEADS if heads is None else heads)
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def sheet(data: bytes) -> Sheet:
    found = report_reading.look(data)
    assert not isinstance(found, Wrong), found
    return found[0]


def brought(bench: Bench, data: bytes, columns: dict[str, str] | None = None, **named: str) -> Brought:
    told = {"unit": OWNER, "period": "", **named}
    return report_reading.read(data, sheet(data), columns or MAPPED, bench.profile, **told)


def wrong(bench: Bench, data: bytes, **named: Any) -> set[tuple[str, str]]:
    return {(w.cell, w.code) for w in brought(bench, data, **named).wrong}


def test_rows_are_read_whatever_columns_are_called_and_however_periods_and_numbers_are_written(
    bench: Bench,
) -> None:
    data = book(
        ["I08", None, "10/2026", 97.5, None, None, "sổ một cửa"],
        ["Tỷ lệ hồ sơ nộp trực tuyến", "Toàn tỉnh", "tháng 9 năm 2026", "84,5%"],
        ["i17", bench.profile.units[0].name, "Quý III/2026", None, 120, "1.200,0"],
        ["I19", int(bench.profile.units[0].code), date(2026, 10, 22), "98.25"],
        ["I08", None, "11/2026", None],
        above=2,
    )  # fmt: skip
    found = brought(bench, data)
    assert found.wrong == []
    assert found.blank == 1
    unit = bench.profile.units[0].code
    assert [cells.values for cells in found.rows] == [
        {"indicator": "I08", "unit": OWNER, "period": "2026-10", "value": 97.5, "note": "sổ một cửa"},
        {"indicator": "I10", "unit": "", "period": "2026-09", "value": 84.5, "note": ""},
        {"indicator": "I17", "unit": unit, "period": "2026-Q3", "numerator": 120.0, "denominator": 1200.0,
         "note": ""},
        {"indicator": "I19", "unit": unit, "period": "2026-10-22", "value": 98.25, "note": ""},
    ]  # fmt: skip
    assert [cells.line for cells in found.rows] == [4, 5, 6, 7]


@pytest.mark.parametrize(
    ("value", "form", "period"),
    [
        ("T10/2026", "", "2026-10"), ("2026-Q4", "", "2026-Q4"), ("q4/2026", "", "2026-Q4"),
        (2026, "", "2026"),
        ("năm 2025", "", "2025"), (2025.0, "", "2025"), ("22/11/2026", "", "2026-11-22"),
        (date(2026, 10, 1), "mm/yyyy", "2026-10"), (date(2026, 10, 1), "dd/mm/yyyy", "2026-10-01"),
        ("13/2026", "", ""), ("quý 5/2026", "", ""), ("kỳ trước", "", ""), (None, "", ""), (True, "", ""),
    ],
)  # fmt: skip
def test_a_period_is_read_as_people_write_it(value: object, form: str, period: str) -> None:
    assert period_of_cell(value, form) == period


def test_a_cell_that_is_shown_as_percent_is_read_as_shown() -> None:
    made = openpyxl.Workbook()
    page = made.active
    page.append(["Mã chỉ số", "Kỳ", "Giá trị"])
    page.append(["I08", "2026-10", 0.975])
    page["C2"].number_format = "0.0%"
    out = io.BytesIO()
    made.save(out)
    from cockpit.profiles import load

    data, profile = out.getvalue(), load("quang_ninh", size="district")
    one = sheet(data)
    found = report_reading.read(data, one, one.guessed({}), profile, unit="", period="")
    assert [round(cells.values["value"], 6) for cells in found.rows] == [97.5]


@pytest.mark.parametrize(
    ("row", "cell", "code"),
    [
        (["I99", None, "10/2026", 1], "A2", "unknown_indicator"),
        (["I01", None, "10/2026", 1], "A2", "foreign_indicator"),
        (["Thanh toán trực tuyến", None, "10/2026", 1], "A2", "ambiguous_indicator"),
        ([None, None, "10/2026", 1], "A2", "needed"),
        (["I08", "Xã Không Có", "10/2026", 1], "B2", "unknown_unit"),
        (["I08", None, "tháng trước", 1], "C2", "period"),
        (["I08", None, None, 1], "C2", "needed"),
        (["I08", None, "10/2026", "nhiều"], "D2", "number"),
        (["I08", None, "10/2026", "1.234"], "D2", "thousands"),
        (["I08", None, "10/2026", "=1+1"], "D2", "formula"),
        (["I08", None, "10/2026", None, 3, "inf"], "F2", "number"),
        (["I08", None, "10/2026", 1, None, None, "x" * 501], "G2", "long"),
    ],
)
def test_a_wrong_cell_is_named(bench: Bench, row: list[Any], cell: str, code: str) -> None:
    assert wrong(bench, book(row)) == {(cell, code)}


def test_a_name_that_several_have_is_refused_with_all_of_them_and_the_code_is_the_cure(bench: Bench) -> None:
    (told,) = brought(bench, book(["Thanh toán trực tuyến", None, "10/2026", 1])).wrong
    assert told == Wrong("Số liệu", "A2", "ambiguous_indicator", "Thanh toán trực tuyến", ("I05", "I17"))
    assert brought(bench, book(["I17", None, "10/2026", 1])).rows[0].values["indicator"] == "I17"
    twins = [
        msgspec.structs.replace(u, name="Xã Đôi") if n < 2 else u for n, u in enumerate(bench.profile.units)
    ]
    alike = replace(bench.profile, units=tuple(twins))
    data = book(["I19", "xã đôi", "10/2026", 1], ["I19", twins[1].code, "10/2026", 1])
    found = report_reading.read(data, sheet(data), MAPPED, alike, unit=OWNER, period="")
    assert [(w.cell, w.code, w.among) for w in found.wrong] == [
        ("B2", "ambiguous_unit", (twins[0].code, twins[1].code))
    ]
    assert [cells.values["unit"] for cells in found.rows] == [twins[1].code]


def test_a_head_that_stands_twice_is_refused_and_no_column_is_taken_for_the_other(bench: Bench) -> None:
    data = book(["I08", None, "10/2026", 1, None, None, None, 2], heads=[*HEADS, "số liệu"])
    assert wrong(bench, data) == {("H1", "two_columns")}


def test_wrong_cells_are_listed_to_a_bound_and_counted_to_the_last(bench: Bench) -> None:
    found = brought(bench, book(*(["I08", None, "10/2026", "nhiều"] for _ in range(MAX_PROBLEMS + 23))))
    assert (len(found.wrong), found.more) == (MAX_PROBLEMS, 23)


def test_a_sheet_that_lacks_what_is_needed_says_so(bench: Bench) -> None:
    data = book(["I08", None, "10/2026", 1])
    without = {m: h for m, h in MAPPED.items() if m not in ("indicator", "value", "numerator", "period")}
    assert wrong(bench, data, columns=without) == {
        ("A1", "no_indicator"),
        ("A1", "no_value"),
        ("A1", "no_period"),
    }
    assert wrong(bench, book()) == {("A2", "no_rows")}
    fixed = {m: h for m, h in MAPPED.items() if m != "period"}
    assert brought(bench, data, fixed, period="2026-Q3").rows[0].values["period"] == "2026-Q3"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no_workbook"), (b"PK\x03\x04 half", "no_workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 999, "no_workbook"),
        (packed(a=b"x"), "no_workbook"), (b"x" * (MAX_FILE + 1), "too_large"),
        (packed(a=b"\0" * (33 << 20)), "too_large"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_said_and_nothing_breaks(data: bytes, code: str) -> None:
    assert report_reading.look(data) == Wrong("", "", code)


def test_a_workbook_whose_parts_would_grow_without_end_is_refused_unread() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'
    )
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(["I08", None, "10/2026", 1]))) as good,
        zipfile.ZipFile(out, "w") as made,
    ):
        for name in good.namelist():
            made.writestr(name, bomb if name.endswith("workbook.xml") else good.read(name))
    assert report_reading.look(out.getvalue()) == Wrong("", "", "no_workbook")


def test_a_sheet_without_end_is_read_to_its_limit(bench: Bench) -> None:
    made = openpyxl.load_workbook(io.BytesIO(book(["I08", None, "10/2026", 1])))
    made.active.cell(MAX_LINES + 1, 1, "I08")
    made.active.cell(MAX_LINES + 1, 4, 2)
    out = io.BytesIO()
    made.save(out)
    assert (f"A{MAX_LINES + 1}", "too_many") in wrong(bench, out.getvalue())


def test_heads_are_known_by_the_layout_and_by_what_was_remembered() -> None:
    one = Sheet("x", 1, ("Mã chỉ số", "Kỳ", "Kết quả", "Cột lạ"))
    assert one.guessed({}) == {"indicator": "Mã chỉ số", "period": "Kỳ", "value": "Kết quả"}
    assert one.guessed({"value": "cột  LẠ", "unit": "không có"}) == {
        "indicator": "Mã chỉ số", "period": "Kỳ", "value": "Cột lạ",
    }  # fmt: skip


def test_the_template_comes_back_filled_in_and_its_text_is_no_formula(bench: Bench) -> None:
    profile = bench.profile
    asked = [report_writing.Asked(profile.indicator[code], OWNER, "2026-10") for code in ("I08", "I10")]
    for language in ("vi", "en"):
        made = openpyxl.load_workbook(io.BytesIO(report_writing.template(asked, profile, language)))
        made.worksheets[0]["D2"] = 97.5
        out = io.BytesIO()
        made.save(out)
        data = out.getvalue()
        one = sheet(data)
        found = report_reading.read(data, one, one.guessed({}), profile, unit="", period="")
        assert found.wrong == []
        assert [cells.values["unit"] for cells in found.rows] == [OWNER]
        assert found.blank == 1


def many(bench: Bench, rows: tuple[ReportRow, ...], **more: Any) -> Any:
    order = ReportAddMany(rows=rows, file="thang10.xlsx", **more)
    return execute(bench, Command(Actor("Lan", "officer", OWNER), order))


def test_a_workbook_is_stored_whole_remembers_its_columns_and_says_the_same_twice(bench: Bench) -> None:
    data = book(["I08", "Toàn tỉnh", "10/2026", 97.5], ["I10", None, "10/2026", None, 84, 100])
    rows = tuple(ReportRow(**cells.values) for cells in brought(bench, data).rows)
    done = many(bench, rows, columns=MAPPED)
    assert (done.code, done.facts) == ("done", {"reports": [1, 2], "new": 2, "replaced": 0, "same": 0})
    with bench.store.read() as conn:
        assert reports.columns_of(conn, OWNER) == MAPPED
        assert reports.columns_of(conn, "ca") == {}
        found = reports.find(conn, 2)
    assert found is not None
    assert (found.department, found.value, found.numerator, found.way, found.of_unit) == (
        OWNER, 84.0, 84.0, "file", OWNER,
    )  # fmt: skip
    again = many(bench, rows)
    assert (again.facts["same"], again.facts["reports"]) == (2, [])
    assert inside.count(bench.store, inside.Rows.REPORTS) == 2
    recorded = inside.commands(bench.store)[0]
    assert recorded.args["rows"] == 2
    assert "columns" not in recorded.args


def test_one_wrong_row_and_nothing_is_stored(bench: Bench) -> None:
    good = ReportRow(indicator="I08", period="2026-10", unit=OWNER, value=97.5)
    foreign = ReportRow(indicator="I08", period="2026-10", unit="ca", value=97.5)
    ahead = ReportRow(indicator="I08", period="2027-01", unit=OWNER, value=97.5)
    told = many(bench, (good, good, ahead))
    assert told.code == "bad_argument"
    assert [(m["row"], m["member"], m["code"]) for m in told.facts["mistakes"]] == [
        (1, "indicator", "repeated"), (2, "period", "bad_period"),
    ]  # fmt: skip
    assert many(bench, (good, foreign)).code == "no_right"
    assert many(bench, (good,), columns={"nobody": "x"}).code == "bad_argument"
    assert inside.count(bench.store, inside.Rows.REPORTS) == 0


def test_it_comes_over_http_as_well(bench: Bench) -> None:
    officer = of_unit(bench, "officer", OWNER)
    rows = [{"indicator": "I08", "period": "2026-10", "value": 97.5}]
    told = give(officer, "report_add_many", {"rows": rows}).json()
    assert (told["code"], told["facts"]["new"]) == ("done", 1)
    assert give(officer, "report_add_many", {"rows": []}).json()["code"] == "bad_argument"


def test_the_docs_name_every_column() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reports.md").read_text("utf-8")
    for column in layout().column:
        assert f"| {column.head.vi} | {column.head.en} |" in text
