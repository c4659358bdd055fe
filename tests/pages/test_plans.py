"""The page of plans: what it says of each, what opens, and what an officer and an admin do on it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from cockpit.domain.plans.model import Item, Plan
from cockpit.ingest import plan_writing, shipped
from cockpit.store.queries import plans as queries
from cockpit.store.queries import registers
from cockpit.ui import live, plan_sheets
from cockpit.ui.words import WORDS
from tests.pages.conftest import NOW_MS, Visit, text
from tests.store import inside

OURS = "MAU-2026"
SECTIONS = ("progress", "due", "idle", "timeline", "money", "review")


@pytest.fixture(scope="module", autouse=True)
def kept(cockpit: Any) -> Iterator[None]:
    """All plans of the profile, as a demo has them; gone afterwards, with the steps they took."""
    shipped.ship(cockpit.store, cockpit.profile, NOW_MS, demo=True)
    live.forget()
    yield
    inside.clear(cockpit.store, inside.Rows.REGISTERS)
    inside.clear(cockpit.store, inside.Rows.REGISTER_STEPS)
    live.forget()


def heading(app: AppTest) -> str:
    return next(m.value for m in app.markdown if m.value.startswith("# "))


def plan(cockpit: Any, code: str = OURS) -> Plan:
    with cockpit.store.read() as conn:
        found = queries.plan(conn, code)
    assert found is not None
    return found


def task(cockpit: Any, code: str) -> Item:
    return next(i for i in plan(cockpit).items if i.facts.code == code)


def listed(app: AppTest, column: str) -> list[str]:
    """A column of the one table that has it."""
    (found,) = [d.value for d in app.dataframe if column in d.value.columns]
    return [str(cell) for cell in found[column]]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("code", [OURS, "KH59-2022", "QN-2023", "QT-1982", "BK-2023", "QN-9T-2022"])
def test_every_part_of_every_plan_draws(visit: Visit, code: str, section: str, lang: str) -> None:
    app = visit("plans", lang=lang, plan=code, view=section)
    assert not app.exception
    assert WORDS[lang]["ui.panel_failed"] not in text(app)
    assert heading(app)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("KH59-2022", "19/51 nhiệm vụ hoàn thành (37,3"),
        ("KH59-2022", "11/27 mục tiêu hoàn thành (40,7"),
        ("QT-1982", "28/47 nhiệm vụ đã triển khai (59,6"),
        ("QN-2023", "44 mục tiêu, 5 nhiệm vụ; nguồn không nêu kết quả"),
        ("BK-2023", "5 mục tiêu, 2 nhiệm vụ; nguồn không nêu kết quả"),
        ("QN-9T-2022", "6 kết quả được công bố, 5 nhiệm vụ; nguồn không nêu"),
        (OURS, "56/84 nhiệm vụ hoàn thành"),
        (OURS, "2 quá hạn"),
    ],
)
def test_the_first_line_says_how_far_it_is(visit: Visit, code: str, said: str) -> None:
    assert said in heading(visit("plans", plan=code))


def test_the_running_plan_comes_first_and_is_marked_as_made_up(visit: Visit) -> None:
    app = visit("plans")
    assert ":violet-badge[:material/science: giả lập]" in text(app)
    names = app.selectbox(key="choose-plan-vi").options
    assert "kế hoạch mẫu của bản trình diễn" in names[0]
    assert [name.split(":")[0] for name in names[-2:]] == ["Quảng Trị", "Bắc Kạn"]
    published = text(visit("plans", plan="QN-2023"))
    assert "**148 tỷ đồng**" in published.replace("\u00a0", " ")
    assert "Nguồn: Họp trực tuyến về chuyển đổi số" in published
    assert "dòng tạo sinh" in published


def test_what_is_late_comes_first_then_what_is_due(visit: Visit) -> None:
    states = listed(visit("plans", view="due"), "state")
    assert states[:2] == ["['■ Quá hạn']"] * 2
    assert set(states[2:]) == {"['▸ Đang làm']", "['○ Chưa bắt đầu']"}
    english = listed(visit("plans", view="due", lang="en"), "state")
    assert english[0] == "['■ Overdue']"


def test_what_is_not_started_tells_why_or_that_nobody_has(visit: Visit) -> None:
    why = listed(visit("plans", view="idle"), "why")
    assert why.count("Chưa giải trình") == 4 or "Chưa giải trình" in why
    assert any("Chưa lựa chọn xong nhà thầu" in one for one in why)
    assert why == sorted(why, key=lambda one: one != "Chưa giải trình")


def test_a_task_opens_with_its_history_and_evidence(visit: Visit, cockpit: Any) -> None:
    done = task(cockpit, "N03")
    app = visit("plans", id=f"task-{done.entry.id}")
    shown = text(app)
    assert f"NV-{done.entry.id}" in shown
    assert listed(app, "what")[0] == "Hoàn thành"
    assert "Báo cáo kết quả thực hiện (giả lập)" in listed(app, "shown")[0]
    assert any("muộn hạn" in str(t.value) for t in app.table)


@pytest.mark.parametrize("asked", ["task-99999", "task-x", "plan-1", "![x](y)", "task-" + "9" * 30])
def test_what_is_not_there_is_said_and_is_no_markup(visit: Visit, asked: str) -> None:
    app = visit("plans", id=asked)
    assert not app.exception
    assert "Không có mục" in text(app)
    assert "![" not in text(app)


def test_who_is_not_of_the_unit_reads_whose_it_is(visit: Visit, cockpit: Any) -> None:
    number = task(cockpit, "N14").entry.id
    for role in ("leader", "officer"):
        app = visit("plans", id=f"task-{number}", role=role)
        assert "việc này do Công an tỉnh cập nhật" in text(app)
        assert not [b for b in app.button if str(b.key).startswith("plan-do-")]


def test_an_officer_moves_a_task_with_evidence_and_is_told_where_it_is_missing(
    visit: Visit, cockpit: Any
) -> None:
    number = task(cockpit, "N13").entry.id
    key = f"task-{number}"
    app = visit("plans", id=key, role="officer")
    app.button(key=f"plan-do-{key}").click()
    app.run()
    assert any("Cần ghi minh chứng" in toast.value for toast in app.toast)
    assert task(cockpit, "N13").state == "doing"
    app.text_area(key=f"plan-shown-{key}").set_value("QĐ 12/QĐ-SKHCN\n\n BC 3 ")
    app.button(key=f"plan-do-{key}").click()
    app.run()
    after = task(cockpit, "N13")
    assert (after.state, after.facts.evidence) == ("done", ("QĐ 12/QĐ-SKHCN", "BC 3"))
    assert "57/84" in heading(app)
    assert app.text_area(key=f"plan-shown-{key}").value == "" if app.text_area else True
    with cockpit.store.read() as conn:
        assert registers.history(conn, "task", number)[-1].actor == "Trần Minh Đức (giả lập)"


def test_an_officer_explains_and_tells_what_was_paid(visit: Visit, cockpit: Any) -> None:
    idle = task(cockpit, "N19").entry.id
    app = visit("plans", id=f"task-{idle}", role="officer")
    app.text_input(key=f"plan-why-{idle}").set_value("chờ thẩm định giá")
    app.button(key=f"plan-explain-{idle}").click()
    app.run()
    assert task(cockpit, "N19").facts.why == "chờ thẩm định giá"
    one = plan(cockpit).projects[0]
    app = visit("plans", view="money", id=f"project-{one.entry.id}", role="officer")
    app.number_input(key=f"plan-paid-{one.entry.id}").set_value(950)
    app.button(key=f"plan-pay-{one.entry.id}").click()
    app.run()
    assert plan(cockpit).projects[0].facts.months["2026-11"].paid == 950


def test_a_leader_gives_a_task(visit: Visit, cockpit: Any) -> None:
    app = visit("plans", role="leader")
    app.selectbox(key=f"plan-assign-to-{OURS}").set_value("syt")
    app.text_input(key=f"plan-assign-text-{OURS}").set_value("Rà soát bệnh án điện tử")
    app.date_input(key=f"plan-assign-due-{OURS}").set_value(date(2026, 12, 24))
    app.button(key=f"plan-assign-{OURS}").click()
    app.run()
    new = plan(cockpit).tasks[-1]
    assert (new.entry.owner, new.facts.name.vi, new.facts.due) == (
        "syt",
        "Rà soát bệnh án điện tử",
        "2026-12-24",
    )
    assert not [b for b in visit("plans", role="officer").button if b.key == f"plan-assign-{OURS}"]
    old = visit("plans", role="leader", plan="KH59-2022")
    assert not [b for b in old.button if str(b.key).startswith("plan-assign-")]


def edited(cockpit: Any, head: str, value: object, row: int = 2) -> bytes:
    """The plan's workbook with one cell of its tasks changed."""
    book = openpyxl.load_workbook(io.BytesIO(plan_writing.write(plan(cockpit), cockpit.profile, "vi")))
    page = book["Nhiệm vụ"]
    page.cell(row, 1 + [cell.value for cell in page[1]].index(head)).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def brought(visit: Visit, data: bytes, reason: str = "cập nhật") -> AppTest:
    """The page after an admin has brought a workbook."""
    app = visit("plans", role="admin")
    app.file_uploader(key="plan-file").set_value([("tệp.xlsx", data, plan_sheets.XLSX)])
    app.text_input(key="plan-file-reason").set_value(reason)
    app.button(key="plan-upload").click()
    return app.run()


def test_a_workbook_is_brought_back_and_its_changes_are_counted(visit: Visit, cockpit: Any) -> None:
    app = brought(visit, edited(cockpit, "Nội dung", "Tên đã sửa"))
    assert "0 dòng mới, 1 dòng sửa" in text(app)
    assert plan(cockpit).tasks[0].facts.name.vi == "Tên đã sửa"
    app.button(key="plan-told-away").click()
    assert "dòng sửa" not in text(app.run())


def test_a_wrong_workbook_changes_nothing_and_names_its_cells(visit: Visit, cockpit: Any) -> None:
    before = plan(cockpit)
    app = brought(visit, edited(cockpit, "Hạn", "31/02/2026"))
    assert "chưa được nạp: 1 ô cần sửa" in text(app)
    assert (listed(app, "sheet"), listed(app, "cell"), listed(app, "found")) == (
        ["Nhiệm vụ"], ["K2"], ["31/02/2026"],
    )  # fmt: skip
    assert listed(app, "why") == ["Cần một ngày, như 31/03/2026"]
    assert plan(cockpit) == before


def test_a_row_that_was_changed_since_is_named_by_its_cell(visit: Visit, cockpit: Any) -> None:
    stale = edited(cockpit, "Nội dung", "Theo tệp cũ")
    assert brought(visit, edited(cockpit, "Nội dung", "Theo người khác"))
    app = brought(visit, stale)
    assert listed(app, "why") == ["Có người đã sửa dòng này sau khi tệp được tải về: tải lại rồi sửa tiếp"]
    assert plan(cockpit).tasks[0].facts.name.vi == "Theo người khác"


def test_without_a_reason_nothing_is_brought(visit: Visit, cockpit: Any) -> None:
    app = brought(visit, edited(cockpit, "Nội dung", "Không lý do"), reason="")
    assert any("Cần ghi lý do" in toast.value for toast in app.toast)
    assert plan(cockpit).tasks[0].facts.name.vi != "Không lý do"


def test_who_may_not_put_a_plan_sees_no_way_in(visit: Visit) -> None:
    for role in ("officer", "operator", "presenter"):
        app = visit("plans", role=role)
        assert not [b for b in app.button if b.key == "plan-upload"]


def test_with_no_plan_the_page_says_so(visit: Visit, cockpit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "heads", lambda conn: [])
    live.forget()
    assert "Chưa có kế hoạch nào" in heading(visit("plans"))
    monkeypatch.undo()
    live.forget()
