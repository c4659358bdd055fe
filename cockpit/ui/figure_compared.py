"""What is reckoned here beside what people report of the same period."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cockpit.ui import figures, sheets
from cockpit.ui.marks import escape, quiet
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
