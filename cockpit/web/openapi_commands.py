"""Commands in the OpenAPI document: one schema each, made from the message that is decoded."""

from __future__ import annotations

import msgspec

from cockpit.commands import table
from cockpit.commands.model import MIN_REASON
from cockpit.web.api_commands import CommandOrder
from cockpit.web.openapi_shapes import Json, Shapes


def command(shapes: Shapes) -> Json:
    """`Command` is one of all; each has its name, its arguments and the reason."""
    (_,), found = msgspec.json.schema_components([CommandOrder])
    order = found[CommandOrder.__name__]
    each = [shapes.named(_title(line.name), _command(line, order)) for line in table.lines()]
    return shapes.named("Command", {"oneOf": each})


def _command(line: table.Line, order: Json) -> Json:
    """An order of this one command. `actor` is for a process of the cockpit that only shows."""
    arguments = {key: value for key, value in line.arguments.items() if key != "title"}
    reason = dict(order["properties"]["reason"])
    if line.reason:
        del reason["default"]
        reason["minLength"] = MIN_REASON
    members = {**order["properties"], "name": {"const": line.name}, "args": arguments, "reason": reason}
    del members["actor"]
    needed = {"name": True, "args": bool(line.arguments.get("required")), "reason": line.reason}
    return {
        **order,
        "title": _title(line.name),
        "description": f"{line.about} Roles: {', '.join(line.roles)}.",
        "properties": members,
        "required": [key for key, must in needed.items() if must],
    }


def _title(name: str) -> str:
    return "Command" + "".join(part.capitalize() for part in name.split("_"))
