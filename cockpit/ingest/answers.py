"""What the door answers, and the one shape that all errors have. What may be absent is UNSET by itself."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from cockpit.ingest.codes import Code


class Rejected(msgspec.Struct, gc=False):
    """An event that was refused: its place in the body, its id as far as it could be read, and why."""

    index: int
    id: str
    code: Code
    reason: str


class Accepted(msgspec.Struct):
    """What became of the events of a body. All but the rejected ones are committed to disk."""

    accepted: int
    duplicates: int
    rejected: list[Rejected]


class Problem(msgspec.Struct):
    """Why a request was refused. `where`, `found` and `expected` are there for what was given wrongly."""

    code: str
    reason: str
    where: str | UnsetType = UNSET
    found: str | UnsetType | None = UNSET
    expected: str | UnsetType = UNSET


class Error(msgspec.Struct):
    """All errors have this shape."""

    error: Problem
