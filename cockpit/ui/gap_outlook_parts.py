"""The trend of people without coverage and the date at which the last gap closes, with how it is reckoned."""

from __future__ import annotations

import streamlit as st

from cockpit.domain.coverage.outlook import LEAST_CLOSED, SPAN_DAYS, WEEK_DAYS, Outlook
from cockpit.domain.periods import DAY_MS
from cockpit.ui import charts, figures, tables
from cockpit.ui.context import cockpit
from cockpit.ui.kept import kept
from cockpit.ui.marks import escape, quiet
from cockpit.ui.words import lang, t
from cockpit.views.gap_outlook import Goal, OutlookView

CHART_PX = 170
LEAST_POINTS = 2


def outlook(view: OutlookView) -> None:
    """Draw it; nothing where no gap was ever found."""
    if not view.trend:
        return
    st.markdown(f"## {t('gaps.outlook')}", anchors=False)
    st.markdown(sentence(view.whole))
    if len(view.trend) >= LEAST_POINTS:
        data = kept(
            view,
            lambda: tables.arrow({
                "t": [figures.naive(at) for at, _ in view.trend],
                "v": [people for _, people in view.trend],
            }),
            "gap-trend",
        )  # fmt: skip
        days = (view.trend[-1][0] - view.trend[0][0]) // DAY_MS
        first, last = (figures.number(view.trend[n][1]) for n in (0, -1))
        alt = t("gaps.outlook_alt", first=first, last=last, since=figures.date(view.trend[0][0]))
        charts.draw(data, charts.trend(lang(), days=days, height=CHART_PX), key="gap-trend", alt=alt)
    for goal in view.goals:
        st.markdown(of_goal(goal))
    st.markdown(quiet(t("gaps.outlook_method", days=SPAN_DAYS, least=LEAST_CLOSED)))


def sentence(found: Outlook) -> str:
    """What is left and when the last one closes at this pace, or why nobody can say."""
    left = t("gaps.outlook_left", n=found.gaps, people=found.people)
    pace = t(
        "gaps.outlook_pace", weeks=SPAN_DAYS // WEEK_DAYS, n=found.closed, again=found.reopened,
        week=figures.number(found.a_week, 1),
    )  # fmt: skip
    if found.at is not None:
        return f"{left} {pace} **{t('gaps.outlook_at', when=figures.date(found.at))}**"
    return f"{left} {pace} {t(f'gaps.outlook_{found.why}')}" if found.gaps else t("gaps.outlook_none_open")


def of_goal(goal: Goal) -> str:
    """One unit of which the end of all gaps was asked."""
    unit, found = cockpit().profile.unit[goal.unit], goal.outlook
    asked = t(
        "gaps.goal", unit=escape(unit.name), code=goal.fact.code, date=figures.period(goal.fact.date, lang())
    )
    if found.at is not None:
        told = t("gaps.outlook_at", when=figures.date(found.at))
    elif not found.gaps:
        told = t("gaps.outlook_none_open")
    else:
        left = t("gaps.outlook_left", n=found.gaps, people=found.people)
        told = f"{left} {t(f'gaps.outlook_{found.why}')}"
        planned = goal.planned
        told += " " + (
            t("gaps.goal_planned", when=figures.date(planned))
            if planned is not None
            else t("gaps.goal_no_plan")
        )
    return f"{asked} {told}  \n{quiet(escape(goal.fact.text.get(lang())))}"
