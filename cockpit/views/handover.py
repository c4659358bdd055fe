"""The handover of a shift: what would be handed over now, what was, and all handovers there were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from cockpit.domain.alerting.ledger import mute_of
from cockpit.domain.alerting.mutes import Mute
from cockpit.domain.catalog import Text
from cockpit.domain.handover import TOLD, Ending, Facts, OpenAlert, Sheet, facts_of
from cockpit.domain.numbers import AlertId
from cockpit.domain.registers import GAP, HANDOVER, MUTE, REQUEST, TASK, Entry
from cockpit.store.handles import Read
from cockpit.store.queries import alerts as q
from cockpit.store.queries import handover as queries
from cockpit.store.queries import registers
from cockpit.views.alerts import Alert, named
from cockpit.views.context import ViewContext
from cockpit.views.desk import instants

KEEP_S = 20.0
"""Seconds a computed view is good for: what a shift hands over changes by the minute."""

MOST = 50
"""The newest so many handovers are listed."""


def stamp(ctx: ViewContext) -> int:
    """A view is also computed anew when this changes: somebody has taken a step in a register."""
    with ctx.store.read() as conn:
        return registers.last_step(conn)


@dataclass(frozen=True, slots=True)
class Item:
    """An alert as it was handed over; `alert` is None where it is kept no more."""

    then: OpenAlert
    alert: Alert | None


@dataclass(frozen=True, slots=True)
class Owned:
    """What somebody has to act on, most urgent first."""

    owner: Text
    items: tuple[Item, ...]

    @property
    def overdue(self) -> int:
        return sum(item.then.overdue for item in self.items)


@dataclass(frozen=True, slots=True)
class Owed:
    """A step that somebody owes, as it was handed over. `owner` is the code of a unit or a body."""

    number: int
    name: Text
    unit: str
    owner: str
    state: str
    due: int | None
    late: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What is handed over, with names: `entry` and `facts` are None of what is so now. `left` says how many
    of each list are not in it, by its name (`alerts`, `requests`, …), None where that was not kept;
    `of_today` whether names and owners are those of today, because they were not kept, nor gaps and tasks."""

    entry: Entry | None
    facts: Facts | None
    sheet: Sheet
    owners: tuple[Owned, ...]
    left: Mapping[str, int | None]
    requests: tuple[Owed, ...]
    gaps: tuple[Owed, ...]
    tasks: tuple[Owed, ...]
    mutes: tuple[Mute, ...]
    of_today: bool


@dataclass(frozen=True, slots=True)
class HandoverView:
    """`now`: what would be handed over; `waiting`: what somebody gave and nobody has taken; `past`: all that
    can be read, the newest first; `shown`: the one that was asked for."""

    now_ms: int
    now: Page
    waiting: Page | None
    past: tuple[tuple[Entry, Facts], ...]
    shown: Page | None


def build(ctx: ViewContext, number: int | None = None) -> HandoverView:
    """The shift as it is at `ctx.now_ms`, and one handover by its number."""
    with ctx.store.read() as conn:
        now = queries.sheet(conn, instants(ctx), TOLD)
        held = queries.given(conn)
        past = registers.entries(conn, HANDOVER, limit=MOST)[::-1]
        asked = registers.entry(conn, HANDOVER, number) if number is not None else None
        return HandoverView(
            ctx.now_ms,
            _page(ctx, conn, now),
            _of(ctx, conn, held),
            tuple((entry, facts) for entry in past if (facts := _read(entry)) is not None),
            _of(ctx, conn, asked),
        )


def _read(entry: Entry) -> Facts | None:
    try:
        return facts_of(entry)
    except msgspec.ValidationError:
        return None


def _of(ctx: ViewContext, conn: Read, entry: Entry | None) -> Page | None:
    facts = _read(entry) if entry is not None else None
    return None if facts is None else _page(ctx, conn, facts.sheet, entry, facts)


def _page(
    ctx: ViewContext, conn: Read, sheet: Sheet, entry: Entry | None = None, facts: Facts | None = None
) -> Page:
    rows = q.by_number(conn, [AlertId(one.alert) for one in sheet.alerts])
    known = {alert.id: alert for alert in named(ctx, conn, list(rows.values()))}
    owners: dict[str, list[Item]] = {}
    names: dict[str, Text] = {}
    for one in sheet.alerts:
        owners.setdefault(one.owner, []).append(Item(one, known.get(AlertId(one.alert))))
        names.setdefault(one.owner, Text(one.owner, one.owner_en))
    return Page(
        entry=entry,
        facts=facts,
        sheet=sheet,
        owners=tuple(Owned(names[owner], tuple(items)) for owner, items in owners.items()),
        left={"alerts": max(0, sheet.standing - len(sheet.alerts)), **_left(sheet)},
        requests=tuple(_owed(conn, REQUEST, one, sheet.until) for one in sheet.requests),
        gaps=tuple(_owed(conn, GAP, one, sheet.until) for one in sheet.gaps),
        tasks=tuple(_owed(conn, TASK, one, sheet.until) for one in sheet.tasks),
        mutes=tuple(mute for one in sheet.mutes if (mute := _mute(conn, one)) is not None),
        of_today=not sheet.counts,
    )


def _left(sheet: Sheet) -> Mapping[str, int | None]:
    lists = {"requests": sheet.requests, "gaps": sheet.gaps, "tasks": sheet.tasks, "mutes": sheet.mutes}
    if sheet.counts:
        return {name: sheet.counts.get(name, 0) - len(found) for name, found in lists.items()}
    # Of what was kept before there were counts nobody knows whether a list of full length was cut.
    return {name: None if len(found) >= queries.MOST_OTHERS else 0 for name, found in lists.items()}


def _owed(conn: Read, kind: str, then: Ending, at: int) -> Owed:
    found = registers.entry(conn, kind, then.number) if not then.state else None
    if found is not None:
        then = msgspec.structs.replace(queries.ending(found), at=then.at)
    late = then.at is not None and then.at <= at
    name = Text(then.name, then.name_en or then.name)
    return Owed(then.number, name, then.unit, then.owner, then.state, then.at, late)


def _mute(conn: Read, then: Ending) -> Mute | None:
    """A mute as it was, or by its entry of today where only its end was kept."""
    if then.state:
        entry = Entry(MUTE, then.number, then.state, then.unit, then.owner, 0, then.at, facts=then.facts)
        return mute_of(entry)
    found = registers.entry(conn, MUTE, then.number)
    return None if found is None else mute_of(found)._replace(until=then.at or 0)
