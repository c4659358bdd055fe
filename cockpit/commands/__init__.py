"""What people may do. Pages never write: they execute commands, and every one is on record."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from cockpit.commands.alerts import acknowledge
from cockpit.commands.model import Cockpit, Command, Result, refused
from cockpit.commands.rules import rule_off, rule_on
from cockpit.store import alerting

__all__ = ["Command", "Result", "execute", "may"]

Handler = Callable[[Cockpit, Command, sqlite3.Connection, int], Result]

_HANDLERS: dict[str, Handler] = {"acknowledge": acknowledge, "rule_off": rule_off, "rule_on": rule_on}
_ROLES: dict[str, frozenset[str]] = {
    "acknowledge": frozenset({"operator", "admin"}),
    "rule_off": frozenset({"admin"}),
    "rule_on": frozenset({"admin"}),
}
_WAIT_S = 10.0


def may(mode: str, role: str, name: str) -> bool:
    """Whether a role may give a command. In a demo the presenter may switch rules too."""
    allowed = _ROLES.get(name, frozenset())
    return role in allowed or (mode == "demo" and role == "presenter" and name in ("rule_off", "rule_on"))


def execute(cockpit: Cockpit, command: Command) -> Result:
    """Carry out a command in one transaction, and record it with domain time and real time, refused
    ones too. Raises StoreError where the store cannot write and TimeoutError where it does not answer."""
    if not cockpit.writable or cockpit.config.mode != "demo" or not command.actor.strip():
        # Until people are known by name, whoever reaches the page could act in anybody's name.
        return refused("read_only")
    t, real = cockpit.clock.domain_ms(), cockpit.clock.real_ms()

    def run(conn: sqlite3.Connection) -> Result:
        if command.name not in _HANDLERS:
            result = refused("unknown", name=command.name)
        elif not may(cockpit.config.mode, command.role, command.name):
            result = refused("no_right", role=command.role)
        else:
            result = _HANDLERS[command.name](cockpit, command, conn, t)
        args = {**command.args, "reason": command.reason[:1000]}
        alerting.record_command(conn, t, real, command.actor, command.role, command.name, args, result.code)
        return result

    return cockpit.store.write(run).result(_WAIT_S)
