"""Alerts that nobody watched, found afterwards in a past: in the list, in full and in the figures,
each with its mark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cockpit.domain.numbers import AlertId
from cockpit.ui import live
from cockpit.views import alarm_kpis, news
from cockpit.views.context import ViewContext
from tests.pages.conftest import NOW_MS, Visit, rows_of, sheets, text
from tests.store import inside

HOUR = 3_600_000


@pytest.fixture
def lived(cockpit: Any) -> Any:
    """One that an engine raised and that stands."""
    return next(a for a in inside.alerts(cockpit.store, open_only=True) if a.asset and a.cause is None)


@pytest.fixture
def past(cockpit: Any, lived: Any) -> Iterator[AlertId]:
    """The same matter, two hours before."""
    live.forget()
    number = AlertId(-3)
    opened = NOW_MS - 3 * HOUR
    same = ("key", "rule", "rule_version", "priority", "asset", "source", "indicator", "unit", "owner")
    inside.put_alert(
        cockpit.store, id=number, **{name: getattr(lived, name) for name in same}, owner_en=lived.owner_en,
        subject_kind=lived.subject_kind, subject=lived.subject, simulated=1, first_seen=opened, opened=opened,
        updated=opened, due=opened + HOUR, closed=opened + HOUR, close_reason="cleared", facts="{}",
        born=lived.born,
    )  # fmt: skip
    yield number
    inside.remove_alert(cockpit.store, number)
    live.forget()


def context(cockpit: Any) -> ViewContext:
    clock = cockpit.clock
    return ViewContext(cockpit.store, cockpit.profile, clock.domain_ms(), clock.real_ms(), True)


@pytest.mark.parametrize(("lang", "mark"), [("vi", "tính lại từ số gộp"), ("en", "reckoned from sums")])
def test_the_list_of_closed_ones_and_the_alert_in_full_say_so(
    visit: Visit, past: AlertId, lang: str, mark: str
) -> None:
    app = visit("alerts", list="closed", id=str(past), lang=lang)
    assert not app.exception
    row = next(row for row in rows_of(app) if row["key"] == str(past))
    assert any(mark in str(cell) for cell in row.values())
    shown = text(app)
    assert "CB-T3" in shown
    assert shown.count(mark) >= 1


def test_it_is_a_similar_case_of_the_one_that_stands(visit: Visit, past: AlertId, lived: Any) -> None:
    app = visit("alerts", id=str(lived.id), lang="en")
    assert "Similar cases" in text(app)
    assert f"/alerts?id={past}" in sheets(app)
    assert "reckoned from sums" in text(app)


def test_it_counts_in_the_figures_with_its_mark_and_is_no_news(
    visit: Visit, cockpit: Any, past: AlertId
) -> None:
    with_it, told = alarm_kpis.build(context(cockpit), "day").kpis, news.build(context(cockpit), "")
    inside.change_alert(cockpit.store, past, closed=1, opened=0)  # long ago
    without = alarm_kpis.build(context(cockpit), "day").kpis
    assert with_it is not None
    assert without is not None
    assert (with_it.n - without.n, with_it.reckoned, without.reckoned) == (1, 1, 0)
    assert with_it.taken == without.taken
    after = news.build(context(cockpit), "")
    assert (told.opened, told.over) == (after.opened, after.over)
    inside.change_alert(cockpit.store, past, closed=NOW_MS - 2 * HOUR, opened=NOW_MS - 3 * HOUR)
    live.forget()
    assert "reckoned from sums" in text(visit("kpis", lang="en"))
