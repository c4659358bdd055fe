"""What people may do. Pages never write: they execute commands, and every one is on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cockpit.commands import stage
from cockpit.commands.alerts import acknowledge
from cockpit.commands.model import Cockpit, Command, Result, refused
from cockpit.commands.reports import report_withdraw
from cockpit.commands.rules import rule_off, rule_on
from cockpit.domain.text import plain
from cockpit.store import alerting
from cockpit.store.handles import Write

__all__ = ["Command", "Result", "allowed", "execute"]

Handler = Callable[[Cockpit, Command, Write, int], Result]

_HANDLERS: dict[str, Handler] = {
    "acknowledge": acknowledge,
    "rule_off": rule_off,
    "rule_on": rule_on,
    "report_withdraw": report_withdraw,
    **dict.fromkeys(stage.QUICK, stage.quick),
}
_ROLES: dict[str, frozenset[str]] = {
    "acknowledge": frozenset({"operator", "admin"}),
    "rule_off": frozenset({"admin", "presenter"}),
    "rule_on": frozenset({"admin", "presenter"}),
    "report_withdraw": frozenset({"admin"}),
    **dict.fromkeys(stage.NAMES, frozenset({"presenter"})),
}
_KNOWN = frozenset({"leader", "operator", "presenter", "admin"})
_WAIT_S = 10.0
MAX_TEXT = 1_000
"""Signs of a text that are read and recorded; every handler takes fewer."""


def allowed(role: str, name: str) -> bool:
    """Whether a role may give a command. The presenter is a role of demos only."""
    return role in _ROLES.get(name, frozenset())


def execute(cockpit: Cockpit, command: Command) -> Result:
    """Carry out a command in one transaction, and record it with domain time and real time, refused
    ones too. Raises StoreError where the store cannot write and TimeoutError where it does not answer."""
    command = _plain(command)
    known = _KNOWN if cockpit.config.mode == "demo" else _KNOWN - {"presenter"}
    if not cockpit.writable or not command.actor.strip() or command.role not in known:
        # Whoever is not signed in could act in anybody's name.
        return refused("read_only")
    if command.name in stage.SLOW and allowed(command.role, command.name):
        return stage.slow(cockpit, command)
    t, real = cockpit.clock.domain_ms(), cockpit.clock.real_ms()

    def run(conn: Write) -> Result:
        if command.name not in _ROLES:
            result = refused("unknown", name=command.name)
        elif not allowed(command.role, command.name):
            result = refused("no_right", role=command.role)
        else:
            result = _HANDLERS[command.name](cockpit, command, conn, t)
        args = {**command.args, "reason": command.reason}
        if command.name in stage.QUICK:
            args |= {name: fact for name, fact in result.facts.items() if name != "setting"}
        outcome = str(result.facts.get("error", result.code))
        alerting.record_command(conn, t, real, command.actor, command.role, command.name, args, outcome)
        return result

    result = cockpit.store.write(run).result(_WAIT_S)
    setting = result.facts.pop("setting", None)
    if setting is not None and cockpit.stage is not None:
        cockpit.stage.adopt(setting)
    return result


def _plain(command: Command) -> Command:
    """The command without signs that are not seen, and without what no handler would take anyway: it goes
    on record, refused or not."""
    args = {
        name: plain(value[:MAX_TEXT]) if isinstance(value, str) else value
        for name, value in command.args.items()
    }
    return replace(command, actor=plain(command.actor), args=args, reason=plain(command.reason[:MAX_TEXT]))
