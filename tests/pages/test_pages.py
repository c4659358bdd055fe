"""Every page draws in both languages, with every status in the data, and fails softly."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime.context import StreamlitHeaders
from streamlit.testing.v1 import AppTest

from cockpit import ROOT
from cockpit.domain.roles import Reader, Role
from cockpit.profiles.roster import Roster
from cockpit.store.queries import indicators
from cockpit.ui import nav, people
from tests.pages.conftest import Visit, element, headings, sheets, text

PAGES = [entry.name for entry in nav.PAGES]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_with_one_verdict_and_no_failed_panel(visit: Visit, name: str, lang: str) -> None:
    app = visit(name, lang=lang)
    assert not app.exception
    assert len(headings(app)) == 1, headings(app)
    shown = text(app)
    for broken in ("Mã lỗi", "logged", "None", "nan ", "{n}"):
        assert broken not in shown, (broken, shown)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_that_data_is_simulated(visit: Visit, name: str) -> None:
    assert "DỮ LIỆU MÔ PHỎNG" in text(visit(name))
    assert "SIMULATED DATA" in text(visit(name, lang="en"))


def test_pages_are_short() -> None:
    for path in (ROOT / "pages").glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 120, path.name


def test_every_page_file_is_in_the_navigation() -> None:
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} == set(PAGES)


def test_home_names_the_worst_first_and_links_it(visit: Visit) -> None:
    app = visit("home")
    (heading,) = headings(app)
    assert re.search(r"\d+ chỉ số đỏ, \d+ việc quá hạn\. Nghiêm trọng nhất: .+ từ 07:00", heading)


def test_home_names_the_red_indicators_under_the_alerts_and_links_them(visit: Visit) -> None:
    app = visit("home")
    (found,) = re.findall(r'<a href="/indicators\?status=red">([^<]*)</a>', sheets(app))
    assert re.fullmatch(r"Xem chỉ số đỏ: ([^,]+, ){4}…", found)


def test_indicators_are_filtered_from_the_address(visit: Visit, cockpit: Any) -> None:
    everything = len(visit("indicators").dataframe[0].value)
    red = len(visit("indicators", status="red").dataframe[0].value)
    with cockpit.store.read() as conn:
        n = sum(row.status == "red" and not row.unit for row in indicators.now(conn))
    assert red == n < everything


def test_home_shows_doubt_and_not_a_judgement_where_data_is_missing(visit: Visit) -> None:
    shown = text(visit("home"))
    assert "chưa có số liệu" in shown
    assert "chưa đủ số liệu" in shown


def test_an_indicator_opens_its_card_from_the_address(visit: Visit) -> None:
    app = visit("indicators", id="I42")
    assert any("Tỷ lệ camera trực tuyến" in m.value for m in app.markdown if m.value.startswith("# "))


def test_an_unknown_indicator_is_said_and_not_shown_as_markup(visit: Visit) -> None:
    app = visit("indicators", id="![x](http://example.org/x.png)")
    heading = next(m.value for m in app.markdown if m.value.startswith("# "))
    assert "![" not in heading


def test_a_dead_evaluator_is_said_on_top(visit: Visit, cockpit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cockpit.engine, "tick_age_s", lambda: 240.0)
    for page in PAGES:
        app = visit(page)
        assert "Số liệu dừng ở **09:00** (4 phút trước)" in app.error[0].value


def test_a_start_shows_how_far_it_is(visit: Visit, cockpit: Any) -> None:
    cockpit.ready.clear()
    try:
        app = visit("home")
    finally:
        cockpit.ready.set()
    assert not app.exception
    assert "Đang khởi động" in text(app)


def test_without_an_identity_serve_only_shows(
    visit: Visit, cockpit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cockpit, "config", replace(cockpit.config, mode="serve"))
    monkeypatch.setattr(cockpit, "is_demo", False)
    monkeypatch.setattr(cockpit, "demo", None)
    app = visit("home")
    assert "Chưa đăng nhập" in text(app)
    assert "DỮ LIỆU MÔ PHỎNG" not in text(app)


@pytest.mark.parametrize("named", [True, False])
def test_serve_offers_signing_in_where_a_provider_is_named(
    visit: Visit, cockpit: Any, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    monkeypatch.setattr(cockpit, "config", replace(cockpit.config, mode="serve"))
    monkeypatch.setattr(cockpit, "is_demo", False)
    monkeypatch.setattr(cockpit, "demo", None)
    monkeypatch.setattr("cockpit.ui.people.st.secrets", {"auth": {}} if named else {})
    labels = [button.label for button in visit("home").button]
    assert ("Đăng nhập" in labels) is named


@pytest.mark.parametrize(
    ("user", "role"),
    [("lan", "operator"), ("an", "admin"), ("binh", "reader"), ("tam", "officer"), ("", "reader")],
)
def test_in_serve_the_header_of_the_trusted_proxy_names_the_person_and_the_settings_their_role(
    cockpit: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, user: str, role: Role | Reader
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("identity,name,role,unit\ntam,Lê Tâm,officer,06652\nan,An,leader,\n", "utf-8")
    monkeypatch.setattr(cockpit, "roster", Roster(file, cockpit.profile))
    settings: dict[str, Any] = {
        "trusted_header": "X-User",
        "operators": frozenset({"lan"}),
        "admins": frozenset({"an"}),
    }
    monkeypatch.setattr(cockpit, "config", replace(cockpit.config, mode="serve", **settings))
    monkeypatch.setattr(cockpit, "is_demo", False)
    monkeypatch.setattr(cockpit, "demo", None)
    monkeypatch.setattr(
        "cockpit.ui.people.st.context", SimpleNamespace(headers=StreamlitHeaders([("X-User", user)]))
    )
    enrolled = {"tam": ("06652", "Lê Tâm"), "an": ("", "An")}
    assert people.current() == people.Person(role, user, *enrolled.get(user, ()))


def test_the_person_stays_when_the_language_changes(visit: Visit) -> None:
    app = visit("simulator")
    _become(app, "presenter")
    element(app, "lang").set_value("en").run()
    assert app.radio(key="person_role_en").value == "presenter"


def _become(app: AppTest, role: str) -> None:
    app.radio(key="person_role").set_value(role)
    app.run()
