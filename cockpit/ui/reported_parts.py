"""The parts of the page of reports: the verdict, what was reported beside what is measured, one of these."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import streamlit as st

from cockpit.commands.reporting import ReportAdd
from cockpit.domain.requests import Piece
from cockpit.store.queries.reports import Report
from cockpit.ui import choose, figures, request_files, tables
from cockpit.ui.act import may
from cockpit.ui.kept import kept
from cockpit.ui.marks import badge, escape, icon, quiet
from cockpit.ui.pick import pick
from cockpit.ui.plan_words import body
from cockpit.ui.screen import phone
from cockpit.ui.status import Look
from cockpit.ui.words import lang, t
from cockpit.views.reported import Beside, ReportedView, Row, RowDetail

LIST_PX = 520
LOOKS: dict[str, Look] = {
    "differs": Look("difference", "▲", "", "triangle-up", "orange"),
    "same": Look("check", "●", "", "circle", "green"),
    "unknown": Look("help", "◌", "", "circle", "gray"),
}
KINDS = ("all", "differs", "same", "unknown")


def section() -> str:
    """Draw the choice of what to see: who may report finds the two ways to do so."""
    sections: tuple[str, ...] = ("list", "form", "file") if may(ReportAdd) else ("list",)
    return choose.one(
        "view", sections, t("reported.section"), lambda name: t(f"reported.section_{name}"), drops="id"
    )


def verdict(view: ReportedView) -> str:
    """How many differ, and what nobody would need to report: markdown."""
    if not view.rows:
        return f"# {icon('edit_note', 'gray')} {t('reported.none')}"
    if not view.compared:
        return f"# {icon('edit_note', 'gray')} {t('reported.none_compared')}"
    look = ("difference", "orange") if view.differing else ("check_circle", "green")
    told = t("reported.verdict", n=view.differing, total=view.compared)
    return f"# {icon(*look)} {told}"


def spared(view: ReportedView) -> str:
    """How many reports the data here make needless, and the hours these cost, as an estimate: markdown."""
    found = view.spared
    if found is None:  # nobody has said what a report costs
        return ""
    if not found.reports:
        return quiet(t("reported.spared_none"))
    hours = figures.number(found.hours, 0 if found.hours >= 10 else 1)
    return quiet(t("reported.spared", n=found.reports, hours=hours, minutes=found.minutes))


def state_of(beside: Beside) -> str:
    """What came of holding a report against the data."""
    if beside.difference is None:
        return "unknown"
    return "differs" if beside.differs else "same"


def listing(view: ReportedView) -> str | None:
    """One row a figure and place; returns the code of the chosen one."""
    if not view.rows:
        st.markdown(quiet(t("reported.empty")))
        return None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind = choose.one("kind", KINDS, t("reported.kind"), lambda k: t(f"reported.kind_{k}"), drops="id")
        codes = list(dict.fromkeys(row.indicator.code for row in view.rows))
        names = {row.indicator.code: row.indicator.short for row in view.rows}
        code = choose.pick_one(
            "figure", ["", *sorted(codes)], t("reported.figure"),
            lambda c: names[c].get(lang()) if c else t("reported.every_figure"), width=260,
        )  # fmt: skip
    rows = [
        row
        for row in view.rows
        if (not code or row.indicator.code == code) and (kind == "all" or state_of(row.now) == kind)
    ]
    if not rows:
        st.markdown(quiet(t("reported.no_match")))
        return None
    language, small = lang(), phone()
    table, columns = kept(
        view, lambda: _listed(rows, language, small), "reported", kind, code, language, small
    )
    return pick(
        table, [row.code for row in rows], columns, key=f"reported-{kind}-{code}-{language}",
        alt=t("reported.list_alt", n=len(rows)), height=LIST_PX,
    )  # fmt: skip


def _listed(rows: Sequence[Row], language: str, small: bool) -> tuple[pa.Table, tables.Columns]:
    words = {state: t(f"reported.state_{state}", language) for state in LOOKS}
    states = [state_of(row.now) for row in rows]
    table = tables.arrow(
        {
            "state": [tables.badge(LOOKS[state], words[state]) for state in states],
            "figure": [row.indicator.short.get(language) for row in rows],
            "place": [place(row, language) for row in rows],
            "period": [figures.period(row.now.period, language) for row in rows],
            "told": [_value(row, row.now.told.value, language) for row in rows],
            "measured": [_value(row, row.now.measured, language) for row in rows],
            "difference": [difference(row.now, row.indicator.unit.get(language), language) for row in rows],
            "person": [who(row.now.told, language) for row in rows],
            "received": [figures.naive(row.now.told.received) for row in rows],
        }
    )
    columns = {
        "state": tables.badge_column(
            t("reported.state", language), {words[s]: look for s, look in LOOKS.items()}, 130
        ),
        "figure": tables.text_column(t("reported.figure", language), 130 if small else 190),
        "place": tables.text_column(t("reported.place", language), 130 if small else 190),
        "difference": tables.text_column(t("reported.difference", language), 110, right=True),
        "told": tables.text_column(t("reported.told", language), 100, right=True),
        "measured": tables.text_column(t("reported.measured", language), 100, right=True),
        "period": tables.text_column(t("reports.period", language), 110),
        "person": tables.text_column(t("reports.person", language), 150),
        "received": tables.instant_column(t("reports.received", language)),
    }
    return tables.seen(table), columns


def who(told: Report, language: str | None = None) -> str:
    """Who reported, and of which unit where that is known."""
    return f"{told.person} ({body(told.of_unit, language)})" if told.of_unit else told.person


def place(row: Row, language: str) -> str:
    """Whose the figure is."""
    if not row.whose:
        return t("reports.province", language)
    return row.name.get(language) if row.name is not None else row.whose


def _value(row: Row, value: float | None, language: str) -> str:
    return figures.quantity(value, row.indicator.unit.get(language), row.indicator.decimals, language)


def difference(beside: Beside, unit: str, language: str) -> str:
    """Reported less measured, with its sign; of shares in percentage points."""
    if beside.difference is None:
        return figures.NOTHING
    points = t("reported.points", language) if unit == "%" else unit
    told = figures.quantity(beside.difference, points, beside.decimals, language)
    return f"+{told}" if beside.difference > 0 and beside.differs else told


def detail(found: RowDetail | None, asked: str) -> None:
    """One figure of one place: what it is now, and period by period."""
    language = lang()
    if found is None:
        st.markdown(quiet(t("reported.gone", id=escape(asked[:40]))))
        return
    row = found.row
    look = LOOKS[state_of(row.now)]
    name, unit = row.indicator.name.get(language), row.indicator.unit.get(language)
    marks = badge(f"{look.glyph} {t(f'reported.state_{state_of(row.now)}')}", look.tone)
    st.markdown(f"## {escape(name)}\n\n{marks} {escape(place(row, language))}", anchors=False)
    tables.facts(
        [
            (t("reports.period"), figures.period(row.now.period, language)),
            (t("reported.told"), escape(_value(row, row.now.told.value, language))),
            (t("reported.measured"), escape(_value(row, row.now.measured, language))),
            (t("reported.difference"), escape(difference(row.now, unit, language))),
            (t("reports.person"), escape(who(row.now.told))),
        ],
        alt=t("reported.detail_alt"),
    )
    if row.now.measured is None:
        st.markdown(quiet(t("reported.why_unknown")))
    counted = quiet(t("reported.history_n", n=len(found.history)))
    st.markdown(f"### {t('reported.history')} {counted}", anchors=False)
    tables.read(
        {
            t("reports.period"): [figures.period(b.period, language) for b in found.history],
            t("reported.told"): [escape(_value(row, b.told.value, language)) for b in found.history],
            t("reported.measured"): [escape(_value(row, b.measured, language)) for b in found.history],
            t("reported.difference"): [escape(difference(b, unit, language)) for b in found.history],
            t("reports.person"): [escape(who(b.told)) for b in found.history],
        },
        alt=t("reported.history_alt"),
    )
    files = [piece for b in found.history for piece in found.files.get(b.told.number, ())]
    if files:
        _files(files, row.code)


def _files(pieces: Sequence[Piece], code: str) -> None:
    st.markdown(f"### {t('reported.files')}", anchors=False)
    request_files.download(list({piece.id: piece for piece in pieces}.values()), f"reported-file-{code}")
