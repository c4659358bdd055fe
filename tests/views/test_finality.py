"""Every figure says whether it is final, partial or estimated, on the card and over HTTP."""

from __future__ import annotations

import pytest

from cockpit.domain.spans import stretch
from cockpit.store.indicators import save_now
from cockpit.store.rows import IndicatorNow
from cockpit.views import indicators
from cockpit.views.figures import ESTIMATED
from tests.store import inside
from tests.views.province import LOCAL_DAY, NOW, Province

OVER = {"D": "2026-11-21", "RT": "2026-11-21", "M": "2026-10", "Q": "2026-Q3", "Y": "2025"}


@pytest.mark.parametrize("reported", [False, True])
def test_every_figure_says_how_final_it_is(province: Province, reported: bool) -> None:
    """As it runs, and as it was reported for a period that is over."""
    rows = [
        IndicatorNow(i.code, "", 50.0, NOW, 500, "green",
                     f'{{"period":"{OVER[i.period]}"}}' if reported else "{}", NOW)
        for i in province.profile.indicators
    ]  # fmt: skip
    inside.done(province.store, lambda conn: save_now(conn, rows))
    shown = {f.code: f.finality for f in indicators.build(province.ctx).figures}
    assert shown.keys() == province.profile.indicator.keys()
    for code, finality in shown.items():
        kind = province.profile.indicator[code].measure["kind"]
        assert finality == ("estimated" if kind in ESTIMATED else "final" if reported else "partial"), code


def test_a_period_that_runs_is_partial_on_every_card(province: Province) -> None:
    month = stretch("month", LOCAL_DAY)
    assert month.last > LOCAL_DAY
    for indicator in province.profile.indicators:
        card = indicators.detail(province.ctx, indicator.code)
        assert card is not None
        running = [p for p in card.periods if p.stretch.last >= LOCAL_DAY]
        assert running, indicator.code
        assert {p.finality for p in running} == {"partial"}, indicator.code
