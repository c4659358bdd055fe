"""A rule held against the past, on its panel: asked for by a button, because it takes a while."""

from __future__ import annotations

import streamlit as st

from cockpit.domain.catalog import Rule
from cockpit.engine.backtest import Backtest, Found
from cockpit.ui import figures, live, tables
from cockpit.ui.marks import escape, lines, quiet
from cockpit.ui.panel import guarded
from cockpit.ui.words import lang, t
from cockpit.views import backtest as view
from cockpit.views.backtest import Tried

DAYS = 30
_TRIED = "backtest"
"""Where a session holds the rule it has tried last, and what came of it."""


def of_rule(rule: Rule) -> None:
    """The button, and what would have been."""
    with guarded("backtest"):
        st.markdown(f"**{t('backtest.title', days=DAYS)}**")
        if st.button(t("backtest.try"), icon=":material/history:", key=f"backtest-{rule.code}"):
            with st.spinner(t("backtest.busy")):
                st.session_state[_TRIED] = rule, live.view(view.build, rule, DAYS)
        held = st.session_state.get(_TRIED)
        if held is not None and held[0] == rule:
            _say(held[1])


def _say(tried: Tried) -> None:
    said = [_counted(tried.now, "backtest.now")]
    if tried.filed is not None:
        said.append(_counted(tried.filed, "backtest.filed"))
    shown = tried.shown
    st.markdown(lines(*said, quiet(_reckoned(shown))))
    if shown.missed:
        st.markdown(quiet(t("backtest.missed", n=len(shown.missed))))
    if not tried.first:
        return
    language = lang()
    rows = [
        (
            _span(one),
            escape(tried.names[one.subject.code].get(language))
            + (f" · {t('backtest.rolled')}" if one.rolled else ""),
        )
        for one in tried.first
    ]
    tables.facts(rows, alt=t("backtest.first", n=len(rows)))


def _span(one: Found) -> str:
    closed = t("backtest.open") if one.closed is None else figures.instant(one.closed)
    return f"{figures.instant(one.opened)} – {closed}"


def _counted(found: Backtest, key: str) -> str:
    if not found.kept:
        return t("backtest.unknown")
    return t(key, n=len(found.found), version=found.rule.version, did=len(found.did), both=len(found.both))


def _reckoned(found: Backtest) -> str:
    """From what it was reckoned."""
    since = figures.instant(found.start)
    if not found.kept:
        return ""
    if found.single_from is None:
        return t("backtest.from_hours", since=since)
    single = figures.instant(found.single_from)
    if "hours" not in found.kept:
        return t("backtest.from_values", since=single)
    return t("backtest.from_both", since=since, single=single)
