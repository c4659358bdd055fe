"""Acknowledgements that were given for a while: at their end the alert waits again, at that very instant."""

from __future__ import annotations

from cockpit.domain.numbers import AlertId
from cockpit.engine.core import Core
from cockpit.engine.folds import ENGINE
from cockpit.store import handling
from cockpit.store.alerting import Line
from cockpit.store.handles import Read, Write
from cockpit.store.handling import Ending

EXPIRED = "ack_expired"


class Acknowledgements:
    """Those that end before long."""

    def __init__(self) -> None:
        self._due: list[Ending] = []
        self._ended: list[Ending] = []

    @property
    def waiting(self) -> bool:
        """Whether something is to be written."""
        return bool(self._ended)

    def look(self, conn: Read, after: int, upto: int) -> set[int]:
        """The instants within (after, upto] at which one ends. What ended before ends as soon as possible."""
        self._due = [one for one in handling.endings(conn, upto) if one not in self._ended]
        return {one.until for one in self._due if one.until > after}

    def run(self, core: Core, t: int) -> None:
        """With all evaluated up to `t`: end those that have run out. What is over needs nobody any more."""
        for one in [one for one in self._due if one.until <= t]:
            self._due.remove(one)
            if one.alert in core.desk.folds.by_id:
                self._ended.append(one)
                data = {"key": one.key, "of": one.by, "until": one.until}
                core.changes.log.append(Line(t, one.alert, EXPIRED, ENGINE, data))

    def settle(self, conn: Write, core: Core) -> int:
        """Before a tick is written: what somebody has taken back or given anew meanwhile has not run out. How
        many lines of the log are taken back with it."""
        if not self._ended:
            return 0
        stand = set(handling.endings(conn, max(one.until for one in self._ended)))
        lost = {one.alert: one.until for one in self._ended if one not in stand}
        self._ended = [one for one in self._ended if one in stand]
        lines = core.changes.log
        gone = [x for x in lines if x.what == EXPIRED and lost.get(x.alert or AlertId(0)) == x.data["until"]]
        for line in gone:
            lines.remove(line)
        return len(gone)

    def save(self, conn: Write) -> None:
        """Write what has ended."""
        handling.end_acknowledgements(conn, self._ended)

    def saved(self) -> None:
        """What waited is on disk."""
        self._ended = []
