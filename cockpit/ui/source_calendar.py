"""The calendar of data sources: on which days each of them was whole."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa
import streamlit as st

from cockpit.domain.catalog import Source
from cockpit.domain.feeds import DayClass
from cockpit.ui import charts, figures, tables
from cockpit.ui.kept import kept
from cockpit.ui.maps import DESK_PX, PHONE_PX
from cockpit.ui.marks import icon, quiet, swatch
from cockpit.ui.screen import phone
from cockpit.ui.source_parts import name_of
from cockpit.ui.status import GRAY, GREEN, ORANGE, RED
from cockpit.ui.words import lang, t
from cockpit.views.sources_calendar import Calendar, Day

ROWS, PHONE_ROWS, PHONE_DAYS = 19, 10, 21
"""Lines of the calendar before all are asked for, and what of it a phone has room for."""

ROW_PX = 17


def calendar(found: Calendar) -> None:
    """Days by sources, with its legend and its table."""
    small = phone()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        days = min(found.last - found.first + 1, PHONE_DAYS if small else sys.maxsize)
        st.markdown(
            f"## {t('sources.calendar', n=days)} {quiet(t('sources.calendar_note'))}",
            anchors=False,
            width="content",
        )
        st.markdown(_legend(), width="content")
        st.space("stretch")
        everything = st.toggle(t("sources.calendar_all", n=len(found.rows)), key="calendar_all")
    drawn = kept(found, lambda: _drawn(found, small, everything), "calendar", lang(), small, everything)
    today: list[DayClass] = [line[-1].state for _, line in found.rows]
    alt = t(
        "sources.calendar_alt",
        n=days,
        sources=len(found.rows),
        full=today.count("full"),
        late=today.count("late"),
        silent=today.count("silent"),
        wrong=today.count("wrong"),
    )
    if drawn.lines:
        label_px, room_px = (120, PHONE_PX[0]) if small else (220, DESK_PX[0])
        spec = charts.calendar(lang(), drawn.lines, days, ROW_PX, label_px, room_px)
        charts.draw(drawn.cells, spec, key="source-calendar", alt=alt)
    else:
        st.markdown(f"{icon('check_circle', 'green')} {t('sources.calendar_clean', n=days)}")
    tables.twin(drawn.twin, drawn.columns, key="source-calendar-twin", alt=alt)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The cells of the chart and how many lines they make, and the days that were not whole."""

    cells: pa.Table
    lines: int
    twin: pa.Table
    columns: tables.Columns


TROUBLE: tuple[DayClass, ...] = ("late", "silent", "wrong")


def _lines(found: Calendar, small: bool, everything: bool) -> list[tuple[Source, tuple[Day, ...]]]:
    """The sources of the calendar: all, or those with a day that was not whole and, on a desk, as many of
    those that send on most days as there is room for. Always in the order of the profile."""
    lines = [(s, days[-PHONE_DAYS:] if small else days) for s, days in found.rows]
    lines = [(s, days) for s, days in lines if any(d.state != "blank" for d in days)]
    if everything:
        return lines

    def wanted(line: tuple[Source, tuple[Day, ...]]) -> tuple[int, int]:
        states = [d.state for d in line[1]]
        return -sum(s in TROUBLE for s in states), -sum(s not in ("off", "blank") for s in states)

    ranked = sorted(lines, key=wanted)
    if small:
        ranked = [line for line in ranked if wanted(line)[0]]
    chosen = {s.code for s, _ in ranked[: PHONE_ROWS if small else ROWS]}
    return [line for line in lines if line[0].code in chosen]


def _drawn(found: Calendar, small: bool, everything: bool) -> _Drawn:
    language = lang()  # asked once: asking the session for each of a thousand cells costs more than the rest
    lines = _lines(found, small, everything)
    rows = [(name_of(s), day) for s, line in lines for day in line if day.state != "blank"]
    states: dict[str, str] = {s: t(f"sources.day_{s}") for s in charts.CALENDAR_STATES}
    dates = {
        day: datetime.fromtimestamp(day * 86400, UTC).replace(tzinfo=None)
        for day in range(found.first, found.last + 1)
    }
    cells = pa.table(
        {
            "day": pa.array([dates[d.day] for _, d in rows], pa.timestamp("ms")),
            "row": [name for name, _ in rows],
            "state": [d.state for _, d in rows],
            "text": [
                _day_text(name, d.state, d.events, d.normal, dates[d.day], states, language)
                for name, d in rows
            ],
        }
    )
    troubled = [(name_of(s), d) for s, line in found.rows for d in reversed(line) if d.state in TROUBLE]
    twin = tables.arrow(
        {
            "day": [dates[d.day] for _, d in troubled],
            "source": [name for name, _ in troubled],
            "state": [states[d.state] for _, d in troubled],
            "events": [figures.number(d.events, 0, language) for _, d in troubled],
            "normal": [figures.number(d.normal, 0, language) for _, d in troubled],
        }
    )
    columns = {
        "day": st.column_config.DateColumn(t("sources.col_day"), format="DD/MM/YYYY", width=100),
        "source": tables.text_column(t("sources.col_source"), 260),
        "state": tables.text_column(t("sources.col_state"), 110),
        "events": tables.text_column(t("sources.events_day"), 90, right=True),
        "normal": tables.text_column(t("sources.normal_day"), 110, right=True),
    }
    return _Drawn(cells, len(lines), twin, columns)


def _day_text(
    name: str,
    state: str,
    events: int,
    normal: float | None,
    date: datetime,
    states: dict[str, str],
    language: str,
) -> str:
    usual = "" if normal is None else figures.number(normal, 0, language)
    key = "sources.day_text_normal" if usual else "sources.day_text"
    when = date.strftime("%d/%m")
    return t(key, language, source=name, date=when, state=states[state], n=events, normal=usual)


def _legend() -> str:
    parts = [
        swatch("●", GREEN, t("sources.day_full")),
        swatch("▲", ORANGE, t("sources.day_late"), dark_glyph=True),
        swatch("■", RED, t("sources.day_silent")),
        swatch("◆", GRAY, t("sources.day_wrong")),
        quiet(f"□ {t('sources.day_off')} · {t('sources.day_blank')}"),
    ]
    return f":small[{' &nbsp; '.join(parts[:-1])}] &nbsp; {parts[-1]}"
