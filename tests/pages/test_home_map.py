"""The map on the home page: small, graded in a storm, and the way to what is red in a unit."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from cockpit import ROOT
from cockpit.ui import live, province_map
from cockpit.ui.components import province as component
from cockpit.ui.words import t
from cockpit.views import home, unit
from tests.pages.conftest import Visit, messages_to, sent_to, text
from tests.store import inside


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    live.forget()
    yield
    live.forget()


def sent(visit: Visit, **params: str) -> dict[str, Any]:
    """What is sent to the map."""
    (found,) = sent_to("province", visit("home", **params)._tree)
    return found


def troubled(cockpit: Any) -> str:
    """The unit with most open alerts."""
    view = live.view(home.build)
    return max(view.units, key=lambda u: u.alerts).unit.code


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_chosen_unit_shows_its_alerts_and_leads_to_them(visit: Visit, cockpit: Any, lang: str) -> None:
    code = troubled(cockpit)
    known = live.view(unit.build, code)
    assert known.open
    app = visit("home", unit=code, lang=lang)
    assert f"**{known.unit.name}**" in text(app)
    links = [(link.proto.label, link.proto.query_string) for link in app.get("page_link")]
    assert any(f"id={need.alert.id}" in query for need in known.needs for _, query in links)
    labels = [label for label, _ in links]
    assert t("home.unit_alerts", lang, n=known.open) in labels
    assert sent(visit, unit=code)["chosen"] == code


def test_a_red_figure_of_the_unit_is_named_and_leads_to_its_card(visit: Visit, cockpit: Any) -> None:
    figure = next(i for i in cockpit.profile.indicators if i.headline == 1)
    red = next(u for u in live.view(home.build).units if u.missed)
    app = visit("home", unit=red.unit.code)
    assert figure.short.vi in text(app)
    queries = [link.proto.query_string for link in app.get("page_link")]
    assert sum(f"id={figure.code}" in query for query in queries) >= 1


def test_a_unit_is_chosen_by_name_as_well(visit: Visit, cockpit: Any) -> None:
    app = visit("home")
    box = next(b for b in app.selectbox if b.label == t("home.pick_unit", "vi"))
    box.select("06994").run()
    assert "**Đặc khu Vân Đồn**" in text(app)
    (found,) = sent_to("province", app._tree)
    assert found["chosen"] == "06994"


def test_what_is_no_unit_chooses_none(visit: Visit) -> None:
    app = visit("home", unit="99999")
    assert not app.exception
    assert sent(visit, unit="99999")["chosen"] == ""


@pytest.mark.parametrize(
    ("pressed", "picked"), [("06994", "06994"), ("", ""), ("99999", ""), ({"a": 1}, None), (None, None)]
)
def test_a_press_tells_a_unit_of_the_register_or_none(
    cockpit: Any, monkeypatch: pytest.MonkeyPatch, pressed: Any, picked: str | None
) -> None:
    page = SimpleNamespace(session_state={"map": {"pressed": pressed}})
    mounted: list[dict[str, Any]] = []
    told: list[str] = []
    monkeypatch.setattr(component, "st", page)
    monkeypatch.setattr(component, "_component", lambda **options: mounted.append(options))
    shown = province_map.shown([], "")
    province_map.draw(shown, key="map", label="x", chosen="", on_pick=told.append)
    mounted[0]["on_pressed_change"]()
    assert told == ([] if picked is None else [picked])


def test_units_beyond_count_are_graded_only_in_a_storm() -> None:
    def shades(*places: tuple[str, int]) -> list[str]:
        marks = [province_map.UnitMark(f"{n:05d}", s, f"{n}", a) for n, (s, a) in enumerate(places)]
        return [shade for shade, _ in province_map.shown(marks, "").units.values()]

    calm = [("red", n + 1) for n in range(province_map.STORM - 1)]
    assert set(shades(*calm)) == {"red"}
    storm = shades(*calm, ("orange", 1), ("green", 0))
    assert storm[0] == "red1"
    assert storm[1:4] == ["red2", "red2", "red2"]
    assert set(storm[4:11]) == {"red"}
    assert storm[11:] == ["orange1", ""]


def test_the_map_travels_small_without_geometry_and_tells_every_unit_that_has_something(
    visit: Visit, cockpit: Any
) -> None:
    for language in ("vi", "en"):
        found = sent(visit, lang=language)
        assert len(json.dumps(found)) < 1500
        told = {u.unit.code: u for u in live.view(home.build).units if u.alerts or u.missed}
        assert set(found["units"]) == set(told)
        for code, (shade, text_at) in found["units"].items():
            assert shade.rstrip("12") == told[code].state.removeprefix("green")
            counted = t(
                "home.unit_text", language, alerts=told[code].alerts, indicators=len(told[code].missed)
            )
            assert found["texts"][text_at].startswith(counted)


def test_what_has_not_changed_on_the_map_is_sent_by_its_hash(visit: Visit) -> None:
    """Smaller messages go whole at every refresh."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    (proto,) = messages_to("province", visit("home")._tree)
    assert proto.ByteSize() >= settings["global"]["minCachedMessageSize"]


def test_a_storm_over_the_whole_province_is_still_a_small_message(cockpit: Any) -> None:
    units = [
        province_map.UnitMark(u.code, "red", t("home.unit_text", "vi", alerts=n, indicators=2), n)
        for n, u in enumerate(cockpit.profile.units)
    ]
    assert len(str(province_map.shown(units, "").sent)) < 5000


def test_the_counts_of_a_unit_are_those_of_the_map(cockpit: Any) -> None:
    view = live.view(home.build)
    assert sum(u.alerts for u in view.units)
    assert inside.alerts(cockpit.store)
    for place in view.units:
        assert live.view(unit.build, place.unit.code).open == place.alerts
