"""The page of requests for an explanation, and the ways to ask where the figures are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.commands import Actor, Asked, Command, execute
from cockpit.domain import requests as life
from cockpit.domain.registers import GAP, Entry, Moved, Step
from cockpit.domain.requests import Request
from cockpit.ingest import shipped
from cockpit.store import registers as kept
from cockpit.store.queries import alerts, indicators, registers
from cockpit.store.queries import requests as queries
from cockpit.ui import live
from cockpit.ui.words import WORDS
from tests.pages.conftest import NOW_MS, Visit, text
from tests.store import inside
from tests.wire import handed
from tests.wire.test_registers import FACTS

SECTIONS = ("inbox", "asked", "all", "times")


@pytest.fixture(autouse=True)
def empty(cockpit: Any) -> Iterator[None]:
    """No request is there before, and none afterwards."""
    live.forget()
    yield
    for rows in (inside.Rows.REGISTERS, inside.Rows.REGISTER_STEPS, inside.Rows.EVIDENCE):
        inside.clear(cockpit.store, rows)
    live.forget()


def do(cockpit: Any, name: str, role: Any, unit: str = "", reason: str = "", **args: Any) -> dict[str, Any]:
    profile = cockpit.profile
    who = Actor(profile.people[role], role, unit)
    result = execute(cockpit, Command(who, Asked(name, args), reason))
    assert result.ok, result
    live.forget()
    return result.facts


def ask(cockpit: Any, to: str = "skhcn", code: str = "I42", kind: str = "indicator") -> int:
    about = {"kind": kind, "code": code}
    facts = do(cockpit, "request_explanation", "leader", reason="Vì sao giảm?", about=about, to=to)
    return int(facts["request"])


def one(cockpit: Any, number: int) -> Request:
    with cockpit.store.read() as conn:
        found = queries.one(conn, number)
    assert found is not None
    return found


def every(cockpit: Any) -> list[Request]:
    with cockpit.store.read() as conn:
        return queries.every(conn)


def heading(app: AppTest) -> str:
    return next(m.value for m in app.markdown if m.value.startswith("# "))


def links(app: AppTest) -> list[str]:
    return [link.proto.label for link in app.get("page_link")]


def said(app: AppTest) -> str:
    return "\n".join(toast.value for toast in app.toast)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("role", ["leader", "officer", "operator"])
def test_every_section_draws_for_every_role(
    visit: Visit, cockpit: Any, role: str, section: str, lang: str
) -> None:
    number = ask(cockpit)
    ask(cockpit, to="ca")
    do(cockpit, "answer", "officer", "skhcn", request=number, text="Do mưa lớn.")
    app = visit("requests", lang=lang, role=role, view=section, id=str(number))
    assert not app.exception
    assert WORDS[lang]["ui.panel_failed"] not in text(app)
    assert heading(app)


def test_the_first_line_counts_what_waits_and_what_is_overdue(visit: Visit, cockpit: Any) -> None:
    assert "Chưa có yêu cầu giải trình nào" in heading(visit("requests"))
    number = ask(cockpit)
    ask(cockpit, to="ca")
    do(cockpit, "answer", "officer", "skhcn", request=number, text="Do mưa lớn.")
    assert heading(visit("requests")).endswith("1 yêu cầu chờ trả lời, 1 trả lời chờ duyệt")
    cockpit.clock.jump(NOW_MS + 10 * 86_400_000)
    try:
        live.forget()
        assert "1 quá hạn" in heading(visit("requests"))
    finally:
        cockpit.clock.jump(NOW_MS)


def test_an_officer_sees_what_the_unit_is_to_answer_and_answers_with_a_file(
    visit: Visit, cockpit: Any
) -> None:
    number, other = ask(cockpit), ask(cockpit, to="ca")
    app = visit("requests", role="officer", id=str(number))
    (table,) = [d.value for d in app.dataframe]
    assert list(table["code"]) == [f"YC-{number}"]  # the inbox comes first
    entry = one(cockpit, number).entry
    app.text_area(key=f"request-text-{number}-{entry.version}").set_value("Do mưa lớn.")
    app.file_uploader(key=f"request-files-{number}-{entry.version}").upload(
        "Báo cáo.pdf", handed.PDF, "text/html"
    )
    app.button(key=f"request-do-{number}").click()
    app.run()
    assert "Đã gửi trả lời" in said(app)
    answered = one(cockpit, number)
    assert (answered.state, answered.facts.text) == ("answered", "Do mưa lớn.")
    assert [piece.name for piece in answered.facts.evidence] == ["Báo cáo.pdf"]
    assert "Báo cáo.pdf (" in "".join(b.proto.label for b in app.get("download_button"))
    app = visit("requests", role="officer", id=str(other), view="all")
    assert "Chỉ xem: Công an tỉnh trả lời" in text(app)
    assert not [b for b in app.button if str(b.key).startswith("request-do-")]


def test_a_file_that_is_not_taken_is_told_and_nothing_is_answered(visit: Visit, cockpit: Any) -> None:
    number = ask(cockpit)
    app = visit("requests", role="officer", id=str(number))
    app.text_area(key=f"request-text-{number}-1").set_value("Do mưa lớn.")
    app.file_uploader(key=f"request-files-{number}-1").upload("a.pdf", b"<script>", "application/pdf")
    app.button(key=f"request-do-{number}").click()
    app.run()
    assert "không phải PDF" in said(app)
    assert one(cockpit, number).state == "asked"


def test_who_asked_sends_back_with_a_reason_and_accepts(visit: Visit, cockpit: Any) -> None:
    number = ask(cockpit)
    do(cockpit, "answer", "officer", "skhcn", request=number, text="Do mưa lớn.")
    app = visit("requests", role="leader", id=str(number))
    app.button(key=f"request-back-{number}").click()
    app.run()
    assert "Cần ghi lý do" in said(app)
    app.text_input(key=f"request-note-{number}-2").set_value("Chưa nêu giải pháp")
    app.button(key=f"request-back-{number}").click()
    app.run()
    assert one(cockpit, number).state == "sent_back"
    do(cockpit, "answer", "officer", "skhcn", request=number, text="Bổ sung 2 người.")
    app = visit("requests", role="leader", id=str(number))
    app.button(key=f"request-accept-{number}").click()
    app.run()
    assert one(cockpit, number).state == "accepted"
    assert "Đã duyệt" in said(app)


def test_what_is_not_there_is_said_and_is_no_markup(visit: Visit, cockpit: Any) -> None:
    for asked in ("99", "x", "![x](y)", "9" * 30):
        app = visit("requests", id=asked)
        assert not app.exception
        assert "Không có yêu cầu giải trình" in text(app)
        assert "![" not in text(app)


def _place(cockpit: Any, kind: str) -> tuple[str, str, dict[str, str]]:
    """Where a thing of a kind stands: page, its code, and the address there."""
    if kind == "indicator":
        return "indicators", "I42", {"id": "I42"}
    with cockpit.store.read() as conn:
        if kind == "alert":
            number = alerts.causes(conn, acknowledged=False, limit=1)[0].id
            return "alerts", str(number), {"id": str(number)}
        entry = registers.entries(conn, kind)[0]
    return "plans", str(entry.id), {"id": f"{kind}-{entry.id}", "plan": str(entry.facts["plan"])}


@pytest.mark.parametrize("kind", ["indicator", "alert", "task", "target"])
def test_a_leader_asks_where_the_figure_is_and_reads_there_what_was_asked(
    visit: Visit, cockpit: Any, kind: str
) -> None:
    shipped.ship(cockpit.store, cockpit.profile, NOW_MS, demo=True)
    live.forget()
    page, code, address = _place(cockpit, kind)
    app = visit(page, role="leader", **address)
    app.text_area(key=f"ask-text-{kind}-{code}").set_value("Nêu nguyên nhân, giải pháp")
    app.selectbox(key=f"ask-to-{kind}-{code}").set_value("ca")
    app.button(key=f"ask-do-{kind}-{code}").click()
    app.run()
    assert "Đã gửi yêu cầu giải trình tới Công an tỉnh" in said(app)
    (found,) = every(cockpit)
    assert (found.facts.about.kind, found.facts.about.code, found.entry.owner) == (kind, code, "ca")
    assert found.facts.question == "Nêu nguyên nhân, giải pháp"
    told = next(label for label in links(app) if label.startswith("Đã yêu cầu"))
    assert told == "Đã yêu cầu Công an tỉnh giải trình, hạn 17:00 thứ Năm"
    looking = visit(page, role="operator", **address)
    assert told in links(looking)
    assert not [b for b in looking.button if str(b.key).startswith("ask-do-")]


def test_who_answers_for_an_indicator_is_asked_unless_another_is_chosen(visit: Visit, cockpit: Any) -> None:
    app = visit("indicators", role="leader", id="I42")
    assert app.selectbox(key="ask-to-indicator-I42").value != "vpub"
    owner = cockpit.profile.bodies[app.selectbox(key="ask-to-indicator-I42").value]
    assert owner == cockpit.profile.indicator["I42"].owner


@pytest.mark.parametrize(
    ("lang", "line", "steps"),
    [
        (
            "vi",
            "quá hạn 60 phút (đã báo lãnh đạo đơn vị)",
            ("Nhắc hạn", "Báo cáo cấp trên", "báo lãnh đạo đơn vị"),
        ),
        (
            "en",
            "(the leader of the unit was told)",
            ("Reminded", "Escalated", "to: leader of a unit"),
        ),
    ],
)
def test_who_was_reminded_and_told_of_a_late_answer_is_said_where_the_figure_is(
    visit: Visit, cockpit: Any, lang: str, line: str, steps: tuple[str, ...]
) -> None:
    number = ask(cockpit)
    due = one(cockpit, number).facts.due
    for at in (due - life.REMIND_MS, due):
        moved = life.prompted(one(cockpit, number), at, "engine")
        assert moved is not None
        assert inside.done(cockpit.store, partial(kept.move, moved=moved))
    cockpit.clock.jump(due + 3_600_000)
    live.forget()
    try:
        card = visit("indicators", role="leader", lang=lang, id="I42")
        opened = visit("requests", role="unit_leader", lang=lang, view="inbox", id=str(number))
    finally:
        cockpit.clock.jump(NOW_MS)
    assert any(line in label for label in links(card)), links(card)
    told = "\n".join(table.value.to_string() for table in opened.table)
    assert [word for word in steps if word not in told] == []


def test_response_times_are_told_by_unit(visit: Visit, cockpit: Any) -> None:
    first = ask(cockpit)
    ask(cockpit, to="ca")
    cockpit.clock.jump(NOW_MS + 5 * 3_600_000)
    try:
        do(cockpit, "answer", "officer", "skhcn", request=first, text="Do mưa lớn.")
        (table,) = [d.value for d in visit("requests", view="times").dataframe]
    finally:
        cockpit.clock.jump(NOW_MS)
    rows = {row["owner"]: row for row in table.to_dict("records")}
    assert rows["Sở Khoa học và Công nghệ"]["took"] == "5 giờ"
    assert [rows["Công an tỉnh"][name] for name in ("asked", "answered", "took")] == ["1", "0", "—"]


def test_home_says_of_what_is_red_what_was_asked_and_by_when(visit: Visit, cockpit: Any) -> None:
    red = next(row.indicator for row in _red(cockpit))
    alert = inside.put_alert(
        cockpit.store, key="alone", rule="feeder-out", priority="critical", asset="", source="host",
        first_seen=NOW_MS, opened=NOW_MS, updated=NOW_MS, due=NOW_MS - 60_000,
    )  # fmt: skip
    live.forget()
    assert "Đã yêu cầu" not in text(visit("home"))
    ask(cockpit, to="ca", code=red)
    ask(cockpit, to="skhcn", kind="alert", code=str(alert))
    shown = text(visit("home"))
    inside.remove_alert(cockpit.store, alert)
    name = cockpit.profile.indicator[red].short.vi
    told = "giải trình, hạn 17:00 thứ Năm"
    assert any(name in line and f"Đã yêu cầu Công an tỉnh {told}" in line for line in shown.splitlines())
    assert f"Đã yêu cầu Sở Khoa học và Công nghệ {told}" in shown


def _red(cockpit: Any) -> list[Any]:
    with cockpit.store.read() as conn:
        return [row for row in indicators.now(conn) if row.status == "red" and not row.unit]


def test_a_gap_of_the_register_is_asked_about_on_the_coverage_page(visit: Visit, cockpit: Any) -> None:
    unit = cockpit.profile.units[0].code
    gap = Entry(GAP, 1, "reported", unit, "skhcn", NOW_MS, NOW_MS + 1000, facts=FACTS)
    moved = Moved(gap, 0, Step(NOW_MS, "engine", "found", "", "reported", {}))
    inside.done(cockpit.store, lambda conn: kept.move(conn, moved))
    live.forget()
    app = visit("coverage", role="leader", gap="1")
    assert app.selectbox(key="ask-to-gap-1").value == "skhcn"
    app.button(key="ask-do-gap-1").click()
    app.run()
    assert "Đã gửi yêu cầu giải trình" in said(app)
    (found,) = every(cockpit)
    assert (found.facts.about.kind, found.facts.name.vi.split(",")[0]) == ("gap", "LS-1")
    link = next(
        link.proto
        for link in visit("requests", id=str(found.entry.id)).get("page_link")
        if link.proto.label == "Xem điểm lõm sóng"
    )
    assert link.query_string == "id=1"
