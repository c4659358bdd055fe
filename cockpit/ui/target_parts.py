"""The targets of an indicator by period: what holds now, who set what and why, and setting one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from cockpit.commands import Result
from cockpit.commands.targets import TargetSet
from cockpit.ui import figures, tables
from cockpit.ui.act import act, may, refused
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.screen import phone
from cockpit.ui.status import Look
from cockpit.ui.words import lang, t
from cockpit.views.indicators import IndicatorDetail
from cockpit.views.targets import Setting

STATES = {
    True: Look("flag", "●", "", "circle", "blue"),
    False: Look("history", "○", "", "circle", "gray"),
}
"""By whether it stands."""


def steps(
    days: Sequence[datetime], goals: Sequence[float | None]
) -> dict[str, Sequence[datetime | float | None]]:
    """Columns of a chart by day: at each day on which the target changes what it is (`g`), and until when
    (`u`), to the end of the last day."""
    begins = [i for i, goal in enumerate(goals) if i == 0 or goal != goals[i - 1]]
    ends = [*(days[i] for i in begins[1:]), days[-1] + timedelta(days=1)]
    until = dict(zip(begins, ends, strict=True))
    shown = {i: end for i, end in until.items() if goals[i] is not None}
    return {
        "g": [goals[i] if i in shown else None for i in range(len(days))],
        "u": [shown.get(i) for i in range(len(days))],
    }


def targets(detail: IndicatorDetail) -> None:
    """What is asked for and since when, and for who may a way to set it. Nothing where more is as good as
    less."""
    if detail.indicator.direction == "none":
        return
    language, settings = lang(), detail.targets.settings
    counted = quiet(t("targets.count", language, n=len(settings))) if settings else ""
    st.markdown(f"## {t('targets.title', language)} {counted}", anchors=False)
    st.markdown(_holds(detail, language))
    if settings:
        _table(detail, language)
    if may(TargetSet):
        _set(detail, language)
    else:
        st.markdown(quiet(f"{icon('lock')} {t('targets.who_may', language)}"))


def _holds(detail: IndicatorDetail, language: str) -> str:
    """What the figure is judged by, in a sentence: markdown."""
    figure, aim = detail.figure, detail.targets.aim
    if aim.target is None:
        return t("targets.none", language)
    unit = figure.unit.get(language)
    goal = escape(figures.goal(aim.target, figure.direction, unit, language))
    watch = _watch(detail, aim.watch, language)
    if aim.version is None:
        return t("targets.holds_first", language, goal=goal) + watch
    one = aim.version
    told = t(
        "targets.holds",
        language,
        goal=goal,
        period=figures.period(one.period, language),
        who=escape(one.actor),
        when=figures.instant(one.t, lang=language),
        why=escape(one.reason.rstrip(". ")),
    )
    return told + watch


def _watch(detail: IndicatorDetail, watch: float | None, language: str) -> str:
    figure = detail.figure
    if watch is None:
        return f" {t('targets.unjudged', language)}"
    if detail.indicator.prorated and detail.targets.aim.yearly:
        return f" {t('targets.prorated', language)}"
    limit = escape(figures.plain(round(watch, 2), language))
    unit = escape(figure.unit.get(language))
    return f" {t(f'targets.red_{figure.direction}', language, limit=limit, unit=unit)}"


def _table(detail: IndicatorDetail, language: str) -> None:
    shown, figure = detail.targets.settings, detail.figure
    words = {stands: t(f"targets.{'stands' if stands else 'replaced'}", language) for stands in STATES}

    def goal(value: float | None) -> str:
        return figures.goal(value, figure.direction, "", language)

    table = tables.arrow(
        {
            "state": [tables.badge(STATES[s.stands], words[s.stands]) for s in shown],
            "period": [figures.period(s.version.period, language) for s in shown],
            "place": [_place(s, language) for s in shown],
            "value": [goal(s.version.value) for s in shown],
            "before": [goal(s.version.before) for s in shown],
            "reason": [s.version.reason for s in shown],
            "actor": [f"{s.version.actor} ({t(f'role.{s.version.role}', language)})" for s in shown],
            "t": [figures.naive(s.version.t) for s in shown],
            "real": [figures.naive(s.version.real) for s in shown],
        }
    )
    small, unit = phone(), figure.unit.get(language)
    looks = {words[stands]: look for stands, look in STATES.items()}
    columns = {
        "state": tables.badge_column(t("targets.state", language), looks, 105 if small else 115),
        "value": tables.text_column(f"{t('targets.value', language)} ({unit})", 110, right=True),
        "period": tables.text_column(t("targets.period", language), 115),
        "place": tables.text_column(t("targets.place", language), 150),
        "before": tables.text_column(t("targets.before", language), 90, right=True),
        "reason": tables.text_column(t("targets.reason", language), 230),
        "actor": tables.text_column(t("targets.actor", language), 175),
        "t": _instant_column(t("targets.when", language)),
        "real": _instant_column(t("targets.when_real", language)),
    }
    alt = t("targets.alt", language, name=detail.indicator.name.get(language))
    tables.show(table, columns, key=f"targets_{figure.code}", alt=alt)


def _instant_column(label: str) -> ColumnConfig:
    """With the year: a path goes over years."""
    return st.column_config.DatetimeColumn(label, width=128, format="HH:mm DD/MM/YYYY")


def _place(one: Setting, language: str) -> str:
    return t("targets.province", language) if one.place is None else one.place.get(language)


def _set(detail: IndicatorDetail, language: str) -> None:
    code, known, profile = detail.figure.code, detail.targets.versions, cockpit().profile
    keys = [f"target-{name}-{code}" for name in ("period", "unit", "value", "why")]
    period_key, place_key, value_key, why_key = keys
    places = {"": t("targets.province", language)} | {u.code: u.name for u in profile.units}
    places |= {body: name.get(language) for body, name in profile.bodies.items()}

    def clicked() -> None:
        state = st.session_state
        period, unit, value = str(state[period_key]), str(state[place_key]), state.get(value_key)
        if not isinstance(value, int | float):
            refused("target_set", Result("bad_argument"))
            return
        order = TargetSet(
            indicator=code, unit=unit, period=period, value=float(value), version=known.get((unit, period), 0)
        )
        if act(order, what=figures.period(period), reason=str(state.get(why_key) or "")):
            state[value_key] = None
            state[why_key] = ""

    with st.expander(t("targets.set", language), icon=":material/flag:", key=f"target-set-{code}"):
        st.markdown(quiet(f"{icon('info')} {t('targets.effect', language)}"))
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            st.selectbox(
                t("targets.period", language),
                detail.targets.periods,
                format_func=lambda period: figures.period(period, language),
                key=period_key,
                on_change="ignore",
                width=170,
            )
            st.selectbox(
                t("targets.place", language),
                list(places),
                format_func=lambda unit: places[unit],
                key=place_key,
                on_change="ignore",
                width=240,
            )
            st.number_input(
                f"{t('targets.value', language)} ({escape(detail.figure.unit.get(language))})",
                min_value=0.0,
                max_value=100.0 if detail.figure.unit.vi == "%" else None,
                value=None,
                key=value_key,
                on_change="ignore",
                width=170,
            )
        st.text_input(t("targets.why", language), key=why_key, max_chars=500, on_change="ignore")
        st.button(
            t("targets.do_set", language), icon=":material/flag:", key=f"target-do-{code}", on_click=clicked
        )
