"""What a profile ships of plans, put into the register once: what is there already is left to the people."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from cockpit.domain.plans.days import Days
from cockpit.domain.plans.drafts import ITEMS
from cockpit.domain.plans.model import Draft, Row, item_of
from cockpit.domain.plans.putting import Putting
from cockpit.domain.plans.story import lived, story
from cockpit.domain.registers import PROJECT, Moved
from cockpit.profiles import Profile
from cockpit.profiles.plans import at_year
from cockpit.store import Store, registers
from cockpit.store.handles import Write
from cockpit.store.queries import plans

ACTOR = "profile"
"""Who has entered what a profile ships."""


def ship(store: Store, profile: Profile, now: int, *, demo: bool) -> None:
    """Enter plans that the register does not have yet. What is made up is for a demo alone. `now` is domain
    time in ms; returns when all is on disk."""
    days = Days(profile.utc_offset_s)
    today = days.of(now)
    with store.read() as conn:
        there = {head.facts.code for head in plans.heads(conn)}
    drafts = [at_year(draft, today[:4]) for draft in profile.plans if demo or not draft.made_up]
    new = [draft for draft in drafts if draft.code not in there]
    if not new:
        return

    def write(conn: Write) -> None:
        numbers = plans.numbers(conn)
        for draft in new:
            at = min(now, days.told(draft.asof)) if draft.asof else now
            putting = Putting(at, ACTOR, days, profile.nameable, numbers)
            for moved in _steps(putting, draft, today, demo=demo):
                registers.move(conn, moved)

    store.write(write).result()


def _steps(putting: Putting, draft: Draft, today: str, *, demo: bool) -> list[Moved]:
    """How a plan of a profile comes into the register. A demo's own rows have lived up to now."""
    if not demo:
        kept = {
            part: [r for r in getattr(draft, part) if not r.made_up] for part in (*ITEMS.values(), "projects")
        }
        draft = msgspec.structs.replace(draft, **{part: tuple(rows) for part, rows in kept.items()})
    if not draft.made_up:
        return putting.put(draft, None).steps
    rows = {kind: [story(row, today) for row in getattr(draft, part)] for kind, part in ITEMS.items()}
    draft = msgspec.structs.replace(draft, **{part: tuple(rows[kind]) for kind, part in ITEMS.items()})
    found: list[Moved] = []
    by_code: dict[tuple[str, str], Row] = {
        (kind, row.code): row for kind, some in rows.items() for row in some
    }
    for moved in putting.put(draft, None).steps:
        kind = moved.entry.kind
        if kind in rows:
            item = item_of(moved.entry)
            found += lived(moved, item, by_code[kind, item.facts.code], putting.days, ACTOR)
        elif kind == PROJECT:
            found.append(_until(moved, today[:7]))
        else:
            found.append(moved)
    return found


def _until(moved: Moved, month: str) -> Moved:
    """A project that has paid nothing yet in months to come."""
    facts = dict(moved.entry.facts)
    facts["months"] = {
        at: months if at <= month else [months[0], 0] for at, months in facts.get("months", {}).items()
    }
    return moved._replace(entry=replace(moved.entry, facts=facts))
