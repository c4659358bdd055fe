"""The states a record may be in. A kind not listed here is open: any state in small letters will do."""

from __future__ import annotations

STATES: dict[str, frozenset[str]] = {
    "dossier": frozenset({"received", "processing", "supplement", "solved", "returned"}),
    "feedback": frozenset({"received", "processing", "closed"}),
}


def states(kind: str) -> frozenset[str] | None:
    """All states of a kind, None where the kind is open."""
    return STATES.get(kind)
