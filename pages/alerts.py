"""Alerts: what needs someone, by cause; why it fires and what to do next; the rules with their switches."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cockpit.ui import act, alert_detail, alert_group, bulk, choose, live, mute_parts, refresh, rule_parts
from cockpit.ui import alert_parts as parts
from cockpit.ui.components import sheet
from cockpit.ui.context import cockpit
from cockpit.ui.marks import quiet
from cockpit.ui.panel import guarded
from cockpit.ui.words import t
from cockpit.views import alert as alert_view
from cockpit.views.alerts import AlertsView

LISTS = ("waiting", "working", "hidden", "closed", "muted", "rules")
OTHERS = ("muted", "rules")
"""Lists that are none of alerts."""


@refresh.fragment
def alerts() -> None:
    act.say()
    view = parts.desk()
    now = cockpit().clock.domain_ms()
    sheet.draw(parts.head(view, now), key="verdict")
    counts = {
        "waiting": view.n_waiting,
        "working": view.n_working,
        "hidden": view.n_hidden,
        "closed": view.n_closed,
        "muted": len(view.ledger),
        "rules": len(view.rules),
    }
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = choose.one(
            "list",
            LISTS,
            t("alerts.filter"),
            lambda name: t(f"alerts.tab_{name}", n=counts[name]),
            drops="id",
        )
        query = "" if chosen in OTHERS else parts.search()
        bulk.found(view, chosen, query)
        bulk.keys()
    left, right = st.columns([5, 3])
    if chosen == "rules":
        rules(view, left, right, now)
    elif chosen == "muted":
        ledger(view, left, right, now)
    else:
        listed(view, chosen, query, left, right)
    if chosen != "muted":
        st.markdown(mute_parts.line(view.ledger, now))
    if chosen not in OTHERS:
        st.markdown(quiet(t("alerts.times")))


def listed(view: AlertsView, chosen: str, query: str, left: DeltaGenerator, right: DeltaGenerator) -> None:
    """One list of alerts on the left, the chosen one on the right."""
    total = {
        "waiting": view.n_waiting,
        "working": view.n_working,
        "hidden": view.n_hidden,
        "closed": view.n_closed,
    }[chosen]
    with left, guarded("list"):
        code, rows = parts.draw(view, chosen, query, total)
    group = next((row.group for row in rows if row.key == code), None)
    with right, guarded("alert"):
        if not code:
            st.markdown(quiet(t("alerts.choose")) if rows else "")
            return
        if group is not None:
            with st.container(border=True, gap="small", key="alert-group"):
                sheet.draw(alert_group.head(group), key="group-head")
                bulk.group(group)
                sheet.draw(alert_group.body(group, parts.now_of(group.members[0])), key="group-body")
            return
        number = parts.number(code)
        detail = live.view(alert_view.build, number) if number is not None else None
        if detail is None:
            st.markdown(quiet(t("alerts.gone", id=parts.escaped(code))))
            return
        parts.elsewhere(detail.alert, chosen)
        with st.container(border=True, gap="small", key="alert-detail"):
            alert_detail.detail(detail, parts.now_of(detail.alert))


def rules(view: AlertsView, left: DeltaGenerator, right: DeltaGenerator, now: int) -> None:
    """The rules on the left, the chosen one with its switch on the right."""
    with left, guarded("rules"):
        code = rule_parts.listing(view.rules, key="rules")
    state = next((r for r in view.rules if r.rule.code == code), None)
    with right, guarded("rule"):
        if state is None:
            st.markdown(quiet(t("rules.choose")))
            return
        with st.container(border=True, gap="small", key="rule-detail"):
            rule_parts.detail(state, now)


def ledger(view: AlertsView, left: DeltaGenerator, right: DeltaGenerator, now: int) -> None:
    """What is muted on the left, the chosen one with its end on the right."""
    with left, guarded("muted"):
        if not view.ledger:
            st.markdown(quiet(t("mutes.none")))
            return
        number = mute_parts.listing(view.ledger, key="mutes")
    found = next((m for m in view.ledger if str(m.number) == number), None)
    with right, guarded("mute"):
        if found is None:
            st.markdown(quiet(t("mutes.choose")))
            return
        with st.container(border=True, gap="small", key="mute-detail"):
            mute_parts.detail(found, now)


alerts()
