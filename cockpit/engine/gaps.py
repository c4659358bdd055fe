"""Finds coverage gaps, and keeps them in their register under the number they have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cockpit.domain.coverage import gaps
from cockpit.domain.coverage.cells import Limits
from cockpit.domain.coverage.patches import Patch, best_cells
from cockpit.domain.freshness import WorkTime
from cockpit.domain.geo import nearest
from cockpit.domain.registers import CLOSED, GAP, Entry, Moved
from cockpit.profiles import Profile
from cockpit.store import registers
from cockpit.store.handles import Read, Write
from cockpit.store.queries import coverage
from cockpit.store.queries import registers as queries

PACE_MS, SOON_MS = 600_000, 60_000
"""How often the whole province is looked over; sooner as long as nothing is measured."""

REST_S = 45.0
"""It also rests on the monotonic clock, however fast domain time runs: the look costs a tenth of a second."""


class Look(NamedTuple):
    """What the last look found: open gaps, cells that are judged and those of them that are bad, and when the
    newest sample was taken (ms)."""

    gaps: int
    judged: int
    bad: int
    last: int


class Gaps:
    """The gaps of a province. `look` is None before the first look, or while nothing is measured."""

    def __init__(self, profile: Profile, work: WorkTime) -> None:
        c = profile.coverage
        self._profile = profile
        self._work = work
        self._limits = Limits(c.weak_dbm, c.bad_dbm, c.min_groups, c.min_devices)
        self._entries: dict[int, Entry] = {}
        self._next = 0
        self._rested = 0.0
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

    def run(self, conn: Read, now: int, mono: float) -> bool:
        """Look the province over if it is time to, and what was found before is written. Whether it was."""
        early = now < self._next <= now + PACE_MS  # later than that: the clock was set back
        if early or mono < self._rested or self.waiting:
            return False
        operators = coverage.cells(conn, self._profile.operators)
        cells = best_cells(operators.values(), self._limits)
        judged = [kind for kind, _ in cells if kind != "samples"]
        self._next = now // SOON_MS * SOON_MS + (PACE_MS if judged else SOON_MS)
        self._rested = mono + REST_S
        due = self._work.end_of_workday(now, self._profile.coverage.verify_days)

        def begun(number: int, patch: Patch) -> Entry:
            unit = nearest(self._profile.units, *patch.middle).code
            owner = self._profile.coverage.owner
            return Entry(GAP, number, gaps.REPORTED, unit, owner, now, due, facts=gaps.told(patch))

        self._moved, self._facts = gaps.moved(self._entries, cells, now, begun, due)
        after = self._entries | {m.entry.id: m.entry for m in self._moved}
        n = sum(e.state != CLOSED for e in after.values())
        last = max((cell.last for one in operators.values() for cell in one), default=0)
        self.look = Look(n, len(judged), judged.count("bad"), last) if judged else None
        return True

    def save(self, conn: Write) -> None:
        """Write what was found. What somebody else has changed meanwhile stays, and is looked at again."""
        for one in self._moved:
            registers.move(conn, one)
        registers.measured(conn, GAP, self._facts.items())

    def saved(self) -> None:
        """What waited is on disk."""
        self._moved, self._facts = [], {}
