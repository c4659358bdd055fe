"""A group of alerts in full: what it is, since when, whose, where."""

from __future__ import annotations

from collections import Counter

from cockpit.domain.alerting.together import NEAR_M, NEAR_MS
from cockpit.ui import figures, sheets
from cockpit.ui.alert_words import matter_of_group, state_of_group
from cockpit.ui.marks import badge, escape
from cockpit.ui.plain import mark, to_html
from cockpit.ui.status import PRIORITIES
from cockpit.ui.words import lang, t
from cockpit.views.desk import Group


def head(group: Group) -> str:
    """What it is and how many of it wait: HTML."""
    look = PRIORITIES[group.members[0].priority]
    return (
        f"<h2>{mark(look)}{to_html(escape(matter_of_group(group)))}</h2>"
        f"<p>{to_html(badge(state_of_group(group)))}</p>"
    )


def body(group: Group, now_ms: int) -> str:
    """Why it is one line, what is known of it, and where it is: HTML."""
    language, lead = lang(), group.members[0]
    why = (
        t("alerts.group_why_wave", n=group.n, hours=NEAR_MS // 3_600_000, km=NEAR_M // 1000)
        if group.wave
        else t("alerts.group_why_many", n=group.n)
    )
    due = f"{figures.instant(group.due, now_ms)} ({figures.left(group.due, now_ms)})"
    owners = dict.fromkeys(escape(row.owner.get(language)) for row in group.members)
    pairs = [
        (t("alerts.fact_first"), figures.both(group.since, now_ms)),
        (t("alerts.fact_owner"), ", ".join(owners)),
        (t("alerts.fact_due_first"), f":red[**{due}**]" if group.due < now_ms else due),
        (t("alerts.fact_problems"), figures.number(group.problems)),
        (t("alerts.fact_next"), escape(lead.next_step.get(language))),
    ]
    return (
        f"<p>{to_html(why)} {to_html(t('alerts.group_each'))}</p>"
        f"{sheets.facts(pairs, alt=t('alerts.facts_alt'))}{_places(group)}"
    )


def _places(group: Group) -> str:
    """By place how many there are, and what is folded under them: most first."""
    n: Counter[str] = Counter()
    problems: Counter[str] = Counter()
    for row in group.members:
        place = row.place or t("alerts.province")
        n[place] += 1
        problems[place] += 1 + row.folded
    if len(n) < 2:
        return ""
    places = sorted(n, key=lambda place: (-problems[place], place))
    heads = (t("alerts.col_place"), t("alerts.col_alerts"), t("alerts.fact_problems"))
    rows = [(escape(p), figures.number(n[p]), figures.number(problems[p])) for p in places]
    told = sheets.table(heads, rows, alt=t("alerts.group_alt"), figures=True)
    return f"{sheets.quiet(t('alerts.group_open'))}{told}"
