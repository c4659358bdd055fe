"""Alerts about what is unusual and about many at once, on their panels and on those of their rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cockpit.domain.alerting import kept
from cockpit.domain.numbers import AlertId
from cockpit.store.alerting import Changes, dump, save
from cockpit.store.alerts import Alert
from cockpit.ui import live
from cockpit.ui.words import WORDS
from tests.pages.conftest import NOW_MS, Visit, text
from tests.waiting import PATIENCE_S

STILL, SURGE = AlertId(9_710), AlertId(9_711)
FACTS: dict[AlertId, dict[str, Any]] = {
    STILL: {"value": 0.2, "usual": 9.4, "apart": -97.9, "weeks": 3},
    SURGE: {"bad": 500, "known": 1200, "value": 500 / 1200, "starts": NOW_MS - 600_000},
}
ABOUT = {STILL: ("camera-still", "asset", "cam-00001"), SURGE: ("cameras-at-once", "source", "cam-vms")}


def opened(cockpit: Any, number: AlertId, *, closed: int | None = None) -> str:
    """An open alert, as the engine writes it; its number."""
    code, kind, subject = ABOUT[number]
    rule = cockpit.profile.rule[code]
    digest, body = kept(rule)
    alert = Alert(
        id=number, key=f"{code}|{subject}", rule=code, rule_version=1, priority=rule.priority,
        asset=subject if kind == "asset" else "", source="cam-vms", indicator="", unit="", owner="Trung tâm",
        owner_en="Centre", simulated=0, first_seen=NOW_MS - 600_000, opened=NOW_MS - 540_000, updated=NOW_MS,
        due=NOW_MS + 3_600_000, closed=closed, close_reason=None if closed is None else "cleared",
        value=FACTS[number]["value"], peak=FACTS[number]["value"], cause=None, folded=0, subject_kind=kind,
        facts=dump({"for_s": rule.for_s} | FACTS[number]), subject=subject, born=digest,
    )  # fmt: skip
    changes = Changes(alerts={number: alert}, rules={digest: body})
    cockpit.store.write(lambda conn: save(conn, changes)).result(PATIENCE_S)
    live.forget()
    return str(number)


@pytest.fixture
def desk(cockpit: Any) -> Iterator[Any]:
    yield cockpit
    for number in ABOUT:
        opened(cockpit, number, closed=NOW_MS - 10 * 86_400_000)


@pytest.mark.parametrize(
    ("lang", "number", "parts"),
    [
        ("vi", STILL, ("thấp hơn 98", "mức thường thấy 9,4", "trong 3 tuần trước", "không quá 60")),
        ("en", STILL, ("98", "below the 9.4", "over 3 weeks", "at most 60")),
        (
            "vi",
            SURGE,
            ("500 trong 1.200", "42", "“Camera mất tín hiệu”", "đường gửi số liệu", "không quá 15"),
        ),
        ("en", SURGE, ("500 of 1,200", "42", "“Camera silent”", "a common cause", "not more than 15")),
    ],
)
def test_it_says_why_with_its_numbers_and_when_it_ends(
    desk: Any, visit: Visit, lang: str, number: AlertId, parts: tuple[str, ...]
) -> None:
    app = visit("alerts", lang=lang, id=opened(desk, number))
    assert not app.exception
    assert WORDS[lang]["ui.panel_failed"] not in text(app)
    for part in parts:
        assert part in text(app).replace("\u00a0", " "), part


def test_the_panel_of_a_rule_says_when_it_fires_and_what_is_not_known_to_be_usual(visit: Visit) -> None:
    app = visit("alerts", list="rules", rule="camera-still")
    app.text_input(key="why-search-camera-still").set_value("cam-00001").run()
    app.selectbox(key="why-subject-camera-still").set_value("cam-00001").run()
    found = text(app).replace("\u00a0", " ")
    assert not app.exception
    assert "thấp hơn quá 80 % so với mức thường thấy vào giờ này cùng thứ trong 4 tuần trước" in found
    assert "Lúc này:" in found
    app = visit("alerts", lang="en", list="rules", rule="camera-still")
    app.text_input(key="why-search-camera-still").set_value("cam-00001").run()
    app.selectbox(key="why-subject-camera-still").set_value("cam-00001").run()
    assert not app.exception
    assert WORDS["en"]["ui.panel_failed"] not in text(app)


def test_the_panel_of_a_surge_s_rule_says_how_many_within_how_long(visit: Visit) -> None:
    app = visit("alerts", list="rules", rule="sources-at-once")
    app.text_input(key="why-search-sources-at-once").set_value("cockpit").run()
    app.selectbox(key="why-subject-sources-at-once").set_value("cockpit").run()
    found = text(app).replace("\u00a0", " ")
    assert not app.exception
    assert "quá 30 % số đối tượng cùng loại của một nguồn, từ 5 trở lên" in found
    assert "“Nguồn dữ liệu ngừng gửi”" in found
