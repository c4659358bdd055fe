"""Records brought on one day, in columns, and how long they take.

A record is received, taken up and finished. It is due at 17:00 after the working days it is allowed; people
work on it in office hours only. What closes an office or stops a system (`simulator.delays`) moves all three.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cockpit.domain.periods import HOUR_MS
from simulator.calendar import OFFICE, workday_table
from simulator.daybook import times_of_day
from simulator.delays import CLOSES, NEVER, OPENS, Delays
from simulator.rng import F64, I64, Bools, Stream, lognormal_of
from simulator.zone import Zone


@dataclass(frozen=True, slots=True)
class Drawn:
    """Records as people mean to bring them on a day."""

    entity: I64  # what random numbers are drawn for
    unit: I64
    office: I64  # the unit's number among all offices there are; several at sizes above a province
    sort: I64  # procedure or field
    received: I64
    online: Bools
    allowed: I64  # working days
    ratio: F64  # share of the allowed time that is used
    late: Bools


@dataclass(frozen=True, slots=True)
class Cohort:
    """Records brought on one day, in columns. What does not happen has the time NEVER."""

    unit: I64
    sort: I64
    received: I64
    begun: I64
    done: I64
    due: I64
    online: Bools
    flags: I64  # 16 random bits for what else is settled by chance
    hindered: Bools  # late although it would have been in time without what closed or stopped


def finish(stream: Stream, zone: Zone, day: int, drawn: Drawn, delays: Delays | None = None) -> Cohort:
    """Due at 17:00 after the allowed working days; done within office hours, after `ratio` of the way."""
    entity, allowed, late = drawn.entity, drawn.allowed, drawn.late
    received = drawn.received
    if delays:
        received = delays.arrival(drawn.office, received, entity, drawn.online)
    never = received >= NEVER
    came = np.where(never, drawn.received, received)
    days = zone.day_of(came)
    last = int(days.max()) if len(days) else day
    work = workday_table(day, max(day, last) + 60)
    first = np.searchsorted(work, np.maximum(days, day))
    due = zone.day_start(work[first + allowed]) + 17 * HOUR_MS
    clock = times_of_day(OFFICE, stream.uniform(entity, 8), stream.uniform(entity, 9))
    ahead = np.floor(drawn.ratio * allowed + 0.5).astype(np.int64)
    done = zone.day_start(work[first + np.where(late, np.maximum(ahead, allowed + 1), ahead)]) + clock
    begun = came + (lognormal_of(stream.gauss(entity, 10), 2.0, 2.0) * HOUR_MS).astype(np.int64)
    # Nobody works on it at night: what was received late is taken up the next working morning.
    evening = zone.minute_of_day(begun) >= CLOSES
    morning = zone.day_start(work[np.searchsorted(work, zone.day_of(begun) + evening)]) + OPENS * 60_000
    begun = np.where(begun < morning, morning + (came % (2 * HOUR_MS)), begun)
    done = np.where(done <= begun, begun + 40 * 60_000 + came % (2 * HOUR_MS), done)
    done = np.where(~late & (done > due), np.maximum(due - came % HOUR_MS, begun + 60_000), done)
    hindered = np.zeros(len(came), dtype=bool)
    if delays:
        in_time = done <= due
        begun = delays.work(drawn.office, begun, entity)
        done = np.maximum(delays.work(drawn.office, done, entity), begun + 60_000)
        hindered = in_time & (done > due) & ~never
        received, begun, done = (np.where(never, NEVER, t) for t in (received, begun, done))
    flags = (stream.bits(entity, 11) >> np.uint64(48)).astype(np.int64)
    return Cohort(drawn.unit, drawn.sort, received, begun, done, due, drawn.online, flags, hindered)
