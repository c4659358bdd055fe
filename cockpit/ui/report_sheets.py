"""Figures brought as a workbook: the template, which column is what, what would be stored, and storing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar, cast

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cockpit.commands import Result
from cockpit.commands.reporting import MAX_ROWS, Checked, ReportAddMany, ReportRow, check_all
from cockpit.domain.reporting import MEMBERS, periods, reportable
from cockpit.ingest import report_reading, report_writing
from cockpit.ingest.report_layout import MAX_FILE
from cockpit.ingest.report_reading import Brought, Sheet, Wrong
from cockpit.store.queries import reports as queries
from cockpit.ui import act, figures, people, tables, wrong_cells
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.plan_sheets import XLSX
from cockpit.ui.report_form import place_name, places
from cockpit.ui.status import Look
from cockpit.ui.words import has, lang, t

_READ, _STORED = "reports-read", "reports-stored"
"""Where a session holds the workbook as it was read last, and what became of the one that was stored last."""
NONE = ""
T = TypeVar("T")
SHOWN_PX = 320
FATES: dict[str, Look] = {
    "new": Look("add", "●", "", "circle", "blue"),
    "replaces": Look("history", "▲", "", "triangle-up", "orange"),
    "same": Look("check", "○", "", "circle", "gray"),
}


@dataclass(frozen=True, slots=True)
class Dry:
    """What a workbook would bring: rows as commands take them, what they would become, and what is wrong:
    the first cells, and how many `more` there are."""

    rows: tuple[ReportRow, ...]
    found: tuple[Checked, ...]
    wrong: tuple[Wrong, ...]
    blank: int
    more: int = 0


def bring(today: int) -> None:
    """Draw the way of a workbook into the current container."""
    if not people.current().unit and people.current().role != "admin":
        st.markdown(quiet(f"{icon('lock')} {t('reported.no_unit')}"))
        return
    _stored()
    st.markdown(quiet(t("reported.file_note", n=MAX_ROWS)))
    _template(today)
    file = st.file_uploader(
        t("reported.upload"), type="xlsx", key="report-file", max_upload_size=MAX_FILE >> 20
    )
    if isinstance(file, UploadedFile):
        _opened(file.name, file.getvalue(), today)


def _template(today: int) -> None:
    profile, language = cockpit().profile, lang()

    def made() -> bytes:
        asked = [
            report_writing.Asked(one, places(one)[0], periods(one.period, today)[0])
            for one in reportable(profile.indicators, profile.sources)
        ]
        return report_writing.template(asked, profile, language)

    st.download_button(
        t("reported.template"), data=made, file_name=t("reported.template_name"), mime=XLSX,
        icon=":material/download:", key=f"report-template-{language}", on_click="ignore", type="tertiary",
    )  # fmt: skip


def _opened(name: str, data: bytes, today: int) -> None:
    """The workbook that lies there: its columns, then what it would bring."""
    digest = blake2b(data, digest_size=8).hexdigest()
    sheets = _kept((digest, "look"), lambda: report_reading.look(data))
    if isinstance(sheets, Wrong):
        st.markdown(f"{icon('report', 'red')} {t(f'reported.cell_{sheets.code}')}")
        return
    unit = people.current().unit
    with cockpit().store.read() as conn:
        kept = queries.columns_of(conn, unit) if unit else {}
    first = report_reading.first_used(sheets, kept)
    sheet = sheets[first]
    if len(sheets) > 1:
        at = st.selectbox(
            t("reported.sheet"), range(len(sheets)), index=first, key=f"report-sheet-{digest}",
            format_func=lambda n: sheets[n].title, width=280,
        )  # fmt: skip
        sheet = sheets[at]
    columns, period = _columns(sheet, sheet.guessed(kept), digest, today)
    brought = _kept(
        (digest, sheet.title, unit, *sorted(columns.items()), period),
        lambda: report_reading.read(data, sheet, columns, cockpit().profile, unit=unit, period=period),
    )
    _shown(name, dry(brought), columns)


def _columns(sheet: Sheet, guessed: Mapping[str, str], digest: str, today: int) -> tuple[dict[str, str], str]:
    """Which column is what, and the period of rows that name none: as remembered or known, and to change."""
    heads = [NONE, *dict.fromkeys(head for head in sheet.heads if head)]
    enough = "indicator" in guessed and ("value" in guessed or "denominator" in guessed)
    found: dict[str, str] = {}
    label = t("reported.columns_known" if enough else "reported.columns_ask")
    with (
        st.expander(label, expanded=not enough, icon=":material/view_column:", key=f"report-map-{digest}"),
        st.container(horizontal=True, gap="small"),
    ):
        for member in MEMBERS:
            chosen = st.selectbox(
                t(f"reported.member_{member}"), heads, index=heads.index(guessed.get(member, NONE)),
                key=f"report-map-{member}-{digest}-{sheet.title}", width=200,
                format_func=lambda head: head or t("reported.no_column"),
            )  # fmt: skip
            if chosen:
                found[member] = chosen
    if "period" in found:
        return found, ""
    period = st.selectbox(
        t("reported.period_of_all"), periods("M", today), key=f"report-period-{digest}",
        format_func=lambda p: figures.period(p), width=200,
    )  # fmt: skip
    return found, str(period)


def dry(brought: Brought) -> Dry:
    """What a workbook would bring now; nothing is stored."""
    here, rows = cockpit(), tuple(ReportRow(**cells.values) for cells in brought.rows)
    if brought.wrong or not rows:
        return Dry(rows, (), tuple(brought.wrong), brought.blank, brought.more)
    if len(rows) > MAX_ROWS:
        many = Wrong(brought.sheet, f"A{brought.rows[MAX_ROWS].line}", "too_many_rows")
        return Dry(rows, (), (many,), brought.blank)
    with here.store.read() as conn:
        found, wrong = check_all(here, people.current().actor, rows, conn, here.clock.domain_ms())
    cells = tuple(brought.where(n, one.member, one.code) for n, one in wrong)
    return Dry(rows, tuple(found), cells, brought.blank)


def _shown(name: str, made: Dry, columns: Mapping[str, str]) -> None:
    if made.wrong:
        told = t("reported.file_wrong", name=escape(name), n=len(made.wrong) + made.more)
        st.markdown(f"{icon('report', 'red')} {told}")
        _wrong(made.wrong, made.more)
        return
    new = [one for one in made.found if not one.same]
    told = t("reported.file_good", name=escape(name), n=len(new), same=len(made.found) - len(new))
    blank = f" {t('reported.file_blank', n=made.blank)}" if made.blank else ""
    st.markdown(f"{icon('check', 'blue')} {told}{blank}")
    _would(made.found)

    def clicked() -> None:
        order = ReportAddMany(rows=made.rows, file=name[:200], columns=dict(columns))
        result = act.carry_out(order, what=name)
        st.session_state[_STORED] = name, result

    if new:
        st.button(
            t("reported.file_do", n=len(new)), icon=":material/upload:", key="report-store", on_click=clicked
        )


def _would(found: tuple[Checked, ...]) -> None:
    """The figures as they would be stored."""
    language, profile = lang(), cockpit().profile
    words = {fate: t(f"reported.fate_{fate}", language) for fate in FATES}
    fates = ["same" if c.same else "new" if c.before is None else "replaces" for c in found]
    known = [profile.indicator[c.report.indicator] for c in found]

    def value(at: int, amount: float | None) -> str:
        return figures.quantity(amount, known[at].unit.get(language), known[at].decimals, language)

    table = tables.arrow(
        {
            "fate": [tables.badge(FATES[fate], words[fate]) for fate in fates],
            "figure": [one.short.get(language) for one in known],
            "place": [place_name(c.report.unit or c.report.department) for c in found],
            "period": [figures.period(c.report.period, language) for c in found],
            "value": [value(at, c.report.value) for at, c in enumerate(found)],
            "before": [value(at, c.before.value if c.before else None) for at, c in enumerate(found)],
        }
    )
    columns = {
        "fate": tables.badge_column(t("reported.fate"), {words[f]: look for f, look in FATES.items()}, 130),
        "figure": tables.text_column(t("reported.figure"), 190),
        "place": tables.text_column(t("reported.place"), 190),
        "period": tables.text_column(t("reports.period"), 110),
        "value": tables.text_column(t("indicators.value"), 110, right=True),
        "before": tables.text_column(t("reported.before"), 130, right=True),
    }
    alt = t("reported.would_alt", n=len(found))
    tables.show(tables.seen(table), columns, key="report-would", alt=alt, height=SHOWN_PX)


def _wrong(wrong: tuple[Wrong, ...], more: int) -> None:
    cells = [(w.sheet, w.cell, w.found, why(w.code, w.among)) for w in wrong]
    wrong_cells.draw(cells, more, key="report-wrong", height=SHOWN_PX)


def why(code: str, among: tuple[str, ...] = ()) -> str:
    """What is wrong with a cell, and what would be right; `among` are the codes that it may mean."""
    for key in (f"reported.cell_{code}", f"reported.wrong_{code}"):
        if has(key):
            return t(key, among=", ".join(among)) if among else t(key)
    return code


def _stored() -> None:
    """What became of the workbook that was stored last."""
    kept: tuple[str, Result] | None = st.session_state.get(_STORED)
    if kept is None or not kept[1].ok:
        return
    name, facts = kept[0], kept[1].facts
    told = t(
        "reported.file_stored", name=escape(name), new=facts["new"], replaced=facts["replaced"],
        same=facts["same"],
    )  # fmt: skip
    st.markdown(f"{icon('check_circle', 'green')} {told}")


def _kept(key: tuple[object, ...], make: Callable[[], T]) -> T:
    """`make()`, once for each key in this session: a page that is drawn anew does not read a file anew."""
    held: dict[tuple[object, ...], object] = st.session_state.setdefault(_READ, {})
    if key not in held:
        if len(held) > 4:
            held.clear()
        held[key] = make()
    return cast(T, held[key])
