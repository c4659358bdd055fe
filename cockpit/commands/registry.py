"""Every command there is: a new family is a module with its messages and handlers, and a line here."""

from __future__ import annotations

from cockpit.commands import (
    alerts,
    gaps,
    handling,
    handover,
    many,
    meetings,
    mutes,
    notices,
    plan_putting,
    plans,
    presenting,
    reporting,
    reports,
    requests,
    rule_sets,
    rules,
    targets,
    visits,
)
from cockpit.commands.model import Handlers, Message, Rights, Slow, name_of

HANDLERS: Handlers = {
    **alerts.HANDLERS, **handling.HANDLERS, **mutes.HANDLERS, **rules.HANDLERS, **reports.HANDLERS,
    **visits.HANDLERS, **plans.HANDLERS, **plan_putting.HANDLERS, **requests.HANDLERS, **targets.HANDLERS,
    **gaps.HANDLERS, **presenting.HANDLERS, **many.HANDLERS, **notices.HANDLERS,
    **handover.HANDLERS, **rule_sets.HANDLERS, **meetings.HANDLERS, **reporting.HANDLERS,
}  # fmt: skip
RIGHTS: Rights = {
    **requests.RIGHTS, **plans.RIGHTS, **plan_putting.RIGHTS, **gaps.RIGHTS, **reports.RIGHTS,
    **reporting.RIGHTS,
}  # fmt: skip
SLOW: dict[type[Message], Slow] = {**presenting.SLOW}
KINDS: dict[str, type[Message]] = {name_of(kind): kind for kind in (*HANDLERS, *SLOW)}
