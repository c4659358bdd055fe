"""An alert of another system at the desk: marked as from outside, with what was sent, as it was written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cockpit.domain.alerting import kept
from cockpit.domain.incoming import Incoming
from cockpit.domain.numbers import AlertId
from cockpit.store.alerting import Changes, dump, save
from cockpit.store.alerts import Alert
from cockpit.ui import live
from cockpit.ui.words import WORDS
from tests.pages import test_muting as muting
from tests.pages.conftest import NOW_MS, Visit, rows_of, sheets, text
from tests.pages.test_hostile import HOSTILE, Markup, alive
from tests.store import inside
from tests.waiting import PATIENCE_S

SOURCE = "giam-sat-ngoai"
NUMBER = AlertId(9_700)
GENERATOR = "javascript:alert(1)//http://evil.example"


def opened(cockpit: Any, *, stale: bool = False, closed: int | None = None) -> str:
    """An open alert, as the engine writes it; its number."""
    labels = {"alertname": HOSTILE, "instance": "a:9100", "<b>x</b>": HOSTILE}
    notes = {"summary": HOSTILE, "runbook_url": GENERATOR}
    told = Incoming(7, SOURCE, labels, notes, GENERATOR, NOW_MS - 600_000, NOW_MS, NOW_MS - 400_000, None)
    digest, body = kept(cockpit.profile.rule["incoming"])
    alert = Alert(
        id=NUMBER, key="incoming|7", rule="incoming", rule_version=1, priority="critical", asset="",
        source=SOURCE, indicator="", unit="", owner="Trung tâm", owner_en="Centre", simulated=0,
        first_seen=NOW_MS - 600_000, opened=NOW_MS - 540_000, updated=NOW_MS, due=NOW_MS + 3_600_000,
        closed=closed, close_reason=None if closed is None else "cleared", value=None, peak=None,
        facts=dump({"for_s": 0} | told.facts(stale=stale)), cause=None, folded=0, subject_kind="incoming",
        subject="7", born=digest,
    )  # fmt: skip
    changes = Changes(alerts={NUMBER: alert}, rules={digest: body})
    cockpit.store.write(lambda conn: save(conn, changes)).result(PATIENCE_S)
    live.forget()
    return str(NUMBER)


@pytest.fixture
def desk(cockpit: Any) -> Iterator[Any]:
    yield cockpit
    opened(cockpit, closed=NOW_MS - 10 * 86_400_000)


@pytest.mark.parametrize(("lang", "mark"), [("vi", "Từ hệ thống khác"), ("en", "From another system")])
def test_it_is_marked_in_list_and_panel_and_nothing_that_was_sent_works(
    desk: Any, visit: Visit, lang: str, mark: str
) -> None:
    app = visit("alerts", lang=lang, id=opened(desk))
    assert not app.exception
    assert WORDS[lang]["ui.panel_failed"] not in text(app)
    assert alive(app) == []
    pieces = Markup(sheets(app))
    assert pieces.foreign == []
    assert mark in pieces.text
    assert "BN-7" in pieces.text
    assert GENERATOR in pieces.text.replace("\u200b", ""), "shown as text: no link leads there"
    assert pieces.text.replace("\u200b", "").count("evil.example") >= 4
    row = next(r for r in rows_of(app) if r["key"] == str(NUMBER))
    told = "(hệ thống khác báo)" if lang == "vi" else "(told by another system)"
    assert any(told in str(cell) for cell in row.values())
    assert WORDS[lang]["alerts.outside_stale"] not in pieces.text


def test_one_that_is_not_repeated_says_that_nobody_knows(desk: Any, visit: Visit) -> None:
    app = visit("alerts", id=opened(desk, stale=True))
    shown = Markup(sheets(app)).text
    assert "Không còn được nhắc lại" in shown
    assert "không rõ sự cố còn hay đã hết" in shown


@pytest.mark.parametrize("stale", [False, True])
def test_only_one_that_is_not_repeated_can_be_closed_as_repaired(
    desk: Any, visit: Visit, stale: bool
) -> None:
    app = muting.opened(visit, AlertId(int(opened(desk, stale=stale))))
    muting.choose(app, NUMBER, "close")
    offered = app.selectbox(key=f"acting-outcome-{NUMBER}").options
    assert ("Đã khắc phục" in offered) == stale


def test_the_source_has_a_page_and_counts_among_no_feeds(desk: Any, visit: Visit) -> None:
    app = visit("sources", id=SOURCE)
    assert not app.exception
    assert WORDS["vi"]["ui.panel_failed"] not in text(app)
    assert SOURCE not in {source.code for source in desk.profile.inputs}
    assert inside.alerts(desk.store)
