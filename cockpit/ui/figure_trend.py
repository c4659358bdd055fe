"""The trend of a figure: its days, the path of its target, what happened meanwhile, and the year before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from cockpit.domain.periods import day_start_ms, to_date
from cockpit.ui import charts, figures, nav, tables, target_parts
from cockpit.ui.context import utc_offset_s
from cockpit.ui.marks import escape, icon, lines, quiet
from cockpit.ui.words import t
from cockpit.views.happened import Happening, What
from cockpit.views.indicators import IndicatorDetail

ICONS: dict[What, tuple[str, str]] = {
    "alert": ("warning", "orange"),
    "wave": ("thunderstorm", "red"),
    "group": ("account_tree", "red"),
    "target": ("flag", "blue"),
    "asked": ("forum", "gray"),
    "answered": ("mark_chat_read", "gray"),
    "decided": ("gavel", "blue"),
    "given": ("add_task", "gray"),
}
SHOWN = 8
"""What happened, in words: the newest. The rest is in the table of the trend."""


def trend(detail: IndicatorDetail, language: str) -> None:
    """The days of the figure with the path of its target, what happened, and the year before beside it."""
    figure = detail.figure
    if detail.cut:
        st.markdown(quiet(t("indicators.cut", language, n=detail.cut)))
    if len(detail.trend) < 2:
        st.markdown(f"{icon('show_chart', 'gray')} {t('indicators.short_trend', language)}")
        return
    days = [figures.naive(ms) for ms, _ in detail.trend]
    values = [value for _, value in detail.trend]
    asked = detail.targets.by_day
    label = figures.target(asked[-1], figure.direction, figure.unit.get(language), language)
    stepped = len(set(asked)) > 1
    spreads = 8 if stepped else 4  # a path is to be seen whole
    target = asked[-1] if _near(values, asked[-1], spreads) else None
    told = _by_day(detail, days, language)
    before = detail.year_before
    beside = before is not None and any(value is not None for value in before.values)
    spec = charts.trend(
        language, target, label if target is not None else "", len(days), stepped=stepped,
        happened=bool(told), before=beside,
    )  # fmt: skip
    drawn: dict[str, Sequence[object]] = {"t": days, "v": values}
    if told:
        drawn |= {
            "e": [told[d][1] if d in told else None for d in days],
            "k": [told[d][0] if d in told else None for d in days],
        }
    if beside and before is not None:
        drawn["w"] = before.values
    if stepped:
        drawn |= target_parts.steps(days, [goal if _near(values, goal, spreads) else None for goal in asked])
    table = tables.arrow(drawn)
    first, last = values[0], values[-1]
    alt = t(
        "indicators.trend_alt",
        language,
        name=figure.name.get(language),
        first=figures.number(first, figure.decimals, language),
        last=figures.number(last, figure.decimals, language),
        n=len(values),
    )
    charts.draw(table, spec, key=f"trend_{figure.code}", alt=alt)
    rows = {
        "day": [_day(d) for d in reversed(days)],
        "value": [figures.number(v, figure.decimals, language) for v in reversed(values)],
    }
    columns = {
        "day": tables.text_column(t("indicators.day", language)),
        "value": tables.text_column(
            f"{t('indicators.value', language)} ({figure.unit.get(language)})", right=True
        ),
    }
    if stepped:
        rows["target"] = [figures.goal(goal, figure.direction, "", language) for goal in reversed(asked)]
        columns["target"] = tables.text_column(t("indicators.target", language), right=True)
    if beside and before is not None:
        rows["before"] = [figures.number(v, figure.decimals, language) for v in reversed(before.values)]
        columns["before"] = tables.text_column(t("happened.year_before", language), right=True)
    if told:
        rows["happened"] = [told[d][1] if d in told else "" for d in reversed(days)]
        columns["happened"] = tables.text_column(t("happened.title", language), 320)
    tables.twin(
        tables.arrow(rows),
        columns,
        key=f"trend_table_{figure.code}",
        alt=alt,
    )


def _near(values: list[float], target: float | None, spreads: int = 4) -> bool:
    """Whether the target can be drawn without pressing the line flat: so many times as far away as the values
    are from each other."""
    if target is None:
        return False
    low, high = min(values), max(values)
    spread = (high - low) or abs(high) * 0.1 or 1.0
    return low - spreads * spread <= target <= high + spreads * spread


def _day(when: datetime) -> str:
    return when.strftime("%d/%m/%Y")


def year_before(detail: IndicatorDetail, language: str) -> None:
    """The figure of the same date a year before, or that nobody knows it."""
    found, figure = detail.year_before, detail.figure
    if found is None or figure.value is None:
        return
    day = to_date(found.day).strftime("%d/%m/%Y")
    if found.value is None:
        since = figures.date(day_start_ms(found.since, utc_offset_s())) if found.since is not None else ""
        told = t("happened.no_year_before", language, day=day, since=since) if since else t(
            "happened.no_history", language, day=day
        )  # fmt: skip
        st.markdown(quiet(told))
        return
    unit = escape(figure.unit.get(language))
    value = figures.quantity(found.value, unit, figure.decimals, language)
    more = figures.change(
        figure.value - found.value, figure.direction, figure.decimals, unit, figures.YEAR_DAYS, language
    )
    st.markdown(quiet(t("happened.then", language, day=day, value=value, change=more)))


def happened(detail: IndicatorDetail, language: str) -> None:
    """What went on while the figure went its way, in words: the newest first."""
    if not detail.happened:
        return
    with st.expander(t("happened.count", language, n=len(detail.happened)), icon=":material/event_note:"):
        for one in detail.happened[:SHOWN]:
            name, tone = ICONS[one.what]
            with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
                when = figures.instant(one.at, detail.now_ms, language)
                told = escape(_told(one, detail, language))
                st.markdown(lines(f"{icon(name, tone)} {told}", quiet(when)), width="stretch")
                if one.page:
                    nav.open_link(one.page, {"id": one.number})
        left = len(detail.happened) - SHOWN
        if left > 0:
            st.markdown(quiet(t("happened.more", language, n=left)))


def _by_day(
    detail: IndicatorDetail, days: Sequence[datetime], language: str
) -> dict[datetime, tuple[str, str]]:
    """For a day on which something happened: the kind of its mark, and all of it in words."""
    marks: dict[datetime, list[Happening]] = {}
    known = {day.date(): day for day in days}
    for one in reversed(detail.happened):
        day = known.get(figures.naive(one.at).date())
        if day is not None:
            marks.setdefault(day, []).append(one)
    order = ("wave", "group", "alert", "target", "decided", "given", "asked", "answered")
    found: dict[datetime, tuple[str, str]] = {}
    for day, of_day in marks.items():
        worst = min(of_day, key=lambda one: order.index(one.what)).what
        told = [_told(one, detail, language) for one in of_day]
        mark = {"answered": "asked", "group": "wave", "decided": "target", "given": "asked"}.get(worst, worst)
        found[day] = (mark, "; ".join(dict.fromkeys(told)))
    return found


def _told(one: Happening, detail: IndicatorDetail, language: str) -> str:
    name, figure = one.name.get(language), detail.figure
    place = f", {one.place}" if one.place else ""
    if one.what == "target":
        goal = figures.goal(one.value, figure.direction, figure.unit.get(language), language)
        return t("happened.target", language, goal=goal, who=name) + place
    if one.what == "wave":
        return t("happened.wave", language, n=one.n, name=name) + place
    if one.what == "group":
        return t("happened.group", language, n=one.n, name=name) + place
    if one.what == "alert":
        return name + place
    return t(f"happened.{one.what}", language, who=name)
