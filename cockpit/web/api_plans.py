"""Plans over HTTP: all of them, and one with its targets, tasks and projects."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from cockpit.domain import registers
from cockpit.domain.instants import iso_or_none
from cockpit.domain.plans import counting
from cockpit.domain.plans.model import Item, Plan, Project
from cockpit.parts import Parts
from cockpit.profiles import Profile
from cockpit.store.queries import plans
from cockpit.web.answers.plans import (
    CountAnswer,
    CountsAnswer,
    ItemAnswer,
    MoneyAnswer,
    MonthAnswer,
    PartAnswer,
    PlanAnswer,
    PlanHead,
    PlansAnswer,
    ProjectAnswer,
    PublishedAnswer,
)
from cockpit.web.api_guard import Failure
from cockpit.web.api_params import Params

_SAID = (
    "name", "pillar", "group", "who", "helpers", "start", "began", "measure", "unit", "goal", "direction",
    "value", "indicator", "why", "evidence", "made_up",
)  # fmt: skip


class Plans:
    """Handlers that read. Each gets a request and returns what becomes JSON."""

    def __init__(self, cockpit: Parts) -> None:
        self._cockpit = cockpit

    def listed(self, request: Request) -> PlansAnswer:
        """Every plan with its counts."""
        Params(request, ())
        with self._cockpit.store.read() as conn:
            found = [plans.whole(conn, head) for head in plans.heads(conn)]
        return PlansAnswer([PlanHead(**_head(plan)) for plan in found])

    def plan(self, request: Request) -> PlanAnswer:
        """One plan by its code, or by its number."""
        Params(request, ())
        asked = str(request.path_params["id"])
        with self._cockpit.store.read() as conn:
            heads = plans.heads(conn)
            head = next((p for p in heads if asked in (p.facts.code, str(p.entry.id))), None)
            plan = None if head is None else plans.whole(conn, head)
        if plan is None:
            raise Failure(404, "no_such_plan", f"there is no plan {asked[:60]!r}")
        now = self._cockpit.clock.domain_ms()
        return PlanAnswer(
            **_head(plan),
            pillars=[PartAnswer(p.code, p.name, p.made_up) for p in plan.facts.pillars],
            groups=[PartAnswer(g.code, g.name, g.made_up) for g in plan.facts.groups],
            published=_published(plan, self._cockpit.profile),
            targets=[_item(item, now) for item in plan.targets],
            tasks=[_item(item, now) for item in plan.tasks],
            projects=[_project(project) for project in plan.projects],
        )


def _head(plan: Plan) -> dict[str, Any]:
    facts = plan.facts
    names = ("code", "name", "document", "source", "province", "first", "last", "asof", "made_up")
    return {
        "id": plan.entry.id,
        **{name: getattr(facts, name) for name in names},
        "version": plan.entry.version,
        "counts": CountsAnswer(_count(counting.count(plan.targets)), _count(counting.count(plan.tasks))),
        "money": _money(counting.money(plan.projects)),
    }


def _count(found: counting.Count) -> CountAnswer:
    return CountAnswer(found.achieved, found.total, found.untold, found.share)


def _money(found: counting.Money) -> MoneyAnswer:
    return MoneyAnswer(found.allotted, found.paid, found.share)


def _published(plan: Plan, profile: Profile) -> list[PublishedAnswer]:
    told = [(one, profile.fact[one.fact]) for one in plan.facts.published if one.fact in profile.fact]
    return [PublishedAnswer(p.fact, p.of, p.pillar, f.text, f.unit, f.value, f.done, f.all) for p, f in told]


def _item(item: Item, now: int) -> ItemAnswer:
    entry = item.entry
    return ItemAnswer(
        id=entry.id,
        code=registers.code_of(entry.kind, entry.id),
        row=item.facts.code,
        owner=entry.owner,
        due=iso_or_none(entry.due),
        closed=iso_or_none(entry.closed),
        state=item.state,
        late=item.late(now),
        version=entry.version,
        **{name: getattr(item.facts, name) for name in _SAID},
    )


def _project(project: Project) -> ProjectAnswer:
    entry, facts = project.entry, project.facts
    return ProjectAnswer(
        id=entry.id,
        code=registers.code_of(entry.kind, entry.id),
        row=facts.code,
        name=facts.name,
        pillar=facts.pillar,
        owner=entry.owner,
        who=facts.who,
        money=_money(counting.money([project])),
        months={at: MonthAnswer(money.planned, money.paid) for at, money in facts.months.items()},
        made_up=facts.made_up,
        version=entry.version,
    )
