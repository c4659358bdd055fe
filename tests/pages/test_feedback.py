"""Citizens' feedback: the list and its counts, one complaint of many, one petition and who may read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.domain.feedback import FEEDBACK, LEAST
from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.store.batch import Batch, Record
from cockpit.store.queries import feedback as q
from cockpit.store.queries.indicators import tally_counts
from cockpit.ui import feedback_words, live
from cockpit.ui.context import view_context
from cockpit.views import feedback
from cockpit.views.feedback import DAYS, NEAREST
from cockpit.views.figures import day_of
from simulator.people import texts
from tests.pages.conftest import NOW_MS, Visit, headings, rows_of, sent_to, text
from tests.store import inside
from tests.store.world import event

HERE, THERE = "06652", "07192"
NAME, PHONE = "Vũ Thị Hoài An", "0912 345 678"
WORDS = "Tại khu 3, phường Hà Tu mất điện từ sáng."


def _put(cockpit: Any, name: str, at: int, record: Record) -> None:
    source = next(s for s in cockpit.profile.sources if FEEDBACK in s.records)
    batch = Batch()
    batch.records.append((event(batch, name, at, source=source.id), record))
    cockpit.store.append(batch).result()


@pytest.fixture(scope="module", autouse=True)
def petitions(cockpit: Any) -> Iterator[None]:
    """Three of one complaint and one overdue here; one closed in time and liked there."""
    rows = [
        *((n, HERE, "dien_chieu_sang", NOW_MS - (3 - n) * HOUR_MS, NOW_MS + DAY_MS) for n in range(LEAST)),
        (7, HERE, "giao_thong", NOW_MS - 9 * DAY_MS, NOW_MS - DAY_MS),
        (8, THERE, "moi_truong", NOW_MS - 5 * DAY_MS, NOW_MS - DAY_MS),
    ]
    for n, unit, field, at, due in rows:
        fields = {"field": field, "text": f"{WORDS} ({n})", "person": NAME, "phone": PHONE}
        _put(cockpit, f"f{n}", at, Record(FEEDBACK, f"PA.{unit}-{n:04d}", unit, "received", due, fields))
    done = Record(FEEDBACK, f"PA.{THERE}-0008", THERE, "closed", None, {"rating": 5})
    _put(cockpit, "closed", NOW_MS - 2 * DAY_MS, done)
    live.forget()
    yield
    inside.forget_records(cockpit.store, FEEDBACK)
    live.forget()


def keys(app: AppTest) -> list[str]:
    return [row["key"] for row in rows_of(app)]


def everything(app: AppTest) -> str:
    """All that travels to the browser, and what its tables hold."""
    tables = [str(frame.value.to_dict("list")) for frame in (*app.table, *app.dataframe)]
    return "\n".join([str(app._tree), text(app), str(rows_of(app)), *tables])


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("section", ["list", "places", "fields", "clusters"])
def test_every_section_is_drawn_in_both_languages(visit: Visit, lang: str, section: str) -> None:
    app = visit("feedback", lang=lang, view=section)
    assert not app.exception
    (head,) = headings(app)
    assert (
        "4 phản ánh đang xử lý, 1 quá hạn, 1 cụm" if lang == "vi" else "4 open petitions, 1 overdue"
    ) in head


def test_what_is_overdue_stands_first_and_filters_count_what_they_list(visit: Visit) -> None:
    assert keys(visit("feedback"))[0] == f"PA.{HERE}-0007"
    for state, n in (("open", 4), ("late", 1), ("closed", 1), ("all", 5)):
        app = visit("feedback", state=state)
        assert len(keys(app)) == n
        pills = next(g for g in app.get("button_group") if "Quá hạn" in str(g.proto))
        assert any(option.content.endswith(f" {n}") for option in pills.proto.options)
    assert keys(visit("feedback", state="all", field="moi_truong")) == [f"PA.{THERE}-0008"]


def test_a_unit_in_the_address_leaves_its_own_and_says_so(visit: Visit, cockpit: Any) -> None:
    app = visit("feedback", unit=THERE, state="all")
    assert keys(app) == [f"PA.{THERE}-0008"]
    assert cockpit.profile.unit[THERE].name in text(app)
    assert "tiếp nhận trong 30 ngày: 1" in text(app).lower()
    assert "đúng hạn: 100,0" in text(app)
    app.button(key="scope-back").click().run()
    assert len(keys(app)) == 5
    assert "unit" not in app.query_params


def test_the_map_is_the_list_by_commune(visit: Visit) -> None:
    app = visit("feedback", view="places", state="all")
    (sent,) = sent_to("province", app._tree)
    shades = {code: shade for code, (shade, _) in sent["units"].items()}
    assert shades == {HERE: "heat4", THERE: "heat1"}
    table = {row["key"]: row for row in rows_of(app)}
    assert table[HERE]["Phản ánh"] == "4"
    assert table[THERE]["Hài lòng"].startswith("100,0")


def test_a_cluster_opens_its_petitions(visit: Visit) -> None:
    app = visit("feedback", view="clusters")
    (row,) = rows_of(app)
    assert row["Lĩnh vực"] == "Điện, chiếu sáng"
    (link,) = [p for p in app.get("page_link") if "cluster=" in p.proto.query_string]
    assert f"cluster={row['key']}" in link.proto.query_string
    inside_ = visit("feedback", cluster=row["key"], state="all")
    assert keys(inside_) == [f"PA.{HERE}-{n:04d}" for n in range(LEAST)]


@pytest.mark.parametrize("role", ["leader", "admin", "operator", "presenter"])
def test_one_petition_tells_who_wrote_to_those_who_may(visit: Visit, role: str) -> None:
    told = everything(visit("feedback", id=f"PA.{HERE}-0001", role=role))
    assert WORDS[:20] in told
    assert [NAME in told, PHONE in told] == [role in ("leader", "admin")] * 2


def test_who_only_looks_reads_neither_words_nor_names(
    visit: Visit, cockpit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cockpit, "is_demo", False)
    monkeypatch.setattr(cockpit, "demo", None)
    app = visit("feedback", id=f"PA.{HERE}-0001")
    assert not app.exception
    told = everything(app)
    assert "Điện, chiếu sáng" in told
    assert WORDS[:12] not in told
    assert NAME not in told
    assert PHONE not in told
    assert "không được xem" in text(app)


def test_a_petition_has_what_is_near_with_its_distance(visit: Visit, cockpit: Any) -> None:
    mine = {a.code for a in cockpit.profile.assets if a.kind == "camera" and a.unit == HERE}
    app = visit("feedback", id=f"PA.{HERE}-0001")
    assert "Khoảng cách tính từ Khu 3" in text(app)
    queries = [p.proto.query_string for p in app.get("page_link")]
    opened = {q.removeprefix("id=") for q in queries if q.startswith("id=cam-")}
    assert len(opened) == min(NEAREST, len(mine))
    assert opened <= mine
    assert queries.count(f"unit={HERE}") >= 2


@pytest.mark.parametrize("asked", ["nothing", "![x](http://example.org/x.png)", "PA.06652-9999"])
def test_an_unknown_petition_is_said_and_is_no_markup(visit: Visit, asked: str) -> None:
    app = visit("feedback", id=asked)
    assert not app.exception
    assert "Không có phản ánh mang mã" in text(app)
    assert "![" not in text(app)


def test_every_field_that_the_simulator_sends_has_a_name() -> None:
    sent = {group["field"] for kind in ("feedback", "complaint") for group in texts()[kind]}
    assert all(feedback_words.field(code, lang) != code for code in sent for lang in ("vi", "en"))


def test_without_petitions_the_page_says_so(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cockpit.store.queries.feedback.petitions", lambda *_: [])
    live.forget()
    assert "chưa có phản ánh nào" in headings(visit("feedback"))[0]
    live.forget()


@pytest.mark.parametrize("unit", ["", HERE, THERE])
def test_counts_are_those_of_the_indicators(cockpit: Any, unit: str) -> None:
    ctx = view_context()
    today = day_of(NOW_MS, cockpit.profile.utc_offset_s)
    with cockpit.store.read() as conn:
        tallied = tally_counts(conn, FEEDBACK, today - DAYS + 1, today, unit)
        open_ = q.open_in(conn, unit, NOW_MS) if unit else None
    found = feedback.build(ctx, unit).count()._asdict()
    names = ("received", "closed", "on_time", "rated", "satisfied")
    assert {name: found[name] for name in names} == {name: tallied.get((unit, name), 0) for name in names}
    assert found["received"]
    if open_ is not None:
        assert open_ == (found["open"], found["late"])
