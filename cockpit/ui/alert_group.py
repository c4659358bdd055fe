"""A group of alerts in full: what it is, since when, whose, where."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from cockpit.domain.alerting.together import NEAR_M, NEAR_MS
from cockpit.ui import figures, tables
from cockpit.ui.alert_words import matter_of_group, state_of_group
from cockpit.ui.marks import badge, escape, icon, quiet
from cockpit.ui.status import PRIORITIES
from cockpit.ui.words import lang, t
from cockpit.views.desk import Group


def panel(group: Group, now_ms: int) -> None:
    """Draw one group into the current container."""
    language, lead = lang(), group.members[0]
    look = PRIORITIES[lead.priority]
    head = f"## {icon(look.icon, look.tone)} {escape(matter_of_group(group))}"
    st.markdown(f"{head}\n\n{badge(state_of_group(group))}", anchors=False)
    why = (
        t("alerts.group_why_wave", n=group.n, hours=NEAR_MS // 3_600_000, km=NEAR_M // 1000)
        if group.wave
        else t("alerts.group_why_many", n=group.n)
    )
    st.markdown(f"{why} {t('alerts.group_each')}")
    due = f"{figures.instant(group.due, now_ms)} ({figures.left(group.due, now_ms)})"
    owners = dict.fromkeys(escape(row.owner.get(language)) for row in group.members)
    pairs = [
        (t("alerts.fact_first"), figures.both(group.since, now_ms)),
        (t("alerts.fact_owner"), ", ".join(owners)),
        (t("alerts.fact_due_first"), f":red[**{due}**]" if group.due < now_ms else due),
        (t("alerts.fact_problems"), figures.number(group.problems)),
        (t("alerts.fact_next"), escape(lead.next_step.get(language))),
    ]
    tables.facts(pairs, alt=t("alerts.facts_alt"))
    _places(group)


def _places(group: Group) -> None:
    """By place how many there are, and what is folded under them: most first."""
    n: Counter[str] = Counter()
    problems: Counter[str] = Counter()
    for row in group.members:
        place = row.place or t("alerts.province")
        n[place] += 1
        problems[place] += 1 + row.folded
    if len(n) < 2:
        return
    places = sorted(n, key=lambda place: (-problems[place], place))
    table = tables.arrow(
        {"place": places, "n": [n[p] for p in places], "problems": [problems[p] for p in places]}
    )
    columns = {
        "place": tables.text_column(t("alerts.col_place")),
        "n": tables.number_column(t("alerts.col_alerts"), 90),
        "problems": tables.number_column(t("alerts.fact_problems"), 90),
    }
    st.markdown(quiet(t("alerts.group_open")))
    tables.show(
        table,
        columns,
        key=f"group-{group.key}",
        alt=t("alerts.group_alt"),
        height=220 if len(places) > 5 else None,
    )
