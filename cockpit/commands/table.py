"""Who may give which command: the one table, for docs, for the API and for tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from cockpit.commands.model import Instant, Message
from cockpit.commands.registry import KINDS
from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.domain.roles import ROLES, Role


class Line(NamedTuple):
    """A command: its arguments as JSON Schema, who may give it, how far ahead each role's `until` may lie."""

    name: str
    about: str
    arguments: dict[str, Any]
    roles: tuple[Role, ...]
    within_ms: dict[str, int]
    reason: bool
    demo: bool


def lines() -> list[Line]:
    """All of them, by name."""
    return [_line(name, kind) for name, kind in sorted(KINDS.items())]


def schema(kind: type[Message]) -> dict[str, Any]:
    """JSON Schema of a command's arguments."""
    (_,), found = msgspec.json.schema_components([kind], schema_hook=_custom)
    made: dict[str, Any] = _whole(found[kind.__name__], found)
    return made


def _whole(schema: Any, found: Mapping[str, Any]) -> Any:
    """A schema with those it refers to in it."""
    if isinstance(schema, list):
        return [_whole(one, found) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _whole(found[schema["$ref"].rpartition("/")[2]], found)
    return {name: _whole(one, found) for name, one in schema.items()}


def _custom(kind: type) -> dict[str, Any]:
    if kind is Instant:
        return {"type": "string", "format": "date-time"}
    raise NotImplementedError(kind)


def _line(name: str, kind: type[Message]) -> Line:
    roles = tuple(role for role in ROLES if role in kind.ROLES)
    about = (kind.__doc__ or "").strip()
    return Line(name, about, schema(kind), roles, dict(kind.WITHIN_MS), kind.REASON, kind.DEMO)


def markdown() -> str:
    """The table of docs/commands.md."""
    head = ["command", "arguments", *ROLES, "reason"]
    rows = [head, ["---"] * len(head)]
    for line in lines():
        needed = line.arguments.get("required", [])
        names = [f"`{n}`" if n in needed else f"`{n}`?" for n in line.arguments.get("properties", {})]
        may = [_may(line, role) for role in ROLES]
        rows.append([f"`{line.name}`", " ".join(names) or "–", *may, "needed" if line.reason else "–"])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _may(line: Line, role: Role) -> str:
    if role not in line.roles:
        return "–"
    within = line.within_ms.get(role)
    if within is None:
        return "yes"
    return f"≤ {within // HOUR_MS} h" if within < 2 * DAY_MS else f"≤ {within // DAY_MS} days"
