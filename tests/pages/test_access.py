"""Every page as everybody: who opens it, what it hides and what it offers is what the table says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.commands import dispatch, name_of
from cockpit.commands.model import Message
from cockpit.commands.registry import KINDS
from cockpit.domain import access
from cockpit.domain.access import BY_NAME, PAGES, Viewer
from cockpit.domain.feedback import FEEDBACK
from cockpit.domain.registers import GAP, Entry, Moved, Step
from cockpit.domain.roles import OF_A_UNIT, ROLES
from cockpit.ingest import shipped
from cockpit.store import registers
from cockpit.store.batch import Batch, Record, Refused
from cockpit.ui import live, nav, people
from tests.pages.conftest import NOW_MS, Visit, text
from tests.pages.test_feedback import everything
from tests.pages.test_requests import ask, do
from tests.store import inside
from tests.store.world import event
from tests.waiting import PATIENCE_S
from tests.wire.test_registers import FACTS

HERE, THERE = "06652", "07192"
NAME, WORDS = "Vũ Thị Lan Chi", "Ngập suốt cả tuần"
FIELDS = {"field": "giao_thong", "person": NAME, "text": WORDS}
OPENED: dict[str, list[dict[str, str]]] = {}
"""By page: what an address opens there beside the page itself; filled by `busy`."""


@pytest.fixture(scope="module", autouse=True)
def busy(cockpit: Any) -> Iterator[None]:
    """Something to act on for everybody: plans, a gap, requests, a decision, a petition and a refused one."""
    live.forget()
    shipped.ship(cockpit.store, cockpit.profile, NOW_MS, demo=True)
    gap = Entry(GAP, 1, "reported", HERE, "skhcn", NOW_MS, NOW_MS + 1000, facts=FACTS)
    moved = Moved(gap, 0, Step(NOW_MS, "engine", "found", "", "reported", {}))
    inside.done(cockpit.store, partial(registers.move, moved=moved))
    waiting, answered = ask(cockpit), ask(cockpit, code="I08")
    do(cockpit, "answer", "officer", "skhcn", request=answered, text="Do mưa.")
    do(cockpit, "decision_note", "leader", meeting="Giao ban", text="Làm ngay", indicators=["I08"])
    source = next(s for s in cockpit.profile.sources if FEEDBACK in s.records)
    batch = Batch()
    record = Record(FEEDBACK, "PA.1", HERE, "received", None, FIELDS)
    batch.records.append((event(batch, "pa1", NOW_MS - 1000, source=source.id), record))
    data = {"kind": FEEDBACK, "key": "PA.2", "unit": HERE, "state": "?", "fields": FIELDS}
    payload = json.dumps({"type": "ioc.record", "data": data}, ensure_ascii=False).encode()
    batch.refused.append(Refused(0, "pa2", source.id, "bad_state", "state '?'", payload, NOW_MS))
    cockpit.store.append(batch).result(PATIENCE_S)
    alert = next(a for a in inside.alerts(cockpit.store, open_only=True) if a.cause is None and not a.muted)
    kinds = ("task", "target", "project")
    mine = [next(e for e in _entries(cockpit, k) if e.owner == "skhcn" and e.closed is None) for k in kinds]
    OPENED.update(
        indicators=[{"id": "I08"}],
        alerts=[{"id": str(alert.id)}, {"list": "rules", "id": "camera-silent"}],
        coverage=[{"id": "1"}],
        gaps=[{"id": "1"}],
        sources=[{"id": source.code}],
        plans=[{"id": f"{entry.kind}-{entry.id}"} for entry in mine],
        requests=[{"view": "all", "id": str(waiting)}, {"view": "all", "id": str(answered)}],
        reports=[{"view": "form"}, {"view": "file"}],
        feedback=[{"id": "PA.1"}],
    )
    live.forget()
    yield
    for rows in (inside.Rows.REGISTERS, inside.Rows.REGISTER_STEPS):
        inside.clear(cockpit.store, rows)
    inside.forget_records(cockpit.store, FEEDBACK)
    live.forget()


SORTS = {"requests": {"request_explanation"}}
"""By page: of which commands it asks only to know which list to open first."""


LATER = {
    "home": {"gap_plan"},
    "indicators": {"report_withdraw"},
    "alerts": {"acknowledge_undo", "assign_many", "reopen", "rule_on", "unacknowledge", "unsilence"},
    "coverage": {"gap_build", "gap_close", "gap_plan", "gap_reopen"},
    "sources": {"notify_retry", "notify_test"},
    "plans": {"target_move", "task_explain"},
    "simulator": {"clock_jump", "clock_reset", "clock_speed", "clock_step", "stage_end", "stage_preset"},
    "requests": {"send_back"},
    "reports": {"report_add_many", "report_withdraw"},
    "gaps": {"gap_build", "gap_close", "gap_plan", "gap_reopen"},
    "handover": {"take_over"},
}
"""By page: commands that it offers together with others, or only once something is as it is not here: the
tests of these pages press them."""


def _entries(cockpit: Any, kind: str) -> list[Entry]:
    from cockpit.store.queries import registers as queries

    with cockpit.store.read() as conn:
        return queries.entries(conn, kind)


@pytest.fixture
def asked(cockpit: Any, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of the commands of which the page asks whether somebody may give them."""
    found: set[str] = set()

    def spy(role: str, kind: type[Message]) -> bool:
        found.add(name_of(kind))
        return dispatch.allowed(role, kind)

    monkeypatch.setattr("cockpit.ui.act.allowed", spy)
    monkeypatch.setattr(cockpit.demo.controller, "points", (), raising=False)
    monkeypatch.setattr(cockpit.demo.controller, "reset_to", 0, raising=False)
    return found


def seen_by(visit: Visit, page: str, viewer: Viewer) -> list[AppTest]:
    """The page, and what can be opened on it, as this viewer of a demo."""
    with pytest.MonkeyPatch.context() as patch:
        if viewer == "reader":
            patch.setattr(people, "entered", lambda: False)
        role = {} if viewer == "reader" else {"role": viewer}
        apps = [visit(page, **role, **address) for address in ({}, *OPENED.get(page, []))]
    for app in apps:
        assert not app.exception, (page, viewer)
        assert "do_not_disturb_on" not in text(app), (page, viewer)  # no panel has failed
    return apps


def widgets(apps: list[AppTest]) -> set[str]:
    """Keys of all that can be pressed or typed into."""
    found: set[str] = set()

    def walk(node: Any) -> None:
        if (key := getattr(node, "key", None)) and not str(key).startswith("person_role"):
            found.add(str(key))
        for child in getattr(node, "children", {}).values():
            walk(child)

    for app in apps:
        walk(app._tree)
    return found


def test_the_table_has_every_page_of_the_menu() -> None:
    assert [page.name for page in PAGES] == [page.name for page in nav.PAGES]
    assert nav.present() == list(nav.PAGES)


@pytest.mark.parametrize("page", BY_NAME)
def test_a_page_offers_each_role_what_the_table_says_and_no_more(
    visit: Visit, asked: set[str], page: str
) -> None:
    acts = set(BY_NAME[page].acts)
    nobody = widgets(seen_by(visit, page, "reader"))
    for role in ROLES:
        apps = seen_by(visit, page, role)
        may = {name for name in acts if dispatch.allowed(role, KINDS[name])}
        if not may:
            assert widgets(apps) <= nobody, (page, role)
    assert asked - {"seen"} - SORTS.get(page, set()) <= acts
    assert acts - asked == LATER.get(page, set())


@pytest.mark.parametrize("page", BY_NAME)
def test_a_page_opens_for_whom_the_table_says_in_earnest(
    visit: Visit, cockpit: Any, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(cockpit, "is_demo", False)
    monkeypatch.setattr(cockpit, "demo", None)
    for viewer in access.VIEWERS:
        name = "" if viewer == "reader" else "Lan"
        monkeypatch.setattr(people, "current", partial(people.Person, viewer, name))
        app = visit(page)
        assert not app.exception, (page, viewer)
        shut = "Nhật ký chỉ mở cho người có vai" in text(app)
        assert shut != access.opens(page, viewer), (page, viewer)


@pytest.mark.parametrize("viewer", access.VIEWERS)
@pytest.mark.parametrize("page", [page.name for page in PAGES if page.parts])
@pytest.mark.parametrize("unit", [HERE, THERE])
def test_what_is_of_a_citizen_is_shown_to_whom_the_table_says(
    visit: Visit, cockpit: Any, monkeypatch: pytest.MonkeyPatch, page: str, viewer: Viewer, unit: str
) -> None:
    for role in OF_A_UNIT:
        monkeypatch.setitem(cockpit.profile.posts, role, unit)
    own = unit if viewer in OF_A_UNIT else ""
    told = "\n".join(everything(app) for app in seen_by(visit, page, viewer))
    for part, words in (("words", WORDS), ("person", NAME)):
        assert (words in told) == access.sees(part, viewer, own, HERE), (page, viewer, part)  # type: ignore[arg-type]


def test_no_other_page_shows_anything_of_a_citizen(visit: Visit) -> None:
    for page in PAGES:
        if not page.parts:
            told = "\n".join(everything(app) for app in seen_by(visit, page.name, "admin"))
            assert NAME not in told
            assert WORDS not in told
