"""Alerts of other systems: which of them stand, are over, or were not sent again in time."""

from __future__ import annotations

import heapq
from typing import NamedTuple

from cockpit.domain.alerting import Level
from cockpit.domain.alerting.subjects import Subject
from cockpit.domain.incoming import Incoming

STALE, AGAIN = "stale", "heard_again"
"""What is put on record of one that is not sent any more, and of one that is sent once more after that."""


class Heard(NamedTuple):
    """What is known of one from instant `t` on: it stands (RAISE), is over (CLEAR), or was not sent again by
    when it should have been, so that nobody knows (GONE)."""

    t: int
    subject: Subject
    level: Level


class IncomingAlerts:
    """All that is at work here. Instants are ms of real time."""

    def __init__(self) -> None:
        self.seq = 0
        """Up to where the store's have been read."""
        self.told: dict[Subject, Incoming] = {}
        self._queue: list[tuple[int, Subject]] = []  # when something is known to change, or may
        self._looked_at: dict[Subject, int] = {}  # when it is looked at because it may be stale
        self._levels: dict[Subject, Level] = {}

    def take_over(self, before: IncomingAlerts) -> None:
        """Go on with what another knows."""
        self.seq, self.told = before.seq, dict(before.told)
        self._queue = list(before._queue)
        self._looked_at, self._levels = dict(before._looked_at), dict(before._levels)

    def note(self, told: Incoming, t: int) -> None:
        """One is as it is here from `t` on."""
        subject = told.subject
        self.told[subject] = told
        heapq.heappush(self._queue, (t, subject))
        if told.ended is None and self._looked_at.get(subject, told.until + 1) > told.until:
            self._looked_at[subject] = told.until
            heapq.heappush(self._queue, (told.until, subject))

    def forget(self, subject: Subject) -> None:
        """Nothing is at work because of it any more."""
        for kept in (self.told, self._looked_at, self._levels):
            kept.pop(subject, None)

    def known(self, subject: Subject) -> Level:
        """What was found of it last."""
        return self._levels.get(subject, Level.GONE)

    def stale(self, subject: Subject) -> bool:
        """Whether it was not sent again in time."""
        told = self.told.get(subject)
        return told is not None and told.ended is None and self.known(subject) == Level.GONE

    def step(self, upto: int) -> list[Heard]:
        """What has changed up to `upto`, in order of time."""
        found = []
        while self._queue and self._queue[0][0] <= upto:
            t, subject = heapq.heappop(self._queue)
            told = self.told.get(subject)
            if told is None:
                continue
            if self._looked_at.get(subject) == t:
                del self._looked_at[subject]
                if told.ended is None and told.until > t:  # it was sent again meanwhile
                    self._looked_at[subject] = told.until
                    heapq.heappush(self._queue, (told.until, subject))
            level = _level(told, t)
            if self._levels.get(subject) != level:
                self._levels[subject] = level
                found.append(Heard(t, subject, level))
        return found


def _level(told: Incoming, t: int) -> Level:
    if told.ended is not None:
        return Level.CLEAR
    return Level.GONE if told.until <= t else Level.RAISE
