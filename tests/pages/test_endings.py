"""What is over and what is only watched no longer must not look the same, and every chart has its table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.ui import live
from tests.pages.conftest import NOW_MS, Visit, text
from tests.waiting import PATIENCE_S

HOUR = 3_600_000


@pytest.fixture
def ended(cockpit: Any) -> Iterator[tuple[int, int]]:
    """Ids of two alerts that are closed: one is over, of the other the rule was switched off."""
    with cockpit.store.read() as conn:
        ids = [row[0] for row in conn.execute("SELECT id FROM alert ORDER BY id DESC LIMIT 2")]
    changes = [(NOW_MS - HOUR, "cleared", ids[0]), (NOW_MS - 2 * HOUR, "rule_off", ids[1])]
    sql = "UPDATE alert SET closed = ?, close_reason = ? WHERE id = ?"
    cockpit.store.write(lambda conn: conn.executemany(sql, changes)).result(PATIENCE_S)
    live.forget()
    yield ids[0], ids[1]
    cockpit.store.write(lambda conn: conn.executemany(sql, [(None, None, number) for number in ids])).result(
        PATIENCE_S
    )
    live.forget()


def cells(app: AppTest, column: str) -> list[str]:
    table = next(d for d in app.dataframe if column in d.value.columns)
    return [" ".join(cell) for cell in table.value[column]]


def test_home_tells_apart_what_is_over_and_what_is_only_watched_no_longer(
    visit: Visit, ended: tuple[int, int]
) -> None:
    shown = text(visit("home"))
    assert "1 việc đã hết · 1 việc đóng khi chưa rõ đã hết" in shown
    assert "1 over · 1 closed without being over" in text(visit("home", lang="en"))


def test_the_list_of_closed_alerts_says_why_each_was_closed(visit: Visit, ended: tuple[int, int]) -> None:
    app = visit("alerts", list="closed")
    assert sorted(cells(app, "ending")) == ["△ quy tắc bị tắt", "✓ hết điều kiện báo"]


def test_home_says_since_when_it_counts_where_that_is_less_than_a_day(visit: Visit, cockpit: Any) -> None:
    put = "INSERT OR REPLACE INTO meta (key, value) VALUES ('engine_since', ?)"
    cockpit.store.write(lambda conn: conn.execute(put, (str(NOW_MS - HOUR),))).result(PATIENCE_S)
    live.forget()
    try:
        assert "Từ 08:00, khi bắt đầu theo dõi:" in text(visit("home"))
        assert "Since 08:00, when watching began:" in text(visit("home", lang="en"))
    finally:
        cockpit.store.write(lambda conn: conn.execute("DELETE FROM meta WHERE key = 'engine_since'")).result(
            PATIENCE_S
        )
        live.forget()
    assert "Trong 24 giờ qua:" in text(visit("home"))


def test_the_chart_of_evidence_has_its_values_as_a_table(visit: Visit, cockpit: Any) -> None:
    source = cockpit.profile.source["cam-vms"]
    rule = next(r for r in cockpit.profile.rules if r.kind == "source_silent")
    add = (
        "INSERT INTO alert (key, rule, rule_version, priority, asset, source, indicator, unit, owner,"
        " simulated, first_seen, opened, updated, due, facts, subject_kind, subject)"
        " VALUES (?1, ?2, 1, 'low', '', ?3, '', '', 'x', 1, ?4, ?4, ?4, ?4, '{}', 'source', ?3) RETURNING id"
    )
    row = (f"{rule.code}|x", rule.code, source.code, NOW_MS)
    number = cockpit.store.write(lambda conn: conn.execute(add, row).fetchone()[0]).result(PATIENCE_S)
    live.forget()
    try:
        app = visit("alerts", id=str(number))
        table = next(d for d in app.dataframe if "hour" in d.value.columns)
        assert len(table.value) == 24
        assert "Bản ghi mỗi giờ trong 24 giờ qua" in table.proto.alt
    finally:
        cockpit.store.write(lambda conn: conn.execute("DELETE FROM alert WHERE id = ?", (number,))).result(
            PATIENCE_S
        )
        live.forget()
