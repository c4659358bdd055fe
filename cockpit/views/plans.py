"""Plans: which there are, how one stands, and one target, task or project with its life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from cockpit.domain.periods import Length, Period, day_number, period_of
from cockpit.domain.plans import counting, progress
from cockpit.domain.plans.counting import Count, Money
from cockpit.domain.plans.days import Days
from cockpit.domain.plans.model import Item, Part, Plan, Project, item_of, project_of
from cockpit.domain.plans.progress import Burnt, Reviewed, Spent
from cockpit.domain.registers import PROJECT, TARGET, TASK, Entry, Step
from cockpit.profiles.model import Fact
from cockpit.store.queries import indicators, plans, registers
from cockpit.store.rows import IndicatorNow
from cockpit.views.context import ViewContext

KEEP_S = 20.0
"""Seconds a computed view is good for: what is late changes by the day."""


def stamp(ctx: ViewContext) -> int:
    """A view is also computed anew when this changes: somebody has taken a step."""
    with ctx.store.read() as conn:
        return registers.last_step(conn)


@dataclass(frozen=True, slots=True)
class PlansView:
    """All plans, the running one of the province first, then its others, then those of other provinces."""

    heads: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A published figure of a plan."""

    fact: Fact
    of: str
    pillar: str


@dataclass(frozen=True, slots=True)
class OfPart:
    """A pillar, and how much of its targets and tasks is done."""

    part: Part | None
    targets: Count
    tasks: Count
    late: int


@dataclass(frozen=True, slots=True)
class PlanView:
    """One plan. `late`, `soon` and `idle` are targets and tasks; what is not `known` has been told by nobody.
    `figures` are today's figures of the indicators that tick targets."""

    plan: Plan
    now_ms: int
    today: str
    runs: bool
    targets: Count
    tasks: Count
    known: bool
    money: Money
    published: tuple[Told, ...]
    pillars: tuple[OfPart, ...]
    late: tuple[Item, ...]
    soon: tuple[Item, ...]
    idle: tuple[Item, ...]
    burnt: tuple[Burnt, ...]
    spent: tuple[Spent, ...]
    figures: Mapping[str, IndicatorNow]


@dataclass(frozen=True, slots=True)
class OneView:
    """A target or a task (`item`) or a project, with the plan it belongs to, None outside of plans, and the
    steps of its life."""

    plan: Plan | None
    item: Item | None
    project: Project | None
    history: tuple[Step, ...]
    figure: IndicatorNow | None
    now_ms: int

    @property
    def entry(self) -> Entry:
        found = self.item or self.project
        assert found is not None  # noqa: S101 - one of both is there
        return found.entry


def build(ctx: ViewContext) -> PlansView:
    """Every plan, without its parts."""
    with ctx.store.read() as conn:
        heads = plans.heads(conn)
    today = Days(ctx.profile.utc_offset_s).of(ctx.now_ms)
    current = counting.running(heads, today)

    def place(plan: Plan) -> tuple[bool, bool, str, int]:
        return plan is not current, bool(plan.facts.province), _backwards(plan.facts.last), plan.entry.id

    return PlansView(tuple(sorted(heads, key=place)))


def _backwards(day: str) -> str:
    """Sorts the latest day first."""
    return "".join(chr(0x10FFFF - ord(c)) for c in day)


def of_unit(found: Plan, unit: str) -> Plan:
    """What of a plan a unit answers for, or lies in it. What was published of the plan is of the whole."""

    def mine(entry: Entry) -> bool:
        return unit in (entry.unit, entry.owner)

    return replace(
        found,
        facts=msgspec.structs.replace(found.facts, published=()),
        targets=[i for i in found.targets if mine(i.entry)],
        tasks=[i for i in found.tasks if mine(i.entry)],
        projects=[p for p in found.projects if mine(p.entry)],
    )


def plan(ctx: ViewContext, code: str, unit: str = "") -> PlanView | None:
    """One plan by its code, or a unit's part of it; None where there is no such plan."""
    with ctx.store.read() as conn:
        found = plans.plan(conn, code)
        if found is None:
            return None
        if unit:
            found = of_unit(found, unit)
        named = {i.facts.indicator for i in found.targets if i.facts.indicator}
        figures = indicators.of_province(conn, named)
    profile, days = ctx.profile, Days(ctx.profile.utc_offset_s)
    today = days.of(ctx.now_ms)
    told = [
        Told(profile.fact[p.fact], p.of, p.pillar) for p in found.facts.published if p.fact in profile.fact
    ]
    counted = [i for i in found.items if i.state not in ("untold", "told")]
    return PlanView(
        plan=found,
        now_ms=ctx.now_ms,
        today=today,
        runs=found.facts.first <= today <= found.facts.last,
        targets=counting.count(found.targets),
        tasks=counting.count(found.tasks),
        known=counting.known(found.items),
        money=counting.money(found.projects),
        published=tuple(told),
        pillars=tuple(_pillars(found, ctx.now_ms)),
        late=tuple(progress.late(found.items, ctx.now_ms)),
        soon=tuple(progress.soon(found.items, ctx.now_ms)),
        idle=tuple(progress.idle(found.items, today)),
        burnt=tuple(
            progress.burn_up([i for i in counted if i.entry.kind == TASK], found.facts, days, ctx.now_ms)
        ),
        spent=tuple(progress.spending(found.projects, today[:7])),
        figures=figures,
    )


def _pillars(found: Plan, now_ms: int) -> list[OfPart]:
    parts: list[Part | None] = [*found.facts.pillars]
    if any(not i.facts.pillar for i in found.items):
        parts.append(None)
    out = []
    for part in parts:
        code = part.code if part else ""
        targets, tasks = (
            [i for i in some if i.facts.pillar == code] for some in (found.targets, found.tasks)
        )
        late = len(progress.late([*targets, *tasks], now_ms))
        out.append(OfPart(part, counting.count(targets), counting.count(tasks), late))
    return out


def one(ctx: ViewContext, kind: str, number: int) -> OneView | None:
    """A target, a task or a project by its number, None where there is none."""
    if kind not in (TARGET, TASK, PROJECT):
        return None
    with ctx.store.read() as conn:
        entry = registers.entry(conn, kind, number)
        if entry is None:
            return None
        head = next((p for p in plans.heads(conn) if p.facts.code == entry.facts.get("plan")), None)
        if head is None and entry.facts.get("plan"):
            return None
        history = registers.history(conn, kind, number)
        item = item_of(entry) if kind != PROJECT else None
        project = project_of(entry) if kind == PROJECT else None
        figure = None
        if item is not None and item.facts.indicator:
            code = item.facts.indicator
            figure = indicators.of_province(conn, [code]).get(code)
    return OneView(head, item, project, tuple(history), figure, ctx.now_ms)


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Tasks and targets of a plan by owner for a reporting period (the 15th to the 14th)."""

    period: Period
    part: bool  # whether it is not over yet
    departments: tuple[Reviewed, ...]
    localities: tuple[Reviewed, ...]


def review(ctx: ViewContext, code: str, length: Length, back: int, unit: str = "") -> ReviewView | None:
    """The period that is `back` before the present one (0), None where there is no such plan; of a unit's
    part of it where one is told."""
    with ctx.store.read() as conn:
        found = plans.plan(conn, code)
    if found is None:
        return None
    if unit:
        found = of_unit(found, unit)
    period = before(period_of(day_number(ctx.now_ms, ctx.profile.utc_offset_s), length, "report"), back)
    days = Days(ctx.profile.utc_offset_s)
    rows = progress.review(found.items, period, days, ctx.now_ms)
    today = day_number(ctx.now_ms, ctx.profile.utc_offset_s)
    return ReviewView(
        period,
        period.last >= today,
        tuple(r for r in rows if r.owner not in ctx.profile.unit),
        tuple(r for r in rows if r.owner in ctx.profile.unit),
    )


def before(period: Period, back: int) -> Period:
    """The period so many before it."""
    for _ in range(back):
        period = period_of(period.first - 1, period.length, period.basis)
    return period


def find_plan(heads: tuple[Plan, ...], code: str | None) -> Plan | None:
    """The plan that is asked for, else the first."""
    return next((p for p in heads if p.facts.code == code), heads[0] if heads else None)
