"""Tasks given where a figure stands: the form, what everybody reads there, on home and at the unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cockpit.commands import Actor, Asked, Command, execute
from cockpit.domain.instants import iso
from cockpit.store.queries import alerts, indicators, registers
from cockpit.ui import live
from cockpit.ui.words import WORDS
from tests.pages.conftest import NOW_MS, Visit, plain, text
from tests.pages.test_hostile import HOSTILE, alive
from tests.store import inside

DAY_MS = 86_400_000
TEXT = "Kiểm tra thực địa và báo cáo"
WEDNESDAY_17H = NOW_MS + 3 * DAY_MS + 8 * 3_600_000  # NOW_MS is nine on a Sunday


@pytest.fixture(autouse=True)
def empty(cockpit: Any) -> Iterator[None]:
    live.forget()
    yield
    for rows in (inside.Rows.REGISTERS, inside.Rows.REGISTER_STEPS):
        inside.clear(cockpit.store, rows)
    live.forget()


def give(cockpit: Any, kind: str, code: str, text_: str = TEXT) -> int:
    args = {"about": {"kind": kind, "code": code}, "to": "skhcn", "due": iso(WEDNESDAY_17H), "text": text_}
    result = execute(cockpit, Command(Actor("Lan", "leader"), Asked("task_assign", args)))
    assert result.ok, result
    live.forget()
    return int(result.facts["task"])


def links(app: Any) -> list[str]:
    return [link.proto.label for link in app.get("page_link")]


@pytest.mark.parametrize("kind", ["indicator", "alert"])
def test_a_leader_gives_a_task_where_the_figure_is_and_all_read_it_there(
    visit: Visit, cockpit: Any, kind: str
) -> None:
    page, code = "indicators", "I10"
    if kind == "alert":
        with cockpit.store.read() as conn:
            page, code = "alerts", str(alerts.causes(conn, acknowledged=False, limit=1)[0].id)
    app = visit(page, role="leader", id=code)
    app.text_input(key=f"give-text-{kind}-{code}").set_value(TEXT)
    app.selectbox(key=f"give-to-{kind}-{code}").set_value("stc")
    app.button(key=f"give-do-{kind}-{code}").click()
    app.run()
    assert not app.exception
    assert "Đã giao việc cho Sở Tài chính" in "\n".join(toast.value for toast in app.toast)
    with cockpit.store.read() as conn:
        (entry,) = registers.given(conn)
    assert (entry.owner, entry.due) == ("stc", NOW_MS + 14 * DAY_MS + 8 * 3_600_000)
    told = f"Đã giao Sở Tài chính: {TEXT}, hạn 17:00 ngày 06/12"
    looking = visit(page, role="operator", id=code)
    assert told in links(looking)
    assert not [b for b in looking.button if str(b.key).startswith("give-do-")]


def test_home_says_it_beside_what_is_red_and_proposes_no_more_to_ask(visit: Visit, cockpit: Any) -> None:
    with cockpit.store.read() as conn:
        red = [row.indicator for row in indicators.now(conn) if row.status == "red" and not row.unit]
    before = visit("home", role="leader")
    proposed = [str(b.key) for b in before.button if str(b.key).startswith("decide-ask_figure-")]
    code = proposed[0].rsplit("-", 1)[1]
    assert code in red
    give(cockpit, "indicator", code)
    app = visit("home", role="leader")
    name = cockpit.profile.indicator[code].short.vi
    told = f"Đã giao Sở Khoa học và Công nghệ: {TEXT}, hạn 17:00 thứ Tư"
    assert any(name in line and told in line for line in text(app).splitlines())
    assert proposed[0] not in [str(b.key) for b in app.button]


def test_the_unit_opens_it_without_any_plan_and_may_move_it(visit: Visit, cockpit: Any) -> None:
    number = give(cockpit, "indicator", "I10")
    assert f"NV-{number} {TEXT}" in plain(text(visit("units", role="officer", id="skhcn")))
    app = visit("plans", role="officer", id=f"task-{number}")
    assert not app.exception
    told = "\n".join(table.value.to_string() for table in app.table)
    assert cockpit.profile.indicator["I10"].name.vi in told
    assert [b for b in app.button if "plan" in str(b.key) and str(number) in str(b.key)], (
        "its owner may move it"
    )
    assert WORDS["vi"]["ui.panel_failed"] not in text(app)


def test_it_stands_beside_the_trend(visit: Visit, cockpit: Any) -> None:
    give(cockpit, "indicator", "I10")
    app = visit("indicators", id="I10")
    assert any(f"Giao việc: {TEXT}" in plain(m.value) for m in app.markdown)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_its_text_is_no_markup(visit: Visit, cockpit: Any, lang: str) -> None:
    number = give(cockpit, "indicator", "I10", HOSTILE[:300])
    for page, asked in (("indicators", "I10"), ("plans", f"task-{number}")):
        app = visit(page, role="leader", lang=lang, id=asked)
        assert not app.exception
        assert alive(app) == []
