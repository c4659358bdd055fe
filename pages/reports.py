"""Reported figures: what people report beside what is measured, and the ways to report."""

import streamlit as st

from cockpit.ui import act, choose, live, refresh, report_form, report_sheets
from cockpit.ui import reported_parts as parts
from cockpit.ui.panel import guarded
from cockpit.ui.words import t
from cockpit.views import reported
from cockpit.views.reported import ReportedView


@refresh.fragment
def reports() -> None:
    act.say()
    view = live.view(reported.build)
    st.markdown(parts.verdict(view), anchors=False)
    if told := parts.spared(view):
        st.markdown(told)
    section = parts.section()
    with guarded(section):
        SECTIONS[section](view)


def listed(view: ReportedView) -> None:
    """What was reported beside what is measured, and the one that the address names."""
    asked = choose.asked("id")
    left, right = st.columns([5, 4]) if asked else (st.container(), None)
    with left, guarded("list"):
        parts.listing(view)
    if right is not None and asked:
        with right, guarded("one"), st.container(border=True, gap="xsmall", key="reported-detail"):
            st.button(
                t("requests.close"), icon=":material/close:", type="tertiary", key="reported-close",
                on_click=choose.let_go, args=("id",),
            )  # fmt: skip
            parts.detail(live.view(reported.one, asked), asked)


def form(view: ReportedView) -> None:
    """A figure, typed."""
    with st.container(border=True, gap="small", key="report-form"):
        report_form.form(view.today)


def file(view: ReportedView) -> None:
    """The figures of a workbook."""
    with st.container(border=True, gap="small", key="report-sheets"):
        report_sheets.bring(view.today)


SECTIONS = {"list": listed, "form": form, "file": file}

reports()
