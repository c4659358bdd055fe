"""What a figure is made of: its formula, its parts, and the same by department."""

from __future__ import annotations

import streamlit as st

from cockpit.domain.catalog import Parts
from cockpit.domain.periods import day_start_ms
from cockpit.domain.spans import Stretch
from cockpit.ui import figures, tables
from cockpit.ui.context import utc_offset_s
from cockpit.ui.marks import badge, escape, lines, quiet, upper
from cockpit.ui.screen import phone
from cockpit.ui.status import FINALITY
from cockpit.ui.words import t
from cockpit.views.figure import Figure
from cockpit.views.indicators import IndicatorDetail


def formula(detail: IndicatorDetail, language: str) -> str:
    """How the value comes about, and of what; nothing is claimed about a number that came finished."""
    figure, indicator = detail.figure, detail.indicator
    if figure.finished:
        told = badge(t("indicators.finished", language), "gray", "input")
        return f"{told} {t('indicators.no_formula', language)}"
    made = parts(figure, indicator.parts, language)
    return lines(escape(indicator.formula.get(language)), *[quiet(escape(made))] * bool(made))


def parts(figure: Figure, names: Parts | None, language: str) -> str:
    """What a value is made of, in words: plain text, "" where that is not known."""
    if figure.part is None or figure.whole is None:
        told = (
            t("indicators.count", language, name=name.get(language), n=figures.plain(n, language))
            for name, n in figure.counts
        )
        return " · ".join(told)
    part, whole = (figures.plain(n, language) for n in (figure.part, figure.whole))
    if names is None:
        return t("indicators.part_of", language, part=part, whole=whole)
    top, bottom = names.numerator.get(language), names.denominator.get(language)
    return t("indicators.parts", language, part=part, top=top, whole=whole, bottom=bottom)


def periods(detail: IndicatorDetail, language: str) -> None:
    """The figure for today, this week, this month and longer, those that still run marked, as a table."""
    both = zip(detail.periods, detail.targets.spans, strict=True)
    asked = {period.stretch.span: aim.target for period, aim in both}
    known = [p for p in detail.periods if p.value is not None]
    if not known:
        return
    figure, offset = detail.figure, utc_offset_s()
    st.markdown(f"## {t('indicators.by_period', language)}", anchors=False)
    words = {state: t(f"finality.{state}", language) for state in FINALITY}
    table = tables.arrow(
        {
            "span": [t(f"span.{p.stretch.span}", language) for p in known],
            "days": [_days(p.stretch, offset) for p in known],
            "value": [figures.number(p.value, figure.decimals, language) for p in known],
            "target": [figures.goal(asked[p.stretch.span], figure.direction, "", language) for p in known],
            "state": [tables.badge(FINALITY[p.finality], words[p.finality]) for p in known],
            "part": [figures.plain(p.part, language) for p in known],
            "whole": [figures.plain(p.whole, language) for p in known],
        }
    )
    top, bottom = _heads(detail, language)
    columns = {
        "span": tables.text_column(t("indicators.period", language), 130 if phone() else 170),
        "value": tables.text_column(
            f"{t('indicators.value', language)} ({figure.unit.get(language)})", 110, right=True
        ),
        "target": tables.text_column(t("indicators.target", language), 100, right=True),
        "state": tables.badge_column(
            t("indicators.finality", language), {words[s]: look for s, look in FINALITY.items()}, 150
        ),
        "days": tables.text_column(t("indicators.span_days", language), 190),
    }
    if any(p.part is not None for p in known):
        columns["part"] = tables.text_column(top, 190, right=True)
        columns["whole"] = tables.text_column(bottom, 190, right=True)
    tables.show(table, columns, key=f"periods_{figure.code}", alt=t("indicators.by_period_alt", language))


def _days(found: Stretch, offset_s: int) -> str:
    first, last = (figures.date(day_start_ms(day, offset_s)) for day in (found.first, found.last))
    return first if first == last else f"{first} – {last}"


def _heads(detail: IndicatorDetail, language: str) -> tuple[str, str]:
    names = detail.indicator.parts
    if names is None:
        return t("indicators.part", language), t("indicators.whole", language)
    return upper(names.numerator.get(language)), upper(names.denominator.get(language))


def departments(detail: IndicatorDetail, language: str) -> None:
    """The figure of each department that has one of its own, as a table."""
    figure = detail.figure
    st.markdown(f"## {t('indicators.by_department', language)}", anchors=False)
    table = tables.arrow(
        {
            "name": [d.name.get(language) for d in detail.departments],
            "value": [figures.number(d.value, figure.decimals, language) for d in detail.departments],
            "part": [figures.plain(d.part, language) for d in detail.departments],
            "whole": [figures.plain(d.whole, language) for d in detail.departments],
            "asof": [figures.naive(d.asof_ms) if d.asof_ms else None for d in detail.departments],
        }
    )
    top, bottom = _heads(detail, language)
    columns = {
        "name": tables.text_column(t("indicators.department", language), 170 if phone() else 280),
        "value": tables.text_column(
            f"{t('indicators.value', language)} ({figure.unit.get(language)})", 110, right=True
        ),
        "part": tables.text_column(top, 190, right=True),
        "whole": tables.text_column(bottom, 190, right=True),
        "asof": tables.instant_column(t("indicators.asof", language)),
    }
    tables.show(
        table, columns, key=f"departments_{figure.code}", alt=t("indicators.by_department_alt", language)
    )
