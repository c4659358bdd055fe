"""The frame around the pages: who is in front of the screen, what width it has, and addresses of no page."""

from __future__ import annotations

import re
import tomllib

import pytest
from streamlit.testing.v1 import AppTest

from cockpit import ROOT
from cockpit.ui import screen
from tests.pages.conftest import Visit, element, text


def test_a_run_of_the_whole_page_throws_away_no_click_that_waits() -> None:
    """A click on a button of the live part waits while that part is drawn. With fast reruns on, a run of the
    whole page that the browser asks for then (another language, a width that was measured) ended the thread
    and what waited for it: the click had no effect, and nobody was told."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["runner"]["fastReruns"] is False


def address(app: AppTest, name: str) -> str:
    """What a parameter of the address says."""
    found = app.query_params.get(name, "")
    return found if isinstance(found, str) else "".join(found)


def test_a_role_chosen_in_a_demo_is_in_the_address_and_outlives_a_reload(visit: Visit) -> None:
    app = visit("alerts")
    assert "role" not in app.query_params
    app.radio(key="person_role").set_value("operator")
    app.run()
    assert address(app, "role") == "operator"
    again = visit("alerts", role="operator")
    assert again.radio(key="person_role").value == "operator"
    again.radio(key="person_role").set_value("leader")
    again.run()
    assert "role" not in again.query_params


def test_a_role_stays_when_the_address_of_another_page_does_not_name_it(visit: Visit) -> None:
    app = visit("home", role="presenter")
    app.query_params.clear()
    app.switch_page("../../pages/alerts.py")
    app.run()
    assert app.radio(key="person_role").value == "presenter"
    assert address(app, "role") == "presenter"


def test_a_role_that_there_is_not_is_none(visit: Visit) -> None:
    assert visit("home", role="emperor").radio(key="person_role").value == "leader"


@pytest.mark.parametrize(("lang", "said"), [("vi", "# .*Không có trang này"), ("en", "# .*no such page")])
def test_an_address_of_no_page_is_said_with_the_way_home(visit: Visit, lang: str, said: str) -> None:
    app = AppTest.from_string("from cockpit.ui import lost\nlost.lost()")
    app.session_state["lost_page"] = "no*such*page"
    app.query_params["lang"] = lang
    app.run()
    assert re.search(said, text(app))
    assert r"no\*such\*page" in text(app)
    assert app.get("page_link")


@pytest.mark.parametrize("told", [None, "yes", 1])
def test_only_a_measured_width_counts(told: object) -> None:
    def script(told: object) -> None:
        import streamlit as st

        from cockpit.ui import screen

        screen.measured(told)
        st.markdown(str(screen.phone()))

    app = AppTest.from_function(script, args=(told,)).run()
    assert text(app) == "False"
    app = AppTest.from_function(script, args=(True,)).run()
    assert text(app) == "True"


def narrow(visit: Visit, page: str) -> AppTest:
    app = visit(page)
    app.session_state[screen._TOLD] = True
    return app.run()


def first_columns(app: AppTest, key: str, n: int) -> list[str]:
    table = next(d for d in app.dataframe if key in d.proto.id)
    return list(table.proto.column_order)[:n]


def test_on_a_narrow_screen_state_and_value_come_before_the_name(visit: Visit) -> None:
    assert first_columns(visit("indicators"), "indicator_list", 1) == ["name"]
    assert first_columns(narrow(visit, "indicators"), "indicator_list", 3) == ["status", "value", "name"]
    assert first_columns(visit("sources"), "sources-", 1) == ["source"]
    assert first_columns(narrow(visit, "sources"), "sources-", 3) == ["state", "age", "source"]


def test_on_a_narrow_screen_the_worst_indicator_is_first(visit: Visit) -> None:
    shown = [str(cell) for cell in narrow(visit, "indicators").dataframe[0].value["status"]]
    red = sum("Đỏ" in cell for cell in shown)
    assert red
    assert all("Đỏ" in cell for cell in shown[:red])


def test_a_filter_has_its_first_choice_as_a_default_that_every_run_repeats(visit: Visit) -> None:
    app = visit("coverage", **{"class": "bad"})
    for _ in range(2):
        pills = element(app, "choose-class-vi")
        assert pills.value == ["bad"]
        assert list(pills.proto.default) == [0]
        operator = element(app, "choose-operator-vi")
        assert (operator.value, list(operator.proto.default)) == ("any", [0])
        app.run()
