"""What a meeting decided on the cards of its figures, and beside their trends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cockpit.commands import Actor, Asked, Command, execute
from cockpit.domain.instants import iso
from cockpit.ui import live
from cockpit.ui.words import WORDS
from tests.pages.conftest import NOW_MS, Visit, plain, text
from tests.pages.test_hostile import HOSTILE, alive
from tests.store import inside

DAY_MS = 86_400_000
TEXT = "Sở Y tế hoàn thành kết nối trước 15/12"


@pytest.fixture(autouse=True)
def empty(cockpit: Any) -> Iterator[None]:
    live.forget()
    yield
    for rows in (inside.Rows.REGISTERS, inside.Rows.REGISTER_STEPS):
        inside.clear(cockpit.store, rows)
    live.forget()


def note(cockpit: Any, **args: Any) -> int:
    given = {"meeting": "Giao ban tháng 11", "text": TEXT, "indicators": ["I10", "I42"]} | args
    who = Actor(cockpit.profile.people["leader"], "leader")
    result = execute(cockpit, Command(who, Asked("decision_note", given)))
    assert result.ok, result
    live.forget()
    return int(result.facts["decision"])


def said(app: Any) -> str:
    return "\n".join(toast.value for toast in app.toast)


def test_a_leader_notes_a_decision_and_every_figure_discussed_tells_it(visit: Visit, cockpit: Any) -> None:
    app = visit("indicators", role="leader", id="I10")
    app.text_input(key="meeting-name-I10").set_value("Giao ban tháng 11")
    app.text_area(key="meeting-text-I10").set_value(TEXT)
    app.multiselect(key="meeting-more-I10").set_value(["I42"])
    app.button(key="meeting-do-I10").click()
    app.run()
    assert not app.exception
    assert "Đã ghi kết luận của Giao ban tháng 11" in plain(said(app))
    for code in ("I10", "I42"):
        told = text(visit("indicators", role="operator", id=code))
        assert "Kết luận Giao ban tháng 11, 22/11/2026" in told
        assert TEXT in told
        assert "KL-1 · về 2 chỉ số" in told
    assert TEXT not in text(visit("indicators", id="I08"))


def test_it_stands_beside_the_trend_as_what_happened(visit: Visit, cockpit: Any) -> None:
    note(cockpit, held=iso(NOW_MS - 3 * DAY_MS))
    app = visit("indicators", id="I10")
    assert any("Kết luận cuộc họp: Giao ban tháng 11" in plain(m.value) for m in app.markdown)
    table = next(d.value for d in app.dataframe if "happened" in d.value.columns)
    days = dict(zip(table["day"], table["happened"], strict=True))
    assert days["19/11/2026"] == "Kết luận cuộc họp: Giao ban tháng 11"


def test_a_wrong_note_is_withdrawn_with_a_reason(visit: Visit, cockpit: Any) -> None:
    number = note(cockpit)
    looking = visit("indicators", role="unit_leader", id="I10")
    assert not [b for b in looking.button if str(b.key).startswith("meeting-withdraw")]
    assert not [b for b in visit("indicators", role="officer", id="I10").button if "meeting" in str(b.key)]
    app = visit("indicators", role="leader", id="I10")
    app.button(key=f"meeting-withdraw-{number}").click()
    app.run()
    assert "Cần ghi lý do" in plain(said(app))
    app.text_input(key=f"meeting-why-{number}").set_value("Ghi nhầm cuộc họp")
    app.button(key=f"meeting-withdraw-{number}").click()
    app.run()
    assert f"Đã rút KL-{number}" in plain(said(app))
    assert TEXT not in text(visit("indicators", id="I42"))


def test_the_audit_tells_who_noted_what_about_which_figures(visit: Visit, cockpit: Any) -> None:
    note(cockpit)
    app = visit("audit", role="admin")
    (table,) = [d.value for d in app.dataframe][:1]
    assert "Ghi kết luận cuộc họp" in table.to_string()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_what_somebody_writes_is_no_markup(visit: Visit, cockpit: Any, lang: str) -> None:
    note(cockpit, meeting=HOSTILE[:200], text=HOSTILE)
    app = visit("indicators", role="leader", lang=lang, id="I10")
    assert not app.exception
    assert WORDS[lang]["ui.panel_failed"] not in text(app)
    assert alive(app) == []
