"""The states a record may be in, and which records are counted apart. A kind not listed here is open: any
state in small letters will do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

STATES: dict[str, frozenset[str]] = {
    "dossier": frozenset({"received", "processing", "supplement", "solved", "returned"}),
    "feedback": frozenset({"received", "processing", "closed"}),
}


def states(kind: str) -> frozenset[str] | None:
    """All states of a kind, None where the kind is open."""
    return STATES.get(kind)


class Filter(NamedTuple):
    """What is counted of a kind of record, of those alone whose fields have these values."""

    kind: str
    counted: str
    where: tuple[tuple[str, str | int | bool], ...]

    @property
    def name(self) -> str:
        """What it is tallied as."""
        return tally_name(self.counted, dict(self.where))

    def takes(self, fields: Mapping[str, Any]) -> bool:
        """Whether a record with these fields is one of them: `true` is not the number 1."""
        return all(
            key in fields
            and fields[key] == value
            and isinstance(fields[key], bool) == isinstance(value, bool)
            for key, value in self.where
        )


def tally_name(counted: str, where: Mapping[str, str | int | bool]) -> str:
    """What is tallied of records, and which of them, in one word."""
    return f"{counted} {json.dumps(where, sort_keys=True, ensure_ascii=False)}" if where else counted
