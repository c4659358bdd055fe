"""Withdrawing a report: it stays on record with the reason, and the one before it stands again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import msgspec

from cockpit.commands.model import (
    Actor,
    Cockpit,
    Command,
    Handlers,
    Message,
    Result,
    Rights,
    done,
    number_in,
    refused,
)
from cockpit.domain.roles import Role
from cockpit.store import alerting, reports
from cockpit.store.alerting import Line
from cockpit.store.handles import Read, Write
from cockpit.store.queries import reports as queries

MAX_NUMBER = 2**63 - 1


class ReportWithdraw(Message, frozen=True, kw_only=True):
    """`report` is its number. An officer withdraws what concerns the own unit, or was reported by it. There
    is no way back: the figure is reported anew."""

    ROLES: ClassVar[frozenset[Role]] = frozenset({"admin", "officer"})
    REASON: ClassVar[bool] = True

    report: Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBER)]


def report_withdraw(here: Cockpit, command: Command, order: ReportWithdraw, conn: Write, t: int) -> Result:
    """Compare and set: of two people at once one withdraws it, and the other is told who."""
    number, actor = order.report, command.actor
    found = queries.find(conn, number)
    if found is None:
        return refused("unknown", report=number)
    if not _is_own(actor, found):
        return refused("no_right", role=actor.role, unit=found.unit or found.department)
    if not reports.withdraw(conn, number, actor.name, t, command.reason):
        return refused("already", by=found.withdrawn_by, at=found.withdrawn)
    facts = {"report": number, "indicator": found.indicator, "unit": found.unit, "period": found.period}
    more = {**facts, "value": found.value, "reason": command.reason}
    alerting.append(conn, [Line(t, None, "report_withdrawn", actor.name, more)])
    return done({**facts, "at": t})


def _is_own(actor: Actor, found: queries.Report) -> bool:
    return actor.role != "officer" or (
        bool(actor.unit) and actor.unit in (found.unit or found.department, found.of_unit)
    )


def _right(conn: Read, actor: Actor, args: Mapping[str, Any]) -> Result | None:
    number = number_in(args, "report")
    found = None if number is None else queries.find(conn, number)
    if found is None or _is_own(actor, found):
        return None
    return refused("no_right", role=actor.role, unit=found.unit or found.department)


RIGHTS: Rights = {ReportWithdraw: _right}
HANDLERS: Handlers = {ReportWithdraw: report_withdraw}
