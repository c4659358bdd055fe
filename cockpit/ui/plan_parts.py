"""Parts of the plans' page: which plan, its verdict, what was published of it, its lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from cockpit.domain.plans.counting import Count
from cockpit.domain.plans.days import Days
from cockpit.domain.plans.model import Item, Plan
from cockpit.ui import choose, figures, scope, tables
from cockpit.ui import plan_words as words
from cockpit.ui.context import cockpit, utc_offset_s
from cockpit.ui.kept import kept
from cockpit.ui.marks import escape, icon, lines, quiet
from cockpit.ui.pick import pick
from cockpit.ui.screen import phone
from cockpit.ui.words import lang, t
from cockpit.views.plans import OfPart, PlansView, PlanView, Told

SECTIONS = ("progress", "due", "idle", "timeline", "money", "review")
KINDS = ("task", "target")
LIST_PX = 470


def nothing() -> None:
    """There is no plan at all."""
    st.markdown(f"# {icon('help', 'gray')} {t('plans.none')}", anchors=False)


def chosen_plan(view: PlansView) -> Plan:
    """Draw the choice of the plan."""
    by_code = {head.facts.code: head for head in view.heads}
    language = lang()
    code = choose.pick_one(
        "plan", list(by_code), t("plans.plan"), lambda c: _named(by_code[c], language), width=520
    )
    return by_code[code]


def _named(head: Plan, language: str) -> str:
    name = head.facts.name.get(language)
    return f"{head.facts.province}: {name}" if head.facts.province else name


def section() -> str:
    """Draw the choice of what to see of it; a thing that was opened stays open."""
    return choose.one("view", SECTIONS, t("plans.section"), lambda name: t(f"plans.section_{name}"))


def verdict(view: PlanView) -> str:
    """One sentence with how far it is, and a quiet line with what comes next: markdown."""
    if scope.unit() and not view.plan.items:
        return f"# {icon('help', 'gray')} {t('scope.no_plan')}"
    if not view.known:
        results = sum(i.state == "told" for i in view.plan.targets)
        numbers = {"results": results, "targets": view.targets.untold, "tasks": view.tasks.untold}
        counted = ", ".join(t(f"plans.verdict_{name}_n", n=n) for name, n in numbers.items() if n)
        return f"# {icon('help', 'gray')} {t('plans.verdict_untold', what=counted)}"
    done = view.plan.facts.done
    word = escape(done.get(lang())) if done else t("plans.word_done")
    told = []
    if view.tasks.total:
        told.append(t("plans.verdict_tasks", **words.parted(view.tasks), word=word))
    if view.targets.total:
        told.append(t("plans.verdict_targets", **words.parted(view.targets)))
    late, idle = len(view.late), sum(not i.facts.why for i in view.idle)
    bad = [t(f"plans.verdict_{name}", n=n) for name, n in (("late", late), ("idle", idle)) if n]
    calm = "check_circle" if view.runs else "history"
    look = ("report", "red") if late else ("warning", "orange") if idle else (calm, "gray")
    line = f"# {icon(*look)} {'; '.join(part for part in (', '.join(told), ', '.join(bad)) if part)}"
    after = t("plans.verdict_soon", n=len(view.soon))
    return f"{line}\n\n{quiet(after)}" if view.runs else line


def about(view: PlanView) -> str:
    """Which plan it is, by which document, and where it is known from: markdown."""
    facts, language = view.plan.facts, lang()
    span = t("plans.span", first=words.day(facts.first), last=words.day(facts.last))
    source = t("plans.source", source=escape(facts.source.get(language)))
    first = f"{escape(facts.document.get(language))} · {span}"
    mark = f" {words.made_up(language)}" if facts.made_up else ""
    some = not facts.made_up and any(i.facts.made_up for i in view.plan.items)
    note = [quiet(f"{icon(words.GENERATED, 'violet')} {t('plans.generated_note')}")] if some else []
    return lines(first + mark, quiet(source), *note)


def published(view: PlanView) -> None:
    """What the source tells in figures, as it was published."""
    if not view.published:
        return
    language = lang()
    rows = [
        f"- {escape(told.fact.text.get(language))}{_figure(told, language)} "
        f"{quiet(escape(told.fact.code) + ' · ' + words.day(told.fact.date))}"
        for told in view.published
    ]
    with st.expander(t("plans.published", n=len(rows)), icon=":material/article:", key="plan-published"):
        st.markdown("\n".join(rows))
        st.markdown(quiet(t("plans.source", source=escape(view.plan.facts.source.get(language)))))


def _figure(told: Told, language: str) -> str:
    fact = told.fact
    if fact.done is not None and fact.all is not None:
        share = figures.quantity(fact.rate, "%", 1, language)
        return f": **{figures.number(fact.done)}/{figures.number(fact.all)}** ({share})"
    if fact.value is None:
        return ""
    decimals = 0 if fact.value == round(fact.value) else 1
    return f": **{figures.quantity(fact.value, escape(fact.unit.get(language)), decimals, language)}**"


def pillars(view: PlanView) -> None:
    """Progress by pillar: a table with bars."""
    st.markdown(f"## {t('plans.by_pillar')}", anchors=False)
    if not any(sum(p.targets) or sum(p.tasks) for p in view.pillars):
        st.markdown(quiet(t("plans.pillars_none")))
        return
    table, columns = kept(view, lambda: _pillars(view.pillars), "plan-pillars", view.plan.facts.code, lang())
    tables.show(table, columns, key=f"plan-pillars-{view.plan.facts.code}", alt=t("plans.pillars_alt"))


def _pillars(parts: Sequence[OfPart]) -> tuple[pa.Table, tables.Columns]:
    language = lang()
    table = tables.arrow(
        {
            "pillar": [p.part.name.get(language) if p.part else t("plans.no_pillar") for p in parts],
            "tasks": [words.of_all(p.tasks, language) for p in parts],
            "task_share": [p.tasks.share for p in parts],
            "targets": [words.of_all(p.targets, language) for p in parts],
            "target_share": [p.targets.share for p in parts],
            "late": [p.late for p in parts],
        }
    )
    columns = {
        "pillar": tables.text_column(t("plans.col_pillar"), 120),
        "tasks": tables.text_column(t("plans.col_tasks"), 112, right=True),
        "task_share": tables.share_column(t("plans.col_task_share"), 92),
        "targets": tables.text_column(t("plans.col_targets"), 100, right=True),
        "target_share": tables.share_column(t("plans.col_target_share"), 92),
        "late": tables.number_column(t("plans.col_late"), 62),
    }
    for name, share in (("tasks", "task_share"), ("targets", "target_share")):
        counts: list[Count] = [getattr(p, name) for p in parts]
        if not any(count.total for count in counts):
            del columns[share]
        if not any(map(sum, counts)):
            del columns[name]
    if not any(p.late for p in parts):
        del columns["late"]
    return table, columns


def kind_filter(view: PlanView) -> Sequence[Item]:
    """Draw the choice of tasks or targets; returns those of the plan."""
    n = {"task": len(view.plan.tasks), "target": len(view.plan.targets)}
    options = [kind for kind in KINDS if n[kind]] or list(KINDS)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind = choose.one("what", options, t("plans.what"), lambda k: t(f"plans.what_{k}"))
        some = view.plan.tasks if kind == "task" else view.plan.targets
        states = [state for state in FILTERS if any(_in(i, state, view.now_ms) for i in some)]
        wanted = choose.many("state", states, t("plans.col_state"), lambda s: t(f"plans.filter_{s}"))
    found = [i for i in some if not wanted or any(_in(i, state, view.now_ms) for state in wanted)]
    return sorted(found, key=lambda i: _urgency(i, view.now_ms))


FILTERS = ("late", "doing", "not_started", "done", "missed", "untold")


def _in(item: Item, state: str, now_ms: int) -> bool:
    return item.late(now_ms) if state == "late" else item.state == state and not item.late(now_ms)


def _urgency(item: Item, now_ms: int) -> tuple[int, int, int]:
    """What is late first, then what is open by its due time, then the rest as the plan has it."""
    order = 0 if item.late(now_ms) else 1 if item.open else 2
    return order, (item.entry.due or 2**62) if item.open else 0, item.entry.id


WHOSE = ("departments", "localities")


def whose(view: PlanView) -> Sequence[Item]:
    """Draw the choice of whose; returns the tasks of departments, or of localities."""
    units = cockpit().profile.unit
    local = [i for i in view.plan.tasks if i.entry.owner in units]
    rest = [i for i in view.plan.tasks if i.entry.owner not in units]
    if not local or not rest:
        return local or rest
    who = choose.one("who", WHOSE, t("plans.whose"), lambda name: t(f"plans.{name}"))
    return local if who == "localities" else rest


def listing(view: PlanView, items: Sequence[Item], key: str, *, why: bool = False, empty: str) -> None:
    """A list of targets or tasks; a row opens. `why`: with the reasons of what is not started."""
    if not items:
        st.markdown(f"{icon('task_alt', 'green')} {t(empty)}")
        return
    small, name = phone(), (key, view.plan.facts.code, lang())
    table, columns = kept(view, lambda: _listed(view, items, small, why), *name, why, small)
    ids = [f"{i.entry.kind}-{i.entry.id}" for i in items]
    pick(table, ids, columns, key="-".join(name), alt=t("plans.list_alt", n=len(items)), height=LIST_PX)


def _listed(view: PlanView, items: Sequence[Item], small: bool, why: bool) -> tuple[pa.Table, tables.Columns]:
    language, now, plan = lang(), view.now_ms, view.plan
    looks = {
        state_word: words.look_of(i, now) for i in items if (state_word := words.state_word(i, now, plan))
    }
    days = Days(utc_offset_s())
    targets = any(i.facts.goal is not None or i.facts.value is not None for i in items)
    found: dict[str, Sequence[Any]] = {
        "code": [words.code(i.entry) for i in items],
        "name": [i.facts.name.get(language) for i in items],
        "state": [tables.badge(words.look_of(i, now), words.state_word(i, now, plan)) for i in items],
        "due": [words.day(days.of(i.entry.due - 1)) if i.entry.due else figures.NOTHING for i in items],
        "owner": [words.owner_of(i.entry, i.facts, language) for i in items],
        "goal": [words.amount(i.facts.goal, i.facts.unit, language) for i in items],
        "value": [value_of(view, i, language) for i in items],
        "why": [i.facts.why or t("plans.no_why") for i in items],
        "made": [t("plans.made_up_short") if i.facts.made_up else "" for i in items],
    }
    columns = {
        "state": tables.badge_column(t("plans.col_state"), looks, 128),
        "name": tables.text_column(t("plans.col_name"), 230 if small else 330),
        "due": tables.text_column(t("plans.col_due"), 92),
        "owner": tables.text_column(t("plans.col_owner"), 180),
        "code": tables.text_column(t("plans.col_code"), 72),
    }
    if targets:
        columns["goal"] = tables.text_column(t("plans.col_goal"), 90, right=True)
        columns["value"] = tables.text_column(t("plans.col_value"), 100, right=True)
    if why:
        columns = {"why": tables.text_column(t("plans.col_why"), 260), **columns}
        columns = {name: columns[name] for name in ("name", "why", "owner", "due", "state", "code")}
    if any(i.facts.made_up for i in items) and not plan.facts.made_up:
        columns["made"] = tables.text_column(t("plans.col_made_up"), 100)
    return tables.arrow({name: found[name] for name in columns}), columns


def value_of(view: PlanView, item: Item, language: str) -> str:
    """What is reached: of a target that is tied to an indicator, that one's figure of now."""
    figure = view.figures.get(item.facts.indicator) if item.facts.indicator and view.runs else None
    value = figure.value if figure is not None else item.facts.value
    return words.amount(None if value is None else round(value, 1), item.facts.unit, language)
