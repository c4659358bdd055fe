"""The one way of every command, from pages and over HTTP: rights, arguments, reason, handler, record."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

from msgspec import Struct, structs

from cockpit.commands.model import (
    MAX_REASON,
    MAX_TEXT,
    MIN_REASON,
    Asked,
    Cockpit,
    Command,
    Message,
    Result,
    refused,
)
from cockpit.commands.reading import BadArgument, read
from cockpit.commands.registry import HANDLERS, KINDS, RIGHTS, SLOW
from cockpit.demo.state import DemoError
from cockpit.domain.roles import roles_of
from cockpit.domain.text import plain
from cockpit.progress import Stopped
from cockpit.store import alerting
from cockpit.store.handles import Write

_WAIT_S = 10.0
MAX_DEPTH = 8
MAX_RECORDED = 4000
"""Signs of the arguments of a refused command that go on record, and of what became of any."""


def allowed(role: str, kind: type[Message]) -> bool:
    """Whether a role may give a command at all. The presenter is a role of demos only."""
    return role in kind.ROLES or (kind.ANYBODY and role == "reader")


def execute(here: Cockpit, command: Command) -> Result:
    """Carry out a command in one transaction, and record it with domain time and real time, refused ones
    too, where its kind is recorded. `busy` where the store has not answered in time: it may still be carried
    out, and whatever follows from it then follows. Raises StoreError where the store cannot write."""
    if not here.writable:
        return refused("read_only") if here.forward is None else here.forward(command)
    command = _seen(command)
    found = _checked(here, command)
    if isinstance(found, Result):
        return _refuse(here, command, found)
    command = Command(command.actor, found, command.reason)
    if type(found) in SLOW:
        try:
            return SLOW[type(found)](here, command, found)
        except Stopped:  # and the store with it: nothing can be recorded any more
            reason = "the cockpit is stopping; order it again at its next start"
            return refused("stage", error="stopping", reason=reason)
        except DemoError as error:
            return _refuse(here, command, refused("stage", error=error.code, reason=str(error)))
    return _carry_out(here, command, found)


def _seen(command: Command) -> Command:
    """The command without signs that are not seen: it goes on record, refused or not."""
    actor, message = command.actor, command.message
    args = message.args if isinstance(message, Asked) else structs.asdict(message)
    most = KINDS[command.name].LONGEST if command.name in KINDS else MAX_TEXT
    clean = {key: _clean(value, most) for key, value in args.items()}
    if isinstance(message, Asked):
        message = Asked(message.name, clean)
    elif clean:
        message = structs.replace(message, **clean)
    named = replace(actor, name=plain(actor.name[:MAX_TEXT]))
    return Command(named, message, plain(command.reason[:MAX_TEXT]).strip())


def _clean(value: Any, most: int, depth: int = 0) -> Any:
    """The same in all texts within; what is nested deeper than any argument is no argument, and stays."""
    if isinstance(value, str):
        return plain(value[:most])
    if depth < MAX_DEPTH and isinstance(value, list | tuple):
        return type(value)(_clean(one, most, depth + 1) for one in value)
    if depth < MAX_DEPTH and isinstance(value, dict):
        return {key: _clean(one, most, depth + 1) for key, one in value.items()}
    if depth < MAX_DEPTH and isinstance(value, Struct):
        return structs.replace(
            value, **{k: _clean(v, most, depth + 1) for k, v in structs.asdict(value).items()}
        )
    return value


def _checked(here: Cockpit, command: Command) -> Message | Result:
    """The message to carry out. Rights are checked before arguments, arguments before the state of things."""
    actor, kind = command.actor, KINDS.get(command.name)
    anybody = kind is not None and kind.ANYBODY and actor.role == "reader"
    if not actor.name.strip() or (actor.role not in roles_of(demo=here.is_demo) and not anybody):
        return refused("read_only")  # whoever is not signed in could act in anybody's name
    if kind is None:
        return refused("unknown", name=command.name[:100])
    if not allowed(actor.role, kind):
        return refused("no_right", role=actor.role)
    message = command.message
    if kind in RIGHTS:
        named = message.args if isinstance(message, Asked) else structs.asdict(message)
        with here.store.read() as conn:
            wrong = RIGHTS[kind](conn, actor, named)
        if wrong is not None:
            return wrong
    if isinstance(message, Asked):
        try:
            message = read(kind, message.args)
        except BadArgument as error:
            return refused("bad_argument", argument=error.argument, expected=error.expected)
    if kind.REASON and len(command.reason) < MIN_REASON:
        return refused("reason_needed", min=MIN_REASON)
    if len(command.reason) > MAX_REASON:
        return refused("reason_too_long", max=MAX_REASON)
    return _in_time(here, command, message) or message


def _in_time(here: Cockpit, command: Command, message: Message) -> Result | None:
    """Nothing lasts for ever: `until` lies ahead, and no further than the role may."""
    until = getattr(message, "until", None)
    if until is None:
        return None
    t = here.clock.domain_ms()
    if until <= t:
        return refused("bad_argument", argument="until", expected="an instant after now")
    within = message.WITHIN_MS.get(command.actor.role)
    if within is not None and until - t > within:
        return refused("too_long", until=t + within, within_ms=within)
    return None


def _carry_out(here: Cockpit, command: Command, message: Message) -> Result:
    t, real = here.clock.domain_ms(), here.clock.real_ms()

    def run(conn: Write) -> Result:
        result = HANDLERS[type(message)](here, command, message, conn, t)
        if message.RECORDED:
            _record(conn, t, real, command, result)
        return result

    try:
        return here.store.write(run, _follow).result(_WAIT_S)
    except TimeoutError:
        return refused("busy")


def _follow(result: Result) -> None:
    if result.after is not None:
        result.after()


def _refuse(here: Cockpit, command: Command, result: Result) -> Result:
    kind = KINDS.get(command.name)
    if kind is not None and not kind.RECORDED:
        return result
    t, real = here.clock.domain_ms(), here.clock.real_ms()
    with suppress(TimeoutError):  # nothing more is decided: its record waits its turn
        here.store.write(lambda conn: _record(conn, t, real, command, result)).result(_WAIT_S)
    return result


def _record(conn: Write, t: int, real: int, command: Command, result: Result) -> None:
    message, actor = command.message, command.actor
    args: dict[str, Any]
    if isinstance(message, Asked):
        text = json.dumps(message.args, ensure_ascii=False, default=str)
        args = dict(message.args) if len(text) <= MAX_RECORDED else {"cut": text[:MAX_RECORDED]}
    else:
        args = message.recorded()
        if message.DEMO and result.ok:
            args |= result.facts  # with what was left to the kind of fault, and from when it holds
    args["reason"] = command.reason
    outcome = str(result.facts.get("error", result.code))
    facts = result.facts
    if len(told := json.dumps(facts, ensure_ascii=False, default=str)) > MAX_RECORDED:
        facts = {"cut": told[:MAX_RECORDED]}
    alerting.record_command(
        conn, t, real, actor.name, actor.role, command.name[:100], args, outcome, actor.unit, facts
    )
