"""What became of coverage gaps before a demo begins: found by surveys as the engine finds them, and led on by
the province's named people through the commands that everybody uses, each at its instant of the past.

What a gap goes through depends on what was measured on its ground: those that were proved good after work
are closed, one of them is bad again, the others are on their way (`gap_past.toml`). Whatever the surveys
alone do not show is left to the engine.
"""

from __future__ import annotations

import tomllib
from itertools import cycle
from pathlib import Path
from typing import Any

import msgspec

from cockpit.demo.ground import Ground
from cockpit.domain.coverage import gap_life, gaps
from cockpit.domain.coverage.cells import Limits
from cockpit.domain.coverage.gap_life import GapLife, Measure
from cockpit.domain.coverage.patches import best_cells
from cockpit.domain.freshness import WorkTime
from cockpit.domain.instants import iso
from cockpit.domain.periods import DAY_MS, MINUTE_MS, day_number, day_start_ms, is_workday
from cockpit.domain.registers import GAP, Entry
from cockpit.domain.roles import Role
from cockpit.engine.gaps import beginning
from cockpit.ingest.files import import_lines
from cockpit.store import registers
from cockpit.store.handles import Read, Write
from cockpit.store.queries import gap_ground
from cockpit.store.queries import registers as queries

FILE = Path(__file__).with_suffix(".toml")
FAR_DAYS = 100
"""No survey is older."""
RECENT_DAYS = 20
"""What is not longer ago could, put off, come after the end of the past."""


class Instant(msgspec.Struct, frozen=True):
    """So many days before the end of the past, at an hour and minute of the province."""

    ago: int
    at: str


class Days(msgspec.Struct, frozen=True):
    """Days before the end of the past, both included."""

    first: int
    last: int


class Looks(msgspec.Struct, frozen=True):
    """When the province was looked over, and when what was measured that tells gaps apart."""

    first: Instant
    proof: Days
    lately: Days
    last: Instant


class Step(msgspec.Struct, frozen=True, rename={"role": "as"}):
    """A command, by its name on the wire, of whoever has a role."""

    do: str
    ago: int
    at: str
    role: Role
    reason: str
    args: dict[str, Any] = {}
    owner: str = ""
    within: int = 0
    money: int = 0


class Story(msgspec.Struct, frozen=True):
    """What becomes of a gap: `of` says of which."""

    of: str
    step: tuple[Step, ...]


class Told(msgspec.Struct, frozen=True):
    """All of the file."""

    look: Looks
    story: tuple[Story, ...]

    def of(self, sort: str) -> list[Story]:
        """The stories of a sort of gaps."""
        return [story for story in self.story if story.of == sort]


BEFORE = {
    "gap_verify": gap_life.REPORTED, "gap_plan": gap_life.VERIFIED, "gap_build": gap_life.PLANNED,
    "gap_close": gap_life.BUILDING, "gap_reopen": "closed",
}  # fmt: skip
"""The state in which a gap is when a step is taken: a start that was cut off goes on where it was."""


class GapPast:
    """The past of the gaps of one demo, which ends at an instant."""

    def __init__(self, ground: Ground, until: int) -> None:
        self._ground, self._profile = ground, ground.profile
        self._until = until
        self._offset = ground.profile.utc_offset_s
        self._day = day_number(until, self._offset)
        self._told = msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), Told)

    def bring(self) -> None:
        """Bring in the surveys, then lead the gaps on that they show. Raises ChildEnded, Stopped."""
        c = self._ground
        with c.errands.history(iso(self._until), "surveys") as lines:
            import_lines(c.door, lines, past=True)
        c.store.flush()
        look = self._told.look
        self._look(look.first, Days(FAR_DAYS, look.first.ago))
        for entry, story in self._cast():
            for step in story.step:
                if not self._take(entry.id, step):
                    break
        self._look(look.last, look.lately)

    def _look(self, when: Instant, days: Days) -> None:
        """Find what is bad by what was measured on some days, as the engine does."""
        t = self._at(self._day - when.ago, when.at)
        c = self._profile.coverage
        limits = Limits(c.weak_dbm, c.bad_dbm, c.min_groups, c.min_devices)
        begin = beginning(self._profile, WorkTime(self._offset), t)

        def found(conn: Write) -> None:
            known = {e.id: e for e in queries.entries(conn, GAP)}
            if known and max(e.opened for e in known.values()) >= t:
                return  # a start that was cut off has done it
            cells = gap_ground.everywhere(conn, self._profile.operators, *self._span(days))
            moved, _ = gaps.moved(known, best_cells(cells.values(), limits), t, begin)
            for one in moved:
                if one.seen == 0:  # surveys of a few places say nothing about those before
                    registers.move(conn, one)

        self._ground.store.write(found).result()

    def _cast(self) -> list[tuple[Entry, Story]]:
        """Which gap goes through which story, in order of their numbers. Gaps of one unit go together."""
        look, told = self._told.look, self._told
        with self._ground.store.read() as conn:
            entries = queries.entries(conn, GAP)
            proved = {e.id: self._measured(conn, e, look.proof).enough for e in entries}
            lately = {e.id: self._measured(conn, e, look.lately) for e in entries}
        # By units, and not by the size of what was found, which is another one with another seed.
        units = sorted({e.unit for e in entries if not proved[e.id]})
        on_their_way = dict(zip(units, cycle(told.of("open")), strict=False))
        found = []
        for entry in entries:
            if not proved[entry.id]:
                found.append((entry, on_their_way[entry.unit]))
                continue
            now = lately[entry.id]
            bad = now.groups >= gap_life.MIN_GROUPS and now.low > gap_life.MAX_BAD
            found.append((entry, told.of("again" if bad else "closed")[0]))
        return found

    def _measured(self, conn: Read, entry: Entry, days: Days) -> Measure:
        cells: list[str] = entry.facts["cells"]
        there = gap_ground.measured(conn, self._profile.operators, cells, *self._span(days))
        return gap_life.proof_of(gap_life.since_work(GapLife(ground=tuple(cells)), there))

    def _take(self, number: int, step: Step) -> bool:
        """Whether it is taken, by now or by a start that was cut off."""
        with self._ground.store.read() as conn:
            entry = queries.entry(conn, GAP, number)
        if entry is None or entry.state != BEFORE[step.do]:
            return entry is not None
        t = self._worked(step)
        args: dict[str, Any] = {"gap": number, **step.args}
        if step.do == "gap_plan":
            known = step.owner in self._profile.addressees
            args |= {
                "owner": step.owner if known else entry.owner,
                "due": iso(t + step.within * DAY_MS),
                "money": step.money,
            }
        return self._ground.act(t, step.role, step.do, args, step.reason)

    def _span(self, days: Days) -> tuple[int, int]:
        return self._day - days.first, self._day - days.last

    def _worked(self, step: Step) -> int:
        """When a step is taken: on a working day. Work is done before what is measured after it, and nothing
        is done after the end of the past; all else waits for the holidays to be over."""
        day, back = self._day - step.ago, step.do == "gap_build" or step.ago < RECENT_DAYS
        while not is_workday(day):
            day += -1 if back else 1
        return self._at(day, step.at)

    def _at(self, day: int, at: str) -> int:
        hour, minute = at.split(":")
        return day_start_ms(day, self._offset) + (int(hour) * 60 + int(minute)) * MINUTE_MS
