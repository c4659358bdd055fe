"""Notices to people outside: which lines of the event log become one, and whom a channel tells."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from cockpit.domain.catalog import Priority
from cockpit.domain.periods import DAY_MS, MINUTE_MS
from cockpit.domain.roles import Role

What = Literal["firing", "escalated", "resolved", "flood", "test"]
"""An alert stands; it was brought to a higher role; it is over; many stand at once; only a trial."""

WHAT: dict[str, What] = {
    "opened": "firing",
    "unmuted": "firing",  # what was hidden and lasts is told now
    "unfolded": "firing",
    "escalated": "escalated",
    "closed": "resolved",
}
"""Lines of the event log that may become notices."""

FIRST_ROLES: frozenset[Role] = frozenset({"operator", "officer", "admin"})
"""Who is told of an alert when it opens; those above them when it is brought to them."""

FIRST_WAIT_MS, LONGEST_WAIT_MS = 5_000, 3_600_000
TRIES = 10
"""After so many failures a notice is a dead letter: a little over an hour and a half."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Minutes of the provincial day, from one until before the other, past midnight where the first is the
    later one."""

    begin: int
    end: int

    def holds(self, t: int, offset_s: int) -> bool:
        """Whether an instant of domain time (ms) is within."""
        minute = (t + offset_s * 1000) % DAY_MS // MINUTE_MS
        if self.begin <= self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a channel reaches and what they want to know. Empty sets: all of them."""

    roles: frozenset[Role] = frozenset()
    units: frozenset[str] = frozenset()  # codes of units and departments
    priorities: frozenset[Priority] = frozenset()
    quiet: Quiet | None = None

    def tells(self, what: What, to: str, priority: Priority, units: frozenset[str]) -> bool:
        """Whether a notice is for it: `to` is the role it was brought to, `units` whose the alert is."""
        if self.priorities and priority not in self.priorities:
            return False
        if self.units and not self.units & units:
            return False
        if not self.roles:
            return True
        return to in self.roles if what == "escalated" else bool(self.roles & FIRST_ROLES)

    def silent(self, t: int, offset_s: int) -> bool:
        """Whether only what is critical is told at this instant."""
        return self.quiet is not None and self.quiet.holds(t, offset_s)


def identity(channel: str, seq: int, t: int, what: str, key: str) -> str:
    """The id of a notice: the same whenever the same line of the log is told through the same channel."""
    said = "\x1f".join((channel, str(seq), str(t), what, key))
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def wait_ms(tries: int) -> int:
    """How long a notice that failed so many times waits: twice as long each time."""
    return int(min(LONGEST_WAIT_MS, FIRST_WAIT_MS << min(tries - 1, 20)))
