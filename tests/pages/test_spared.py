"""The estimate of work that reports cost which the data make needless: on home, with its sum and source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cockpit.domain.catalog import Text
from cockpit.profiles.model import Reporting
from cockpit.store import reports
from cockpit.store.batch import Report
from cockpit.ui import live
from cockpit.views import home
from cockpit.views.context import ViewContext
from tests.pages.conftest import NOW_MS, Visit, sheets, text
from tests.store import inside
from tests.waiting import PATIENCE_S

HOUR = 3_600_000


@pytest.fixture
def reported(cockpit: Any) -> Iterator[None]:
    """Of figure 10 two months, one of them corrected; of a unit; too old; of figure 17, which is in doubt;
    and of figure 39, which is typed alone."""
    live.forget()
    unit = cockpit.profile.units[0].code
    told = [
        ("I10", "", "2026-09"), ("I10", "", "2026-10"), ("I10", "", "2026-10"), ("I10", unit, "2026-10"),
        ("I10", "", "2025-10"), ("I17", "", "2026-10"), ("I39", "", "2026-10"),
    ]  # fmt: skip
    rows = [
        (n, NOW_MS, NOW_MS - (9 - n) * HOUR, 34, Report(code, place, period, 50.0, "Lê An", ""))
        for n, (code, place, period) in enumerate(told)
    ]
    cockpit.store.write(lambda conn: reports.write(conn, rows)).result(PATIENCE_S)
    live.forget()
    yield
    inside.clear(cockpit.store, inside.Rows.REPORTS)
    live.forget()


def test_it_counts_reports_that_stand_of_figures_that_are_reckoned_and_in_no_doubt(
    cockpit: Any, reported: None
) -> None:
    found = home.build(ViewContext(cockpit.store, cockpit.profile, NOW_MS, NOW_MS)).trust.spared
    assert found is not None
    assert (found.reports, found.figures, found.minutes, found.hours) == (3, 1, 60, 3.0)


@pytest.mark.parametrize(
    ("lang", "label", "told"),
    [
        ("vi", "ước tính 3,0 giờ công", "3 báo cáo trong 365 ngày qua là của 1 chỉ số"),
        ("en", "about 3.0 h of work", "3 reports within 365 days of 1 figure that the data tell"),
    ],
)
def test_home_shows_the_estimate_with_its_sum_and_where_the_minutes_are_from(
    visit: Visit, cockpit: Any, reported: None, lang: str, label: str, told: str
) -> None:
    shown = text(visit("home", lang=lang))
    assert label in shown
    assert told in shown
    assert "3 × 60" in shown
    assert cockpit.profile.reporting.source.get(lang) in shown


def test_without_reports_and_without_an_assumption_nothing_is_told(
    visit: Visit, cockpit: Any, reported: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cockpit, "profile", replace(cockpit.profile, reporting=Reporting()))
    live.forget()
    assert "không cần lập nữa" not in text(visit("home"))
    monkeypatch.undo()
    inside.clear(cockpit.store, inside.Rows.REPORTS)
    live.forget()
    assert "không cần lập nữa" not in text(visit("home"))


def test_where_the_minutes_are_from_is_no_markup(
    visit: Visit, cockpit: Any, reported: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    wild = Reporting(60, Text("<b>đậm</b> ![x](y)", "<b>bold</b>"))
    monkeypatch.setattr(cockpit, "profile", replace(cockpit.profile, reporting=wild))
    live.forget()
    app = visit("home")
    assert "<b>đậm</b>" in text(app)
    assert "<b>đậm" not in sheets(app)
