"""The states a record may be in. A kind not listed here is open: any state in small letters will do."""

from __future__ import annotations

OPEN: dict[str, frozenset[str]] = {
    "dossier": frozenset({"received", "processing", "supplement"}),
    "feedback": frozenset({"received", "assigned", "processing"}),
    "payment": frozenset({"pending"}),
    "broadcast": frozenset({"planned", "playing"}),
}
"""States in which somebody still has to do something, by kind."""

CLOSED: dict[str, frozenset[str]] = {
    "dossier": frozenset({"done", "returned", "rejected", "withdrawn"}),
    "feedback": frozenset({"answered", "closed", "rejected"}),
    "payment": frozenset({"paid", "failed", "refunded"}),
    "broadcast": frozenset({"done", "played", "failed", "cancelled"}),
}
"""States that end a record, by kind."""

CLOSED_ANYWHERE = frozenset().union(*CLOSED.values())
"""States that end a record of a kind not listed."""


def states(kind: str) -> frozenset[str] | None:
    """All states of a kind, None where the kind is open."""
    return OPEN[kind] | CLOSED[kind] if kind in OPEN else None


def closes(kind: str, state: str) -> bool:
    """Whether this state ends a record of this kind."""
    return state in CLOSED.get(kind, CLOSED_ANYWHERE)
