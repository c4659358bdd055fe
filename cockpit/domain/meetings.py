"""What a meeting decided about figures: written down once, withdrawn with a reason if it was wrong, never
changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec

from cockpit.domain.registers import DECISION, Entry, Moved, Step

State = Literal["noted", "withdrawn"]

MAX_FIGURES, MAX_MEETING, MAX_TEXT = 12, 200, 1_000
"""Figures that one decision is about, signs of a meeting's name and of what was decided."""


class DecisionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of it. `indicators`: codes; `held`: when the meeting was, ms."""

    meeting: str
    text: str
    indicators: tuple[str, ...]
    held: int
    by: str
    role: str


@dataclass(frozen=True, slots=True)
class Decided:
    """An entry of the register with what is kept of it."""

    entry: Entry
    facts: DecisionFacts

    @property
    def stands(self) -> bool:
        """Whether it was not withdrawn."""
        return self.entry.closed is None


def decided_of(entry: Entry) -> Decided:
    """A decision of a meeting."""
    return Decided(entry, msgspec.convert(entry.facts, DecisionFacts))


def noted(number: int, facts: DecisionFacts, unit: str, t: int) -> Moved:
    """A new one, of a meeting in a unit, "" for the province."""
    plain: dict[str, Any] = msgspec.to_builtins(facts)
    entry = Entry(DECISION, number, "noted", unit, "", t, None, facts=plain)
    return Moved(entry, 0, Step(t, facts.by, "noted", "", "noted", {"note": facts.text}))


def withdrawn(found: Decided, why: str, t: int, actor: str) -> Moved:
    """It was noted wrongly: it stays on record and counts no more."""
    entry = found.entry
    after = replace(entry, state="withdrawn", closed=t, version=entry.version + 1)
    return Moved(after, entry.version, Step(t, actor, "withdrawn", entry.state, "withdrawn", {"note": why}))


def about(found: Sequence[Decided], indicator: str) -> list[Decided]:
    """Those that stand about a figure, the newest meeting first."""
    mine = [one for one in found if one.stands and indicator in one.facts.indicators]
    return sorted(mine, key=lambda one: (-one.facts.held, -one.entry.id))
