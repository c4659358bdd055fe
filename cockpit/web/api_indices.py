"""Indices over HTTP: published figures, what is lost where, and calculators, which store nothing."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from cockpit.domain.indices import dti, service
from cockpit.parts import Parts
from cockpit.profiles.model import Fact
from cockpit.views import indices
from cockpit.views.context import ViewContext
from cockpit.web.answers.indices import (
    DtiAnswer,
    DtiOrder,
    FactAnswer,
    FactsAnswer,
    FurtherAnswer,
    Pillars,
    ServiceAnswer,
    ServiceOrder,
)
from cockpit.web.api_guard import Guard
from cockpit.web.api_params import Params
from cockpit.web.bodies import read_order

MAX_BODY = 64 * 1024


class Indices:
    """Handlers. Each gets a request and returns what becomes JSON."""

    def __init__(self, cockpit: Parts, guard: Guard) -> None:
        self._cockpit = cockpit
        self._guard = guard

    def facts(self, request: Request) -> FactsAnswer:
        """What others have published, as the profile keeps it."""
        Params(request, ())
        return FactsAnswer([_fact(fact) for fact in self._cockpit.profile.facts])

    def view(self, request: Request) -> indices.IndicesView:
        """What the screen of indices shows: the same numbers, by the same code."""
        Params(request, ())
        c = self._cockpit
        return indices.build(
            ViewContext(c.store, c.profile, c.clock.domain_ms(), c.clock.real_ms(), c.demo is not None)
        )

    async def service(self, request: Request) -> ServiceAnswer:
        await run_in_threadpool(self._guard.must_read, request)
        order = await read_order(request, ServiceOrder, MAX_BODY)
        total = service.total({code: getattr(order, code) for code in service.CODES})
        return ServiceAnswer(total, service.grade(total))

    async def dti(self, request: Request) -> DtiAnswer:
        await run_in_threadpool(self._guard.must_read, request)
        order = await read_order(request, DtiOrder, MAX_BODY)
        values = dict(zip(dti.FOUNDATIONS, order.foundation, strict=True))
        values |= {pillar: getattr(order, pillar) for pillar in dti.PILLARS}
        made = dti.dti(values)
        return DtiAnswer(made.dti, Pillars(*(made.pillars[pillar] for pillar in dti.PILLARS)))


def _fact(fact: Fact) -> FactAnswer:
    value = fact.figure
    answer = FactAnswer(
        code=fact.code,
        province=fact.province,
        text=fact.text,
        value=None if value is None else round(value, 1),
        unit=fact.unit,
        source=fact.source,
        date=fact.date,
        further=[FurtherAnswer(f.text, f.value, f.unit, f.more) for f in fact.further],
    )
    if fact.done is not None and fact.all is not None:
        answer.numerator, answer.denominator = fact.done, fact.all
    return answer
