"""The page of a handover: what it says, who may sign what, and the file for printing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.domain.registers import HANDOVER
from cockpit.store.queries import registers
from cockpit.ui import handover_parts, live
from cockpit.views import handover as view
from cockpit.views.context import ViewContext
from tests.pages.conftest import Visit, sheets, text
from tests.pages.test_screens import button
from tests.store import inside


@pytest.fixture(autouse=True)
def fresh(cockpit: Any) -> Iterator[None]:
    live.forget()
    yield
    inside.forget_register(cockpit.store, HANDOVER)
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
