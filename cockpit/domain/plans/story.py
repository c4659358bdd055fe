"""The past of a demo's own plan: how its rows came to where they stand on the day it begins."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from cockpit.domain.plans import life
from cockpit.domain.plans.days import Days
from cockpit.domain.plans.model import Item, ItemFacts, Row, State, plain
from cockpit.domain.registers import Moved, Step


def story(row: Row, today: str) -> Row:
    """A row of a demo's own plan as it stands on a day: what lies ahead has not happened yet."""
    if row.began > today:
        row = msgspec.structs.replace(row, began="", value=None)
    return msgspec.structs.replace(row, done="", evidence=()) if row.done > today else row


def lived(moved: Moved, item: Item, row: Row, days: Days, actor: str) -> list[Moved]:
    """The steps by which a made-up row came to where it stands: entered, begun, done."""
    entry, facts = moved.entry, item.facts
    bare = msgspec.structs.replace(facts, began="", evidence=(), value=None, why="")
    start = days.within(facts.start) if facts.start else entry.opened
    opened = min(start, entry.opened)
    begin = replace(entry, state="not_started", opened=opened, closed=None, facts=plain(bare))
    found = [Moved(begin, 0, Step(opened, actor, "entered", "", "not_started", {}))]
    current = Item(begin, bare)
    path: tuple[tuple[State, str], ...] = (("doing", row.began), ("done", row.done))
    for to, day in path:
        if day:
            at = days.within(day)
            last = to == "done" or not row.done
            shown, value = (facts.evidence, facts.value) if last else ((), None)
            found.append(life.moved(current, to, at, actor, day=day, evidence=shown, value=value))
            after = found[-1].entry
            current = Item(after, msgspec.convert(after.facts, ItemFacts))
    if facts.why and current.state == "not_started":
        found.append(life.explained(current, facts.why, days.within(facts.start or row.due), actor))
    return found
