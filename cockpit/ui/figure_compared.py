"""What is reckoned here beside what people report of the same period."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cockpit.ui import figures, tables
from cockpit.ui.marks import escape, quiet
from cockpit.ui.words import t
from cockpit.views.differences import Difference


def differences(found: Sequence[Difference], language: str) -> None:
    """How many differ, and one click away both figures of each."""
    differing = sum(one.differs for one in found)
    counted = t("home.of", language, n=differing, total=len(found))
    label = f"{t('home.differing', language)} **{counted}**"
    with st.popover(label, icon=":material/compare_arrows:", type="tertiary", width="content"):
        tables.read(
            {
                t("home.indicator", language): [escape(one.short.get(language)) for one in found],
                t("home.period", language): [figures.period(one.period, language) for one in found],
                t("home.reckoned", language): [_quantity(one, one.measured, language) for one in found],
                t("home.reported", language): [_quantity(one, one.reported, language) for one in found],
            },
            alt=t("home.differences_alt", language),
        )


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
