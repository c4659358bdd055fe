"""One target, task or project: what it says, what shows it, its life, and what its owner may do with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from cockpit.commands.plans import ProjectPaid, TargetMove, TaskExplain, TaskMove, To
from cockpit.domain.catalog import Text
from cockpit.domain.plans.days import Days
from cockpit.domain.plans.life import NEXT
from cockpit.domain.plans.model import Item, Project
from cockpit.domain.registers import TARGET, Step
from cockpit.ui import choose, figures, nav, people, request_ask, request_words, tables
from cockpit.ui import plan_words as words
from cockpit.ui.act import act, may
from cockpit.ui.amounts import metric_name
from cockpit.ui.context import utc_offset_s
from cockpit.ui.marks import badge, escape, icon, lines, quiet
from cockpit.ui.words import has, lang, t
from cockpit.views.plans import OneView

MACHINES = ("engine", "profile")
"""Actors that are nobody by name."""


def close() -> None:
    """What lets go of what is open."""
    st.button(
        t("plans.close"), icon=":material/close:", type="tertiary", key="plan-close",
        on_click=choose.let_go, args=("id",),
    )  # fmt: skip


def detail(found: OneView) -> None:
    """Draw it into the current container."""
    language = lang()
    item = found.item
    if item is None:
        _project(found, language)
        return
    look = words.look_of(item, found.now_ms)
    word = words.state_word(item, found.now_ms, found.plan, language)
    marks = [badge(f"{look.glyph} {escape(word)}", look.tone), badge(words.code(item.entry))]
    if item.facts.made_up:
        marks.append(words.made_up(language))
    name = escape(item.facts.name.get(language))
    st.markdown(f"## {icon(look.icon, look.tone)} {name}\n\n{' '.join(marks)}", anchors=False)
    _acts(item)
    request_ask.ask("target" if item.entry.kind == TARGET else "task", str(item.entry.id), item.entry.owner)
    tables.facts(_facts(found, item, language), alt=t("plans.facts_alt"))
    if item.facts.about is not None:
        request_words.link_to(item.facts.about)
    if item.facts.indicator:
        nav.link(
            "indicators", t("plans.open_indicator"), icon="monitoring", params={"id": item.facts.indicator}
        )
    _history(found)


def gone(asked: str) -> str:
    """The address names something that is in no plan."""
    return quiet(t("plans.gone", id=escape(asked[:40])))


def _facts(found: OneView, item: Item, language: str) -> list[tuple[str, str]]:
    facts, plan = item.facts, found.plan.facts if found.plan else None
    known = (*plan.groups, *plan.pillars) if plan else ()
    parts: Mapping[str, Text] = {p.code: p.name for p in known}
    where = [escape(parts[code].get(language)) for code in (facts.pillar, facts.group) if code in parts]
    pairs = [(t("plans.col_owner"), escape(words.owner_of(item.entry, facts, language)) or figures.NOTHING)]
    if facts.helpers:
        pairs.append((t("plans.helpers"), escape(", ".join(words.body(h, language) for h in facts.helpers))))
    due = words.due(item, found.now_ms, language)
    pairs.append((t("plans.col_due"), f":red[**{due}**]" if item.late(found.now_ms) else due))
    if facts.start:
        pairs.append((t("plans.start"), words.day(facts.start)))
    if facts.began:
        pairs.append((t("plans.began"), words.day(facts.began)))
    if not item.open and item.state == "done":
        late = "" if item.in_time else f" {badge(t('plans.done_late'), 'orange')}"
        pairs.append((t("plans.closed"), f"{words.closed_day(item.entry)}{late}"))
    if facts.goal is not None:
        sign = "≤ " if facts.direction == "down" else "≥ "
        pairs.append((t("plans.col_goal"), sign + escape(words.amount(facts.goal, facts.unit, language))))
    pairs += _value(found, item, language)
    if facts.measure is not None:
        pairs.append((t("plans.measure"), escape(facts.measure.get(language))))
    if item.state == "not_started":
        why = escape(facts.why) if facts.why else f":red[{t('plans.no_why')}]"
        pairs.append((t("plans.col_why"), why))
    if facts.evidence:
        pairs.append((t("plans.evidence"), lines(*(escape(one) for one in facts.evidence))))
    if where:
        pairs.append((t("plans.col_pillar"), " · ".join(dict.fromkeys(where))))
    if plan is None:
        name = facts.about_name
        return [*pairs, (t("tasks.about"), escape(name.get(language)) if name else figures.NOTHING)]
    source = t("plans.made_up_source") if facts.made_up else escape(plan.source.get(language))
    return [*pairs, (t("plans.col_source"), source)]


def _value(found: OneView, item: Item, language: str) -> list[tuple[str, str]]:
    """What is reached, and how that is known."""
    facts, figure = item.facts, found.figure
    if facts.indicator:
        name = escape(metric_name(facts.indicator))
        told = t("plans.ticks", indicator=f"{escape(facts.indicator)} {name}")
        if figure is None or figure.value is None:
            return [(t("plans.col_value"), f"{figures.NOTHING}  \n{quiet(told)}")]
        value = words.amount(round(figure.value, 1), facts.unit, language)
        when = figures.instant(figure.asof, found.now_ms)
        return [(t("plans.col_value"), f"{escape(value)} · {when}  \n{quiet(told)}")]
    if facts.value is None:
        return []
    return [(t("plans.col_value"), escape(words.amount(facts.value, facts.unit, language)))]


def _project(found: OneView, language: str) -> None:
    project = found.project
    assert project is not None  # noqa: S101 - one of both is there
    marks = [badge(words.code(project.entry))]
    if project.facts.made_up:
        marks.append(words.made_up(language))
    name = escape(project.facts.name.get(language))
    st.markdown(f"## {icon('payments')} {name}\n\n{' '.join(marks)}", anchors=False)
    share = 100 * project.paid / project.facts.allotted if project.facts.allotted else None
    paid = f"{words.billions(project.paid, language)} ({figures.quantity(share, '%', 1, language)})"
    tables.facts(
        [
            (t("plans.col_owner"), escape(words.owner_of(project.entry, project.facts, language))),
            (t("plans.allotted"), words.billions(project.facts.allotted, language)),
            (t("plans.paid"), paid if project.facts.months else t("plans.paid_untold")),
        ],
        alt=t("plans.facts_alt"),
    )
    if may(ProjectPaid) and people.current().unit and people.current().unit == project.entry.owner:
        _pay(project, found.now_ms)
    _history(found)


def _pay(project: Project, now_ms: int) -> None:
    """Tell what was paid in a month that has begun."""
    entry, months = project.entry, project.facts.months
    this = Days(utc_offset_s()).of(now_ms)[:7]
    known = sorted({m for m in months if m <= this} | {this}, reverse=True)
    month_key, paid_key = f"plan-month-{entry.id}", f"plan-paid-{entry.id}"

    def clicked() -> None:
        paid = st.session_state.get(paid_key)
        if isinstance(paid, int):
            st.query_params["id"] = f"{entry.kind}-{entry.id}"
            order = ProjectPaid(
                project=entry.id, month=st.session_state[month_key], paid=paid, version=entry.version
            )
            act(order, what=words.code(entry))

    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.selectbox(
            t("plans.month"), known, format_func=words.day, key=month_key, on_change="ignore", width=120
        )
        st.number_input(
            t("plans.paid_ask"),
            min_value=0,
            step=100,
            value=None,
            key=paid_key,
            on_change="ignore",
            width=190,
        )
        st.button(t("plans.pay"), icon=":material/payments:", key=f"plan-pay-{entry.id}", on_click=clicked)


def _acts(item: Item) -> None:
    """What may be done with it here and now; nothing is said where nobody could do anything."""
    steps = NEXT.get(item.state, ())
    if not steps or not item.entry.owner:
        return
    if item.facts.indicator:
        return  # the facts say that it ticks by itself
    kind: type[TaskMove] | type[TargetMove] = TargetMove if item.entry.kind == TARGET else TaskMove
    mine = may(kind) and people.current().unit == item.entry.owner
    if not mine:
        st.markdown(
            quiet(f"{icon('lock')} {t('plans.not_mine', owner=escape(words.body(item.entry.owner)))}")
        )
        return
    _move(item, steps)
    if item.state == "not_started" and item.entry.kind != TARGET:
        _explain(item)


def _move(item: Item, steps: tuple[str, ...]) -> None:
    entry, code = item.entry, words.code(item.entry)
    key = f"{entry.kind}-{entry.id}"

    def clicked() -> None:
        state = st.session_state
        to: To = state[f"plan-to-{key}"]
        shown = tuple(line.strip() for line in str(state.get(f"plan-shown-{key}") or "").splitlines())
        said: dict[str, Any] = {
            "state": to,
            "note": str(state.get(f"plan-note-{key}") or ""),
            "evidence": tuple(line for line in shown if line) if to == "done" else (),
            "version": entry.version,
        }
        if entry.kind == TARGET:
            order: TaskMove | TargetMove = TargetMove(target=entry.id, **said, value=_told(key))
        else:
            order = TaskMove(task=entry.id, **said)
        st.query_params["id"] = key  # the panel stays with it when the list moves on
        if act(order, what=code):
            state[f"plan-note-{key}"] = state[f"plan-shown-{key}"] = ""

    with st.container(border=True, gap="xsmall", key=f"plan-act-{key}"):
        language = lang()
        st.segmented_control(
            t("plans.move_to"),
            steps,
            default=steps[0],
            required=True,
            format_func=lambda to: t(f"plans.move_{to}", language),
            key=f"plan-to-{key}",
        )
        if entry.kind == TARGET:
            st.number_input(t("plans.reached"), value=None, key=f"plan-value-{key}", on_change="ignore")
        if "done" in steps:
            shown_key = f"plan-shown-{key}"
            st.text_area(
                t("plans.evidence_ask"), key=shown_key, height=70, max_chars=2000, on_change="ignore"
            )
        st.text_input(t("plans.note"), key=f"plan-note-{key}", max_chars=500, on_change="ignore")
        st.button(t("plans.move"), icon=":material/check:", key=f"plan-do-{key}", on_click=clicked)


def _told(key: str) -> float | None:
    found = st.session_state.get(f"plan-value-{key}")
    return float(found) if isinstance(found, int | float) else None


def _explain(item: Item) -> None:
    entry, code = item.entry, words.code(item.entry)
    why_key = f"plan-why-{entry.id}"

    def clicked() -> None:
        why = str(st.session_state.get(why_key) or "")
        st.query_params["id"] = f"{entry.kind}-{entry.id}"
        act(TaskExplain(task=entry.id, why=why, version=entry.version), what=code)

    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.text_input(t("plans.why_ask"), key=why_key, max_chars=500, on_change="ignore")
        st.button(
            t("plans.explain"), icon=":material/chat:", key=f"plan-explain-{entry.id}", on_click=clicked
        )


def _history(found: OneView) -> None:
    """The steps of its life, newest first."""
    language = lang()
    steps = found.history[::-1]
    counted = quiet(t("plans.history_n", n=len(steps), version=found.entry.version))
    st.markdown(f"### {t('plans.history')} {counted}", anchors=False)
    table = tables.arrow(
        {
            "t": [figures.naive(s.t) for s in steps],
            "what": [_what(s, language) for s in steps],
            "actor": [t(f"plans.actor_{s.actor}") if s.actor in MACHINES else s.actor for s in steps],
            "shown": [_shown(s, language) for s in steps],
        }
    )
    columns = {
        "t": st.column_config.DateColumn(t("plans.col_when"), width=92, format="DD/MM/YYYY"),
        "what": tables.text_column(t("plans.col_step"), 120),
        "shown": tables.text_column(t("plans.col_shown"), 260),
        "actor": tables.text_column(t("plans.col_actor"), 130),
    }
    key = f"plan-history-{found.entry.kind}-{found.entry.id}-{found.entry.version}"
    tables.show(table, columns, key=key, alt=t("plans.history_alt"), height=300 if len(steps) > 7 else None)


def _what(step: Step, language: str) -> str:
    key = f"plans.step_{step.what}"
    return t(key, language) if has(key) else step.what


def _shown(step: Step, language: str) -> str:
    """What shows a step, in one line."""
    shown = step.evidence
    parts = [*map(str, shown.get("evidence", ()))]
    if "note" in shown:
        parts.append(str(shown["note"]))
    if "indicator" in shown:
        value = figures.number(shown.get("value"), 1, language)
        parts.append(t("plans.by_indicator", language, code=str(shown["indicator"]), value=value))
    elif "value" in shown:
        parts.append(t("plans.by_value", language, value=figures.number(shown["value"], 1, language)))
    if "month" in shown:
        before, paid = (words.billions(int(shown[name]), language) for name in ("before", "paid"))
        parts.append(t("plans.by_month", language, month=words.day(shown["month"]), before=before, paid=paid))
    changed = [_member(name, language) for name in shown.get("changed", {})]
    if changed:
        parts.append(t("plans.by_change", language, members=", ".join(changed)))
    return " · ".join(parts)


def _member(name: str, language: str) -> str:
    key = f"plans.member_{name}"
    return t(key, language) if has(key) else name


def asked_one(asked: str | None) -> tuple[str, int] | None:
    """What the address names: `task-12`."""
    kind, _, number = (asked or "").partition("-")
    return (kind, int(number)) if number.isascii() and number.isdigit() and len(number) < 16 else None
