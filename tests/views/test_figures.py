"""Trends tell only of days that compare with today."""

from __future__ import annotations

from cockpit.views import indicators
from cockpit.views.figures import WARM_UP_DAYS, figures
from tests.views.province import LOCAL_DAY, Province


def filled(province: Province, days: int) -> None:
    """Daily values of a figure of records and of one of cameras, over a history of so many days."""
    for code in ("I10", "I42"):
        rows = [(LOCAL_DAY - back, code, 70.0 + back, 100) for back in range(1, days + 1)]
        province.execute("INSERT INTO indicator_day (day, indicator, value, n) VALUES (?, ?, ?, ?)", *rows)
    province.execute(
        "INSERT INTO tally (day, kind, unit, name, n) VALUES (?, 'dossier', '', 'received', 40)",
        *[(LOCAL_DAY - back,) for back in range(days + 1)],
    )


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


def test_a_short_history_of_records_has_no_trend_and_no_change(province: Province) -> None:
    filled(province, 7)
    with province.store.read() as conn:
        figure = figures(conn, province.ctx, ["I10"])["I10"]
    assert (figure.spark, figure.change) == ((), None)


def test_a_long_history_is_shown_whole(province: Province) -> None:
    filled(province, 60)
    with province.store.read() as conn:
        assert len(figures(conn, province.ctx, ["I10"])["I10"].spark) == 30
