"""Freshness of many things at once, gaps between consecutive events included.

What is reported carries the instant at which it became so, and depends on the events only, never on
how often somebody looked: an asset that was silent for a minute between two ticks is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from cockpit.domain.catalog import Calendar
from cockpit.domain.freshness import Limits, State, WorkTime, due
from cockpit.engine.columns import Ints

NEVER, FRESH, LATE, SILENT = range(4)
NAMES: tuple[State, ...] = ("never", "fresh", "late", "silent")
FAR = 2**62
"""Later than any instant: the timer of what is never late."""

SLACK_MS = 2_000
"""How far apart the ways of two events may be."""


At = TypeVar("At", bound=int)
"""Position of a thing: of an asset, or of a source."""


class Change(NamedTuple, Generic[At]):
    """Thing number `thing` became `state` at instant `t`."""

    t: int
    thing: At
    state: int


class Silence(Generic[At]):
    """States and timers of n things as columns of length n."""

    def __init__(self, limits: Sequence[Limits], calendars: Sequence[Calendar], work: WorkTime) -> None:
        n = len(limits)
        self._limits = limits
        self._work = work
        self._late_ms = np.array([x.late_ms for x in limits], dtype=np.int64)
        self._silent_ms = np.array([x.silent_ms for x in limits], dtype=np.int64)
        self._resting = np.array([c == "workdays" for c in calendars], dtype=np.bool_)
        self.last = np.zeros(n, dtype=np.int64)
        self.since = np.zeros(n, dtype=np.int64)
        self.state: npt.NDArray[np.int8] = np.zeros(n, dtype=np.int8)
        self._who = self._when = np.empty(0, dtype=np.int64)  # events of this step, by thing
        self._was = self.last.copy()  # as it was before them
        self._late_at = np.full(n, FAR, dtype=np.int64)
        self._silent_at = np.full(n, FAR, dtype=np.int64)

    def restore(self, thing: At, state: int, since: int, last: int) -> None:
        """Take up one thing as it was; its timers go on from its last event."""
        self.state[thing], self.since[thing], self.last[thing] = state, since, last
        if last:
            late, silent = self._due(np.array([thing]), np.array([last]))
            self._late_at[thing], self._silent_at[thing] = late[0], silent[0]

    def take_over(self, before: Silence[At]) -> None:
        """Go on with what another knows of the same things, at the same instant."""
        for name in ("last", "since", "state", "_late_at", "_silent_at"):
            getattr(self, name)[:] = getattr(before, name)
        self.settle()

    def settle(self) -> None:
        """What was taken up was heard before any step: where it is asked for without one."""
        self._was = self.last.copy()

    def rebase(self, things: Ints, at: int) -> None:
        """Start timers anew at `at`: what passed while nobody could listen is no silence, and what was
        heard at a time still to come, before the clock was set back, was heard by now."""
        self.last[things] = np.minimum(self.last[things], at)
        known = things[(self.state[things] == FRESH) | (self.state[things] == LATE)]
        self._late_at[known], self._silent_at[known] = self._due(known, np.full(len(known), at, np.int64))

    def step(self, thing: Ints, received: Ints, now: int, members: Ints) -> list[Change[At]]:
        """Take events, ordered by `received` and none after `now`, and let timers run to `now`.

        `members`: the things whose time line this is. Returns the changes in order of (t, thing).
        """
        self._was = self.last.copy()
        self._who = self._when = np.empty(0, dtype=np.int64)
        changes = self._events(thing, received) if len(thing) else []
        self._timers(members, now, changes)
        changes.sort()
        for change in changes:
            self.since[change.thing] = change.t
        return changes

    def heard_by(self, thing: At, t: int) -> int:
        """When something was last heard as of instant `t` of this step, 0 if never."""
        first, end = np.searchsorted(self._who, (thing, thing + 1))
        n = int(np.searchsorted(self._when[first:end], t, side="right"))
        return int(self._when[first + n - 1]) if n else int(self._was[thing])

    def late_ms(self, thing: At) -> int:
        """After how long without an event it is late, 0: never."""
        return self._limits[thing].late_ms

    def silent_ms(self, thing: At) -> int:
        """After how long without an event it is silent, 0: never."""
        return self._limits[thing].silent_ms

    def _events(self, thing: Ints, received: Ints) -> list[Change[At]]:
        order = np.argsort(thing, kind="stable")
        who, when = self._who, self._when = thing[order], received[order]
        first = np.empty(len(who), dtype=np.bool_)
        first[0] = True
        np.not_equal(who[1:], who[:-1], out=first[1:])
        before = np.empty_like(when)
        before[1:] = when[:-1]
        before[first] = self.last[who[first]]
        late, silent = self._due(who, before)
        late[first], silent[first] = self._late_at[who[first]], self._silent_at[who[first]]
        notable = np.flatnonzero((when > late) | (first & (self.state[who] != FRESH)))
        changes: list[Change[At]] = []
        for i, it, t in zip(notable.tolist(), who[notable].tolist(), when[notable].tolist(), strict=True):
            state = int(self.state[it]) if first[i] else FRESH
            if state == FRESH and t > late[i]:
                changes.append(Change(int(late[i]), it, LATE))
            if state in (FRESH, LATE) and t > silent[i]:
                changes.append(Change(int(silent[i]), it, SILENT))
            changes.append(Change(t, it, FRESH))
        ends = np.flatnonzero(np.append(first[1:], True))
        final, at = who[ends], when[ends]
        self.last[final] = np.maximum(self.last[final], at)
        self.state[final] = FRESH
        self._late_at[final], self._silent_at[final] = self._due(final, self.last[final])
        return changes

    def _timers(self, members: Ints, now: int, changes: list[Change[At]]) -> None:
        state = self.state[members]
        lates = members[(state == FRESH) & (self._late_at[members] <= now)]
        changes.extend(Change(int(self._late_at[i]), i, LATE) for i in lates.tolist())
        self.state[lates] = LATE
        state = self.state[members]
        silents = members[((state == FRESH) | (state == LATE)) & (self._silent_at[members] <= now)]
        changes.extend(Change(int(self._silent_at[i]), i, SILENT) for i in silents.tolist())
        self.state[silents] = SILENT

    def _due(self, thing: Ints, base: Ints) -> tuple[Ints, Ints]:
        late_ms, silent_ms = self._late_ms[thing], self._silent_ms[thing]
        late = np.where(late_ms > 0, base + late_ms, FAR)
        silent = np.where(silent_ms > 0, base + silent_ms, FAR)
        for i in np.flatnonzero(self._resting[thing] & (base > 0)).tolist():
            limits = self._limits[int(thing[i])]
            at = int(base[i])
            if limits.late_ms:
                late[i] = due(at, limits.late_ms, "workdays", self._work)
            if limits.silent_ms:
                silent[i] = due(at, limits.silent_ms, "workdays", self._work)
        return late, silent
