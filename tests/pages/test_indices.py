"""The page of indices: losses, sliders that write nothing, and every published figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.store.indicators import save_now
from cockpit.store.queries import indicators as queries
from cockpit.store.rows import IndicatorNow
from cockpit.ui import figures, live
from cockpit.ui.marks import escape
from tests.pages.conftest import NOW_MS, Visit, text
from tests.pages.test_hostile import drawn
from tests.store import inside

POINTS = {"I01": 80.1, "I02": 13.2, "I03": 18.4, "I04": 7.7, "I05": 7.6, "I06": 17.6, "I07": 15.6}


@pytest.fixture
def scored(cockpit: Any) -> Iterator[None]:
    """The portal says of this province what it said of Quảng Nam, and every unit is nine tenths good."""
    with cockpit.store.read() as conn:
        before = queries.now(conn)
    named = cockpit.profile.indices.service.parts.values()
    rows = [IndicatorNow(code, "", value, NOW_MS, 1, "green", "{}", NOW_MS) for code, value in POINTS.items()]
    rows += [
        IndicatorNow(code, unit.code, 90.0, NOW_MS, 10 * (n + 1), "green", "{}", NOW_MS)
        for code in named
        for n, unit in enumerate(cockpit.profile.units)
    ]
    inside.done(cockpit.store, lambda conn: save_now(conn, rows))
    live.forget()
    yield
    kept = {(row.indicator, row.unit): row for row in before}
    gone = [IndicatorNow(r.indicator, r.unit, None, None, 0, "nodata", "{}", NOW_MS) for r in rows]
    put_back = [kept.get((row.indicator, row.unit), row) for row in gone]
    inside.done(cockpit.store, lambda conn: save_now(conn, put_back))
    live.forget()


def heading(app: AppTest) -> str:
    return next(m.value for m in app.markdown if m.value.startswith("# "))


def metrics(app: AppTest) -> list[str]:
    return [metric.value for metric in app.metric]


def sliders(app: AppTest) -> list[Any]:
    return list(app.select_slider)


def cells(app: AppTest) -> str:
    """All text of tables that are only read."""
    return "\n".join(found for where, found in drawn(app._tree) if where == "ArrowData.data")


def test_the_verdict_names_total_class_and_the_dearest_component(visit: Visit, scored: None) -> None:
    assert "80,10 điểm, mức Tốt; mất nhiều nhất ở số hóa hồ sơ (6,40 điểm)" in heading(visit("indices"))
    assert "80.10 points, class Good; most lost in digitisation (6.40 points)" in heading(
        visit("indices", lang="en")
    )


def test_a_slider_shows_the_total_and_class_that_would_follow_and_writes_nothing(
    visit: Visit, cockpit: Any, scored: None
) -> None:
    app = visit("indices")
    assert not app.exception
    assert [slider.value for slider in sliders(app)] == [13.2, 18.4, 7.7, 7.6, 17.6, 15.6]
    assert "Bằng mức ban đầu 80,10 · còn 9,90 điểm nữa là mức Xuất sắc" in text(app)
    commands = len(inside.commands(cockpit.store))
    sliders(app)[5].set_value(22.0)
    app.run()
    assert "Tăng 6,40 so với 80,10 · còn 3,50 điểm nữa là mức Xuất sắc" in text(app)
    sliders(app)[0].set_value(18.0)
    app.run()
    assert "Tăng 11,20 so với 80,10" in text(app)
    assert metrics(app)[-2:] == ["91,30 :small[/ 100]", "Xuất sắc"]
    assert metrics(app)[0] == "80,10 :small[/ 100]"
    assert len(inside.commands(cockpit.store)) == commands
    assert "80,10 điểm" in heading(visit("indices"))


def test_sliders_keep_their_place_in_the_other_language_and_go_back_by_a_button(
    visit: Visit, scored: None
) -> None:
    app = visit("indices")
    sliders(app)[3].set_value(10.0)
    app.run()
    assert "Tăng 2,40" in text(app)
    app.get_by_key("lang").set_value("en")  # type: ignore[union-attr]
    app.run()
    assert "2.40 more than 80.10" in text(app)
    app.button(key="what-if-766-now-again").click()
    app.run()
    assert "The same as at first: 80.10" in text(app)
    assert [slider.value for slider in sliders(app)][3] == 7.6


def test_a_trial_may_begin_at_a_published_result_or_at_a_unit(visit: Visit, scored: None) -> None:
    app = visit("indices", base="quang_nam_2024")
    assert [slider.value for slider in sliders(app)] == [13.2, 18.4, 7.7, 7.6, 17.6, 15.6]
    app = visit("indices", base="06652")
    assert sliders(app)[1].value == 18.0


def test_units_are_ranked_by_what_they_cost_and_one_opens_with_its_parts(
    visit: Visit, cockpit: Any, scored: None
) -> None:
    app = visit("indices")
    (ranked,) = (d.value for d in app.dataframe if "worst" in d.value.columns)
    assert len(ranked) == 54
    costs = [float(cost.replace(",", ".")) for cost in ranked["cost"]]
    assert costs == sorted(costs, reverse=True)
    unit = cockpit.profile.unit["06652"]
    app = visit("indices", id="06652")
    assert f"## {escape(unit.name)}" in text(app)
    assert "Hồ sơ dùng lại dữ liệu số hóa :violet[:material/science:]" in cells(app)
    assert "số minh họa" in text(app)
    assert "không phải số liệu chính thức" in text(app)
    pairs = visit("indices", by="component", id="06652-payment")
    assert f"## {escape(unit.name)}" in text(pairs)
    (listed,) = (d.value for d in pairs.dataframe if "component" in d.value.columns)
    assert len(listed) == 6 * 54


def test_a_unit_that_is_not_there_is_said_and_not_shown_as_markup(visit: Visit, scored: None) -> None:
    app = visit("indices", id="![x](http://example.org/x.png)")
    assert "Không có số liệu của đơn vị mang mã" in text(app)
    assert "![" not in text(app)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_without_figures_the_page_says_so_and_reckons_nothing(visit: Visit, cockpit: Any, lang: str) -> None:
    gone = [IndicatorNow(code, "", None, None, 0, "nodata", "{}", NOW_MS) for code in POINTS]
    with cockpit.store.read() as conn:
        before = [row for row in queries.now(conn) if row.indicator in POINTS and not row.unit]
    inside.done(cockpit.store, lambda conn: save_now(conn, gone))
    live.forget()
    try:
        app = visit("indices", lang=lang)
        assert not app.exception
        assert ("Chưa có đủ điểm" if lang == "vi" else "has not sent all six") in heading(app)
    finally:
        inside.done(cockpit.store, lambda conn: save_now(conn, before))
        live.forget()


def test_the_dti_of_2022_is_shown_with_its_pillars_and_what_it_loses(visit: Visit) -> None:
    app = visit("indices", view="dti")
    assert "DTI Quảng Ninh năm 2022: 0,7024, hạng 3/63" in heading(app)
    assert "mất nhiều nhất ở hoạt động xã hội số (0,0824)" in heading(app)
    assert metrics(app) == ["0,7024", "0,7804", "0,7187", "0,6864"] * 2
    (table,) = (d.value for d in app.dataframe)
    assert list(table["name"])[:2] == ["Hoạt động xã hội số", "Hoạt động kinh tế số"]
    assert "dti.gov.vn/xep\\-hang\\-2022" in text(app)
    assert "405/QĐ-BKHCN" in text(app)


def test_main_indices_can_be_tried_out(visit: Visit) -> None:
    app = visit("indices", view="dti")
    sliders(app)[7].set_value(1.0)
    app.run()
    assert "Tăng 0,0825 so với 0,7024" in text(app)
    assert metrics(app)[4:] == ["0,7849", "0,7804", "0,7187", "0,8132"]
    assert metrics(app)[:4] == ["0,7024", "0,7804", "0,7187", "0,6864"]


def test_another_province_s_published_dti_can_be_looked_at(visit: Visit) -> None:
    app = visit("indices", view="dti", result="da_nang_2022", lang="en")
    assert metrics(app)[0] == "0.8002"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_published_figure_is_shown_with_value_date_and_source(
    visit: Visit, cockpit: Any, lang: str
) -> None:
    app = visit("indices", view="facts", lang=lang)
    assert not app.exception
    shown, titles = cells(app), text(app)
    for fact in cockpit.profile.facts:
        assert f"## {escape(fact.source.get(lang))}" in titles
        code, when = escape(fact.code), escape(figures.period(fact.date, lang))
        assert f"{code} · {escape(fact.province)} · {when}" in shown, fact.code
        assert escape(fact.text.get(lang)) in shown, fact.code
        if fact.done is not None:
            assert f"**{fact.done}/{fact.all}** = {figures.quantity(fact.rate, '%', 1, lang)}" in shown
        elif fact.value is not None:
            told = escape(figures.quantity(fact.value, fact.unit.get(lang), 0, lang))
            assert f"**{told}**" in shown, fact.code
    over = {"vi": "hơn 2\\.100\\.000", "en": "over 2,100,000"}[lang]
    for more in ("80,1" if lang == "vi" else "80.1", "0,7024" if lang == "vi" else "0.7024"):
        assert f"**{more}**" in shown
    assert over.replace("\\.", ".") in shown.replace("\\.", ".")
