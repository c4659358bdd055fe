"""What is over and what is only watched no longer must not look the same, and every chart has its table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from cockpit.store import meta
from cockpit.ui import live
from cockpit.ui.words import t
from tests.pages.conftest import NOW_MS, Visit, rows_of, sheets, text
from tests.store import inside

HOUR = 3_600_000


@pytest.fixture
def ended(cockpit: Any) -> Iterator[tuple[int, int]]:
    """Ids of two alerts that are closed: one is over, of the other the rule was switched off."""
    unwatched, over = (alert.id for alert in inside.alerts(cockpit.store)[-2:])
    inside.change_alert(cockpit.store, over, closed=NOW_MS - HOUR, close_reason="cleared")
    inside.change_alert(cockpit.store, unwatched, closed=NOW_MS - 2 * HOUR, close_reason="rule_off")
    live.forget()
    yield over, unwatched
    for number in (over, unwatched):
        inside.change_alert(cockpit.store, number, closed=None, close_reason=None)
    live.forget()


def test_home_tells_apart_what_is_over_and_what_is_only_watched_no_longer(
    visit: Visit, ended: tuple[int, int]
) -> None:
    shown = text(visit("home"))
    assert "1 việc đã hết · 1 việc đóng khi chưa rõ đã hết" in shown
    assert "1 resolved · 1 closed unresolved" in text(visit("home", lang="en"))


def test_the_list_of_closed_alerts_says_why_each_was_closed(visit: Visit, ended: tuple[int, int]) -> None:
    app = visit("alerts", list="closed")
    endings = sorted(row[t("alerts.col_ending", "vi")] for row in rows_of(app))
    assert endings == ["△ quy tắc bị tắt", "✓ sự việc đã hết"]


def test_home_says_since_when_it_counts_where_that_is_less_than_a_day(visit: Visit, cockpit: Any) -> None:
    inside.done(cockpit.store, lambda conn: meta.put(conn, "engine_since", str(NOW_MS - HOUR)))
    live.forget()
    try:
        assert "Từ 08:00 (lúc hệ thống bắt đầu giám sát):" in text(visit("home"))
        assert "Since 08:00, when watching began:" in text(visit("home", lang="en"))
    finally:
        inside.remove_fact(cockpit.store, "engine_since")
        live.forget()
    assert "Trong 24 giờ qua:" in text(visit("home"))


def test_the_chart_of_evidence_has_its_values_as_a_table(visit: Visit, cockpit: Any) -> None:
    source = cockpit.profile.source["cam-vms"]
    rule = next(r for r in cockpit.profile.rules if r.kind == "source_silent")
    number = inside.put_alert(
        cockpit.store, key=f"{rule.code}|x", rule=rule.code, priority="low", source=source.code,
        first_seen=NOW_MS, opened=NOW_MS, updated=NOW_MS, due=NOW_MS, subject_kind="source",
        subject=source.code,
    )  # fmt: skip
    live.forget()
    try:
        app = visit("alerts", id=str(number))
        (picture,) = re.findall(r'<svg class="steps"[^>]* aria-label="([^"]*)"', sheets(app))
        assert "Số bản ghi mỗi giờ trong 24 giờ qua" in picture
        table = sheets(app).partition("<svg")[2].partition("<tbody>")[2].partition("</tbody>")[0]
        assert table.count("<tr>") == 24
    finally:
        inside.remove_alert(cockpit.store, number)
        live.forget()
