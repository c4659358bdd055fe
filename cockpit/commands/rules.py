"""Switching a rule off for a while, with a reason, and on again."""

from __future__ import annotations

from cockpit.commands.model import Cockpit, Command, Result, refused
from cockpit.domain.alerting.rules import MAX_OFF_MS
from cockpit.domain.text import MAX_NOTE
from cockpit.store import alerting
from cockpit.store.handles import Write

MIN_REASON, MAX_REASON = 3, MAX_NOTE


def rule_off(cockpit: Cockpit, command: Command, conn: Write, t: int) -> Result:
    """args: rule, until_ms (domain time, within 30 days). Nothing is switched off for ever."""
    rule, until = command.args.get("rule"), command.args.get("until_ms")
    reason = command.reason.strip()
    if rule not in cockpit.profile.rule:
        return refused("unknown", rule=rule)
    if len(reason) < MIN_REASON:
        return refused("reason_needed", min=MIN_REASON)
    if len(reason) > MAX_REASON:
        return refused("reason_too_long", max=MAX_REASON)
    if not isinstance(until, int) or until <= t:
        return refused("bad_argument", expected="until_ms after now")
    if until - t > MAX_OFF_MS:
        return refused("too_long", until=t + MAX_OFF_MS)
    off = alerting.off(conn, str(rule))
    if off is not None and off.until == until and off.since <= t:
        return Result(False, "already", {"by": off.actor, "at": off.since, "until": off.until})
    # A new end keeps the beginning: the rule has been off since then.
    since = off.since if off is not None and off.since <= t < off.until else t
    alerting.switch_off(conn, alerting.Off(str(rule), since, until, command.actor, reason), t)
    return Result(True, "done", {"rule": rule, "since": since, "until": until})


def rule_on(cockpit: Cockpit, command: Command, conn: Write, t: int) -> Result:
    """args: rule. The reason may be empty: switching on hides nothing."""
    rule = command.args.get("rule")
    if rule not in cockpit.profile.rule:
        return refused("unknown", rule=rule)
    if len(command.reason) > MAX_REASON:
        return refused("reason_too_long", max=MAX_REASON)
    off = alerting.off(conn, str(rule))
    if off is None or off.until <= t:
        return Result(False, "already", {"rule": rule})
    alerting.switch_on(conn, str(rule), command.actor, t, command.reason.strip())
    return Result(True, "done", {"rule": rule, "at": t})
