"""The parts of the indicators page: the list of all, and the card of one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cockpit.ui import (
    bullet,
    choose,
    figure_compared,
    figure_made,
    figure_trend,
    figures,
    forecast_parts,
    meeting_parts,
    nav,
    pillar_parts,
    report_parts,
    request_ask,
    tables,
    target_parts,
)
from cockpit.ui.marks import badge, escape, icon, lines, quiet
from cockpit.ui.pick import pick, search_key
from cockpit.ui.screen import phone
from cockpit.ui.status import FEEDS, KIND_ICONS, LOOKS
from cockpit.ui.tiles import second_line
from cockpit.ui.words import lang, t
from cockpit.views.figure import URGENCY, Figure, Status
from cockpit.views.indicators import IndicatorDetail, IndicatorsView

FILTER = "status"
"""The filter by status in the address."""

FILTERS: tuple[tuple[Status, ...], ...] = (
    ("red",),
    ("orange",),
    ("green",),
    ("stale", "suspect", "samples"),
    ("nodata",),
    ("unjudged",),
)


def verdict(view: IndicatorsView) -> str:
    """How many are red and orange, how many are in doubt: markdown."""
    count = view.counts.get
    name, tone = (
        ("report", "red")
        if count("red")
        else ("warning", "orange")
        if count("orange")
        else ("check_circle", "green")
    )
    if not any(count(status) for status in ("red", "orange", "green")):
        return f"# {icon('help', 'gray')} {t('indicators.none', n=len(view.figures))}"
    doubtful = sum(count(status) or 0 for status in ("stale", "suspect", "samples", "nodata"))
    told = t(
        "indicators.verdict",
        red=count("red") or 0,
        orange=count("orange") or 0,
        green=count("green") or 0,
    )
    if doubtful:
        told += f"; {t('indicators.verdict_doubt', doubt=doubtful, total=len(view.figures))}"
    return f"# {icon(name, tone)} {told}"


def listing(view: IndicatorsView, *, titled: bool) -> None:
    """All indicators as a table; choosing one opens its card."""
    language = lang()
    if titled:
        st.markdown(f"## {t('indicators.all', language)} {quiet(str(len(view.figures)))}", anchors=False)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        wanted = choose.many(
            FILTER,
            [group[0] for group in FILTERS],
            t("indicators.filter", language),
            lambda status: _filter_label(status, language),
        )
        text = st.text_input(
            t("indicators.search", language),
            placeholder=t("indicators.search", language),
            key="indicator_search",
            icon=":material/search:",
            label_visibility="collapsed",
            width=260,
            max_chars=80,
        )
        under = pillar_parts.chosen(view)
    asked = search_key(text or "")
    shown = [
        figure
        for figure in view.figures
        if (under is None or figure.code in under) and _matches(figure, wanted, asked)
    ]
    if not shown:
        st.markdown(t("indicators.no_match", language))
        return
    small = phone()
    if small:  # no room to look for it: what is wrong comes first
        shown.sort(key=lambda figure: URGENCY[figure.status])
    words = {
        status: t(f"status_short.{status}" if small else f"status.{status}", language) for status in LOOKS
    }
    table = tables.arrow(
        {
            "number": [f.number for f in shown],
            "name": [(f.short if small else f.name).get(language) for f in shown],
            "value": [figures.quantity(f.value, f.unit.get(language), f.decimals, language) for f in shown],
            "target": [figures.goal(f.target, f.direction, f.unit.get(language), language) for f in shown],
            "status": [tables.badge(LOOKS[f.status], words[f.status]) for f in shown],
            "trend": [list(f.spark) for f in shown],
            "kind": [t(f"kind.{f.source_kind}", language) for f in shown],
            "asof": [figures.naive(f.asof_ms) if f.asof_ms else None for f in shown],
            "owner": [f.owner.get(language) for f in shown],
        }
    )
    columns = {
        "name": tables.text_column(t("indicators.name", language), 165 if small else 300),
        "value": tables.text_column(t("indicators.value", language), 92 if small else 110, right=True),
        "target": tables.text_column(t("indicators.target", language), 110, right=True),
        "status": tables.badge_column(
            t("indicators.status", language),
            {words[s]: look for s, look in LOOKS.items()},
            84 if small else 172,
        ),
        "trend": tables.trend_column(t("indicators.days", language), 115),
        "kind": tables.text_column(t("indicators.kind", language), 80),
        "asof": tables.instant_column(t("indicators.asof", language)),
        "owner": tables.text_column(t("indicators.owner", language), 245),
        "number": tables.number_column(t("indicators.number", language), 50),
    }
    if small:  # what it is about and how it stands fits a phone; the rest is a swipe away
        first = ("status", "value", "name")
        columns = {name: columns[name] for name in (*first, *(n for n in columns if n not in first))}
    pick(
        table,
        [f.code for f in shown],
        columns,
        key="indicator_list",
        alt=t("indicators.alt", language, n=len(shown)),
        height=360 if titled else 560,
    )


def _filter_label(first: Status, language: str) -> str:
    """Without a count: Streamlit remembers a choice by its label, and counts change."""
    return f":material/{LOOKS[first].icon}: {t(f'indicators.{first}', language)}"


def _matches(figure: Figure, wanted: Sequence[Status], text: str) -> bool:
    if wanted and not any(figure.status in g for g in FILTERS if g[0] in wanted):
        return False
    return not text or text in search_key(
        f"{figure.code} {figure.name.vi} {figure.name.en} {figure.owner.vi}"
    )


def card(detail: IndicatorDetail | None, code: str) -> None:
    """Value, target, trend and definition of one indicator, and the same by unit."""
    language = lang()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if detail is None:
            st.markdown(
                f"# {icon('help', 'gray')} {t('indicators.unknown', language, code=escape(code))}",
                anchors=False,
            )
        else:
            look = LOOKS[detail.figure.status]
            name = escape(detail.indicator.name.get(language))
            st.markdown(
                f"# {icon(look.icon, look.tone)} {name} {_badges(detail.figure, language)}",
                anchors=False,
                width="content",
            )
        st.space("stretch")
        st.button(t("indicators.back", language), icon=":material/close:", type="tertiary", on_click=_close)
    if detail is None:
        return
    left, right = st.columns([5, 3])
    with left.container(border=True, height="stretch", gap="small"):
        _value(detail, language)
        bullet.graph(detail, language)
        figure_trend.trend(detail, language)
        figure_trend.happened(detail, language)
        forecast_parts.expected(detail, language)
        figure_trend.year_before(detail, language)
    with right.container(border=True, height="stretch"):
        tables.facts(
            _facts(detail, language),
            alt=t("indicators.facts_alt", language, name=detail.indicator.name.get(language)),
        )
    target_parts.targets(detail)
    meeting_parts.decisions(detail)
    request_ask.ask("indicator", detail.indicator.code, detail.indicator.owner)
    figure_made.periods(detail, language)
    report_parts.reports(detail)
    if detail.departments:
        figure_made.departments(detail, language)
    if detail.units:
        _by_unit(detail, language)


def _close() -> None:
    st.query_params.pop("id", None)


def _badges(figure: Figure, language: str) -> str:
    kind = badge(t(f"kind.{figure.source_kind}", language), "gray", KIND_ICONS[figure.source_kind])
    simulated = badge(t("kind.simulated", language), "violet", "science") if figure.simulated else ""
    return f"{kind} {simulated}".strip()


def _value(detail: IndicatorDetail, language: str) -> None:
    figure = detail.figure
    unit = escape(figure.unit.get(language))
    shown = [(t("indicators.now", language), figures.number(figure.value, figure.decimals, language), unit)]
    if figure.target is not None:
        shown.append(
            (
                t("indicators.target", language),
                figures.goal(figure.target, figure.direction, "", language),
                unit,
            )
        )
    if detail.reported is not None:
        told = figures.number(detail.reported.value, figure.decimals, language)
        shown.append(
            (
                t("indicators.reported", language, period=figures.period(detail.reported.period, language)),
                told,
                unit,
            )
        )
    with st.container(horizontal=True, gap="medium"):
        for label, value, unit_text in shown:
            st.metric(
                label, f"{value} :small[{unit_text}]" if value != figures.NOTHING else value, width="content"
            )
    st.markdown(second_line(figure, language))
    if detail.difference is not None:
        figure_compared.beside(detail.difference, language)
        nav.link("reports", t("reported.open", language), icon="edit_note", params={"id": figure.code})


def _facts(detail: IndicatorDetail, language: str) -> list[tuple[str, str]]:
    figure, indicator = detail.figure, detail.indicator
    sources = [
        f"{escape(s.source.name.get(language))} {badge(t(f'feed.{s.state}', language), FEEDS[s.state].tone)}"
        for s in detail.sources
    ]
    rows = [
        (t("indicators.definition", language), escape(indicator.definition.get(language))),
        (t("indicators.formula", language), figure_made.formula(detail, language)),
        (t("indicators.direction", language), t(f"indicators.good_{indicator.direction}", language)),
        (t("indicators.target_source", language), escape(indicator.target_source.get(language))),
        (t("indicators.period", language), t(f"period.{indicator.period}", language)),
        (t("indicators.owner", language), escape(indicator.owner.get(language))),
        (t("indicators.source", language), lines(*sources)),
        (t("indicators.asof", language), figures.both(figure.asof_ms, detail.now_ms, language)),
    ]
    if figure.completeness is not None:
        rows.append((t("indicators.complete", language), figures.percent(figure.completeness, 1, language)))
    if figure.n:
        rows.append((t("indicators.samples", language), figures.number(figure.n, 0, language)))
    return rows


def _by_unit(detail: IndicatorDetail, language: str) -> None:
    figure = detail.figure
    counted = quiet(t("indicators.units", language, n=len(detail.units)))
    st.markdown(f"## {t('indicators.by_unit', language)} {counted}", anchors=False)
    words = {status: t(f"status.{status}", language) for status in LOOKS}
    table = tables.arrow(
        {
            "unit": [u.unit.name for u in detail.units],
            "kind": [t(f"unit_kind.{u.unit.kind}", language) for u in detail.units],
            "value": [figures.number(u.value, figure.decimals, language) for u in detail.units],
            "status": [tables.badge(LOOKS[u.status], words[u.status]) for u in detail.units],
            "target": [figures.goal(u.target, figure.direction, "", language) for u in detail.units],
            "n": [figures.number(u.n, 0, language) for u in detail.units],
            "asof": [figures.naive(u.asof_ms) if u.asof_ms else None for u in detail.units],
        }
    )
    columns = {
        "unit": tables.text_column(t("indicators.unit", language), 170 if phone() else 240),
        "value": tables.text_column(
            f"{t('indicators.value', language)} ({figure.unit.get(language)})", 110, right=True
        ),
        "status": tables.badge_column(
            t("indicators.status", language), {words[s]: look for s, look in LOOKS.items()}, 190
        ),
        "target": tables.text_column(t("indicators.target", language), 110, right=True),
        "kind": tables.text_column(t("indicators.unit_kind", language), 110),
        "n": tables.text_column(t("indicators.samples", language), right=True),
        "asof": tables.instant_column(t("indicators.asof", language)),
    }
    if all(u.target is None for u in detail.units):
        del columns["target"]
    tables.show(table, columns, key=f"units_{figure.code}", alt=t("indicators.by_unit_alt", language))
