"""The page of a handover: what it says, who may sign what, and the file for printing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.domain.handover import SOON_MS
from cockpit.domain.periods import HOUR_MS
from cockpit.domain.registers import GAP, HANDOVER, REQUEST, TASK, Entry, Moved, Step
from cockpit.store import registers as writing
from cockpit.store.queries import registers
from cockpit.store.queries.handover import MOST_OTHERS
from cockpit.ui import handover_parts, live
from cockpit.views import handover as view
from cockpit.views.context import ViewContext
from tests.pages.conftest import NOW_MS, Visit, sheets, text
from tests.pages.test_screens import button
from tests.store import inside
from tests.waiting import PATIENCE_S

MINE = range(901, 901 + MOST_OTHERS + 7)
"""Numbers of entries that nobody else has."""


@pytest.fixture(autouse=True)
def fresh(cockpit: Any) -> Iterator[None]:
    live.forget()
    yield
    inside.forget_register(cockpit.store, HANDOVER)
    for kind in (TASK, GAP, REQUEST):
        inside.forget_entries(cockpit.store, kind, MINE)
    live.forget()


def opened(visit: Visit, role: str, **params: str) -> AppTest:
    app = visit("handover", **params)
    app.radio(key="person_role_en" if params.get("lang") == "en" else "person_role").set_value(role)
    return app.run()


def entries(cockpit: Any) -> list[Any]:
    with cockpit.store.read() as conn:
        return registers.entries(conn, HANDOVER)


@pytest.mark.parametrize(
    ("lang", "said"), [("vi", "Việc còn mở theo nơi phụ trách"), ("en", "What is open, by owner")]
)
def test_it_tells_what_is_open_by_owner(visit: Visit, cockpit: Any, lang: str, said: str) -> None:
    app = opened(visit, "leader", lang=lang)
    assert not app.exception
    shown = text(app)
    assert said in shown
    for alert in inside.alerts(cockpit.store):
        stands = alert.closed is None and alert.cause is None and not alert.muted
        assert (f"<td>CB-{alert.id}</td>" in sheets(app)) == stands
    assert not [b for b in app.button if str(b.key).startswith("handover-")], "who only reads signs nothing"


def test_one_gives_and_another_takes_it(visit: Visit, cockpit: Any) -> None:
    app = opened(visit, "operator")
    app.text_area(key="handover-note").set_value("Chờ thợ điện <b>")
    button(app, "handover-give").click()
    app.run()
    assert not app.exception
    (entry,) = entries(cockpit)
    operator, admin = (cockpit.profile.people[role] for role in ("operator", "admin"))
    assert (entry.state, entry.owner) == ("given", operator)
    assert "Chờ thợ điện &lt;b&gt;" in sheets(app)
    assert button(app, "handover-give").label == "Ký giao lại theo hiện tại"
    other = opened(visit, "admin")
    button(other, f"handover-take-{entry.id}").click()
    other.run()
    assert not other.exception
    (entry,) = entries(cockpit)
    assert (entry.state, entry.facts["to"]) == ("taken", admin)
    listed = opened(visit, "leader", id=f"BG-{entry.id}")
    assert f"**Người nhận**: {admin}"[:20] in text(listed)
    assert "Đã đủ hai người ký" in text(listed)
    assert f'<a href="/handover?id={entry.id}">BG-{entry.id}</a>' in sheets(listed)


def table(app: AppTest, label: str) -> str:
    """A table of the page, as HTML."""
    return sheets(app).partition(f'aria-label="{label}"')[2].partition("</table>")[0]


def test_a_signed_handover_tells_due_times_and_owners_of_then(visit: Visit, cockpit: Any) -> None:
    name = {"vi": "Kéo cáp quang", "en": "Lay fibre"}
    entry = Entry(TASK, 901, "doing", "", "skhcn", NOW_MS - 9, NOW_MS - HOUR_MS, facts={"name": name})
    gap = Entry(GAP, 902, "reported", "06652", "06652", NOW_MS - 9, NOW_MS + HOUR_MS, facts={"cells": []})
    asked = Entry(
        REQUEST, 903, "asked", "", "stc", NOW_MS - 9, NOW_MS + 2 * HOUR_MS,
        facts={"name": {"vi": "Giải ngân", "en": "Spending"}},
    )  # fmt: skip
    put(cockpit, *(Moved(one, 0, Step(NOW_MS, "x", "new", "", one.state, {})) for one in (entry, gap, asked)))
    app = opened(visit, "operator")
    button(app, "handover-give").click()
    app.run()
    number = entries(cockpit)[-1].id
    button(opened(visit, "admin"), f"handover-take-{number}").click().run()
    before = [table(app, label) for label in LISTS]
    put(
        cockpit,
        *(
            Moved(
                replace(one, owner="vpub", due=NOW_MS + 9 * HOUR_MS, version=2), 1,
                Step(NOW_MS, "x", "moved", one.state, one.state, {}),
            )
            for one in (entry, gap, asked)
        ),
    )  # fmt: skip
    live.forget()
    kept = opened(visit, "leader", id=f"BG-{number}")
    assert [table(kept, label) for label in LISTS] == before
    for label, code, what, owner, due in zip(
        LISTS, ("NV-901", "LS-902", "YC-903"), ("Kéo cáp quang", "Phường Hồng Gai", "Giải ngân"),
        ("skhcn", "06652", "stc"), ("08:00", "10:00", "11:00"), strict=True,
    ):  # fmt: skip
        told = table(kept, label)
        assert code in told
        assert owner_name(cockpit, owner) in told
        assert due in told
        assert what in told or what == "Phường Hồng Gai"
    assert "quá hạn" in table(kept, LISTS[0])
    assert "Văn phòng UBND" not in "".join(table(kept, label) for label in LISTS)


def owner_name(cockpit: Any, code: str) -> str:
    profile = cockpit.profile
    return str(profile.unit[code].name if code in profile.unit else profile.bodies[code].vi)


def put(cockpit: Any, *moved: Moved) -> None:
    for one in moved:
        cockpit.store.write(lambda conn, one=one: writing.move(conn, one)).result(PATIENCE_S)


LISTS = (
    "Nhiệm vụ quá hạn hoặc đến hạn trong 24 giờ",
    "Điểm lõm sóng có bước quá hạn hoặc đến hạn trong 24 giờ",
    "Yêu cầu giải trình chưa xong",
)


def test_what_is_too_much_for_a_list_is_counted(visit: Visit, cockpit: Any) -> None:
    put(
        cockpit,
        *(
            Moved(
                Entry(TASK, n, "doing", "", "skhcn", NOW_MS - 9, NOW_MS - n, facts={"name": {"vi": "x"}}), 0,
                Step(NOW_MS, "x", "new", "", "doing", {}),
            )
            for n in MINE
        ),
    )  # fmt: skip
    with cockpit.store.read() as conn:
        late = len(registers.overdue(conn, TASK, NOW_MS + SOON_MS))
    app = opened(visit, "operator")
    assert f"Còn {late - MOST_OTHERS} nhiệm vụ nữa" in text(app)


def test_a_handover_of_before_tells_what_it_has_kept_and_says_so(visit: Visit, cockpit: Any) -> None:
    app = opened(visit, "operator")
    button(app, "handover-give").click()
    app.run()
    (entry,) = entries(cockpit)
    sheet = {k: v for k, v in entry.facts["sheet"].items() if k not in ("counts", "gaps", "tasks")}
    old = replace(entry, version=entry.version + 1, facts={**entry.facts, "sheet": sheet})
    put(cockpit, Moved(old, entry.version, Step(NOW_MS, "x", "renewed", "given", "given", {})))
    live.forget()
    app = opened(visit, "leader", id=f"BG-{entry.id}")
    assert not app.exception
    assert "chỉ giữ mã và hạn" in text(app)
    assert LISTS[0] not in sheets(app)


def test_a_handover_that_is_not_there_is_told_and_the_present_one_shown(visit: Visit) -> None:
    app = opened(visit, "leader", id="BG-99")
    assert not app.exception
    assert "Không có lần bàn giao BG-99" in text(app).replace("\\", "")


def test_the_paper_holds_all_of_it(cockpit: Any) -> None:
    ctx = ViewContext(
        cockpit.store, cockpit.profile, cockpit.clock.domain_ms(), cockpit.clock.real_ms(), True
    )
    found = view.build(ctx)
    shown = [item.then.alert for owned in found.now.owners for item in owned.items]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handover_parts, "lang", lambda: "vi")
        paper = handover_parts.paper(found.now, ctx.now_ms).decode()
    assert paper.startswith('<!doctype html><html lang="vi">')
    assert all(f"<td>CB-{number}</td>" in paper for number in shown)
    assert "http" not in paper, "works without a net"
    assert paper.count("…</p>") == 2, "room for both signatures"
