"""Switching a rule off for a while, with a reason, and on again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from cockpit.commands.ledger import end, enter, standing
from cockpit.commands.model import Cockpit, Command, Handlers, Instant, Message, Result, done, refused
from cockpit.domain.alerting.rules import MAX_OFF_MS
from cockpit.domain.periods import DAY_MS
from cockpit.domain.roles import Role
from cockpit.store import alerting, mutes
from cockpit.store.handles import Write
from cockpit.store.rows import Off


class RuleOff(Message, frozen=True, kw_only=True):
    """`until` in domain time. Nothing is switched off for ever: how long a role may switch off is reckoned
    from when the rule went off, and a time that is longer than that is not the role's to change."""

    ROLES: ClassVar[frozenset[Role]] = frozenset({"operator", "admin", "presenter"})
    WITHIN_MS: ClassVar[Mapping[str, int]] = {"operator": DAY_MS, "presenter": DAY_MS, "admin": MAX_OFF_MS}
    REASON: ClassVar[bool] = True

    rule: str
    until: Instant


class RuleOn(Message, frozen=True, kw_only=True):
    """The reason may be empty: switching on hides nothing."""

    ROLES: ClassVar[frozenset[Role]] = frozenset({"operator", "admin", "presenter"})

    rule: str


def rule_off(here: Cockpit, command: Command, order: RuleOff, conn: Write, t: int) -> Result:
    if order.rule not in here.profile.rule:
        return refused("unknown", rule=order.rule)
    until = int(order.until)
    off = alerting.off(conn, order.rule)
    if off is not None and off.until == until and off.since <= t:
        return refused("already", by=off.actor, at=off.since, until=off.until)
    # A new end keeps the beginning: the rule has been off since then.
    standing = off if off is not None and off.since <= t < off.until else None
    since = t if standing is None else standing.since
    within = order.WITHIN_MS[command.actor.role]
    if standing is not None and standing.until - since > within:
        return refused("no_right", role=command.actor.role, by=standing.actor, until=standing.until)
    if until - since > within:
        return refused("too_long", until=since + within, within_ms=within)
    wanted = Off(order.rule, since, until, command.actor.name, command.reason)
    alerting.switch_off(conn, wanted, t)
    enter(conn, mutes.of_off(wanted), t)
    return done({"rule": order.rule, "since": since, "until": until})


def rule_on(here: Cockpit, command: Command, order: RuleOn, conn: Write, t: int) -> Result:
    if order.rule not in here.profile.rule:
        return refused("unknown", rule=order.rule)
    off = alerting.off(conn, order.rule)
    if off is None or off.until <= t:
        return refused("already", rule=order.rule)
    alerting.switch_on(conn, order.rule, command.actor.name, t, command.reason)
    held = standing(conn, mutes.of_off(off), t)
    if held is not None:
        end(conn, command, held, t)
    return done({"rule": order.rule, "at": t})


HANDLERS: Handlers = {RuleOff: rule_off, RuleOn: rule_on}
