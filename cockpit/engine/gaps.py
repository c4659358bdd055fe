"""Finds coverage gaps, and keeps them in their register under the number they have.

What is found does not depend on when the engine comes to look, but on a grid of domain time alone. A look at
an instant of it sees the samples that were received before, and the days that have not left the window by
then, whatever else is stored by now: a tick of an hour looks at each of its instants in turn, between what
is evaluated before and after, and takes up what it found there and then. So register, history and the alerts
about it are the same at every speed of a demo. `cockpit.store.coverage` says how the store tells of an
instant that has passed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from cockpit.domain.coverage import gaps
from cockpit.domain.coverage.cells import Limits
from cockpit.domain.coverage.gap_life import REPORTED
from cockpit.domain.coverage.patches import Classified, Patch, best_cells, patches
from cockpit.domain.freshness import WorkTime
from cockpit.domain.geo import nearest
from cockpit.domain.periods import day_number
from cockpit.domain.registers import CLOSED, GAP, Entry, Moved
from cockpit.profiles import Profile
from cockpit.store import Store, registers
from cockpit.store import coverage as samples
from cockpit.store.handles import Read, Write
from cockpit.store.queries import coverage, loading
from cockpit.store.queries import registers as queries

PACE_MS, SOON_MS = 600_000, 60_000
"""On this grid of domain time the whole province is looked over; as long as nothing is measured or the past
is still coming in, on the finer one."""

EXPIRE_S = 30.0


class Look(NamedTuple):
    """What the last look found: open gaps, cells that are judged and those of them that are bad, and when the
    newest sample was taken (ms)."""

    gaps: int
    judged: int
    bad: int
    last: int


def unit_of(profile: Profile, patch: Patch) -> str:
    """The code of the unit in which a patch lies."""
    return nearest(profile.units, *patch.middle).code


def beginning(profile: Profile, work: WorkTime, t: int) -> Callable[[int, Patch], Entry]:
    """How a gap of a number begins that is found at instant `t`: who looks after it, and by when somebody is
    to have looked at it."""
    due = work.end_of_workday(t, profile.coverage.verify_days)

    def begun(number: int, patch: Patch) -> Entry:
        owner = profile.coverage.owner
        return Entry(GAP, number, REPORTED, unit_of(profile, patch), owner, t, due, facts=gaps.told(patch))

    return begun


class Gaps:
    """The gaps of a province. `look` is None before the first look, or while nothing is known of any."""

    def __init__(self, profile: Profile, work: WorkTime) -> None:
        c = profile.coverage
        self._profile = profile
        self._work = work
        self._limits = Limits(c.weak_dbm, c.bad_dbm, c.min_groups, c.min_devices)
        self._entries: dict[int, Entry] = {}  # the register as it is once what waits is written
        self._looked = 0  # the instant of the grid that was looked at last
        self._folded = 0  # up to which of them the store has been told that none will ask for less
        self._moved: list[Moved] = []
        self._facts: dict[int, Mapping[str, Any]] = {}
        self._met = False  # somebody else had changed what was to be written
        # What is counted while the past comes in, and what of it is on disk; None: the register counts.
        self._counted: list[dict[str, Any]] | None = None
        self._counted_then: list[dict[str, Any]] | None = None
        self.look: Look | None = None

    @property
    def waiting(self) -> bool:
        """Whether something is to be written."""
        return bool(self._moved or self._facts) or self._counted != self._counted_then

    @property
    def outdated(self) -> bool:
        """Whether the register is other than it seems from here."""
        return self._met

    def reload(self, conn: Read) -> None:
        """Take the register as it stands: others act on it too."""
        self._entries = {e.id: e for e in queries.entries(conn, GAP)}
        self._met = False
        self._counted_then = queries.counted(conn, GAP)
        if not self._looked:
            self._counted = self._counted_then
        for moved in self._moved:
            self._entries[moved.entry.id] = moved.entry
        self._measure(self._facts)

    def step(self, store: Store, now: int) -> list[Moved] | None:
        """With all evaluated up to `now`: look the province over if it is time to. What has become of gaps
        since the look before; None where it is not."""
        t = self._due(now)
        if t is None:
            return None
        today, offset_hours = day_number(t, self._profile.utc_offset_s), self._profile.utc_offset_s // 3600
        with store.read() as conn:
            over = samples.expiring(conn, today)
        if over:
            store.write(lambda conn: samples.expire_due(conn, today, offset_hours)).result(EXPIRE_S)
        with store.read() as conn:
            return self._run(conn, t)

    def _due(self, now: int) -> int | None:
        """The instant to look at. A first look is as of one at which whoever worked before has looked, too:
        it finds nothing new, and a restart changes nothing."""
        if not 0 < self._looked <= now:  # later than that: the clock was set back
            return now // PACE_MS * PACE_MS
        pace = SOON_MS if self.look is None or self._counted is not None else PACE_MS
        t = now // pace * pace
        return t if t > self._looked else None

    def _run(self, conn: Read, t: int) -> list[Moved]:
        self._looked = t
        operators = coverage.cells(conn, self._profile.operators, t)
        cells = best_cells(operators.values(), self._limits)
        judged = [kind for kind, _ in cells if kind != "samples"]
        moved: list[Moved] = []
        if loading.start(conn) is None:
            moved = self._find(cells, t)
            self._counted = None
            n = sum(e.state != CLOSED for e in self._entries.values())
        else:  # what a part of the past seems to show would be closed again when the rest is in
            self._counted = self._so_far(patches(cells, "bad"))
            n = len(self._counted)
        last = max((cell.last for one in operators.values() for cell in one), default=0)
        self.look = Look(n, len(judged), judged.count("bad"), last) if judged or n else None
        return moved

    def _so_far(self, found: list[Patch]) -> list[dict[str, Any]]:
        """What is known of gaps while the past comes in: the open ones of the register, as they were measured
        last, and what is bad besides."""
        going = [e for e in self._entries.values() if e.state != CLOSED]
        held = {cell for e in going for cell in e.facts["cells"]}
        known = [{"unit": e.unit, **{k: e.facts[k] for k in gaps.TOLD}} for e in going]
        return known + [
            {"unit": unit_of(self._profile, patch), **gaps.told(patch)}
            for patch in found
            if held.isdisjoint(patch.cells)
        ]

    def _find(self, cells: Classified, t: int) -> list[Moved]:
        moved, facts = gaps.moved(self._entries, cells, t, beginning(self._profile, self._work, t))
        for one in moved:
            self._entries[one.entry.id] = one.entry
            self._facts.pop(one.entry.id, None)
        self._moved += moved
        self._facts |= facts
        self._measure(facts)
        return moved

    def _measure(self, facts: Mapping[int, Mapping[str, Any]]) -> None:
        for number, found in facts.items():
            if number in self._entries:
                entry = self._entries[number]
                self._entries[number] = replace(entry, facts={**entry.facts, **found})

    def save(self, conn: Write) -> None:
        """Write what was found. What somebody else has changed meanwhile stays, and is looked at again."""
        met: set[int] = set()
        for one in self._moved:
            if one.entry.id in met or not registers.move(conn, one):
                met.add(one.entry.id)
        self._met = bool(met)
        registers.measured(conn, GAP, self._facts.items())
        if self._counted != self._counted_then:
            registers.count(conn, GAP, self._counted)
        if self._looked > self._folded:
            samples.fold(conn, self._looked)

    def saved(self) -> None:
        """What waited is on disk."""
        self._moved, self._facts = [], {}
        self._counted_then = self._counted
        self._folded = self._looked
