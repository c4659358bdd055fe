"""Withdrawing a report: it stays on record with the reason, and the one before it stands again."""

from __future__ import annotations

from cockpit.commands.model import Cockpit, Command, Result, refused
from cockpit.commands.rules import MAX_REASON, MIN_REASON
from cockpit.store import alerting, reports
from cockpit.store.alerting import Line
from cockpit.store.handles import Write
from cockpit.store.queries import reports as queries

MAX_NUMBER = 2**63


def report_withdraw(cockpit: Cockpit, command: Command, conn: Write, t: int) -> Result:
    """args: report (its number). The reason is required. Compare and set: of two people at once one
    withdraws it, and the other is told who. There is no way back: the figure is reported anew."""
    number, reason = command.args.get("report"), command.reason.strip()
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < MAX_NUMBER:
        return refused("bad_argument", expected="report, the number of a report")
    if len(reason) < MIN_REASON:
        return refused("reason_needed", min=MIN_REASON)
    if len(reason) > MAX_REASON:
        return refused("reason_too_long", max=MAX_REASON)
    found = queries.find(conn, number)
    if found is None:
        return refused("unknown", report=number)
    if not reports.withdraw(conn, number, command.actor, t, reason):
        return Result(False, "already", {"by": found.withdrawn_by, "at": found.withdrawn})
    facts = {"report": number, "indicator": found.indicator, "unit": found.unit, "period": found.period}
    line = Line(t, None, "report_withdrawn", command.actor, {**facts, "value": found.value, "reason": reason})
    alerting.append(conn, [line])
    return Result(True, "done", {**facts, "at": t})
