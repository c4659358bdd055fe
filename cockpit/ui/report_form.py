"""Reporting a figure on a page: which one, for whom, for which period, value or parts, and what shows it."""

from __future__ import annotations

import streamlit as st

from cockpit.commands import Result
from cockpit.commands.reporting import ReportAdd, owns
from cockpit.domain.catalog import Indicator
from cockpit.domain.reporting import periods, reportable
from cockpit.domain.text import MAX_NOTE
from cockpit.ui import act, figures, live, people, request_files
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.plan_words import body
from cockpit.ui.words import has, lang, t
from cockpit.views import reported
from cockpit.views.reported import Known

PROVINCE = ""


def places(indicator: Indicator) -> list[str]:
    """For whom the person in front of the screen may report a figure: codes, "" for the province."""
    person, profile = people.current(), cockpit().profile
    if person.role == "admin":
        return [PROVINCE, *profile.unit, *(code for code in profile.addressees if code in profile.bodies)]
    found = [PROVINCE] if owns(profile, person.unit, indicator) else []
    return [*found, person.unit] if person.unit else found


def place_name(code: str) -> str:
    """Whose a figure is."""
    return body(code) if code else t("reports.province")


def form(today: int) -> None:
    """Draw the form into the current container."""
    profile, language = cockpit().profile, lang()
    known = {i.code: i for i in reportable(profile.indicators, profile.sources)}
    if not people.current().unit and people.current().role != "admin":
        st.markdown(quiet(f"{icon('lock')} {t('reported.no_unit')}"))
        return
    st.markdown(quiet(t("reported.form_note")))
    with st.container(horizontal=True, gap="small"):
        code = st.selectbox(
            t("reported.figure"), list(known), key="report-figure", width=360,
            format_func=lambda c: f"{c} · {known[c].name.get(language)}",
        )  # fmt: skip
        indicator = known[code]
        whose = st.selectbox(
            t("reported.place"),
            places(indicator),
            key=f"report-place-{code}",
            format_func=place_name,
            width=280,
        )
        period = st.selectbox(
            t("reports.period"), periods(indicator.period, today), key=f"report-period-{indicator.period}",
            format_func=lambda p: figures.period(p, language), width=180,
        )  # fmt: skip
    _beside(indicator, live.view(reported.known, code, whose or "", period), language)
    _fields(indicator, whose or "", period, language)


def _fields(indicator: Indicator, whose: str, period: str, language: str) -> None:
    about = f"{indicator.code}-{whose}-{period}"
    keys = {name: f"report-{name}-{about}" for name in ("value", "top", "bottom", "note", "files")}

    def clicked() -> None:
        state = st.session_state
        names = request_files.hand_in(request_files.chosen(keys["files"]))
        if names is None:
            return
        order = ReportAdd(
            indicator=indicator.code, unit=whose, period=period, value=_number(keys["value"]),
            numerator=_number(keys["top"]), denominator=_number(keys["bottom"]),
            note=str(state.get(keys["note"]) or ""), evidence=names,
        )  # fmt: skip
        result = act.carry_out(order, what=f"{indicator.code} {figures.period(period)}")
        if result.ok:
            for name in ("value", "top", "bottom"):
                state[keys[name]] = None
            state[keys["note"]] = ""
        else:
            tell(result)

    unit = indicator.unit.get(language)
    with st.container(horizontal=True, gap="small"):
        st.number_input(
            f"{t('indicators.value')} ({unit})", value=None, key=keys["value"], width=180, on_change="ignore"
        )
        st.number_input(t("reported.numerator"), value=None, key=keys["top"], width=180, on_change="ignore")
        st.number_input(
            t("reported.denominator"), value=None, min_value=0.0, key=keys["bottom"], width=180,
            on_change="ignore",
        )  # fmt: skip
    st.text_area(t("reports.note"), key=keys["note"], max_chars=MAX_NOTE, height=80, on_change="ignore")
    request_files.choose(keys["files"])
    st.button(t("reported.do"), icon=":material/send:", key="report-send", on_click=clicked)


def tell(result: Result) -> None:
    """Have the page tell what is wrong with a figure, where more is known than its code."""
    key = f"reported.wrong_{result.facts.get('why', '')}"
    if result.code == "bad_argument" and has(key):
        act.tell(t(key))
    elif result.code == "already":
        act.tell(t("reported.already", by=escape(str(result.facts.get("by", "")))))


def _number(key: str) -> float | None:
    found = st.session_state.get(key)
    return float(found) if isinstance(found, int | float) else None


def _beside(indicator: Indicator, found: Known | None, language: str) -> None:
    """What is known of this period already."""
    if found is None:
        return
    unit, decimals = escape(indicator.unit.get(language)), indicator.decimals
    told = []
    if indicator.compared:
        value = figures.quantity(found.measured, unit, decimals, language)
        told.append(t(f"reported.known_{found.finality}", value=value))
    if found.told is not None:
        told.append(
            t(
                "reported.known_told",
                value=figures.quantity(found.told.value, unit, decimals, language),
                who=escape(found.told.person),
                when=figures.naive(found.told.received).strftime("%H:%M %d/%m/%Y"),
            )
        )
    st.markdown(quiet(f"{icon('info')} {' '.join(told) or t('reported.known_nothing')}"))
