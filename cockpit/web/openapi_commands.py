"""Commands in the OpenAPI document: one schema each, made from the message that is decoded."""

from __future__ import annotations

from typing import Any, get_args

from cockpit.commands import table
from cockpit.commands.model import MAX_REASON, Code
from cockpit.domain.roles import ROLES

Json = dict[str, Any]


def schemas() -> Json:
    """`Command` is one of all; each has its name, its arguments and the reason."""
    lines = table.lines()
    each = {_title(line.name): _command(line) for line in lines}
    roles: Json = {"type": "string", "enum": list(ROLES)}
    words: Json = {"type": "string"}
    instant: Json = {"type": "string", "format": "date-time"}
    return {
        **each,
        "Command": {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in each]},
        "CommandResult": _object(
            {"code": {"type": "string", "enum": list(get_args(Code))}, "facts": {"type": "object"}}
        ),
        "CommandLine": _object(
            {
                "name": words, "about": words, "args": {"type": "object"},
                "roles": {"type": "array", "items": roles}, "within_s": {"type": "object"},
                "reason": {"type": "string", "enum": ["needed", "free"]},
            }
        ),
        "AuditEntry": _object(
            {
                "id": {"type": "integer"}, "time": instant, "real": instant, "actor": words, "role": words,
                "name": words, "args": {"type": "object"}, "reason": words, "code": words,
            }
        ),
    }  # fmt: skip


def _command(line: table.Line) -> Json:
    arguments = {key: value for key, value in line.arguments.items() if key != "title"}
    least = {"minLength": 3} if line.reason else {}
    reason: Json = {"type": "string", "maxLength": MAX_REASON, **least}
    needed = {"name": True, "args": bool(line.arguments.get("required")), "reason": line.reason}
    return {
        "type": "object",
        "description": f"{line.about} Roles: {', '.join(line.roles)}.",
        "properties": {"name": {"const": line.name}, "args": arguments, "reason": reason},
        "required": [key for key, must in needed.items() if must],
        "additionalProperties": False,
    }


def _title(name: str) -> str:
    return "Command" + "".join(part.capitalize() for part in name.split("_"))


def _object(required: Json) -> Json:
    return {"type": "object", "properties": required, "required": list(required)}
