"""Open entries of registers, and which of them are late."""

from __future__ import annotations

import heapq
from typing import NamedTuple

from cockpit.domain.alerting import Level
from cockpit.domain.alerting.subjects import Subject
from cockpit.domain.registers import Entry


class Late(NamedTuple):
    """Whether the next step of an entry is overdue from instant `t` on."""

    t: int
    subject: Subject
    level: int


class Entries:
    """All that is open, with when its next step is due. Instants are ms of domain time."""

    def __init__(self) -> None:
        self.open: dict[Subject, Entry] = {}
        self._queue: list[tuple[int, Subject]] = []  # when something is due, or is known to have changed
        self._told: dict[Subject, Level] = {}

    def take_over(self, before: Entries) -> None:
        """Go on with what another knows."""
        self.open, self._told = dict(before.open), dict(before._told)
        self._queue = list(before._queue)

    def note(self, entry: Entry, t: int) -> None:
        """An entry is open as it is here from `t` on."""
        subject = entry.subject
        before = self.open.get(subject)
        self.open[subject] = entry
        if before is None or before.due != entry.due:
            heapq.heappush(self._queue, (t, subject))
            if entry.due is not None and entry.due > t:
                heapq.heappush(self._queue, (entry.due, subject))

    def forget(self, subject: Subject, t: int) -> None:
        """An entry has closed."""
        self.open.pop(subject, None)
        heapq.heappush(self._queue, (t, subject))

    def rebase(self, at: int) -> None:
        """The clock was set to `at`: what fell due on the way is found there."""
        self._queue = [(max(t, at), subject) for t, subject in self._queue]
        heapq.heapify(self._queue)

    def told(self, subject: Subject) -> Level:
        """What was found of it last."""
        return self._told.get(subject, Level.CLEAR)

    def level(self, subject: Subject, t: int) -> Level:
        """Whether it is late at `t`."""
        entry = self.open.get(subject)
        late = entry is not None and entry.due is not None and entry.due <= t
        return Level.RAISE if late else Level.CLEAR

    def step(self, upto: int) -> list[Late]:
        """What has become late, or is late no more, up to `upto`, in order of time."""
        found = []
        while self._queue and self._queue[0][0] <= upto:
            t, subject = heapq.heappop(self._queue)
            level = self.level(subject, t)
            if self.told(subject) != level:
                self._told[subject] = level
                found.append(Late(t, subject, int(level)))
            if subject not in self.open:
                self._told.pop(subject, None)
        return found
