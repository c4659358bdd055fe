"""Pillars on the page of indicators, and the bullet graph of a card."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from cockpit.ui import live
from cockpit.ui.bullet import HEIGHT
from cockpit.views import indicators
from cockpit.views.context import ViewContext
from tests.pages.conftest import NOW_MS, Visit, text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_each_pillar_says_how_far_it_is(visit: Visit, cockpit: Any, lang: str) -> None:
    app = visit("indicators", lang=lang)
    assert not app.exception
    shown = {m.label for m in app.metric}
    assert {p.name.get(lang) for p in cockpit.profile.pillars} <= {label.replace("\\", "") for label in shown}
    assert ("Kéo xuống nhiều nhất" if lang == "vi" else "Draw it down most") in text(app)


def test_the_list_can_be_narrowed_to_a_pillar(visit: Visit, cockpit: Any) -> None:
    pillar = cockpit.profile.pillars[1]
    app = visit("indicators", pillar=pillar.code)
    table = next(d.value for d in app.dataframe if "number" in d.value.columns)
    numbers = {cockpit.profile.indicator[code].number for code in pillar.indicators}
    assert set(table["number"]) == numbers


def test_a_province_without_pillars_has_no_cards(
    visit: Visit, cockpit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cockpit, "profile", replace(cockpit.profile, pillars=()))
    live.forget()
    app = visit("indicators")
    live.forget()
    assert not app.exception
    assert not app.metric


def test_a_card_draws_value_target_and_what_would_be_red(visit: Visit, cockpit: Any) -> None:
    ctx = ViewContext(cockpit.store, cockpit.profile, NOW_MS, NOW_MS)
    watch = {i.code: i.watch for i in cockpit.profile.indicators}
    judged = next(f for f in indicators.build(ctx).figures if f.status == "red" and watch[f.code] is not None)
    app = visit("indicators", id=judged.code)
    specs = [json.loads(c.proto.spec) for c in app.get("vega_lite_chart")]
    (bullet,) = (s for s in specs if s.get("height") == HEIGHT)
    marks = [layer["mark"]["type"] for layer in bullet["layer"]]
    assert marks == ["bar", "bar", "bar", "bar", "tick"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_units_are_listed_with_their_score_by_pillar(visit: Visit, cockpit: Any, lang: str) -> None:
    app = visit("indicators", view="units", lang=lang)
    assert not app.exception
    (table,) = (d.value for d in app.dataframe if "drivers" in d.value.columns)
    assert len(table) == len(cockpit.profile.units)
    assert any(points not in ("", "–") for points in table["whole"])
