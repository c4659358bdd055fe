"""What is reckoned here beside what people report of the same period."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cockpit.domain.catalog import Text
from cockpit.domain.spared import Spared
from cockpit.ui import figures, sheets
from cockpit.ui.marks import escape, quiet
from cockpit.ui.plain import to_html
from cockpit.ui.words import t
from cockpit.views.differences import Difference


def differences(found: Sequence[Difference], language: str) -> str:
    """How many differ, and under a fold both figures of each: HTML."""
    differing = sum(one.differs for one in found)
    counted = t("home.of", language, n=differing, total=len(found))
    heads = tuple(t(f"home.{name}", language) for name in ("indicator", "period", "reckoned", "reported"))
    rows = [
        (
            escape(one.short.get(language)),
            figures.period(one.period, language),
            _quantity(one, one.measured, language),
            _quantity(one, one.reported, language),
        )
        for one in found
    ]
    table = sheets.table(heads, rows, alt=t("home.differences_alt", language))
    return sheets.fold(f"{t('home.differing', language)} **{counted}**", table, key="differences")


def spared(found: Spared, source: Text, language: str) -> str:
    """How much work reports cost that the data make needless: HTML. `source`: where the minutes are from."""
    hours = figures.number(found.hours, 0 if found.hours >= 10 else 1, language)
    label = t("home.spared", language, hours=hours)
    told_ = t(
        "home.spared_sum", language, n=found.reports, indicators=found.figures, days=found.days,
        minutes=found.minutes, hours=hours,
    )  # fmt: skip
    body = f"<p>{to_html(told_)}</p>{sheets.quiet(escape(source.get(language)))}"
    return sheets.fold(label, body, key="spared")


def beside(found: Difference, language: str) -> None:
    """Both figures of one indicator in a sentence."""
    told = t(
        "indicators.beside",
        language,
        period=figures.period(found.period, language),
        reckoned=_quantity(found, found.measured, language),
        reported=_quantity(found, found.reported, language),
    )
    st.markdown(quiet(told))


def _quantity(one: Difference, value: float, language: str) -> str:
    return figures.quantity(value, escape(one.unit.get(language)), one.decimals, language)
