"""Plans: how far they are by pillar, what is due, what is not begun and why, money, and whose it is."""

import streamlit as st

from cockpit.ui import (
    act,
    choose,
    live,
    plan_assign,
    plan_charts,
    plan_detail,
    plan_review,
    plan_sheets,
    refresh,
    scope,
)
from cockpit.ui import plan_parts as parts
from cockpit.ui.panel import guarded
from cockpit.views import plans as plans_view
from cockpit.views.plans import PlanView


@refresh.fragment
def plans() -> None:
    act.say()
    unit = scope.line()
    heads = live.view(plans_view.build)
    if not heads.heads:
        parts.nothing()
        if asked := choose.asked("id"):  # a task outside of plans
            opened(asked)
        return
    verdict = st.container(key="plan-verdict")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        head = parts.chosen_plan(heads)
        section = parts.section()
    view = live.view(plans_view.plan, head.facts.code, unit)
    if view is None:  # taken out of the database while it was shown
        parts.nothing()
        return
    verdict.markdown(parts.verdict(view), anchors=False)
    with st.container(horizontal=True, gap="small"), guarded("acts"):
        st.markdown(parts.about(view), width="stretch")
        plan_assign.assign(view)
        plan_sheets.workbook(view)
    plan_sheets.told()
    with guarded("published"):
        parts.published(view)
    asked = choose.asked("id")
    left, right = st.columns([5, 3]) if asked else (st.container(), None)
    with left, guarded("section"):
        SECTIONS[section](view)
    if right is not None:
        with right, guarded("one"):
            opened(asked or "")


def progress(view: PlanView) -> None:
    """By pillar, against time, and the list."""
    if not choose.asked("id"):  # what is open stands beside the list, on a phone right below it
        left, right = st.columns(2)
        with left.container(border=True, height="stretch", gap="xsmall", key="plan-pillars-card"):
            parts.pillars(view)
        card = right.container(border=True, height="stretch", gap="xsmall", key="plan-burnt-card")
        with card, guarded("burn-up"):
            plan_charts.burn_up(view)
    parts.listing(view, parts.kind_filter(view), "plan-all", empty="plans.empty")


def due(view: PlanView) -> None:
    """What is late, then what is due within thirty days."""
    parts.listing(view, (*view.late, *view.soon), "plan-due", empty="plans.empty_due")


def idle(view: PlanView) -> None:
    """What should have begun, with the reasons."""
    parts.listing(view, view.idle, "plan-idle", why=True, empty="plans.empty_idle")


def timeline(view: PlanView) -> None:
    """When what is to be done: of departments, or of localities."""
    items = parts.whose(view)
    with st.container(border=True, gap="xsmall", key="plan-gantt-card"):
        plan_charts.gantt(view, items)


def money(view: PlanView) -> None:
    """Paid against planned, and each project."""
    with st.container(border=True, gap="xsmall", key="plan-money-card"):
        plan_charts.money(view)
    plan_charts.projects(view)


def review(view: PlanView) -> None:
    """A month or a quarter by owner."""
    length, back = plan_review.choices()
    found = live.view(plans_view.review, view.plan.facts.code, length, back, scope.unit())
    if found is not None:
        plan_review.review(found, view.plan.facts.code)


def opened(asked: str) -> None:
    """The target, task or project that the address names."""
    named = plan_detail.asked_one(asked)
    found = live.view(plans_view.one, *named) if named else None
    if found is None:
        st.markdown(plan_detail.gone(asked))
        return
    with st.container(border=True, gap="xsmall", key="plan-detail"):
        plan_detail.close()
        plan_detail.detail(found)


SECTIONS = {
    "progress": progress, "due": due, "idle": idle, "timeline": timeline, "money": money, "review": review,
}  # fmt: skip

plans()
