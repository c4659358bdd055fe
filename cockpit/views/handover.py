"""The handover of a shift: what would be handed over now, what was, and all handovers there were."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from cockpit.domain.alerting.ledger import mute_of
from cockpit.domain.alerting.mutes import Mute
from cockpit.domain.catalog import Text
from cockpit.domain.handover import TOLD, Facts, OpenAlert, Sheet, facts_of
from cockpit.domain.numbers import AlertId
from cockpit.domain.registers import HANDOVER, MUTE, REQUEST, Entry
from cockpit.domain.requests import Request, request_of
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
class Page:
    """What is handed over, with names: `entry` and `facts` are None of what is so now. `left` alerts are too
    many to be listed."""

    entry: Entry | None
    facts: Facts | None
    sheet: Sheet
    owners: tuple[Owned, ...]
    left: int
    requests: tuple[Request, ...]
    mutes: tuple[Mute, ...]


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
    asked = [registers.entry(conn, REQUEST, one.number) for one in sheet.requests]
    muted = [(registers.entry(conn, MUTE, one.number), one.at) for one in sheet.mutes]
    return Page(
        entry=entry,
        facts=facts,
        sheet=sheet,
        owners=tuple(Owned(names[owner], tuple(items)) for owner, items in owners.items()),
        left=max(0, sheet.standing - len(sheet.alerts)),
        requests=tuple(request_of(found) for found in asked if found is not None),
        mutes=tuple(mute_of(found)._replace(until=at or 0) for found, at in muted if found is not None),
    )
