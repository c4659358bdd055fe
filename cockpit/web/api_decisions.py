"""What might be decided next, over HTTP."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request

from cockpit.commands.model import Instant, Message, name_of
from cockpit.commands.proposed import message
from cockpit.domain.catalog import Text
from cockpit.domain.instants import iso, iso_or_none
from cockpit.domain.registers import GAP, code_of
from cockpit.domain.roles import ROLES
from cockpit.parts import Parts
from cockpit.views import decisions
from cockpit.views.context import ViewContext
from cockpit.views.decisions import Decision
from cockpit.web.answers.decisions import AboutAnswer, DecisionAnswer, DecisionsAnswer, OrderAnswer
from cockpit.web.answers.registers import PeopleAnswer
from cockpit.web.api_params import Params


class Deciding:
    """Handlers that read."""

    def __init__(self, cockpit: Parts) -> None:
        self._cockpit = cockpit

    def proposed(self, request: Request) -> DecisionsAnswer:
        """What home proposes."""
        Params(request, ())
        c = self._cockpit
        ctx = ViewContext(c.store, c.profile, c.clock.domain_ms(), c.clock.real_ms(), c.demo is not None)
        return DecisionsAnswer([_told(one) for one in decisions.build(ctx)])


def _told(one: Decision) -> DecisionAnswer:
    figure, gap, item, alert = one.figure, one.gap, one.item, one.alert
    order = message(one.kind, one.about, one.to, one.due, one.version)
    since = alert.since if alert else item.entry.due if item else None
    return DecisionAnswer(
        kind=one.kind,
        about=AboutAnswer(*one.about),
        name=_name(one),
        to=one.to,
        due=iso_or_none(one.due),
        points=one.points,
        stake=round(one.stake, 3),
        wait=round(one.wait, 3),
        command=OrderAnswer(
            name_of(type(order)), _args(order), tuple(role for role in ROLES if role in type(order).ROLES)
        ),
        value=figure.value if figure else None,
        target=figure.due_target if figure else None,
        red_days=one.days if figure else None,
        people=PeopleAnswer(*gap.people) if gap else None,
        since=iso_or_none(since),
    )


def _args(order: Message) -> dict[str, Any]:
    given = msgspec.structs.asdict(order)
    return {
        name: iso(value) if isinstance(value, Instant) else msgspec.to_builtins(value)
        for name, value in given.items()
        if value is not None
    }


def _name(one: Decision) -> Text:
    if one.figure is not None:
        return one.figure.name
    if one.item is not None:
        return one.item.facts.name
    if one.alert is not None:
        alert, place = one.alert, one.alert.place
        at = f", {place}" if place else ""
        return Text(f"{alert.rule_name.vi}{at}", f"{alert.rule_name.en}{at}")
    code = code_of(GAP, one.about[1])
    return Text(code, code)
