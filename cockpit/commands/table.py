"""Who may give which command, and who sees which page and what on it: tables for docs, API and tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from cockpit.commands.model import Instant, Message
from cockpit.commands.registry import KINDS
from cockpit.domain import access
from cockpit.domain.access import VIEWERS, Page, Reach, Viewer
from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.domain.roles import OF_A_UNIT, ROLES, Role


class Line(NamedTuple):
    """A command: its arguments as JSON Schema, who may give it, how far ahead each role's `until` may lie."""

    name: str
    about: str
    arguments: dict[str, Any]
    roles: tuple[Role, ...]
    own: frozenset[Role]  # of these the ones that may within their unit alone
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
    own = frozenset() if kind.ANY_UNIT else OF_A_UNIT.intersection(roles)
    return Line(name, about, schema(kind), roles, own, dict(kind.WITHIN_MS), kind.REASON, kind.DEMO)


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


NOBODY = "nobody"
"""How the docs call who has no role."""
_SEEN: dict[Reach, str] = {"all": "yes", "own": "own unit", "nothing": "–"}


def pages_markdown() -> str:
    """The table of docs/commands.md of pages: who opens one, what is hidden on it, what it offers to whom."""
    head = ["page", "what", *(NOBODY if viewer == "reader" else viewer for viewer in VIEWERS)]
    rows = [head, ["---"] * len(head)]
    for page in access.PAGES:
        rows.append([f"`{page.name}`", "opens", *(_opens(page, viewer) for viewer in VIEWERS)])
        for part in page.parts:
            seen = [_SEEN[access.reach(part, viewer)] for viewer in VIEWERS]
            rows.append(["", f"shows {PART_NAMES[part]}", *seen])
        rows += [["", *row] for row in _offers(page)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


PART_NAMES: dict[access.Part, str] = {
    "audit": "what people did",
    "words": "what a citizen wrote",
    "person": "who a citizen is, and all else of one",
}


def _opens(page: Page, viewer: Viewer) -> str:
    return "yes" if access.opens(page.name, viewer) else "–"


def _offers(page: Page) -> list[list[str]]:
    """A row for commands that the same roles may give in the same way."""
    known = {line.name: line for line in lines()}
    alike: dict[tuple[str, ...], list[str]] = {}
    for name in sorted(page.acts):
        cells = tuple(_may(known[name], viewer) if viewer != "reader" else "–" for viewer in VIEWERS)
        alike.setdefault(cells, []).append(f"`{name}`")
    return [[f"offers {' '.join(names)}", *cells] for cells, names in alike.items()]


def _may(line: Line, role: Role) -> str:
    if role not in line.roles:
        return "–"
    within = line.within_ms.get(role)
    if within is None:
        return "own unit" if role in line.own else "yes"
    return f"≤ {within // HOUR_MS} h" if within < 2 * DAY_MS else f"≤ {within // DAY_MS} days"
