"""Units and departments: ranked among their like, and each with a page of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.store.indicators import save_now
from cockpit.store.queries import figures as q
from cockpit.store.rows import IndicatorNow
from cockpit.ui import live
from cockpit.ui.figures import NOTHING
from tests.pages.conftest import NOW_MS, Visit, text
from tests.store import inside


@pytest.fixture(scope="module")
def known(cockpit: Any) -> Iterator[None]:
    """Overdue dossiers and answered feedback of every unit: the smaller it is, the more to its people."""
    units = cockpit.profile.units
    rows = [
        IndicatorNow("I09", u.code, float(n % 7), NOW_MS, None, "red", "{}", NOW_MS)
        for n, u in enumerate(units)
    ]
    rows += [
        IndicatorNow(
            "I19", u.code, 100 * n / 60, NOW_MS, 60, "orange", f'{{"part": {n}, "whole": 60}}', NOW_MS
        )
        for n, u in enumerate(units)
    ]
    inside.done(cockpit.store, lambda conn: save_now(conn, rows))
    live.forget()
    yield
    gone = [row._replace(value=None, status="nodata", detail="{}") for row in rows]
    inside.done(cockpit.store, lambda conn: save_now(conn, gone))
    live.forget()


def ranked(app: AppTest) -> Any:
    return next(d.value for d in app.dataframe if "place" in d.value.columns and "name" in d.value.columns)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("group", ["phuong", "xa", "dac_khu"])
def test_like_is_ranked_with_like_the_best_first(visit: Visit, cockpit: Any, lang: str, group: str) -> None:
    app = visit("units", by="I08", group=group, lang=lang)
    assert not app.exception
    table = ranked(app)
    assert set(table["name"]) <= {u.name for u in cockpit.profile.units if u.kind == group}
    values = [float(v.replace(",", ".")) for v in table["value"] if v != NOTHING]
    assert values == sorted(values, reverse=True)
    places = [int(p) for p in table["place"] if p != NOTHING]
    assert places == sorted(places)
    assert places[0] == 1


@pytest.mark.usefixtures("known")
def test_a_count_is_ranked_by_inhabitants(visit: Visit) -> None:
    table = ranked(visit("units", by="I09"))
    related = [float(v.replace(",", ".")) for v in table["per"] if v != NOTHING]
    assert related == sorted(related)
    assert len(related) > 10


@pytest.mark.usefixtures("known")
def test_a_share_of_few_is_told_with_its_bounds(visit: Visit) -> None:
    table = ranked(visit("units", by="I19"))
    assert all(" – " in bounds for bounds in table["bounds"])
    assert set(table["n"]) == {"60"}


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_unit_opens_with_figures_places_and_what_is_open(visit: Visit, cockpit: Any, lang: str) -> None:
    app = visit("units", id="06652", lang=lang)
    assert not app.exception
    assert "Phường Hà Tu" in text(app)
    table = ranked(app)
    with cockpit.store.read() as conn:
        of_unit = sum("06652" in rows for rows in q.every_unit(conn).values())
    assert len(table) == of_unit >= 3
    assert any("/" in place for place in table["place"])


def test_a_department_opens_with_what_it_answers_for(visit: Visit, cockpit: Any) -> None:
    app = visit("units", id="skhcn")
    assert not app.exception
    assert "Sở Khoa học và Công nghệ" in text(app)
    name = cockpit.profile.bodies["skhcn"]
    owned = [i.short.vi for i in cockpit.profile.indicators if i.owner == name]
    assert owned
    assert all(short in text(app) for short in owned)


def test_a_code_of_nobody_is_said_and_is_no_markup(visit: Visit) -> None:
    app = visit("units", id="![x](http://example.org/x.png)")
    assert not app.exception
    assert "Không có đơn vị mang mã" in text(app)
    assert "![" not in text(app)


def test_without_figures_by_unit_the_page_says_so(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(q, "known_by_unit", lambda _: frozenset())
    live.forget()
    assert "Chưa có số liệu theo đơn vị" in text(visit("units"))
    live.forget()


@pytest.mark.usefixtures("known")
def test_where_nothing_is_sure_the_page_of_a_unit_is_grey(visit: Visit, cockpit: Any) -> None:
    code = cockpit.profile.units[-1].code
    with cockpit.store.read() as conn:
        mine = [rows[code] for rows in q.every_unit(conn).values() if code in rows]
    inside.done(cockpit.store, lambda conn: save_now(conn, [r._replace(status="suspect") for r in mine]))
    live.forget()
    app = visit("units", id=code)
    inside.done(cockpit.store, lambda conn: save_now(conn, mine))
    live.forget()
    (head,) = (m.value for m in app.markdown if m.value.startswith("# "))
    assert ":gray[:material/schedule:]" in head
    assert "0 chỉ số đỏ" in head
