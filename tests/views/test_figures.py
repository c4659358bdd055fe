"""Trends tell only of days that compare with today."""

from __future__ import annotations

from functools import partial

from cockpit.store.batch import Draft, Sample
from cockpit.store.indicators import Day, save_days
from cockpit.views import indicators
from cockpit.views.figures import WARM_UP_DAYS, figures
from tests.store import inside
from tests.views.province import DAY, LOCAL_DAY, NOW, Province
from tests.waiting import PATIENCE_S


def filled(province: Province, days: int) -> None:
    """Daily values of a figure of records and of one of cameras, over a history of so many days."""
    for code in ("I10", "I42"):
        rows = [Day(LOCAL_DAY - back, code, 70.0 + back, 100) for back in range(1, days + 1)]
        inside.done(province.store, partial(save_days, rows=rows))
    tallies = {LOCAL_DAY - back: 40 for back in range(days + 1)}
    inside.put_tallies(province.store, "dossier", "received", tallies)


def test_a_figure_of_records_leaves_out_the_days_on_which_open_ones_were_not_known(
    province: Province,
) -> None:
    filled(province, 20)
    with province.store.read() as conn:
        found = figures(conn, province.ctx, ["I10", "I42"])
    assert len(found["I42"].spark) == 20
    assert found["I10"].spark == tuple(70.0 + back for back in range(20 - WARM_UP_DAYS, 0, -1))
    card = indicators.detail(province.ctx, "I10")
    assert card is not None
    assert (len(card.trend), card.cut) == (20 - WARM_UP_DAYS, WARM_UP_DAYS)
    other = indicators.detail(province.ctx, "I42")
    assert other is not None
    assert other.cut == 0


def test_coverage_gaps_leave_out_the_days_on_which_too_little_had_been_measured(province: Province) -> None:
    rows = [Day(LOCAL_DAY - back, "I35", 7.0, 100) for back in range(1, 21)]
    inside.done(province.store, partial(save_days, rows=rows))
    draft, t = Draft(), NOW - 20 * DAY
    phone = Sample(
        "p", "viettel", 21.0, 107.1, 8.0, -900, None, None, None, None, "", False, "88415a0001fffff"
    )
    at = draft.event(1, province.source("dien-thoai").id, t, t)
    batch = draft.batch()
    batch.samples = [(at, phone)]
    province.store.append(batch).result(PATIENCE_S)
    card = indicators.detail(province.ctx, "I35")
    assert card is not None
    assert (len(card.trend), card.cut) == (20 - WARM_UP_DAYS, WARM_UP_DAYS)


def test_a_short_history_of_records_has_no_trend_and_no_change(province: Province) -> None:
    filled(province, 7)
    with province.store.read() as conn:
        figure = figures(conn, province.ctx, ["I10"])["I10"]
    assert (figure.spark, figure.change) == ((), None)


def test_a_long_history_is_shown_whole(province: Province) -> None:
    filled(province, 60)
    with province.store.read() as conn:
        assert len(figures(conn, province.ctx, ["I10"])["I10"].spark) == 30
