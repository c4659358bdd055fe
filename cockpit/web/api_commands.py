"""What people do, over HTTP: give a command, see which there are, read what was done."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from cockpit.commands import Actor, Asked, Command, execute, table
from cockpit.commands.model import MAX_REASON, CommandResult
from cockpit.domain import access
from cockpit.domain.instants import iso
from cockpit.domain.roles import ROLES, Reader, Role
from cockpit.ingest.tokens import Grant
from cockpit.parts import Parts
from cockpit.store.queries import audit
from cockpit.web.answers.acting import Audit, AuditEntry, CommandLine, Commands
from cockpit.web.api_guard import Failure, Guard, late
from cockpit.web.api_params import BadParameter, Params
from cockpit.web.bodies import read_order

MAX_BODY = 64 * 1024
MAX_PASSED_ON = 4 * 1024 * 1024
"""Bytes of a command; of one that pages pass on: a whole plan is larger than what anybody types."""
ANYBODY: tuple[Role | Reader, ...] = (*ROLES, "reader")
"""In whose role pages pass a command on: that of somebody who only reads is refused and put on record."""
AUDIT_MS = 30 * 86_400_000
"""As far back as the log of commands is read where nobody says."""
MAX_AUDIT_MS = 400 * 86_400_000
MAX_ENTRIES = 10_000


class ForPerson(msgspec.Struct, forbid_unknown_fields=True):
    """In whose name a process that only shows passes a command on."""

    name: str
    role: str
    unit: str = ""


class CommandOrder(msgspec.Struct, forbid_unknown_fields=True):
    """A command: its name, its arguments, the reason in one's own words."""

    name: str
    args: dict[str, Any] = {}
    reason: Annotated[str, msgspec.Meta(extra_json_schema={"maxLength": MAX_REASON})] = ""
    actor: ForPerson | None = None


class Acting:
    """Handlers of commands."""

    def __init__(self, cockpit: Parts, guard: Guard) -> None:
        self._cockpit = cockpit
        self._guard = guard

    async def give(self, request: Request) -> CommandResult:
        grant = await run_in_threadpool(self._guard.grant, request)
        if grant.person is None and grant.role != "pages":
            reason = f"the token has the role {grant.role}; commands need a person's (`cockpit token person`)"
            raise Failure(403, "no_right", reason)
        same_origin(request)
        most = MAX_PASSED_ON if grant.role == "pages" else MAX_BODY
        order = await read_order(request, CommandOrder, most)
        command = Command(_actor(grant, order), Asked(order.name, order.args), order.reason)
        result = await run_in_threadpool(execute, self._cockpit, command)
        if result.code == "busy":
            raise late()
        return CommandResult(result.code, result.facts)

    def listed(self, request: Request) -> Commands:
        Params(request, ())
        demo = self._cockpit.demo is not None
        return Commands([_line(line) for line in table.lines() if demo or not line.demo])

    def audit(self, request: Request) -> Audit:
        if self._cockpit.demo is None:
            self._guard.must_have(request, *(r for r in ROLES if access.opens("audit", r)))
        params = Params(request, ("from", "to", "actor", "name", "limit"))
        start, end = params.span(self._cockpit.clock.domain_ms(), AUDIT_MS, MAX_AUDIT_MS)
        limit = params.whole("limit", 1, MAX_ENTRIES, 1000)
        with self._cockpit.store.read() as conn:
            found = audit.entries(
                conn, start, end, actor=params.text("actor"), name=params.text("name"), limit=limit
            )
        return Audit([_entry(entry) for entry in found])


def _actor(grant: Grant, order: CommandOrder) -> Actor:
    if grant.role == "pages":
        told = order.actor
        role = None if told is None else next((role for role in ANYBODY if role == told.role), None)
        if told is None or role is None:
            raise BadParameter("actor", None if told is None else told.role, f"one of {', '.join(ANYBODY)}")
        return Actor(told.name, role, told.unit)
    if order.actor is not None:
        raise Failure(403, "no_right", "a person's token acts in that person's name alone")
    assert grant.person is not None  # noqa: S101 - the caller has looked
    return Actor(grant.name, grant.person, grant.unit)


def same_origin(request: Request) -> None:
    """A page of another server may not have a reader's browser give commands. Raises Failure."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Failure(403, "foreign_origin", f"origin {origin[:100]!r}: commands are taken from this server")


def _line(line: table.Line) -> CommandLine:
    within = {role: ms // 1000 for role, ms in line.within_ms.items()}
    reason: Literal["needed", "free"] = "needed" if line.reason else "free"
    return CommandLine(line.name, line.about, line.arguments, line.roles, within, reason)


def _entry(entry: audit.Entry) -> AuditEntry:
    args = dict(entry.args)
    reason = args.pop("reason", "")
    return AuditEntry(
        entry.seq, iso(entry.t), iso(entry.real), entry.actor, entry.role, entry.unit, entry.name, args,
        reason, entry.outcome, entry.facts,
    )  # fmt: skip
