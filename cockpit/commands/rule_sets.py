"""Reading the rules of the profile anew, while everything runs."""

from __future__ import annotations

from typing import ClassVar

from cockpit.commands.ledger import end, standing
from cockpit.commands.model import Cockpit, Command, Handlers, Message, Result, done, refused
from cockpit.domain.alerting.rule_set import difference
from cockpit.domain.roles import Role
from cockpit.engine.layout import reread
from cockpit.profiles import ProfileError
from cockpit.store import alerting, mutes, rule_sets
from cockpit.store.alerting import Line
from cockpit.store.handles import Write

TOLD = 20
"""So many mistakes are told; of all there is the number."""


class RulesReload(Message, frozen=True, kw_only=True):
    """Reads the rules of the profile anew and puts them in force, without a restart. Where anything is wrong
    with them, all stay as they are."""

    ROLES: ClassVar[frozenset[Role]] = frozenset({"admin", "presenter"})


def rules_reload(here: Cockpit, command: Command, order: RulesReload, conn: Write, t: int) -> Result:
    before = rule_sets.read(conn, rule_sets.in_force(conn)) or here.profile.rules
    try:
        after = reread(here.profile, before).rules
    except ProfileError as error:
        found = error.problems
        return refused("wrong_rules", mistakes=list(found[:TOLD]), wrong=len(found))
    if after == before:
        return refused("already", rules=len(after))
    rule_sets.put(conn, after)
    moved = difference(before, after)
    told = {name: list(codes) for name, codes in moved._asdict().items() if codes}
    alerting.append(conn, [Line(t, None, "rules_reloaded", command.actor.name, told)])
    for code in moved.removed:
        _end_off(conn, command, code, t)
    return done({"rules": len(after), **told})


def _end_off(conn: Write, command: Command, code: str, t: int) -> None:
    """A rule that is no more is not off either."""
    off = alerting.off(conn, code)
    if off is None:
        return
    alerting.switch_on(conn, code, command.actor.name, t, command.reason)
    held = standing(conn, mutes.of_off(off), t)
    if held is not None:
        end(conn, command, held, t)


HANDLERS: Handlers = {RulesReload: rules_reload}
