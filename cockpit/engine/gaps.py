"""Finds coverage gaps, and keeps them in their register under the number they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from cockpit.domain.coverage import gaps
from cockpit.domain.coverage.cells import Limits
from cockpit.domain.coverage.patches import Classified, Patch, best_cells, patches
from cockpit.domain.freshness import WorkTime
from cockpit.domain.geo import nearest
from cockpit.domain.registers import CLOSED, GAP, Entry, Moved
from cockpit.profiles import Profile
from cockpit.store import registers
from cockpit.store.handles import Read, Write
from cockpit.store.queries import coverage, loading
from cockpit.store.queries import registers as queries

PACE_MS, SOON_MS = 600_000, 60_000
"""On this grid of domain time the whole province is looked over, once a tick at most; as long as nothing is
measured, on the finer one."""


class Look(NamedTuple):
    """What the last look found: open gaps, cells that are judged and those of them that are bad, and when the
    newest sample was taken (ms)."""

    gaps: int
    judged: int
    bad: int
    last: int


class Gaps:
    """The gaps of a province. `look` is None before the first look, or while nothing is known of any."""

    def __init__(self, profile: Profile, work: WorkTime) -> None:
        c = profile.coverage
        self._profile = profile
        self._work = work
        self._limits = Limits(c.weak_dbm, c.bad_dbm, c.min_groups, c.min_devices)
        self._entries: dict[int, Entry] = {}
        self._looked = 0  # the instant of the grid that was looked at last
        self._moved: list[Moved] = []
        self._facts: Mapping[int, Mapping[str, Any]] = {}
        self.look: Look | None = None

    @property
    def waiting(self) -> bool:
        """Whether something is to be written."""
        return bool(self._moved or self._facts)

    def reload(self, conn: Read) -> None:
        """Take the register as it stands: others act on it too."""
        self._entries = {e.id: e for e in queries.entries(conn, GAP)}

    def run(self, conn: Read, now: int) -> bool:
        """Look the province over if it is time to, and what was found before is written. Whether it was."""
        pace = SOON_MS if self.look is None else PACE_MS
        t = now // pace * pace
        early = self._looked >= t and self._looked <= now  # later than that: the clock was set back
        if early or self.waiting:
            return False
        self._looked = t
        operators = coverage.cells(conn, self._profile.operators)
        cells = best_cells(operators.values(), self._limits)
        judged = [kind for kind, _ in cells if kind != "samples"]
        if loading.start(conn) is None:
            self._find(cells, t)
            n = sum(e.state != CLOSED for e in self._after().values())
        else:  # what a part of the past seems to show would be closed again when the rest is in
            n = len(patches(cells, "bad"))
        last = max((cell.last for one in operators.values() for cell in one), default=0)
        self.look = Look(n, len(judged), judged.count("bad"), last) if judged or n else None
        return True

    def _find(self, cells: Classified, t: int) -> None:
        due = self._work.end_of_workday(t, self._profile.coverage.verify_days)

        def begun(number: int, patch: Patch) -> Entry:
            unit = nearest(self._profile.units, *patch.middle).code
            owner = self._profile.coverage.owner
            return Entry(GAP, number, gaps.REPORTED, unit, owner, t, due, facts=gaps.told(patch))

        self._moved, self._facts = gaps.moved(self._entries, cells, t, begun)

    def _after(self) -> dict[int, Entry]:
        """The register as it is once what waits is written."""
        measured = {n: replace(self._entries[n], facts=found) for n, found in self._facts.items()}
        return self._entries | measured | {m.entry.id: m.entry for m in self._moved}

    def save(self, conn: Write) -> None:
        """Write what was found. What somebody else has changed meanwhile stays, and is looked at again."""
        for one in self._moved:
            registers.move(conn, one)
        registers.measured(conn, GAP, self._facts.items())

    def saved(self) -> None:
        """What waited is on disk."""
        self._entries = self._after()
        self._moved, self._facts = [], {}
