"""What people may do, and what they did. What became of a command is `commands.model.CommandResult`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from cockpit.domain.instants import Iso
from cockpit.domain.roles import Role

Arguments = Annotated[dict[str, Any], msgspec.Meta(description="Arguments by name, as they were given.")]
Facts = Annotated[dict[str, Any], msgspec.Meta(description="What was made or changed, or why it was not.")]
Ahead = Annotated[dict[str, int], msgspec.Meta(description="Seconds by role; empty where it has no `until`.")]
Schema = Annotated[dict[str, Any], msgspec.Meta(description="JSON Schema of the arguments.")]


class CommandLine(msgspec.Struct):
    """A command: what it does, who may give it, and how many seconds ahead a role's `until` may lie."""

    name: str
    about: str
    args: Schema
    roles: tuple[Role, ...]
    within_s: Ahead
    reason: Literal["needed", "free"]


class Commands(msgspec.Struct):
    """Every command that can be given here."""

    commands: list[CommandLine]


class AuditEntry(msgspec.Struct):
    """A command on record, refused ones too: `time` is domain time, `real` real time, `code` what became of
    it and `facts` what it says more, `unit` whose the actor was."""

    id: int
    time: Iso
    real: Iso
    actor: str
    role: str
    unit: str
    name: str
    args: Arguments
    reason: str
    code: str
    facts: Facts


class Audit(msgspec.Struct):
    """What people did, newest first."""

    audit: list[AuditEntry]
