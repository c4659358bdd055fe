"""How well the alerts work: how many come, how evenly, how long they stand, how soon they are taken."""

import streamlit as st

from cockpit.ui import kpi_parts as parts
from cockpit.ui import kpi_score as score
from cockpit.ui import links, live, refresh
from cockpit.ui.components import sheet
from cockpit.ui.context import cockpit
from cockpit.ui.marks import quiet
from cockpit.ui.panel import guarded
from cockpit.ui.words import t
from cockpit.views import alarm_kpis


@refresh.fragment
def kpis() -> None:
    verdict = st.container(key="kpis-verdict")
    span = parts.span()
    view = live.view(alarm_kpis.build, span)
    with verdict:
        sheet.draw(parts.verdict(view), key="kpis-head")
    if view.kpis is not None:
        watched(view)
    if score.there():
        with st.container(border=True, key="kpis-score"), guarded("score"):
            played(view.now_ms)


def watched(view: alarm_kpis.AlarmKpisView) -> None:
    """What came, how evenly, and how soon somebody took it."""
    left, right = st.columns([5, 3])
    with left.container(border=True, key="kpis-figures"), guarded("figures"):
        sheet.draw(parts.figures_of(view), key="kpis-table")
    with right, guarded("more"):
        with st.container(border=True, key="kpis-taken"):
            sheet.draw(parts.taken(view), key="kpis-taken-table")
        with st.container(border=True, key="kpis-top"):
            sheet.draw(parts.busiest(view), key="kpis-top-table")
        with st.container(border=True, key="kpis-spread"):
            sheet.draw(parts.spread(view), key="kpis-spread-table")
    st.markdown(quiet(t("kpis.source")))


def played(now_ms: int) -> None:
    """In a demo: what the alerts were worth, held against what was really played."""
    told, profile = score.look(), cockpit().profile
    found = None if told is None else told.played
    parts = [score.head(told, now_ms)]
    if found is not None:
        parts += [
            score.by_story(found),
            score.astray(found, profile, now_ms, links.here()),
            score.by_rule(found, profile),
        ]
    sheet.draw("".join([*parts, score.definitions()]), key="kpis-score-sheet")


kpis()
