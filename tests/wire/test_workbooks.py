"""Plans as workbooks: what goes out comes back the same, and every wrong cell is named by sheet and cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from cockpit.bench import processes
from cockpit.cli import main as cli
from cockpit.domain.catalog import Text
from cockpit.domain.plans.days import Days
from cockpit.domain.plans.model import Draft, Plan, Row, item_of
from cockpit.domain.plans.putting import Put, Putting, completed
from cockpit.ingest import plan_reading, plan_writing
from cockpit.ingest.plan_layout import MAX_FILE, MAX_ROWS, layout
from cockpit.store.queries import plans
from tests.waiting import PATIENCE_S
from tests.wire.conftest import START, Bench
from tests.wire.test_plans import OURS, ship

DAYS = Days()


def held(bench: Bench, code: str = OURS) -> Plan:
    with bench.store.read() as conn:
        found = plans.plan(conn, code)
    assert found is not None
    return found


def written(bench: Bench, code: str = OURS, language: str = "vi") -> bytes:
    return plan_writing.write(held(bench, code), bench.profile, language)


def changed(data: bytes, change: Callable[[Any], object]) -> bytes:
    """The workbook as somebody has edited it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put(bench: Bench, data: bytes, kept: Plan | None) -> Put:
    """What the register would become."""
    brought = plan_reading.read(data, bench.profile)
    assert brought.draft is not None, brought.wrong
    putting = Putting(START, "Lan", DAYS, bench.profile.nameable, {})
    return putting.put(completed(brought.draft, kept), kept)


def wrong(bench: Bench, data: bytes) -> set[tuple[str, str, str]]:
    return {(w.sheet, w.cell, w.code) for w in plan_reading.read(data, bench.profile).wrong}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_plan_comes_back_as_it_went_out(bench: Bench, language: str) -> None:
    ship(bench)
    with bench.store.read() as conn:
        codes = [head.facts.code for head in plans.heads(conn)]
    assert len(codes) == 6
    for code in codes:
        kept = held(bench, code)
        found = put(bench, written(bench, code, language), kept)
        n = 1 + len(kept.items) + len(kept.projects)
        assert (found.steps, found.same, found.left, found.changed) == ([], n, 0, []), code


def test_a_workbook_alone_makes_the_whole_plan_anew(bench: Bench) -> None:
    ship(bench)
    kept = held(bench)
    new = put(bench, written(bench), None)
    assert all(moved.seen == 0 for moved in new.steps)
    states = [m.entry.state for m in new.steps if m.entry.kind == "task"]
    assert states == [i.state for i in kept.tasks]
    money = [m.entry.facts["months"] for m in new.steps if m.entry.kind == "project"]
    assert [len(months) for months in money] == [12] * len(kept.projects)


def column(page: Any, head: str) -> int:
    return 1 + [cell.value for cell in page[1]].index(head)


def test_a_row_that_was_edited_and_one_that_was_added_are_all_that_changes(bench: Bench) -> None:
    ship(bench)

    def edit(book: Any) -> None:
        page = book["Nhiệm vụ"]
        page.cell(3, column(page, "Nội dung")).value = "Tên mới"
        page.cell(4, column(page, "Hạn")).value = date(2026, 12, 24)
        row = page.max_row + 1
        for head, value in {
            "Mã": "N90", "Nội dung": "Thêm", "Chủ trì": "sở y tế", "Phối hợp": "ca; Sở Nội vụ",
            "Hạn": "5/1/2027", "Trạng thái": "doing", "Minh chứng": None,
        }.items():  # fmt: skip
            page.cell(row, column(page, head)).value = value

    found = put(bench, changed(written(bench), edit), held(bench))
    assert len(found.steps) == 3
    name, due, new = found.steps
    assert name.step.evidence["changed"].keys() == {"name"}
    assert name.entry.facts["name"] == {"vi": "Tên mới", "en": held(bench).tasks[1].facts.name.en}
    assert due.entry.due == DAYS.end("2026-12-24")
    assert (new.entry.owner, new.entry.state, new.entry.due) == ("syt", "doing", DAYS.end("2027-01-05"))
    assert list(new.entry.facts["helpers"]) == ["ca", "snv"]


CELLS: list[tuple[str, str, object, str]] = [
    ("Nhiệm vụ", "Hạn", "31/02/2026", "day"),
    ("Nhiệm vụ", "Hạn", 12, "order"),  # a day of 1900 to a workbook
    ("Nhiệm vụ", "Chủ trì", "Sở Không Có", "owner"),
    ("Nhiệm vụ", "Phối hợp", "Công an tỉnh; nobody", "owner"),
    ("Nhiệm vụ", "Trạng thái", "xong rồi", "state"),
    ("Nhiệm vụ", "Trụ cột", "khong-co", "pillar"),
    ("Nhiệm vụ", "Nhóm", "khong-co", "group"),
    ("Nhiệm vụ", "Mã", "có dấu", "form"),
    ("Nhiệm vụ", "Mã", "N02", "repeated"),
    ("Nhiệm vụ", "Mã", None, "needed"),
    ("Nhiệm vụ", "Nội dung", "=1+1", "formula"),
    ("Nhiệm vụ", "Nội dung", "x" * 501, "long"),
    ("Nhiệm vụ", "Minh chứng", None, "needed"),
    ("Nhiệm vụ", "Hoàn thành ngày", "01/01/2020", "order"),
    ("Mục tiêu", "Mục tiêu đặt ra", "nhiều", "number"),
    ("Mục tiêu", "Mã chỉ số", "I99", "indicator"),
    ("Mục tiêu", "Chiều (≥ hoặc ≤)", ">", "direction"),
    ("Dự án", "Vốn được giao (triệu đồng)", 1.5, "whole"),
    ("Dự án", "Vốn được giao (triệu đồng)", -1, "whole"),
    ("Giải ngân", "Tháng", "13/2026", "month"),
    ("Giải ngân", "Mã dự án", "D99", "project"),
    ("Giải ngân", "Đã giải ngân (triệu đồng)", "ba", "number"),
    ("Kế hoạch", "Đến ngày", "31/12/2025", "order"),
    ("Kế hoạch", "Từ ngày", None, "needed"),
]


@pytest.mark.parametrize(("sheet", "head", "value", "code"), CELLS)
def test_a_wrong_cell_is_named_and_alone(
    bench: Bench, sheet: str, head: str, value: object, code: str
) -> None:
    ship(bench)
    place = ""

    def edit(book: Any) -> None:
        nonlocal place
        page = book[sheet]
        cell = page.cell(2, column(page, head))
        cell.value, place = value, cell.coordinate

    found = wrong(bench, changed(written(bench), edit))
    expected = {(sheet, place, code)}
    if code == "repeated":  # the second of the two is told
        expected = {(sheet, place.replace("2", "3"), code)}
    assert found == expected


def test_numbers_may_be_written_as_text_with_a_comma_and_days_in_two_ways(bench: Bench) -> None:
    ship(bench)

    def edit(book: Any) -> None:
        page = book["Mục tiêu"]
        page.cell(2, column(page, "Mục tiêu đặt ra")).value = "80,5"
        page.cell(2, column(page, "Hạn")).value = "2026-12-30"

    (step,) = put(bench, changed(written(bench), edit), held(bench)).steps
    assert step.step.evidence["changed"] == {"goal": [80.0, 80.5], "due": ["2026-12-31", "2026-12-30"]}


def test_columns_may_stand_in_any_order_and_spare_ones_may_go(bench: Bench) -> None:
    ship(bench)

    def edit(book: Any) -> None:
        page = book["Giải ngân"]
        page.move_range("A1:A200", cols=8)
        for sheet in ("Danh mục", "Mục tiêu"):
            del book[sheet]

    found = put(bench, changed(written(bench), edit), held(bench))
    assert (found.steps, found.left) == ([], len(held(bench).targets))


FORMS: list[tuple[Callable[[Any], object], set[tuple[str, str, str]]]] = [
    (
        lambda book: book["Nhiệm vụ"].cell(1, 1, "Ma"),
        {("Nhiệm vụ", "A1", "unknown_column"), ("Nhiệm vụ", "A1", "missing_column")},
    ),
    (lambda book: book["Nhiệm vụ"].cell(1, 40, "Mã"), {("Nhiệm vụ", "AN1", "repeated")}),
    (lambda book: book.remove(book["Kế hoạch"]), {("Kế hoạch", "", "missing_sheet")}),
    (lambda book: book["Kế hoạch"].delete_rows(2), {("Kế hoạch", "A2", "needed")}),
    (
        lambda book: book["Nhiệm vụ"].cell(MAX_ROWS + 2, 1, "N99"),
        {("Nhiệm vụ", f"A{MAX_ROWS + 2}", "too_many")},
    ),
]


@pytest.mark.parametrize(("change", "expected"), FORMS)
def test_a_sheet_of_another_form_is_told(
    bench: Bench, change: Callable[[Any], object], expected: set[tuple[str, str, str]]
) -> None:
    ship(bench)
    assert wrong(bench, changed(written(bench), change)) == expected


def test_wrong_cells_are_listed_to_a_bound_and_counted_to_the_last(bench: Bench) -> None:
    def many(page: Any) -> None:
        due = column(page, "Hạn")
        for line in range(2, 2 + plan_reading.MAX_PROBLEMS + 23):
            page.cell(line, 1, f"MT-{line}")
            page.cell(line, due, "mai")

    ship(bench)
    found = plan_reading.read(changed(written(bench), lambda book: many(book["Mục tiêu"])), bench.profile)
    every = {(w.sheet, w.cell) for w in found.wrong}
    assert (len(found.wrong), len(every)) == (plan_reading.MAX_PROBLEMS, plan_reading.MAX_PROBLEMS)
    assert found.more > 23, "what each row lacks is counted, too"


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no_workbook"), (b"PK\x03\x04 half", "no_workbook"), (packed(a=b"x"), "no_workbook"),
        (b"x" * (MAX_FILE + 1), "too_large"), (packed(a=b"\0" * (33 << 20)), "too_large"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_said_and_nothing_breaks(bench: Bench, data: bytes, code: str) -> None:
    assert wrong(bench, data) == {("", "", code)}


def test_text_that_looks_like_a_formula_goes_out_as_text_and_comes_back(bench: Bench) -> None:
    ship(bench)
    kept = held(bench)
    trap = '=HYPERLINK("http://evil.example","x")'
    hostile = Row(code="N1", name=Text(trap, trap), owner="ca", why="@SUM(A1)", start="2026-01-01")
    putting = Putting(START, "Lan", DAYS, bench.profile.nameable, {})
    head = {name: getattr(kept.facts, name) for name in kept.facts.__struct_fields__}
    moved = putting.put(Draft(**head, tasks=(hostile,)), None).steps[1]
    plan = Plan(kept.entry, kept.facts, (), (item_of(moved.entry),), ())
    data = plan_writing.write(plan, bench.profile, "vi")
    page = openpyxl.load_workbook(io.BytesIO(data))["Nhiệm vụ"]
    cells = [cell for cell in page[2] if cell.value in (trap, "@SUM(A1)")]
    assert [cell.data_type for cell in cells] == ["s", "s"]
    assert all(cell.quotePrefix for cell in cells)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        pages = [archive.read(name) for name in archive.namelist() if "worksheets/" in name]
    assert not any(b"<f>" in page for page in pages)
    brought = plan_reading.read(data, bench.profile)
    assert brought.draft is not None
    assert (brought.draft.tasks[0].name.vi, brought.draft.tasks[0].why) == (trap, "@SUM(A1)")


def test_the_docs_name_every_sheet_and_column() -> None:
    text = (Path(__file__).parents[2] / "docs" / "plans.md").read_text("utf-8")
    for sheet in layout().sheet:
        assert sheet.title.vi in text
        assert sheet.title.en in text
        for one in sheet.columns:
            assert one.head.vi in text, (sheet.part, one.head.vi)


def _ran(*args: str) -> tuple[int, str]:
    ran = CliRunner().invoke(cli, args)
    return ran.exit_code, ran.output


def test_the_command_line_brings_a_workbook_in_alone_and_beside_a_running_cockpit(
    bench: Bench, tmp_path: Path
) -> None:
    ship(bench)
    file, data = tmp_path / "plan.xlsx", tmp_path / "data"
    file.write_bytes(written(bench))
    order = ("--data-dir", str(data))
    code, said = _ran("import", "plans", str(file), "--reason", "thử", *order)
    assert (code, "108 new, 0 edited, 0 same" in said) == (0, True), said
    out = tmp_path / "out.xlsx"
    assert _ran("export", "plans", str(out), "--plan", OURS, *order)[0] == 0
    with processes.running("serve", data, ready_s=PATIENCE_S):
        code, said = _ran("import", "plans", str(out), "--reason", "thử", *order)
        assert (code, "0 new, 0 edited, 108 same" in said) == (0, True), said
        bad = tmp_path / "bad.xlsx"
        bad.write_bytes(changed(out.read_bytes(), lambda book: book["Nhiệm vụ"].cell(2, 1, "có dấu")))
        code, said = _ran("import", "plans", str(bad), "--reason", "thử", *order)
        assert (code, "Nhiệm vụ A2 form 'có dấu'" in said) == (1, True), said
        code, said = _ran("export", "plans", str(out), "--plan", "none", *order)
        assert (code, OURS in said) == (1, True), said
