"""Reads of what meetings decided."""

from __future__ import annotations

from cockpit.domain.meetings import Decided, about, decided_of
from cockpit.domain.registers import DECISION
from cockpit.store.handles import Read
from cockpit.store.queries import registers


def one(conn: Read, number: int) -> Decided | None:
    """A decision by its number."""
    entry = registers.entry(conn, DECISION, number)
    return None if entry is None else decided_of(entry)


def of_indicator(conn: Read, code: str) -> list[Decided]:
    """Those that stand about a figure, the newest meeting first."""
    return about([decided_of(entry) for entry in registers.open_entries(conn, DECISION)], code)
