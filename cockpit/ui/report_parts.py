"""The reports behind an indicator: which stands, which were replaced or withdrawn, and withdrawing one."""

from __future__ import annotations

import streamlit as st

from cockpit.commands.reports import ReportWithdraw
from cockpit.ui import figures, tables
from cockpit.ui.act import act, may
from cockpit.ui.marks import icon, quiet
from cockpit.ui.screen import phone
from cockpit.ui.status import Look
from cockpit.ui.words import lang, t
from cockpit.views.indicators import IndicatorDetail, Reported

STATES: dict[str, Look] = {
    "stands": Look("check", "●", "", "circle", "blue"),
    "replaced": Look("history", "○", "", "circle", "gray"),
    "earlier": Look("event_available", "○", "", "circle", "gray"),
    "withdrawn": Look("undo", "△", "", "triangle-up", "gray"),
    "ahead": Look("schedule", "◌", "", "circle", "gray"),
}


def reports(detail: IndicatorDetail) -> None:
    """The newest reports, and for who may a way to withdraw one. Nothing where there are none."""
    if not detail.reports:
        return
    language = lang()
    counted = quiet(t("reports.count", language, n=len(detail.reports)))
    st.markdown(f"## {t('reports.title', language)} {counted}", anchors=False)
    _table(detail, language)
    left = [r for r in detail.reports if r.state != "withdrawn"]
    if left and may(ReportWithdraw):
        _withdraw(detail, left, language)


def _table(detail: IndicatorDetail, language: str) -> None:
    shown, decimals = detail.reports, detail.figure.decimals
    words = {state: t(f"reports.state_{state}", language) for state in STATES}
    table = tables.arrow(
        {
            "number": [r.report.number for r in shown],
            "state": [tables.badge(STATES[r.state], words[r.state]) for r in shown],
            "unit": [_place(r, language) for r in shown],
            "period": [figures.period(r.report.period, language) for r in shown],
            "value": [figures.number(r.report.value, decimals, language) for r in shown],
            "received": [figures.naive(r.report.received) for r in shown],
            "person": [r.report.person for r in shown],
            "note": [_note(r, language) for r in shown],
        }
    )
    small = phone()
    columns = {
        "state": tables.badge_column(
            t("reports.state", language),
            {words[s]: look for s, look in STATES.items()},
            110 if small else 130,
        ),
        "value": tables.text_column(
            f"{t('indicators.value', language)} ({detail.figure.unit.get(language)})",
            90 if small else 110,
            right=True,
        ),
        "period": tables.text_column(t("reports.period", language), 100 if small else 130),
        "unit": tables.text_column(t("indicators.unit", language), 150 if small else 190),
        "received": tables.instant_column(t("reports.received", language)),
        "person": tables.text_column(t("reports.person", language), 150),
        "note": tables.text_column(t("reports.note", language), 320),
        "number": tables.number_column(t("reports.number", language), 60),
    }
    alt = t("reports.alt", language, name=detail.indicator.name.get(language))
    tables.show(table, columns, key=f"reports_{detail.figure.code}", alt=alt)


def _place(r: Reported, language: str) -> str:
    return r.unit.name if r.unit is not None else r.report.unit or t("reports.province", language)


def _note(r: Reported, language: str) -> str:
    """What was noted; of a withdrawn one who withdrew it when and why."""
    report = r.report
    if report.withdrawn is None:
        return report.note
    why = t(
        "reports.withdrawn_by",
        language,
        who=report.withdrawn_by or "",
        when=figures.naive(report.withdrawn).strftime("%H:%M %d/%m/%Y"),
        why=report.withdrawn_why or "",
    )
    return f"{why} {report.note}".strip()


def _withdraw(detail: IndicatorDetail, left: list[Reported], language: str) -> None:
    code, decimals = detail.figure.code, detail.figure.decimals
    pick_key, reason_key = f"report-{code}", f"report-reason-{code}"
    known = {r.report.number: r for r in left}

    def name(number: int) -> str:
        r = known[number]
        return t(
            "reports.named",
            language,
            number=str(number),
            unit=_place(r, language),
            period=figures.period(r.report.period, language),
            value=figures.number(r.report.value, decimals, language),
        )

    def clicked() -> None:
        number = int(st.session_state[pick_key])
        reason = str(st.session_state.get(reason_key) or "")
        # Its number names a report, never a position in a list: the list may have moved on.
        if act(ReportWithdraw(report=number), what=f"#{number}", reason=reason):
            st.session_state[reason_key] = ""

    with st.expander(t("reports.withdraw", language), icon=":material/undo:", key=f"report-withdraw-{code}"):
        st.markdown(quiet(f"{icon('info')} {t('reports.effect', language)}"))
        st.selectbox(
            t("reports.which", language), list(known), format_func=name, key=pick_key, on_change="ignore"
        )
        st.text_input(t("reports.reason", language), key=reason_key, max_chars=500, on_change="ignore")
        st.button(
            t("reports.do_withdraw", language),
            icon=":material/undo:",
            key=f"report-do-{code}",
            on_click=clicked,
        )
