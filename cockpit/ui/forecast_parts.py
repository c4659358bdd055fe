"""What a figure is expected to be, how well that was guessed before, and when the target is reached."""

from __future__ import annotations

import streamlit as st

from cockpit.domain.forecast import COVER
from cockpit.domain.periods import to_date
from cockpit.ui import figures
from cockpit.ui.marks import escape, icon, lines, quiet
from cockpit.ui.words import t
from cockpit.views.forecasts import Expected
from cockpit.views.indicators import IndicatorDetail


def expected(detail: IndicatorDetail, language: str) -> None:
    """The forecast to the end of the period, with its interval and how it did on days held back."""
    found, figure = detail.expected, detail.figure
    if found is None:
        if figure.value is not None:
            st.markdown(quiet(t("forecast.too_few", language)))
        return
    made, unit = found.forecast, escape(figure.unit.get(language))
    digits = min(figure.decimals + 1, 2)

    def amount(value: float, decimals: int = figure.decimals) -> str:
        return figures.quantity(value, unit, decimals, language)

    told = t(
        "forecast.value", language, day=_day(made.day), value=amount(made.value),
        low=figures.number(made.low, figure.decimals, language), high=amount(made.high),
        cover=figures.percent(COVER, 0, language),
    )  # fmt: skip
    tried = made.tried[0]
    how = t(
        "forecast.tried", language, method=t(f"forecast.method_{made.method}", language), n=tried.n,
        ahead=made.ahead, error=amount(tried.error, digits),
    )  # fmt: skip
    st.markdown(lines(f"{icon('timeline', 'gray')} {told} {target(found, language)}".strip(), quiet(how)))


def target(found: Expected, language: str) -> str:
    """Whether the target is reached at this pace, and when."""
    if found.reached:
        return ""
    if found.target_day is None:
        return t("forecast.never", language)
    return t("forecast.reached", language, day=_day(found.target_day))


def _day(day: int) -> str:
    return to_date(day).strftime("%d/%m/%Y")
